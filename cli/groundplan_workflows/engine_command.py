# SPDX-License-Identifier: Apache-2.0
"""Runs the engine for the Automation API: in exactly the environment given, and so that it can be interrupted once."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from typing import IO, TYPE_CHECKING, Any

from pulumi.automation import CommandResult, PulumiCommand
from pulumi.automation.errors import create_command_error
from semver import VersionInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from groundplan_engine import Engine


class EngineCommand(PulumiCommand):
    """The engine that was found. Its processes form groups of their own: Ctrl-C reaches them once, through `interrupt`.

    The Automation API's own class lets a terminal's Ctrl-C reach the engine a second time, which then stops without saving
    what it did, and it lays the environment given over the caller's, which cannot take a variable out.
    """

    def __init__(self, engine: Engine) -> None:  # pyright: ignore[reportMissingSuperCall]: it would start the engine
        self.command = str(engine.pulumi)
        self.version = VersionInfo.parse(engine.version)
        self._lock = threading.RLock()  # `interrupt` runs in a signal handler, which a second signal may interrupt
        self._running: dict[int, subprocess.Popen[str]] = {}
        self._interrupts = 0

    @property
    def interrupted(self) -> bool:
        """Whether it was asked to stop."""
        return self._interrupts > 0

    def run(
        self,
        args: list[str],
        cwd: str,
        additional_env: Mapping[str, str],
        on_output: Callable[[str], Any] | None = None,
        on_error: Callable[[str], Any] | None = None,
    ) -> CommandResult:
        """Run one command of the engine; CommandError where it does not end with 0. The environment is `additional_env`."""
        if "--non-interactive" not in args:
            args.insert(0, "--non-interactive")
        with self._lock:
            process = subprocess.Popen(
                [self.command, *args],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=cwd,
                env={**additional_env, "PULUMI_AUTOMATION_API": "true"},
                encoding="utf-8",
                errors="replace",
                process_group=0,
            )
            self._running[process.pid] = process
        try:
            result = _collect(process, on_output, on_error)
        finally:
            with self._lock:
                del self._running[process.pid]
        if result.code != 0:
            raise create_command_error(result)
        return result

    def interrupt(self) -> int:
        """Ask the engines that run to finish what they are doing and stop; at the third time, kill them. How often asked."""
        with self._lock:
            self._interrupts += 1
            for pid, process in self._running.items():
                with contextlib.suppress(ProcessLookupError):
                    if self._interrupts > 2:
                        os.killpg(pid, signal.SIGKILL)
                    else:
                        process.send_signal(signal.SIGINT)
            return self._interrupts


class ShowingUnchanged(PulumiCommand):
    """The engine, asked to name in a preview what stays the same as well; the Automation API has no argument for it."""

    def __init__(self, command: PulumiCommand) -> None:  # pyright: ignore[reportMissingSuperCall]: it would start the engine
        self._command = command
        self.command, self.version = command.command, command.version

    def run(
        self,
        args: list[str],
        cwd: str,
        additional_env: Mapping[str, str],
        on_output: Callable[[str], Any] | None = None,
        on_error: Callable[[str], Any] | None = None,
    ) -> CommandResult:
        """Run one command of the engine."""
        more = ["--show-sames"] if "preview" in args else []
        return self._command.run([*args, *more], cwd, additional_env, on_output, on_error)


def _collect(
    process: subprocess.Popen[str], on_output: Callable[[str], Any] | None, on_error: Callable[[str], Any] | None
) -> CommandResult:
    lines: tuple[list[str], list[str]] = ([], [])

    def read(stream: IO[str], kept: list[str], callback: Callable[[str], Any] | None) -> None:
        with stream:
            for line in stream:
                kept.append(line.rstrip())
                if callback is not None:
                    callback(line.rstrip())

    assert process.stdout is not None  # noqa: S101  # both are pipes
    assert process.stderr is not None  # noqa: S101
    streams = ((process.stdout, lines[0], on_output), (process.stderr, lines[1], on_error))
    readers = [threading.Thread(target=read, args=stream, daemon=True) for stream in streams]
    for reader in readers:
        reader.start()
    code = process.wait()
    for reader in readers:
        # a plugin that outlives the engine may keep the pipe open; what it says then is of no use
        reader.join(timeout=5)
    return CommandResult(stdout="\n".join(lines[0]), stderr="\n".join(lines[1]), code=code)
