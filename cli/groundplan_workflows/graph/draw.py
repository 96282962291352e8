# SPDX-License-Identifier: Apache-2.0
"""Reads the states of a project's stacks and draws them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groundplan_workflows import session
from groundplan_workflows.errors import UsageError
from groundplan_workflows.graph import mermaid, model, svg

if TYPE_CHECKING:
    from groundplan_workflows.project import Project, Stack
    from groundplan_workflows.targets import Target

FORMATS = {"mermaid": mermaid.text, "svg": svg.text}


def check_format(name: str) -> None:
    """UsageError for a format that is not known."""
    if name not in FORMATS:
        raise UsageError(f"unknown format {name!r}; choose one of: {', '.join(FORMATS)}")


def read(project: Project, stacks: tuple[Stack, ...], environment: str, target: Target) -> model.Graph:
    """The picture of what is up; UsageError where nothing is."""
    rows = {stack.name: _resources(project, stack, environment, target) for stack in stacks}
    if not any(rows.values()):
        raise UsageError(
            f"nothing to draw: none of {', '.join(rows)} is up for environment {environment!r} on target {target.name}; "
            f"bring them up first: groundplan up --env {environment} --target {target.name}"
        )
    return model.build({stack.name: (stack.requires, rows[stack.name]) for stack in stacks})


def save(text: str, path: Path) -> None:
    """Write a picture, whole or not at all; UsageError where that is not possible."""
    try:
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
            file.write(text)
        Path(file.name).chmod(0o644)
        os.replace(file.name, path)  # noqa: PTH105  # the temporary file's name is a text
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}; choose another --output") from None


def _resources(project: Project, stack: Stack, environment: str, target: Target) -> list[dict[str, Any]]:
    opened = session.find_stack(project, target, environment, stack)
    if opened is None:
        return []
    deployment = opened.engine.export_stack().deployment or {}
    return deployment.get("resources") or []
