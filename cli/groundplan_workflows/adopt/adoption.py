# SPDX-License-Identifier: Apache-2.0
"""A stack takes over what a resource group holds: tried on a copy of the state first, then done in one go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import groundplan_arm
from groundplan_workflows import session
from groundplan_workflows.adopt import arm as arms
from groundplan_workflows.adopt import engine, leftover, plan, scratch, waves
from groundplan_workflows.errors import DeploymentError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from groundplan_workflows.adopt.arm import Arm
    from groundplan_workflows.adopt.leftover import Unmapped
    from groundplan_workflows.adopt.plan import Declared
    from groundplan_workflows.project import Project, Stack
    from groundplan_workflows.session import Session
    from groundplan_workflows.targets import Target

_ROUNDS = 25
"""A name may be made of another resource's outputs, and so on; no program of ours is half as deep."""


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
            "unmapped": [
                {"type": each.type, "name": each.name, "id": each.id, "why": each.why} for each in self.unmapped
            ],
        }


def _said(each: Declared) -> dict[str, Any]:
    return {"type": each.type, "name": each.name, "id": each.identifier, "urn": each.urn}


def explore(request: Request, folder: Path) -> Adoption:
    """Find out, on a copy of the state, what can be imported and what would remain; `folder` is for files of the engine."""
    arm = arms.connect(request.target)
    _check_group(arm, request.group)
    with scratch.copy(request.project, request.target, request.environment, request.stack) as (project, target):
        opened = session.open_stack(project, target, request.environment, request.stack)
        return _rounds(request, arm, opened, folder)


def carry_out(request: Request, found: Adoption) -> None:
    """Import into the stack's own state; nothing is left half done. DeploymentError says why it could not."""
    opened = session.open_stack(request.project, request.target, request.environment, request.stack)
    engine.take(opened, found.chosen, found.told)


def _rounds(request: Request, arm: Arm, opened: Session, folder: Path) -> Adoption:
    chosen: dict[str, Declared] = {}
    looked: dict[str, str] = {}
    told: dict[str, list[str]] = {}
    settled = False
    for number in range(1, _ROUNDS + 1):
        declared = plan.preview(opened, arm.subscription, folder / "skeleton.json")
        # what was not known when they were imported may be known now
        chosen |= {
            each.urn: replace(each, identifier=chosen[each.urn].identifier) for each in declared if each.urn in chosen
        }
        there = list(_there(arm, declared, looked))
        fresh = [each for each in there if _within(arm, request.group, each)]
        if fresh:
            request.progress(f"round {number}: found {', '.join(each.name for each in fresh)}")
            these = waves.with_components(fresh, declared)
            engine.take(opened, these, {})
            chosen |= {each.urn: each for each in these}
            settled = False
        elif not settled and any(each.changes for each in chosen.values()):
            told = {each.urn: paths for each in chosen.values() if (paths := engine.only_declared(each))}
            engine.settle(opened, chosen, told)
            settled = True
        else:
            return Adoption(
                chosen=list(chosen.values()),
                remaining=[each for each in declared if each.custom and each.changes],
                elsewhere=[each for each in there if not _within(arm, request.group, each)],
                unmapped=leftover.find(arm, request.group, declared),
                told=told,
            )
    raise DeploymentError(
        f"after {_ROUNDS} rounds the program of {request.stack.name} still names new resources; nothing was imported"
    )


def _there(arm: Arm, declared: Sequence[Declared], looked: dict[str, str]) -> Iterator[Declared]:
    """Of what the program would create, what exists, with its id as Azure writes it; `looked` remembers the answers."""
    for each in declared:
        if each.azure and each.custom and each.planned and each.identifier:
            key = each.identifier.lower()
            if key not in looked:
                version = groundplan_arm.load().by_token(each.type).api_version
                answer = arm.get(each.identifier, version)
                written = str((answer or {}).get("id") or each.identifier)
                looked[key] = "" if answer is None else written if written.lower() == key else each.identifier
            if looked[key]:
                yield replace(each, identifier=looked[key])


def _within(arm: Arm, group: str, each: Declared) -> bool:
    return f"{each.identifier}/".lower().startswith(f"{arm.group(group)}/".lower())


def _check_group(arm: Arm, group: str) -> None:
    if arm.get(arm.group(group), arms.GROUPS_VERSION) is None:
        path = f"/subscriptions/{arm.subscription}/resourceGroups"
        names = sorted(str(each["name"]) for each in arm.items(path, arms.GROUPS_VERSION))
        has = f"it has: {', '.join(names)}" if names else "it has none"
        raise UsageError(f"no resource group {group!r} in subscription {arm.subscription}; {has}; choose one of these")
