# SPDX-License-Identifier: Apache-2.0
"""A Groundplan project on disk: its stacks, in which order they depend on each other, and where its own state lives.

A project is a folder with `stacks/<level>-<name>/Pulumi.yaml`. The level is the order: a stack needs every stack of a lower
level, unless its Pulumi.yaml says which ones:

    groundplan:
      requires: [foundation]
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, cast

from groundplan_workflows.errors import UsageError

STACKS = "stacks"
HOME = ".groundplan"
HOME_VARIABLE = "GROUNDPLAN_HOME"

_FOLDER = re.compile(r"(?:(?P<level>\d+)-)?(?P<name>[a-z0-9][a-z0-9-]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stack:
    """A Pulumi program of the project."""

    name: str
    """Name of its folder, such as `1-workspace`."""
    folder: Path
    project: str
    """Name of the Pulumi project, from Pulumi.yaml."""
    requires: tuple[str, ...]
    """Names (of folders) of the stacks whose outputs it reads."""

    @property
    def short(self) -> str:
        """The name without its level: `workspace`."""
        match = _FOLDER.fullmatch(self.name)
        return match["name"] if match else self.name

    def config(self, environment: str) -> Path:
        """Its configuration for an environment: `Pulumi.<environment>.yaml`."""
        return self.folder / f"Pulumi.{environment}.yaml"

    def environments(self) -> list[str]:
        """The environments that it has a configuration for, sorted."""
        return sorted(
            path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in self.folder.glob("Pulumi.*.yaml")
        )


@dataclass(frozen=True, slots=True)
class Project:
    """A project: where it lies, where its state lies (`.groundplan` beside `stacks`), and its stacks, the needed first."""

    root: Path
    home: Path
    stacks: tuple[Stack, ...] = field(default=())

    @property
    def azure(self) -> Path:
        """State folder of Azure on localhost."""
        return self.home / "local"

    @property
    def state(self) -> Path:
        """State of the engine on the local target."""
        return self.home / "state"

    @property
    def logs(self) -> Path:
        """What commands wrote down."""
        return self.home / "logs"

    @property
    def engine_bin(self) -> Path:
        """Links to the engine and launcher of the language host."""
        return self.home / "engine" / "bin"

    @property
    def provider_bin(self) -> Path:
        """Launcher of the local provider; only the local target has it on PATH."""
        return self.azure / "bin"

    def select(self, names: list[str]) -> tuple[Stack, ...]:
        """The stacks of these names (`1-workspace` or `workspace`), or all, in the order of their dependencies."""
        if not names:
            return self.stacks
        known = {key: stack for stack in self.stacks for key in (stack.name, stack.short, stack.project)}
        for name in names:
            if name.strip("/") not in known:
                allowed = ", ".join(stack.name for stack in self.stacks)
                raise UsageError(f"unknown stack {name!r}; {self.root / STACKS} has: {allowed}")
        wanted = {known[name.strip("/")] for name in names}
        return tuple(stack for stack in self.stacks if stack in wanted)

    def check_environment(self, stacks: tuple[Stack, ...], environment: str) -> None:
        """UsageError where a stack has no configuration for the environment."""
        for stack in stacks:
            if not stack.config(environment).is_file():
                allowed = ", ".join(stack.environments()) or "none yet"
                raise UsageError(
                    f"unknown environment {environment!r}: {stack.config(environment)} does not exist; "
                    f"environments of {stack.name}: {allowed}; choose one with --env, or write that file"
                )


def home_of(root: Path) -> Path:
    """The state folder of a project: GROUNDPLAN_HOME, or `.groundplan` in it."""
    given = os.environ.get(HOME_VARIABLE)
    return Path(given).expanduser().absolute() if given else root / HOME


def here(start: Path | None = None) -> Project:
    """The project around a folder (default: the working folder), with its stacks if it has any.

    Azure on localhost is of use without stacks too: then the project is the folder itself.
    """
    start = (start or Path.cwd()).absolute()
    for folder in (start, *start.parents):
        if any((folder / STACKS).glob("*/Pulumi.yaml")):
            return Project(folder, home_of(folder), _stacks(folder / STACKS))
    for folder in (start, *start.parents):
        if (folder / HOME).is_dir():
            return Project(folder, home_of(folder))
    return Project(start, home_of(start))


def with_stacks(start: Path | None = None) -> Project:
    """The project around a folder; UsageError where it has no stacks."""
    project = here(start)
    if not project.stacks:
        raise UsageError(
            f"no stacks found: neither {(start or Path.cwd()).absolute()} nor a folder above it has {STACKS}/<name>/Pulumi.yaml; "
            "run the command inside a project"
        )
    return project


def _stacks(folder: Path) -> tuple[Stack, ...]:
    settings = {path.parent.name: _read(path) for path in sorted(folder.glob("*/Pulumi.yaml"))}
    stacks = {
        name: Stack(name, folder / name, _project_name(folder / name, content), _requires(folder, name, settings))
        for name, content in settings.items()
    }
    try:
        order = TopologicalSorter({name: stack.requires for name, stack in stacks.items()}).static_order()
        return tuple(stacks[name] for name in order)
    except CycleError as error:
        raise UsageError(
            f"stacks require each other in a circle: {' -> '.join(error.args[1])}; mend 'requires' in one Pulumi.yaml"
        ) from None


def _read(path: Path) -> dict[str, Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        content = YAML(typ="safe").load(path)
    except YAMLError as error:
        raise UsageError(f"{path} is not valid YAML: {_one_line(error)}") from None
    if not isinstance(content, dict):
        raise UsageError(f"{path} holds {type(content).__name__}; a mapping with 'name' and 'runtime' is needed")
    return cast("dict[str, Any]", content)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _project_name(folder: Path, content: dict[str, Any]) -> str:
    name = content.get("name")
    if not isinstance(name, str) or not name:
        raise UsageError(f"{folder / 'Pulumi.yaml'}: key 'name' is {name!r}; the name of the Pulumi project is needed")
    return name


def _requires(folder: Path, name: str, settings: dict[str, dict[str, Any]]) -> tuple[str, ...]:
    ours = settings[name].get("groundplan")
    declared = cast("dict[str, Any]", ours).get("requires") if isinstance(ours, dict) else None
    if declared is None:
        level = _level(name)
        levels = {other: _level(other) for other in settings}
        return tuple(
            other for other, lower in levels.items() if level is not None and lower is not None and lower < level
        )
    path = folder / name / "Pulumi.yaml"
    if not isinstance(declared, list):
        raise UsageError(f"{path}: key 'groundplan.requires' is {declared!r}; a list of stacks is needed")
    known = {
        key: other for other in settings for key in (other, other.partition("-")[2], str(settings[other].get("name")))
    }
    found: list[str] = []
    for item in cast("list[Any]", declared):
        if not isinstance(item, str) or item not in known:
            raise UsageError(f"{path}: key 'groundplan.requires' names {item!r}; known stacks: {', '.join(settings)}")
        found.append(known[item])
    return tuple(found)


def _level(name: str) -> int | None:
    match = _FOLDER.fullmatch(name)
    return int(match["level"]) if match and match["level"] else None
