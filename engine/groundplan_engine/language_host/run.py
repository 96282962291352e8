# SPDX-License-Identifier: Apache-2.0
"""Runs a Pulumi program for the engine."""

import json
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi.runtime.proto import language_pb2

from groundplan_engine.language_host import program
from groundplan_engine.language_host.children import Children
from groundplan_engine.language_host.debugger import Debugger
from groundplan_engine.language_host.engine_log import engine_log
from groundplan_engine.language_host.errors import HostError
from groundplan_engine.language_host.interpreter import Python
from groundplan_engine.language_host.options import Options, parse_options
from groundplan_engine.language_host.toolchains import Toolchain, resolve_toolchain

if TYPE_CHECKING:
    import grpc


def run_program(
    request: language_pb2.RunRequest, engine: str, children: Children, context: "grpc.ServicerContext"
) -> language_pb2.RunResponse:
    """Run the program of a request to its end. `engine` is the engine's address."""
    options = parse_options(request.info)
    toolchain = resolve_toolchain(options, children)
    python = toolchain.python()
    if python.notice:
        with engine_log(engine) as log:
            log.say(python.notice)
    if options.typechecker:
        check_types(options, toolchain, python)
    debugger = Debugger(engine) if request.attach_debugger else None
    command = [
        python.executable,
        *(debugger.arguments if debugger else ()),
        program.__file__,
        json.dumps(_arguments(request, engine)),
    ]
    try:
        process = children.start("program", command, env=_environment(request, python.env))
    except OSError as error:
        if children.stopping:
            return language_pb2.RunResponse(bail=True)
        raise HostError(f"the program can not be started on {python.executable}: {error.strerror or error}") from error
    children.end_with(context, process)
    if debugger:
        debugger.announce(process)
    code = children.wait(process)
    if debugger:
        debugger.close()
    return _outcome(code, cancelled=children.stopping or children.was_ended(process))


def check_types(options: Options, toolchain: Toolchain, python: Python) -> None:
    """Run mypy or pyright over the program; raises `HostError` where it finds something, or is not installed."""
    checker = options.typechecker
    assert checker is not None  # noqa: S101
    names = {name for name, _ in toolchain.dependencies(transitive=True)}
    if checker not in names:
        raise HostError(
            f"The typechecker option is set to {checker}, but {checker} is not installed. "
            f"Add it to the program's dependencies and run `pulumi install`."
        )
    arguments: list[str | Path] = [python.executable, "-m", checker]
    folder = toolchain.virtualenv()
    if checker == "mypy" and folder is not None and folder.is_relative_to(options.program):
        arguments += ["--exclude", f"{folder.relative_to(options.program)}/"]
    # Its findings go to our stdout, which the engine shows.
    process = toolchain.children.start("program", [*arguments, options.program], cwd=options.program, env=python.env)
    if code := toolchain.children.wait(process):
        raise HostError(f"{checker} failed: exit status {code}")


def _arguments(request: language_pb2.RunRequest, engine: str) -> dict[str, object]:
    return {
        "program": request.info.entry_point or request.program or ".",
        "args": list(request.args),
        "pwd": request.pwd,
        "settings": {
            "monitor": request.monitor_address,
            "engine": engine,
            "project": request.project,
            "stack": request.stack,
            "parallel": request.parallel,
            "dry_run": request.dryRun,
            "organization": request.organization,
            "root_directory": request.info.root_directory,
        },
    }


def _environment(request: language_pb2.RunRequest, env: Mapping[str, str]) -> dict[str, str]:
    # Configuration goes in the environment, never in the arguments: those are open to every user of the machine.
    return {
        **env,
        "PULUMI_CONFIG": json.dumps(dict(request.config)),
        "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
    }


def _outcome(code: int, *, cancelled: bool) -> language_pb2.RunResponse:
    if code == 0:
        return language_pb2.RunResponse()
    if code == program.REPORTED or cancelled:
        return language_pb2.RunResponse(bail=True)
    if code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
        return language_pb2.RunResponse(error=f"program was ended by {name}")
    return language_pb2.RunResponse(error=f"program exited with non-zero exit code: {code}")
