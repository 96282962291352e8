# SPDX-License-Identifier: Apache-2.0
"""Starts the plugin behind `pulumi.dynamic` on the Python that runs the program: it unpickles the program's code.

The engine starts it as `pulumi-resource-pulumi-python` in the project's folder, with the runtime options of
Pulumi.yaml in PULUMI_RUNTIME_VIRTUALENV and PULUMI_RUNTIME_TOOLCHAIN.
"""

import signal

signal.signal(signal.SIGINT, signal.SIG_DFL)

import os  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

from groundplan_engine.language_host.bare_sdk import bare_sdk  # noqa: E402


def main() -> None:
    """Become the plugin, or say why there is no Python for it."""
    bare_sdk()
    from google.protobuf.json_format import ParseDict
    from pulumi.runtime.proto import language_pb2

    from groundplan_engine.language_host import plugin_main
    from groundplan_engine.language_host.children import Children
    from groundplan_engine.language_host.errors import HostError
    from groundplan_engine.language_host.options import parse_options
    from groundplan_engine.language_host.toolchains import resolve_toolchain

    here = str(Path.cwd())
    info = language_pb2.ProgramInfo(root_directory=here, program_directory=here)
    names = {"virtualenv": "PULUMI_RUNTIME_VIRTUALENV", "toolchain": "PULUMI_RUNTIME_TOOLCHAIN"}
    ParseDict({option: os.environ[name] for option, name in names.items() if os.environ.get(name)}, info.options)
    try:
        python = resolve_toolchain(parse_options(info), Children()).python()
    except HostError as error:
        sys.exit(str(error))
    # unbuffered: the SDK writes the port that the engine waits for, and does not flush it
    command = [str(python.executable), "-u", plugin_main.__file__, "-m", "pulumi.dynamic", *sys.argv[1:]]
    os.execve(command[0], command, dict(python.env))  # noqa: S606


if __name__ == "__main__":
    main()
