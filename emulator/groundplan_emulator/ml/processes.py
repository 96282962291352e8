# SPDX-License-Identifier: Apache-2.0
"""Processes that the service starts: they never outlive the emulator, however it ends, and their output is read line by line."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

import psutil

OutputStream = Literal["stdout", "stderr"]
OnLine = Callable[[OutputStream, str], None]
_GUARD: Final = str(Path(__file__).with_name("guard.py"))
_GUARD_SECONDS: Final = 1.0
_LONGEST_LINE: Final = 1 << 20
"""Bytes; a longer line is passed on in pieces."""


class _Protocol(asyncio.subprocess.SubprocessStreamProtocol):
    """Tells that the guard has ended, even while something still holds the ends of its output."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(_LONGEST_LINE, loop)
        self.exited = asyncio.Event()

    def process_exited(self) -> None:
        super().process_exited()
        self.exited.set()


class Child:
    """A running command below its guard."""

    def __init__(
        self, process: asyncio.subprocess.Process, exited: asyncio.Event, readers: list[asyncio.Task[None]]
    ) -> None:
        self._process = process
        self._exited = exited
        self._readers = readers
        self._tree: dict[int, psutil.Process] = {}
        self._command = 0

    @property
    def pid(self) -> int:
        """The guard's process id; the command is below it."""
        return self._process.pid

    @property
    def command_pid(self) -> int:
        """The process id of the command itself, 0 where it is not there (not yet, or no more)."""
        if not self._command:
            below = self._processes()[1:]
            self._command = below[0].pid if below else 0
        return self._command

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.returncode is None

    async def wait(self) -> int:
        """The exit code, once it has ended and all that it wrote was read; 128 plus the number of a signal that ended it."""
        await self._exited.wait()
        if self._command:
            # the guard has seen to its session, unless it was killed itself
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._command, signal.SIGKILL)
        await asyncio.gather(*self._readers, return_exceptions=True)
        code = await self._process.wait()
        return code if code >= 0 else 128 - code

    async def stop(self, grace: float = 3.0) -> int:
        """SIGTERM to all of it, SIGKILL after `grace` seconds; the exit code."""
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
            try:
                async with asyncio.timeout(grace):
                    await self._exited.wait()
            except TimeoutError:
                self.kill()
        return await self.wait()

    def kill(self) -> None:
        """SIGKILL to the command and everything below it. The guard sees to what is left and ends, by force after a second."""
        below = self._processes()[1:]
        for each in reversed(below):
            with contextlib.suppress(psutil.NoSuchProcess):
                each.kill()
        if below:
            asyncio.get_running_loop().call_later(_GUARD_SECONDS, self._kill_guard)
        else:
            self._kill_guard()

    def _kill_guard(self) -> None:
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    def usage(self) -> tuple[float, int]:
        """Per cent of one core since the last call (0.0 at the first), and resident bytes, of the command and everything below it."""
        return usages([self])[0]

    def use(self, below: Sequence[psutil.Process]) -> tuple[float, int]:
        """The same, of processes that are known to be below the guard. What they share, such as libraries, counts once."""
        percent, own, shared = 0.0, 0, 0
        found = {each.pid: self._tree.get(each.pid, each) for each in below}
        for each in found.values():
            with contextlib.suppress(psutil.NoSuchProcess):
                percent += each.cpu_percent()
                memory = each.memory_info()
                files = int(getattr(memory, "shared", 0))
                own, shared = own + memory.rss - files, max(shared, files)
        self._tree = found
        return percent, own + shared

    def _processes(self) -> list[psutil.Process]:
        try:
            guard = psutil.Process(self.pid)
            return [guard, *guard.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []


def usages(children: Sequence[Child]) -> list[tuple[float, int]]:
    """`Child.usage` of many, with one look at all processes. Takes some ms: for another thread."""
    below: dict[int, list[psutil.Process]] = {}
    for each in psutil.process_iter():
        with contextlib.suppress(psutil.NoSuchProcess):
            below.setdefault(each.ppid(), []).append(each)

    def tree(pid: int) -> list[psutil.Process]:
        return [found for each in below.get(pid, ()) for found in (each, *tree(each.pid))]

    return [child.use(tree(child.pid)) for child in children]


async def start(command: Sequence[str], *, cwd: Path, env: Mapping[str, str], on_line: OnLine) -> Child:
    """Start a command. `env` is all of its environment; `on_line` gets each line without its end, on the event loop.

    Raises `FileNotFoundError` where `cwd` is not there; a command that is not there ends with exit code 1 and says so.
    """
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.subprocess_exec(
        lambda: _Protocol(loop),
        sys.executable,
        "-IS",
        _GUARD,
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=cwd,
        env=dict(env),
    )
    process = asyncio.subprocess.Process(transport, protocol, loop)
    assert process.stdout is not None  # noqa: S101  (asked for above)
    assert process.stderr is not None  # noqa: S101
    readers = [
        asyncio.create_task(_read(process.stdout, "stdout", on_line)),
        asyncio.create_task(_read(process.stderr, "stderr", on_line)),
    ]
    return Child(process, protocol.exited, readers)


async def _read(source: asyncio.StreamReader, stream: OutputStream, on_line: OnLine) -> None:
    while True:
        try:
            line = await source.readuntil(b"\n")
        except asyncio.IncompleteReadError as end:
            if end.partial:
                on_line(stream, end.partial.decode("utf-8", "replace").rstrip("\r\n"))
            return
        except asyncio.LimitOverrunError as error:
            line = await source.read(max(error.consumed, 1))
        on_line(stream, line.decode("utf-8", "replace").rstrip("\r\n"))
