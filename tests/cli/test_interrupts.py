# SPDX-License-Identifier: Apache-2.0
"""Interrupted, killed and locked: what a stack's commands leave behind."""

import json
import signal
import time

import psutil
import pytest

from tests.cli.conftest import Cli

WAIT = 60.0


def wait_for(condition: object, what: str) -> None:
    """Wait, bounded."""
    assert callable(condition)
    deadline = time.monotonic() + WAIT
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError(f"{what} did not happen within {WAIT:.0f} s")


def slow_create(project: Cli) -> None:
    """The first resource group takes seconds to answer."""
    project("local", "start")
    project("local", "fault", "add", "resourceGroups/rg-0", "--delay", "4", "--method", "PUT")


def engine_of(pid: int) -> psutil.Process | None:
    """The engine below a command that is inside an update."""
    for child in psutil.Process(pid).children(recursive=True):
        try:
            if child.name() == "pulumi" and "up" in child.cmdline():
                return child
        except psutil.NoSuchProcess:
            continue
    return None


def pending(project: Cli) -> bool:
    """Whether the engine has noted that it is creating a resource group."""
    path = project.home / "state" / ".pulumi" / "stacks" / "top" / "dev.json"
    try:
        latest = json.loads(path.read_text())["checkpoint"].get("latest") or {}
    except (OSError, ValueError):
        return False
    return any(op["resource"]["urn"].endswith("::group-0") for op in latest.get("pending_operations") or ())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_lets_the_engine_finish_what_it_began(project: Cli, number: signal.Signals) -> None:
    """Exit code 130, no traceback, no lock, and what was created is in the state."""
    project("up", "0-base", "--yes")
    slow_create(project)
    running = project.start("up", "1-top", "--yes")
    try:
        wait_for(lambda: pending(project), "the create")
        running.send_signal(number)
        stdout, stderr = running.communicate(timeout=WAIT)
    finally:
        running.kill()
    after = project.json("up", "--yes")

    assert running.returncode == 130, stderr
    assert "cancelled" in stdout
    assert "Traceback" not in stdout + stderr
    assert after["state"] == "succeeded"
    assert project.resource_groups() == 2


def test_destroy_after_a_killed_engine_leaves_nothing(project: Cli) -> None:
    """The lock of the dead is removed, and what was created after its last note is deleted too."""
    (project.folder / "stacks" / "1-top" / "Pulumi.dev.yaml").write_text("config:\n  top:groups: 1\n")
    project("up", "0-base", "--yes")
    slow_create(project)
    running = project.start("up", "1-top", "--yes")
    try:
        wait_for(lambda: pending(project), "the create")
        engine = engine_of(running.pid)
        assert engine is not None
        engine.kill()
        stdout, stderr = running.communicate(timeout=WAIT)
    finally:
        running.kill()
    assert running.returncode == 4
    assert "the engine was ended by SIGKILL" in stdout
    assert "Traceback" not in stdout + stderr
    # Azure on localhost still carries the request out
    wait_for(lambda: project.resource_groups() == 1, "the resource group")
    done = project("destroy", "--yes")

    assert "removed the lock of an engine that does not live any more" in done.stderr
    assert "an interrupted update had begun to create" in done.stderr
    assert project.resource_groups() == 0


def test_the_lock_of_a_living_engine_is_respected(project: Cli) -> None:
    """A second up waits for no one and breaks nothing: it says who is at work."""
    project("up", "0-base", "--yes")
    slow_create(project)
    running = project.start("up", "1-top", "--yes")
    try:
        wait_for(lambda: pending(project), "the create")
        second = project("up", "1-top", "--yes", expect=4)
        running.communicate(timeout=WAIT)
    finally:
        running.kill()

    assert "another update of 1-top is going on" in second.stdout
    assert running.returncode == 0
