# SPDX-License-Identifier: Apache-2.0
"""A stack takes over what a resource group holds: tried on a copy of the state first, then done in one go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from groundplan_workflows import session
from groundplan_workflows.adopt import arm as arms
from groundplan_workflows.adopt import engine, leftover, naming, scratch, search, waves
from groundplan_workflows.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from groundplan_workflows.adopt.arm import Arm
    from groundplan_workflows.adopt.leftover import Unmapped
    from groundplan_workflows.adopt.plan import Declared
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

    chosen: Sequence[Declared]
    """Resources to import and the components above them."""
    remaining: Sequence[Declared]
    """What the next update would still do: `create` for what is nowhere, `update` or `replace` for what differs."""
    elsewhere: Sequence[Declared]
    """Resources that exist under the declared names outside of the group."""
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
    def files(self) -> list[dict[str, Any]]:
        """Pulumi's import files, to be imported one after the other."""
        return waves.files(self.chosen)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        outside = {each.urn for each in self.elsewhere}
        return {
            "imported": [
                _said(each) | ({"taken_as_declared": list(self.told[each.urn])} if each.urn in self.told else {})
                for each in self.resources
            ],
            "components": [each.urn for each in self.chosen if not each.custom],
            "remaining": [
                _said(each)
                | {"operation": each.operation, "properties": list(each.differences), "elsewhere": each.urn in outside}
                for each in self.remaining
            ],
            "names": dict(self.names),
            "unmapped": [
                {"type": each.type, "name": each.name, "id": each.id, "why": each.why} for each in self.unmapped
            ],
        }


def _said(each: Declared) -> dict[str, Any]:
    return {"type": each.type, "name": each.name, "id": each.identifier, "urn": each.urn}


def explore(request: Request) -> Adoption:
    """Find out, on a copy of the state, what can be imported and what would remain."""
    arm = arms.connect(request.target)
    _check_group(arm, request.group)
    with scratch.copy(request.project, request.target, request.environment, request.stack) as (project, target):
        opened = session.open_stack(project, target, request.environment, request.stack)
        found = search.Search(
            arm=arm, group=request.group, opened=opened, folder=project.home, progress=request.progress
        )
        declared, there = found.everything()
        return Adoption(
            chosen=sorted(found.chosen.values(), key=lambda each: each.urn),
            remaining=[each for each in declared if each.custom and each.changes],
            elsewhere=[each for each in there if not found.within(each)],
            unmapped=leftover.find(arm, request.group, declared),
            told=found.told,
            names=found.names,
        )


def carry_out(request: Request, found: Adoption) -> None:
    """Import into the stack's own state; nothing is left half done. DeploymentError says why it could not."""
    config = request.stack.config(request.environment)
    before = config.read_bytes()
    if found.names:
        naming.save(config, naming.text(config, request.stack.project, found.names))
    try:
        opened = session.open_stack(request.project, request.target, request.environment, request.stack)
        engine.take(opened, found.chosen, found.told)
    except BaseException:
        if found.names:
            naming.save(config, before.decode("utf-8"))
        raise


def _check_group(arm: Arm, group: str) -> None:
    if arm.get(arm.group(group), arms.GROUPS_VERSION) is None:
        path = f"/subscriptions/{arm.subscription}/resourceGroups"
        names = sorted(str(each["name"]) for each in arm.items(path, arms.GROUPS_VERSION))
        has = f"it has: {', '.join(names)}" if names else "it has none"
        raise UsageError(f"no resource group {group!r} in subscription {arm.subscription}; {has}; choose one of these")
