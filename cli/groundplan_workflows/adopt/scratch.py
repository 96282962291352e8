# SPDX-License-Identifier: Apache-2.0
"""A copy of the state to try an import on: what is learned there costs nothing, and the real state is written once."""

from __future__ import annotations

import dataclasses
import json
import os
import secrets
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from groundplan_workflows import environment as environments
from groundplan_workflows import session
from groundplan_workflows.backend import LocalBackend

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from groundplan_workflows.project import Project, Stack
    from groundplan_workflows.session import Session
    from groundplan_workflows.targets import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A stack on a copy of the state."""

    opened: Session
    folder: Path
    """For files of the trial; goes with it."""
    before: str
    """What the real state held: see `held_by`."""
    elsewhere: Mapping[str, str]
    """Ids of Azure (lower case) that other stacks of the environment hold, with the stack's name."""
    checkpoint: Path

    def resources(self) -> list[dict[str, Any]]:
        """What the copy holds; secrets are ciphertext."""
        return self._latest(self._read()).get("resources") or []

    def write(self, resources: list[dict[str, Any]]) -> None:
        """Put resources back, changed. The copy is ours alone: an engine's export and import would take seconds."""
        content = self._read()
        self._latest(content)["resources"] = resources
        self.checkpoint.write_text(json.dumps(content), encoding="utf-8")

    def _read(self) -> dict[str, Any]:
        return json.loads(self.checkpoint.read_text(encoding="utf-8"))

    @staticmethod
    def _latest(content: dict[str, Any]) -> dict[str, Any]:
        return content["checkpoint"].get("latest") or {}


@contextmanager
def copy(project: Project, target: Target, environment: str, stack: Stack) -> Generator[Trial]:
    """The stack with a state of its own, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="groundplan-import-") as folder:
        trial = dataclasses.replace(project, home=Path(folder))
        variables = target.variables | {"PULUMI_BACKEND_URL": environments.backend_url(trial.state)}
        others = [each for each in project.stacks if each.name != stack.name and each.is_in(environment)]
        before = held_by(project, target, environment, stack)
        elsewhere: dict[str, str] = {}
        if target.name == "local":
            shutil.copytree(project.state, trial.state, ignore=shutil.ignore_patterns("locks", "backups"))
            variables["PULUMI_CONFIG_PASSPHRASE_FILE"] = str(environments.passphrase_file(trial))
            tried = dataclasses.replace(target, variables=variables)
            for each in others:
                elsewhere |= _ids(held_by(project, target, environment, each), each)
        else:
            trial.state.mkdir(mode=0o700)
            if not any(name in os.environ for name in ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE")):
                variables["PULUMI_CONFIG_PASSPHRASE"] = secrets.token_urlsafe(32)
            tried = dataclasses.replace(target, name="local", variables=variables)
            needed = {each.name for each in project.needed_by(stack, environment)}
            for each in others:
                held = held_by(project, target, environment, each)
                elsewhere |= _ids(held, each)
                if held and each.name in needed:
                    put(session.open_stack(trial, tried, environment, each), held)
            if before:
                put(session.open_stack(trial, tried, environment, stack), before)
        yield Trial(
            opened=session.open_stack(trial, tried, environment, stack),
            folder=trial.home,
            before=before,
            elsewhere=elsewhere,
            checkpoint=LocalBackend(trial, environment).checkpoint(stack),
        )


def held_by(project: Project, target: Target, environment: str, stack: Stack) -> str:
    """What the state of a stack holds, as JSON; empty where there is no such stack.

    On the local target it is the engine's file, secrets as ciphertext; on Azure what the engine exports, secrets in plain text.
    """
    if target.name == "local":
        file = LocalBackend(project, environment).checkpoint(stack)
        return file.read_text(encoding="utf-8") if file.is_file() else ""
    opened = session.find_stack(project, target, environment, stack)
    return exported(opened) if opened else ""


def exported(opened: Session) -> str:
    """What the engine exports of a stack, secrets in plain text."""
    found = opened.beside.export_stack(opened.engine.name)
    return json.dumps(vars(found))


def put(opened: Session, content: str) -> None:
    """Make an export the state of a stack, in one step. The engine reads a file: it is the user's alone, and goes."""
    with tempfile.TemporaryDirectory(prefix="groundplan-import-") as folder:
        file = Path(folder) / "state.json"
        file.touch(0o600)
        file.write_text(content, encoding="utf-8")
        workspace = opened.beside
        arguments = ["stack", "import", "--file", str(file), "--stack", opened.engine.name]
        workspace.pulumi_command.run(arguments, workspace.work_dir, workspace.env_vars)


def _ids(held: str, stack: Stack) -> dict[str, str]:
    """Ids of what a state holds."""
    content: dict[str, Any] = json.loads(held) if held else {}
    deployment = content.get("deployment") or (content.get("checkpoint") or {}).get("latest") or {}
    resources = cast("list[dict[str, Any]]", deployment.get("resources") or [])
    return {str(each["id"]).lower(): stack.name for each in resources if str(each.get("id", "")).startswith("/")}
