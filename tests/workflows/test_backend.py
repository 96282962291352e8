# SPDX-License-Identifier: Apache-2.0
"""The engine's state on the local target: copies of configuration, locks, half-done updates."""

import json
import os
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from groundplan_workflows.backend import LocalBackend, PendingCreate
from groundplan_workflows.errors import UsageError
from groundplan_workflows.programs import Program
from groundplan_workflows.project import Project, Stack


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    """A stack with a configuration."""
    folder = tmp_path / "stacks" / "0-a"
    folder.mkdir(parents=True)
    return Stack(Program(folder=folder, project="alpha", requires=None, reads=(), may_read=(), exports=""), ())


@pytest.fixture
def backend(tmp_path: Path, stack: Stack) -> LocalBackend:
    """Its state."""
    return LocalBackend(Project(tmp_path, tmp_path / ".groundplan", (stack,)), "dev")


def load(path: Path) -> Any:
    """YAML."""
    return YAML(typ="safe").load(path)


PLAIN = "# a comment\nconfig:\n  alpha:list: [1, {two: '2'}]\nencryptionsalt: v1:theirs\n"


def test_the_copy_has_the_values_and_a_salt_of_its_own(backend: LocalBackend, stack: Stack) -> None:
    """What the engine wrote into the copy stays; the project's file is only read."""
    stack.config("dev").write_text(PLAIN)
    copy = backend.prepare(stack)
    first = load(copy)
    copy.write_text("config: {}\nencryptionsalt: v1:ours\n")
    second = load(backend.prepare(stack))

    assert first == {"config": {"alpha:list": [1, {"two": "2"}]}}
    assert second == {**first, "encryptionsalt": "v1:ours"}
    assert stack.config("dev").read_text() == PLAIN
    assert load(copy.parent / "Pulumi.yaml") == {"name": "alpha", "runtime": "python"}


def test_an_encrypted_value_keeps_the_files_own_encryption(backend: LocalBackend, stack: Stack) -> None:
    """Another salt could not open it."""
    text = "encryptionsalt: v1:theirs\nconfig:\n  alpha:deep:\n    list:\n      - secure: AAAB\n"
    stack.config("dev").write_text(text)

    assert load(backend.prepare(stack))["encryptionsalt"] == "v1:theirs"


def test_the_salt_of_an_existing_state_is_taken(backend: LocalBackend, stack: Stack) -> None:
    """A plain `pulumi up` may have made the stack."""
    stack.config("dev").write_text("config: {}\n")
    write_state(backend, stack, {"secrets_providers": {"type": "passphrase", "state": {"salt": "v1:state"}}})

    assert load(backend.prepare(stack))["encryptionsalt"] == "v1:state"


def write_state(backend: LocalBackend, stack: Stack, latest: dict[str, Any]) -> None:
    """A checkpoint as the engine writes it."""
    path = backend.checkpoint(stack)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"version": 3, "checkpoint": {"stack": "organization/alpha/dev", "latest": latest}}))


def test_half_done_creates_are_read_from_the_state(backend: LocalBackend, stack: Stack) -> None:
    """Updates and deletes are pending too, but leave nothing unknown behind."""
    operations = [
        {"type": "creating", "resource": {"urn": "u1", "type": "t", "inputs": {"a": 1}}},
        {"type": "updating", "resource": {"urn": "u2", "type": "t"}},
    ]
    write_state(backend, stack, {"resources": [{}, {}], "pending_operations": operations})

    assert backend.pending_creates(stack) == [PendingCreate("u1", "t", {"a": 1})]
    assert backend.has_pending(stack)
    assert backend.resources(stack) == 2


def test_a_damaged_state_is_named_with_its_backup(backend: LocalBackend, stack: Stack) -> None:
    """The engine would print a parser's error."""
    backend.checkpoint(stack).parent.mkdir(parents=True)
    backend.checkpoint(stack).write_text("{")

    with pytest.raises(UsageError, match=r"dev\.json is damaged .* copy dev\.json\.bak"):
        backend.has_pending(stack)


def write_lock(backend: LocalBackend, pid: int, *, host: str | None = None, age: float = 0.0) -> Path:
    """A lock as the engine writes it."""
    folder = backend.project.state / ".pulumi" / "locks" / "organization" / "alpha" / "dev"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{len(list(folder.iterdir()))}.json"
    taken = (datetime.now(UTC) - timedelta(seconds=age)).isoformat()
    path.write_text(
        json.dumps({"pid": pid, "username": "me", "hostname": host or socket.gethostname(), "timestamp": taken})
    )
    return path


def test_the_lock_of_a_dead_process_is_removed_and_of_a_living_one_stays(backend: LocalBackend, stack: Stack) -> None:
    """Dead, alive, of another machine, and unreadable."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait(timeout=30)
    dead = write_lock(backend, child.pid)
    alive = write_lock(backend, os.getpid())
    elsewhere = write_lock(backend, child.pid, host="another-machine")
    said = backend.clear_dead_locks(stack)

    assert (dead.exists(), alive.exists(), elsewhere.exists()) == (False, True, True)
    assert said == [
        f"0-a: removed the lock of an engine that does not live any more (process {child.pid})",
    ]


def test_a_process_younger_than_the_lock_is_another_one(backend: LocalBackend, stack: Stack) -> None:
    """Process ids are used again."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as child:
        try:
            time.sleep(0.1)
            reused = write_lock(backend, child.pid, age=3600)
            backend.clear_dead_locks(stack)
        finally:
            child.kill()

    assert not reused.exists()


@pytest.mark.parametrize("text", ["", "{", '{"pid": "x"}', "[]"])
def test_a_lock_that_a_killed_engine_left_half_written_is_removed(
    backend: LocalBackend, stack: Stack, text: str
) -> None:
    """No one can hold it."""
    path = write_lock(backend, os.getpid())
    path.write_text(text)
    backend.clear_dead_locks(stack)

    assert not path.exists()


def test_the_engines_backup_replaces_a_state_written_in_half(backend: LocalBackend, stack: Stack) -> None:
    """Only where the state cannot be read and the backup can, and no engine holds a lock."""
    write_state(backend, stack, {"resources": [{}]})
    path = backend.checkpoint(stack)
    backup = path.with_name("dev.json.bak")
    backup.write_text(path.read_text())

    assert backend.restore(stack) == []
    path.write_text(path.read_text()[:20])
    lock = write_lock(backend, os.getpid())
    assert backend.restore(stack) == []
    lock.unlink()
    assert len(backend.restore(stack)) == 1
    assert backend.resources(stack) == 1


def test_half_written_attributes_go(backend: LocalBackend, stack: Stack) -> None:
    """The engine reads a file without them, and refuses half of them with `failed to load checkpoint: EOF`."""
    path = backend.checkpoint(stack)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('{"checkpoint": {}}')
    path.with_name("dev.json.attrs").write_text("")
    path.with_name("dev.json.bak.attrs").write_text("{}")

    assert len(backend.restore(stack)) == 1
    assert not path.with_name("dev.json.attrs").exists()
    assert path.with_name("dev.json.bak.attrs").exists()
