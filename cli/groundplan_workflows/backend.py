# SPDX-License-Identifier: Apache-2.0
"""The engine's state on the local target: a folder of ours, mended by itself after an engine was killed.

The stack's configuration file in the project is only read: the engine works with a copy beside the state, because it writes
the salt of its encryption into the file that it gets.
"""

from __future__ import annotations

import json
import shutil
import socket
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import psutil

from groundplan_workflows import yaml_file
from groundplan_workflows.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from groundplan_workflows.project import Project, Stack

_ENCRYPTION = ("encryptionsalt", "encryptedkey", "secretsprovider")
_NEEDED = "a mapping with the key 'config'"
_LOCK_SLACK = 5.0
"""Seconds by which a process may seem younger than the lock that it wrote: boot time is an estimate."""


@dataclass(frozen=True, slots=True)
class PendingCreate:
    """A resource whose creation began, and the engine was killed before it knew how it ended."""

    urn: str
    type: str
    inputs: dict[str, Any]


@dataclass(frozen=True, slots=True)
class LocalBackend:
    """The state folder of a project, for one environment."""

    project: Project
    environment: str

    def checkpoint(self, stack: Stack) -> Path:
        """The engine's state of a stack."""
        return self.project.state / ".pulumi" / "stacks" / stack.project / f"{stack.state(self.environment)}.json"

    def workspace(self, stack: Stack) -> Path:
        """A folder with a Pulumi.yaml of the same project name, in which the engine may write; each stack has its own."""
        return self.project.state / "config" / stack.project / stack.state(self.environment)

    def config(self, stack: Stack) -> Path:
        """The copy of the configuration that the engine works with."""
        return self.workspace(stack) / f"Pulumi.{stack.state(self.environment)}.yaml"

    def prepare(self, stack: Stack) -> Path:
        """Write the copy of the configuration anew, keeping the salt of the local target; its path."""
        content = read_config(stack, self.environment)
        if not _has_secure(content.get("config")):
            # nothing in it is encrypted: what it says of another target's encryption does not matter here
            content = {key: value for key, value in content.items() if key not in _ENCRYPTION}
            salt = self._salt(stack)
            if salt:
                content["encryptionsalt"] = salt
        try:
            self.workspace(stack).mkdir(mode=0o700, parents=True, exist_ok=True)
            yaml_file.write(self.workspace(stack) / "Pulumi.yaml", {"name": stack.project, "runtime": "python"})
            yaml_file.write(self.config(stack), content)
        except OSError as error:
            raise UsageError(f"cannot write to {self.workspace(stack)}: {error.strerror}") from None
        return self.config(stack)

    def _salt(self, stack: Stack) -> str:
        if self.config(stack).is_file():
            return str(yaml_file.read(self.config(stack), needed=_NEEDED).get("encryptionsalt") or "")
        state = self._deployment(stack).get("secrets_providers", {}).get("state") or {}
        return str(state.get("salt", ""))

    def outputs(self, stack: Stack) -> dict[str, Any]:
        """What the stack exported at its last update, as the state has it: secrets are ciphertext."""
        for resource in self._deployment(stack).get("resources") or ():
            if resource["type"] == "pulumi:pulumi:Stack":
                return resource.get("outputs") or {}
        return {}

    def resources(self, stack: Stack) -> int:
        """How many resources the engine knows of."""
        return len(self._deployment(stack).get("resources") or ())

    def pending_creates(self, stack: Stack) -> list[PendingCreate]:
        """What a killed engine had begun to create."""
        pending = self._deployment(stack).get("pending_operations") or ()
        begun = [op["resource"] for op in pending if op.get("type") == "creating"]
        return [PendingCreate(found["urn"], found["type"], found.get("inputs") or {}) for found in begun]

    def has_pending(self, stack: Stack) -> bool:
        """Whether a killed engine left anything half done."""
        return bool(self._deployment(stack).get("pending_operations"))

    def _deployment(self, stack: Stack) -> dict[str, Any]:
        path = self.checkpoint(stack)
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            return content["checkpoint"].get("latest") or {}
        except FileNotFoundError:
            return {}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(
                f"the engine's state {path} is damaged ({error}); copy {path.name}.bak beside it over it, "
                "or start over: groundplan local reset --yes"
            ) from None

    def restore(self, stack: Stack) -> list[str]:
        """Mend the files that an engine was writing when it was killed; what was done, in words.

        The state itself is taken from the engine's own backup: what that does not know yet the local provider does, which goes
        on from the resources that it made. Beside each file the engine keeps its checksum and type in an `.attrs` file; without
        one it reads the file all the same, with half of one it refuses.
        """
        if any(self._locks(stack)):
            return []
        done: list[str] = []
        path = self.checkpoint(stack)
        for attributes in path.parent.glob("*.attrs"):
            if not _is_json(attributes):
                attributes.unlink()
                done.append(f"{stack.name}: removed {attributes.name}, which an engine had not written to its end")
        backup = path.with_name(path.name + ".bak")
        if path.is_file() and not _is_json(path) and backup.is_file() and _is_json(backup):
            shutil.copyfile(backup, path)
            done.append(f"{stack.name}: took the backup of the state, which an engine had not written to its end")
        return done

    def _locks(self, stack: Stack) -> list[Path]:
        folder = (
            self.project.state / ".pulumi" / "locks" / "organization" / stack.project / stack.state(self.environment)
        )
        return sorted(folder.glob("*.json"))

    def clear_dead_locks(self, stack: Stack) -> list[str]:
        """Remove the locks of engines that do not live any more; what was removed, in words."""
        cleared: list[str] = []
        for path in self._locks(stack):
            holder = _holder(path)
            if holder is not None:
                path.unlink(missing_ok=True)
                cleared.append(f"{stack.name}: removed the lock of an engine that does not live any more ({holder})")
        return cleared


def _is_json(path: Path) -> bool:
    try:
        json.loads(path.read_bytes())
    except ValueError:
        return False
    return True


def _holder(path: Path) -> str | None:
    """Who held a lock, if that engine is dead; None while it lives, or where we cannot know."""
    try:
        lock = json.loads(path.read_text(encoding="utf-8"))
        pid, host = int(lock["pid"]), str(lock["hostname"])
        taken = datetime.fromisoformat(lock["timestamp"]).timestamp()
    except (OSError, ValueError, KeyError, TypeError):
        # written by a killed process, half or not at all: on a local disk no one else can own it
        return "unreadable"
    if host != socket.gethostname():
        return None
    try:
        process = psutil.Process(pid)
        alive = process.status() != psutil.STATUS_ZOMBIE and process.create_time() <= taken + _LOCK_SLACK
    except psutil.NoSuchProcess:
        alive = False
    return None if alive else f"process {pid}"


def read_config(stack: Stack, environment: str) -> dict[str, Any]:
    """The configuration of a stack for an environment; UsageError, with file and place, where it is not valid."""
    path = stack.config(environment)
    content = yaml_file.read(path, needed=_NEEDED)
    values = content.get("config")
    if values is not None and not isinstance(values, dict):
        raise UsageError(f"{path}: key 'config' is {values!r}; a mapping of <namespace>:<key> to values is needed")
    return content


def _has_secure(value: object) -> bool:
    """Whether a configuration value holds an encrypted one."""
    if isinstance(value, dict):
        entries = cast("dict[str, object]", value)
        return set(entries) == {"secure"} or any(_has_secure(entry) for entry in entries.values())
    return isinstance(value, list) and any(_has_secure(entry) for entry in cast("list[object]", value))
