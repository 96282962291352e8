# SPDX-License-Identifier: Apache-2.0
"""Writes a platform's repository from a blueprint: whole, or not at all."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import groundplan_templates
from groundplan_workflows import blueprints, platform_file, project, provision
from groundplan_workflows.errors import UsageError

if TYPE_CHECKING:
    from groundplan_workflows.blueprints import Blueprint
    from groundplan_workflows.project import Project

_OWN_CONFIGURATION = "Pulumi.*.yaml"
"""The stacks' own examples are not a platform's configuration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to write, and where."""

    folder: Path
    blueprint: Blueprint
    project: str
    location: str


def copy_stack(name: str, target: Path, *, configuration: bool = True) -> None:
    """Copy a stack that comes with Groundplan into a folder `stacks`, with its example configuration or without."""
    ignored = ["__pycache__", ".*"] + ([] if configuration else [_OWN_CONFIGURATION])
    shutil.copytree(groundplan_templates.stacks() / name, target / name, ignore=shutil.ignore_patterns(*ignored))


def order(folder: Path, blueprint: str | None, name: str | None, location: str) -> Order:
    """Check what was asked for; nothing is written."""
    chosen = blueprints.load(blueprint)
    folder = folder.absolute()
    _check_empty(folder)
    found = name or re.sub(r"[^a-z0-9]", "", folder.name.lower()).lstrip("0123456789")[:12]
    if not re.fullmatch(platform_file.SHORT, found):
        source = f"--project is {found!r}" if name else f"no project name can be made of the folder's, {folder.name!r}"
        raise UsageError(f"{source}; allowed are {platform_file.SHORT_WORDS}: --project NAME")
    if not re.fullmatch(platform_file.REGION, location):
        raise UsageError(f"--location is {location!r}; the short name of an Azure region is needed, such as westeurope")
    return Order(folder=folder, blueprint=chosen, project=found, location=location)


def write(wanted: Order) -> Project:
    """Write the repository beside its place, look whether it is one, and move it there."""
    parent = wanted.folder.parent
    parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{wanted.folder.name}-", dir=parent))
    try:
        fresh.chmod(0o755)
        _fill(fresh, wanted)
        _check_whole(fresh)
        _move(fresh, wanted.folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return project.here(wanted.folder)


def _check_empty(folder: Path) -> None:
    if folder.is_dir():
        names = sorted(path.name for path in folder.iterdir())
        if names:
            some = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
            raise UsageError(
                f"{folder} is not empty (it has {some}); nothing was written; name a new or an empty folder"
            )
    elif folder.exists() or folder.is_symlink():
        raise UsageError(f"{folder} is not a folder; nothing was written; name a new or an empty folder")


def _fill(root: Path, wanted: Order) -> None:
    values = {
        "project": wanted.project,
        "location": wanted.location,
        "month": datetime.now(UTC).strftime("%Y-%m"),
        "blueprint": wanted.blueprint,
    }
    for name in wanted.blueprint.stacks:
        copy_stack(name, root / "stacks", configuration=False)
    _write(root / platform_file.SCHEMA_FILE, json.dumps(platform_file.schema(), indent=2) + "\n")
    for path in sorted(groundplan_templates.repository().rglob("*.j2")):
        name = path.relative_to(groundplan_templates.repository()).with_suffix("")
        if name.name != blueprints.CONFIGURATION:
            _write(root / str(name).replace("dot-", "."), blueprints.render(path, values))
    template = groundplan_templates.repository() / f"{blueprints.CONFIGURATION}.j2"
    for environment in wanted.blueprint.environments:
        for folder, instance in wanted.blueprint.deployments(environment):
            own = wanted.blueprint.configuration_of(folder, instance, environment, values)
            state = f"{environment}-{instance}" if instance else environment
            program = project.programs.find(root)[folder].project
            text = blueprints.render(template, values | {"program": program, "keys": own, "folder": folder})
            _write(root / "stacks" / folder / f"Pulumi.{state}.yaml", text)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _check_whole(root: Path) -> None:
    """What a command would check first; a blueprint that fails it is a defect, and nothing is left of it."""
    made = project.here(root)
    for environment in made.platform.environments if made.platform else ():
        provision.check(made, made.select([], environment), environment)


def _move(fresh: Path, folder: Path) -> None:
    """One rename; into an empty folder that is there already, one per entry, so that a shell in it stays where it is."""
    if not folder.exists():
        fresh.rename(folder)
        return
    moved: list[Path] = []
    try:
        for path in sorted(fresh.iterdir()):
            moved.append(path.rename(folder / path.name))  # noqa: PERF401  # what was moved counts after an error too
    except OSError:
        for path in moved:
            path.rename(fresh / path.name)
        raise


def summary(made: Project) -> dict[str, Any]:
    """For JSON."""
    assert made.platform is not None  # noqa: S101  # it was just written
    return {
        "folder": str(made.root),
        "environments": list(made.platform.environments),
        "stacks": [stack.name for stack in made.stacks],
    }
