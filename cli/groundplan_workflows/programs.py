# SPDX-License-Identifier: Apache-2.0
"""The Pulumi programs in a project's `stacks`, and what each says of itself in `Pulumi.yaml` under the key that Pulumi leaves to us:

groundplan:
  requires: [foundation]
  reads: [Foundation]
  mayRead: [ComputeStage]
  exports: WorkspaceStage
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from groundplan_workflows import yaml_file
from groundplan_workflows.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

STACKS = "stacks"
_FILE = "Pulumi.yaml"
_FOLDER = re.compile(r"(?:(?P<level>\d+)-)?(?P<name>[a-z0-9][a-z0-9-]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A folder of `stacks` with a Pulumi.yaml."""

    folder: Path
    project: str
    """Name of the Pulumi project."""
    requires: tuple[str, ...] | None
    """What it declares to need, in its own words; None for every program of a lower level."""
    reads: tuple[str, ...]
    """Contracts that it reads from the stacks that it needs."""
    may_read: tuple[str, ...]
    """Contracts that it reads where its configuration asks for it."""
    exports: str
    """The contract that its outputs keep, or nothing."""

    @property
    def name(self) -> str:
        """Name of its folder, such as `1-workspace`."""
        return self.folder.name

    @property
    def short(self) -> str:
        """The name without its level: `workspace`."""
        match = _FOLDER.fullmatch(self.name)
        return match["name"] if match else self.name

    @property
    def level(self) -> int | None:
        """The number in front of its name."""
        match = _FOLDER.fullmatch(self.name)
        return int(match["level"]) if match and match["level"] else None

    @property
    def file(self) -> Path:
        """Its Pulumi.yaml."""
        return self.folder / _FILE


def present(root: Path) -> bool:
    """Whether a folder has programs."""
    return any((root / STACKS).glob(f"*/{_FILE}"))


def find(root: Path) -> dict[str, Program]:
    """The programs of a project, by folder name."""
    return {path.parent.name: _read(path) for path in sorted((root / STACKS).glob(f"*/{_FILE}"))}


def below(name: str, programs: dict[str, Program]) -> tuple[str, ...]:
    """The programs of lower levels than this one's."""
    level = programs[name].level
    return tuple(
        other.name
        for other in programs.values()
        if level is not None and other.level is not None and other.level < level
    )


def by_any_name(programs: dict[str, Program]) -> dict[str, str]:
    """Folder names by folder name, short name and Pulumi project."""
    return {key: name for name, program in programs.items() for key in (program.project, program.short, name)}


def required(name: str, programs: dict[str, Program]) -> tuple[str, ...]:
    """The programs that one needs, as declared or by level; UsageError for a name that no program has."""
    declared = programs[name].requires
    if declared is None:
        return below(name, programs)
    known = by_any_name(programs)
    for item in declared:
        if item not in known:
            raise UsageError(
                f"{programs[name].file}: key 'groundplan.requires' names {item!r}; known stacks: {', '.join(programs)}"
            )
    return tuple(known[item] for item in declared)


def _read(path: Path) -> Program:
    content = yaml_file.read(path, needed="a mapping with 'name' and 'runtime'")
    project = content.get("name")
    if not isinstance(project, str) or not project:
        raise UsageError(f"{path}: key 'name' is {project!r}; the name of the Pulumi project is needed")
    ours = content.get("groundplan")
    said = cast("dict[str, Any]", ours) if isinstance(ours, dict) else {}
    exports = said.get("exports", "")
    if not isinstance(exports, str):
        raise UsageError(f"{path}: key 'groundplan.exports' is {exports!r}; the name of a contract is needed")
    return Program(
        folder=path.parent,
        project=project,
        requires=_texts(path, said, "requires", "stacks"),
        reads=_texts(path, said, "reads", "contracts") or (),
        may_read=_texts(path, said, "mayRead", "contracts") or (),
        exports=exports,
    )


def _texts(path: Path, said: dict[str, Any], key: str, kind: str) -> tuple[str, ...] | None:
    value = said.get(key)
    if value is None:
        return None
    if not isinstance(value, list):
        raise UsageError(f"{path}: key 'groundplan.{key}' is {value!r}; a list of {kind} is needed")
    items = cast("list[Any]", value)
    for item in items:
        if not isinstance(item, str):
            raise UsageError(f"{path}: key 'groundplan.{key}' names {item!r}; a list of {kind} is needed")
    return tuple(items)
