# SPDX-License-Identifier: Apache-2.0
"""The processes that the host starts. None of them outlives it."""

import contextlib
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import grpc

GRACE = 2.0
"""Seconds between asking a process to end and ending it. The engine gives the host 5 seconds for all of it."""

Kind = Literal["program", "plugin", "tool"]
Command = Sequence[str | Path]
Sink = Callable[[Literal["stdout", "stderr"], bytes], None]

_QUIET_START = ("/bin/sh", "-c", 'trap "" INT; exec "$@"', "sh")
"""Ignores interrupts until the program's own first line: a Python that is interrupted while it starts shows that in a
traceback. The host, which is interrupted with it, ends it in any case."""


class Children:
    """Starts processes and remembers them. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[subprocess.Popen[bytes], Kind] = {}
        self._ended: set[int] = set()
        self.stopping = False
        """Set once the host is ending: nothing is started any more."""

    def start(
        self,
        kind: Kind,
        command: Command,
        *,
        cwd: str | Path | None = None,
        env: Mapping[str, str] | None = None,
        piped: bool = False,
    ) -> "subprocess.Popen[bytes]":
        """Start a process in our process group, which is what the engine signals. Raises OSError."""
        pipe = subprocess.PIPE if piped else None
        command = command if kind == "tool" else [*_QUIET_START, *command]
        with self._lock:
            if self.stopping:
                raise InterruptedError("the language host is ending")
            process = subprocess.Popen(
                command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, bufsize=0
            )
            self._running[process] = kind
        return process

    def wait(self, process: "subprocess.Popen[bytes]") -> int:
        """Wait for a process and forget it; the answer is its exit code, negative for a signal."""
        code = process.wait()
        with self._lock:
            self._running.pop(process, None)
        return code

    def stream(self, process: "subprocess.Popen[bytes]", sink: Sink) -> int:
        """Hand the output of a piped process to `sink` as it comes, then wait for the process."""
        stdout = threading.Thread(target=_pump, args=(process.stdout, "stdout", sink), daemon=True)
        stdout.start()
        _pump(process.stderr, "stderr", sink)
        stdout.join()
        return self.wait(process)

    def end(self, process: "subprocess.Popen[bytes]") -> None:
        """Ask a process to end, and end it after the grace period. Returns at once."""
        if process.poll() is None:
            self._ended.add(process.pid)
            process.terminate()
            timer = threading.Timer(GRACE, lambda: process.poll() is None and process.kill())
            timer.daemon = True
            timer.start()

    def end_with(self, context: "grpc.ServicerContext", process: "subprocess.Popen[bytes]") -> None:
        """End a process when the call that it works for ends: finished, given up, or its caller gone."""
        if not context.add_callback(lambda: self.end(process)):
            self.end(process)  # the call is over already

    def was_ended(self, process: "subprocess.Popen[bytes]") -> bool:
        """Tell whether it was `end` that ended a process."""
        return process.pid in self._ended

    def end_programs(self) -> None:
        """Ask the running programs to end; plugins go on, as the engine still needs them to finish its steps."""
        for process in self._snapshot("program"):
            self.end(process)

    def end_all(self) -> None:
        """End everything, and start nothing any more. Returns when all processes are gone."""
        self.stopping = True
        processes = self._snapshot(None)
        for process in processes:
            if process.poll() is None:
                process.terminate()
        for process in processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(GRACE)
            if process.poll() is None:
                process.kill()
                process.wait()

    def _snapshot(self, kind: Kind | None) -> "list[subprocess.Popen[bytes]]":
        with self._lock:
            return [process for process, its_kind in self._running.items() if kind in {None, its_kind}]


def _pump(pipe: object, name: Literal["stdout", "stderr"], sink: Sink) -> None:
    while chunk := pipe.read(65536):  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType]
        sink(name, chunk)  # pyright: ignore[reportUnknownArgumentType]
