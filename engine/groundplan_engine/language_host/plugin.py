# SPDX-License-Identifier: Apache-2.0
"""Runs a plugin written in Python: a policy pack, a component provider."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi.runtime.proto import language_pb2

from groundplan_engine.language_host import plugin_main
from groundplan_engine.language_host.children import Children, Sink
from groundplan_engine.language_host.errors import HostError
from groundplan_engine.language_host.options import parse_options
from groundplan_engine.language_host.streaming import chunks
from groundplan_engine.language_host.toolchains import resolve_toolchain

if TYPE_CHECKING:
    import grpc


def run_plugin(
    request: language_pb2.RunPluginRequest, children: Children, context: "grpc.ServicerContext"
) -> Iterator[language_pb2.RunPluginResponse]:
    """Run a plugin and yield its output as it comes, then its exit code. Ends with the engine's interest in it."""
    options = parse_options(request.info).for_plugin()
    python = resolve_toolchain(options, children).python()
    given = dict(entry.split("=", 1) for entry in request.env if "=" in entry)
    env = {**python.env, **given}
    if python.env.get("VIRTUAL_ENV"):  # the engine's own PATH must not win over the environment's
        env |= {name: python.env[name] for name in ("PATH", "VIRTUAL_ENV") if name in python.env}
    # unbuffered: the SDKs of packs and providers write the port that the engine waits for, and do not flush it
    target = _target(Path(request.info.program_directory))
    command = [python.executable, "-u", plugin_main.__file__, *target, *request.args]
    try:
        process = children.start("plugin", command, cwd=request.pwd or None, env=env, piped=True)
    except OSError as error:
        raise HostError(f"the plugin can not be started on {python.executable}: {error.strerror or error}") from error
    children.end_with(context, process)
    codes: list[int] = []

    def work(sink: Sink) -> None:
        codes.append(children.stream(process, sink))

    for name, chunk in chunks(work):
        stdout = name == "stdout"
        yield (language_pb2.RunPluginResponse(stdout=chunk) if stdout else language_pb2.RunPluginResponse(stderr=chunk))
    yield language_pb2.RunPluginResponse(exitcode=codes[0] if codes[0] >= 0 else 128 - codes[0])


def _target(folder: Path) -> list[str]:
    """Return how to run a plugin: its folder where it has a __main__.py, else as the package it describes."""
    if (folder / "__main__.py").exists():
        return [str(folder)]
    try:
        described = tomllib.loads((folder / "pyproject.toml").read_text())
        if described["build-system"]["build-backend"]:
            return ["-m", "pulumi.run.plugin", str(described["project"]["name"])]
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as error:
        raise HostError(f"{folder / 'pyproject.toml'} can not be read: {error}") from error
    except (KeyError, TypeError):
        pass
    raise HostError(
        f"{folder} is not runnable: it has neither a __main__.py nor a pyproject.toml that builds a package"
    )
