# SPDX-License-Identifier: Apache-2.0
"""Interrupted runs: no traceback, and no process that stays behind."""

import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from tests.engine.conftest import Project

SLEEPER = """
import os, pathlib, time
import pulumi
pathlib.Path("pid.part").write_text(str(os.getpid()))
os.rename("pid.part", "pid")
time.sleep(120)
"""


def wait_for(condition, seconds: float = 30.0) -> bool:
    """Wait until a condition holds; tell whether it did."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return bool(condition())


def start(project: Project) -> "tuple[subprocess.Popen[str], list[psutil.Process]]":
    """Start an `up` and return it, with the processes that it has started, once the program runs."""
    project.write(SLEEPER)
    process = project.start("up", "--yes", "--skip-preview")
    pid = Path(project.folder / "pid")
    assert wait_for(pid.exists)
    return process, [*psutil.Process(process.pid).children(recursive=True), psutil.Process(int(pid.read_text()))]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_up(project: Project, number: signal.Signals) -> None:
    """One signal to the engine ends the run in seconds, in order, with the words of the engine alone."""
    process, started = start(project)
    process.send_signal(number)
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "update canceled" in said
    assert "Traceback" not in said
    assert "program was ended" not in said
    assert "KeyboardInterrupt" not in said
    _, alive = psutil.wait_procs(started, timeout=10)
    assert alive == []
    # the state is not locked, and the stack goes up
    project.write("import pulumi\n")
    assert "1 created" in project.pulumi("up", "--yes", "--skip-preview")


def test_killed_engine(project: Project) -> None:
    """An engine that is killed leaves neither a language host nor a program behind."""
    process, started = start(project)
    process.kill()
    process.wait()
    _, alive = psutil.wait_procs(started, timeout=15)
    assert alive == []


def test_killed_language_host(project: Project) -> None:
    """A language host that is killed fails the run; its program goes too."""
    process, started = start(project)
    host = next(child for child in started if "language_host/__main__.py" in " ".join(child.cmdline()))
    host.kill()
    said, _ = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "Traceback" not in said
    _, alive = psutil.wait_procs(started, timeout=15)
    assert alive == []
