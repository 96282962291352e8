# SPDX-License-Identifier: Apache-2.0
"""Processes of the service: their output, their end, and the end of whoever started them."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil

from groundplan_emulator.ml import processes

SLEEPER = (
    "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print('up', flush=True); time.sleep(60)"
)


def run(*command: str, cwd: Path) -> tuple[int, list[tuple[str, str]]]:
    async def go() -> tuple[int, list[tuple[str, str]]]:
        lines: list[tuple[str, str]] = []
        child = await processes.start(command, cwd=cwd, env=dict(os.environ), on_line=lambda *line: lines.append(line))
        return await child.wait(), lines

    return asyncio.run(asyncio.wait_for(go(), 30))


def test_output_and_exit_code(tmp_path: Path):
    code, lines = run(
        sys.executable, "-c", "import sys; print('one'); sys.stderr.write('two'); sys.exit(7)", cwd=tmp_path
    )

    assert code == 7
    assert sorted(lines) == [("stderr", "two"), ("stdout", "one")]


def test_a_long_line_comes_in_pieces(tmp_path: Path):
    _, lines = run(sys.executable, "-c", "print('x' * 3_000_000)", cwd=tmp_path)

    assert sum(len(text) for _, text in lines) == 3_000_000
    assert len(lines) > 1


def test_a_signal_is_told_by_the_exit_code(tmp_path: Path):
    code, _ = run(sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", cwd=tmp_path)

    assert code == 128 + signal.SIGKILL


def test_stopping_ends_everything_below(tmp_path: Path):
    async def go() -> list[psutil.Process]:
        up = asyncio.Event()
        child = await processes.start(
            [sys.executable, "-c", SLEEPER], cwd=tmp_path, env=dict(os.environ), on_line=lambda *_: up.set()
        )
        await up.wait()
        below = psutil.Process(child.pid).children(recursive=True)
        assert child.usage()[1] > 0
        await child.stop()
        return below

    below = asyncio.run(asyncio.wait_for(go(), 30))

    assert len(below) == 2
    assert psutil.wait_procs(below, 5)[1] == []


def test_nothing_outlives_a_killed_parent(tmp_path: Path):
    parent = tmp_path / "parent.py"
    parent.write_text(
        textwrap.dedent(f"""
        import asyncio, os, sys
        from pathlib import Path
        from groundplan_emulator.ml import processes

        async def go():
            await processes.start([sys.executable, "-c", {SLEEPER!r}], cwd=Path("."), env=dict(os.environ),
                                  on_line=lambda *_: print("up", flush=True))
            await asyncio.sleep(60)

        asyncio.run(go())
        """)
    )
    started = subprocess.Popen([sys.executable, str(parent)], cwd=tmp_path, stdout=subprocess.PIPE)
    assert started.stdout is not None
    assert started.stdout.readline() == b"up\n"
    below = psutil.Process(started.pid).children(recursive=True)

    started.kill()
    started.wait()

    deadline = time.monotonic() + 10
    while any(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in below):
        assert time.monotonic() < deadline, below
        time.sleep(0.05)
    assert len(below) == 3


ESCAPING = (
    "import subprocess, sys, time;"
    "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'], start_new_session=True);"
    "print(p.pid, flush=True);"
)


def escaped(lines: list[tuple[str, str]]) -> psutil.Process | None:
    pid = int(lines[0][1])
    return psutil.Process(pid) if psutil.pid_exists(pid) else None


def test_what_makes_a_session_of_its_own_does_not_escape(tmp_path: Path):
    code, lines = run(sys.executable, "-c", ESCAPING + "sys.exit(5)", cwd=tmp_path)

    assert code == 5
    assert escaped(lines) is None


def test_the_end_of_the_guard_ends_the_command(tmp_path: Path):
    async def go() -> tuple[int, psutil.Process]:
        up = asyncio.Event()
        child = await processes.start(
            [sys.executable, "-c", SLEEPER], cwd=tmp_path, env=dict(os.environ), on_line=lambda *_: up.set()
        )
        await up.wait()
        command = psutil.Process(child.command_pid)
        os.kill(child.pid, signal.SIGKILL)
        return await child.wait(), command

    code, command = asyncio.run(asyncio.wait_for(go(), 30))

    assert code == 128 + signal.SIGKILL
    command.wait(10)
    assert not command.is_running()
