# SPDX-License-Identifier: Apache-2.0
"""A Groundplan project on disk: its stacks, in which order they depend on each other, and where its own state lives.

A project is a folder with `stacks/<level>-<name>/Pulumi.yaml`. With a `groundplan.yaml` beside `stacks` it is a platform: the
file says which environments there are and which stacks in how many instances. Without one, every program is one stack, and
each `Pulumi.<environment>.yaml` an environment.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

from groundplan_workflows import programs
from groundplan_workflows.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groundplan_workflows.platform_file import Platform
    from groundplan_workflows.programs import Program

HOME = ".groundplan"
HOME_VARIABLE = "GROUNDPLAN_HOME"
PLATFORM = "groundplan.yaml"


@dataclass(frozen=True, slots=True)
class Stack:
    """A deployment of a Pulumi program: one per program, or one per instance."""

    program: Program
    requires: tuple[str, ...]
    """Names of the stacks whose outputs it reads."""
    instance: str = ""
    """Which of several deployments of the program."""
    states: Mapping[str, str] = field(default_factory=dict[str, str], hash=False, compare=False)
    """Names of Pulumi stacks by environment, without the instance. A platform's environment that is not here does not have the
    stack; where nothing is here, there is no platform, and an environment has its own name."""

    @property
    def name(self) -> str:
        """Name of its folder, such as `1-workspace`; with its instance where it has one: `1-workspace/fraud`."""
        return f"{self.program.name}/{self.instance}" if self.instance else self.program.name

    @property
    def slug(self) -> str:
        """The name as a part of file names."""
        return self.name.replace("/", "-")

    @property
    def folder(self) -> Path:
        """Where its program lies."""
        return self.program.folder

    @property
    def project(self) -> str:
        """Name of the Pulumi project, from Pulumi.yaml."""
        return self.program.project

    def state(self, environment: str) -> str:
        """Name of the Pulumi stack: `dev`, or `dev-fraud`."""
        name = self.states.get(environment, environment)
        return f"{name}-{self.instance}" if self.instance else name

    def is_in(self, environment: str) -> bool:
        """Whether an environment has it."""
        return not self.states or environment in self.states

    def config(self, environment: str) -> Path:
        """Its configuration for an environment: `Pulumi.<state>.yaml`."""
        return self.folder / f"Pulumi.{self.state(environment)}.yaml"

    def environments(self) -> list[str]:
        """The environments that it has a configuration for."""
        if self.states:
            return [name for name in self.states if self.config(name).is_file()]
        return sorted(
            path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in self.folder.glob("Pulumi.*.yaml")
        )


@dataclass(frozen=True, slots=True)
class Project:
    """A project: where it lies, where its state lies (`.groundplan` beside `stacks`), and its stacks, the needed first."""

    root: Path
    home: Path
    stacks: tuple[Stack, ...] = field(default=())
    platform: Platform | None = None
    """What `groundplan.yaml` says, where there is one."""

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

    def target(self, environment: str) -> str:
        """The target of an environment unless another one is asked for."""
        known = self.platform is not None and environment in self.platform.environments
        return self.platform.environment(environment).target if self.platform and known else "local"

    def subscription(self, environment: str) -> str | None:
        """The subscription of an environment on Azure, if `groundplan.yaml` has one."""
        known = self.platform is not None and environment in self.platform.environments
        return self.platform.environment(environment).subscription if self.platform and known else None

    def select(self, names: Sequence[str], environment: str | None = None) -> tuple[Stack, ...]:
        """The stacks of these names (`1-workspace` or `workspace` for all of its instances, `workspace/fraud` for one), or
        all that the environment has, in the order of their dependencies."""
        if not names:
            known_one = self.platform is not None and environment in self.platform.environments
            return tuple(stack for stack in self.stacks if not known_one or stack.is_in(environment or ""))
        known: dict[str, set[Stack]] = {}
        for stack in self.stacks:
            for key in (stack.program.name, stack.program.short, stack.project):
                known.setdefault(key, set()).add(stack)
                known.setdefault(f"{key}/{stack.instance}", set()).add(stack)
        for name in names:
            if name.strip("/") not in known:
                allowed = ", ".join(stack.name for stack in self.stacks)
                raise UsageError(f"unknown stack {name!r}; {self.root / programs.STACKS} has: {allowed}")
        wanted = set[Stack]().union(*(known[name.strip("/")] for name in names))
        return tuple(stack for stack in self.stacks if stack in wanted)

    def needed_by(self, stack: Stack, environment: str) -> tuple[Stack, ...]:
        """The stacks of the environment whose outputs one reads."""
        return tuple(other for other in self.stacks if other.name in stack.requires and other.is_in(environment))

    def check_environment(self, stacks: Sequence[Stack], environment: str) -> None:
        """UsageError where the environment is not the platform's, or a stack has no configuration for it."""
        if self.platform and environment not in self.platform.environments:
            allowed = ", ".join(self.platform.environments)
            raise UsageError(
                f"unknown environment {environment!r}; {self.root / PLATFORM} has: {allowed}; choose one with --env"
            )
        for stack in stacks:
            if not stack.is_in(environment):
                allowed = ", ".join(other.name for other in self.select([], environment))
                raise UsageError(
                    f"environment {environment!r} does not have the stack {stack.name}; it has: {allowed}; choose another "
                    f"one with --env, or add {stack.program.name} to environments.{environment}.stacks of {self.root / PLATFORM}"
                )
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
        if (folder / PLATFORM).is_file():
            return _platform(folder)
        if programs.present(folder):
            return Project(folder, home_of(folder), _ordered(_one_each(folder), "'requires' in one Pulumi.yaml"))
    for folder in (start, *start.parents):
        if (folder / HOME).is_dir():
            return Project(folder, home_of(folder))
    return Project(start, home_of(start))


def with_stacks(start: Path | None = None) -> Project:
    """The project around a folder; UsageError where it has no stacks."""
    project = here(start)
    if not project.stacks:
        raise UsageError(
            f"no stacks found: neither {(start or Path.cwd()).absolute()} nor a folder above it has "
            f"{programs.STACKS}/<name>/Pulumi.yaml; run the command inside a project, or make one: "
            "groundplan init DIR --blueprint centralized"
        )
    return project


def _platform(root: Path) -> Project:
    # pydantic takes a tenth of a second to import: only where there is a platform
    from groundplan_workflows import instances, platform_file

    file = platform_file.load(root / PLATFORM)
    stacks = _ordered(instances.expand(file, programs.find(root)), f"'needs' in {root / PLATFORM}")
    return Project(root, home_of(root), stacks, file.platform)


def _one_each(root: Path) -> list[Stack]:
    found = programs.find(root)
    return [Stack(program, programs.required(name, found)) for name, program in found.items()]


def _ordered(stacks: list[Stack], mend: str) -> tuple[Stack, ...]:
    """The needed first. UsageError where they need each other."""
    named = {stack.name: stack for stack in stacks}
    try:
        order = TopologicalSorter({stack.name: stack.requires for stack in stacks}).static_order()
        return tuple(named[name] for name in order)
    except CycleError as error:
        raise UsageError(f"stacks require each other in a circle: {' -> '.join(error.args[1])}; mend {mend}") from None
