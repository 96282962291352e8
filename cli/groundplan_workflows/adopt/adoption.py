# SPDX-License-Identifier: Apache-2.0
"""A stack takes over what a resource group holds: tried on a copy of the state first, then done in one step."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi.automation.errors import CommandError

from groundplan_workflows import session
from groundplan_workflows.adopt import arm as arms
from groundplan_workflows.adopt import naming, scratch, waves
from groundplan_workflows.adopt.leftover import Leftover
from groundplan_workflows.adopt.search import Search
from groundplan_workflows.errors import DeploymentError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

    from groundplan_workflows.adopt.arm import Arm
    from groundplan_workflows.adopt.leftover import Unmapped
    from groundplan_workflows.adopt.plan import Declared
    from groundplan_workflows.adopt.scratch import Trial
    from groundplan_workflows.project import Project, Stack
    from groundplan_workflows.targets import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to bring under which stack."""

    project: Project
    stack: Stack
    environment: str
    target: Target
    group: str
    progress: Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """What an import does, or did."""

    trial: Trial
    """The copy of the state that has it all."""
    chosen: Sequence[Declared]
    """Resources to import and the components above them."""
    resumed: Sequence[Declared]
    """Resources that an import file brought into the state before, and whose inputs are made those of the program now."""
    remaining: Sequence[Declared]
    """What the next update would still do: `create` for what is nowhere, `update` or `replace` for what differs."""
    elsewhere: Mapping[str, str]
    """By URN why a resource that exists is not imported."""
    unmapped: Sequence[Unmapped]
    told: Mapping[str, Sequence[str]]
    """By URN the properties that were taken from the program, because Azure does not answer them."""

    names: Mapping[str, str]
    """What the stack's configuration key `names` has to hold, so that its program names what exists."""

    @property
    def resources(self) -> list[Declared]:
        """The resources to import, without components."""
        return [each for each in self.chosen if each.custom]

    @property
    def changes(self) -> bool:
        """There is something to do."""
        return bool(self.chosen or self.resumed)

    @property
    def file(self) -> dict[str, Any]:
        """Pulumi's import file."""
        return waves.file(self.chosen)

    def why(self, each: Declared) -> str:
        """Why something remains to be done."""
        if each.urn in self.elsewhere:
            return self.elsewhere[each.urn]
        if each.operation == "delete":
            return "the program does not declare it any more"
        if not each.planned:
            missing = [path for path, kind in each.differences.items() if kind.startswith("add")]
            others = [path for path, kind in each.differences.items() if not kind.startswith("add")]
            said = [f"differs: {', '.join(others)}"] if others else []
            return "; ".join(said + ([f"not in Azure's answer: {', '.join(missing)}"] if missing else []))
        if not each.azure:
            return "no resource of Azure: the update makes it"
        return "nothing in Azure has this name" if each.identifier else "its name follows from what does not exist yet"

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "imported": [self._said(each) for each in self.resources],
            "resumed": [self._said(each) for each in self.resumed],
            "components": [each.urn for each in self.chosen if not each.custom],
            "remaining": [
                _said(each) | {"operation": each.operation, "properties": list(each.differences), "why": self.why(each)}
                for each in self.remaining
            ],
            "names": dict(self.names),
            "unmapped": [
                {"type": each.type, "name": each.name, "id": each.id, "why": each.why, "todo": each.todo}
                for each in self.unmapped
            ],
        }

    def _said(self, each: Declared) -> dict[str, Any]:
        told = self.told.get(each.urn)
        return _said(each) | ({"taken_as_declared": list(told)} if told else {})


def _said(each: Declared) -> dict[str, Any]:
    return {"type": each.type, "name": each.name, "id": each.identifier, "urn": each.urn}


@contextmanager
def explore(request: Request) -> Generator[Adoption]:
    """Find out, on a copy of the state that goes at the end, what can be imported and what would remain."""
    with arms.connect(request.target) as arm:
        _check_group(arm, request.group)
        with scratch.copy(request.project, request.target, request.environment, request.stack) as trial:
            yield _explored(request, arm, trial)


def _explored(request: Request, arm: Arm, trial: Trial) -> Adoption:
    leftover = Leftover(arm=arm, group=request.group, elsewhere=trial.elsewhere)
    found = Search(arm=arm, group=request.group, trial=trial, leftover=leftover, progress=request.progress)
    declared = found.everything()
    remaining = [each for each in declared if each.custom and each.changes]
    return Adoption(
        trial=trial,
        chosen=sorted(found.chosen.values(), key=lambda each: each.urn),
        resumed=sorted(found.resumed, key=lambda each: each.urn),
        remaining=remaining,
        elsewhere=found.elsewhere,
        unmapped=leftover.find(declared),
        told=found.told,
        names=found.names,
    )


def carry_out(request: Request, found: Adoption) -> None:
    """Make the copy of the state the stack's own, in one step. DeploymentError where that cannot be; it is as before then."""
    project, target, environment, stack = request.project, request.target, request.environment, request.stack
    if scratch.held_by(project, target, environment, stack) != found.trial.before:
        raise DeploymentError(
            f"the state of {stack.name} was changed by something else in the meantime; nothing was imported: import again"
        )
    config = stack.config(environment)
    before = config.read_bytes()
    if found.names:
        # first: without these names the program would replace what it imports
        naming.save(config, naming.text(config, stack.project, found.names))
    try:
        opened = session.open_stack(project, target, environment, stack)
        scratch.put(opened, scratch.exported(found.trial.opened))
    except BaseException as error:
        if found.names:
            naming.save(config, before.decode("utf-8"))
        if isinstance(error, CommandError):
            raise DeploymentError(
                f"the engine could not write the state of {stack.name}, which is as before: {session.explain(error)}"
            ) from None
        raise


def _check_group(arm: Arm, group: str) -> None:
    if arm.get(arm.group(group), arms.GROUPS_VERSION) is None:
        path = f"/subscriptions/{arm.subscription}/resourceGroups"
        names = sorted(str(each["name"]) for each in arm.items(path, arms.GROUPS_VERSION))
        has = f"it has: {', '.join(names)}" if names else "it has none"
        raise UsageError(f"no resource group {group!r} in subscription {arm.subscription}; {has}; choose one of these")
