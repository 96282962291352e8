# SPDX-License-Identifier: Apache-2.0
"""Checks of what is in a resource group now, asked from Azure Resource Manager."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, cast

import groundplan_arm
from groundplan_arm.ids import ResourceId
from groundplan_policies.examine import examine
from groundplan_policies.resource import Resource
from groundplan_workflows.adopt import arm as arms
from groundplan_workflows.errors import UsageError
from groundplan_workflows.policy.report import PolicyReport, findings, summed_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from groundplan_workflows.adopt.arm import Arm
    from groundplan_workflows.policy.chosen import Chosen
    from groundplan_workflows.targets import Target

_ENVELOPE = frozenset({"id", "name", "type", "systemData"})
_EXTENSIONS = (
    "Microsoft.Insights/diagnosticSettings",
    "Microsoft.Authorization/locks",
    "Microsoft.Authorization/roleAssignments",
)
"""What hangs on resources and is in no list of a group."""
_OF_GROUPS = (
    "Microsoft.Consumption/budgets",
    "Microsoft.Authorization/locks",
    "Microsoft.Authorization/roleAssignments",
)


def check(target: Target, group: str, chosen: Chosen) -> PolicyReport:
    """Put packs to everything in a resource group. UsageError where there is no such group."""
    began = time.monotonic()
    packs = chosen.load()
    with arms.connect(target) as arm:
        resources = list(resources_of(arm, group))
    by_key = {each.key: each for each in resources}
    found = [each for pack in packs for each in findings(examine(pack, resources), pack, by_key, group, {})]
    report = summed_up("group", packs, chosen, found, len(resources), began)
    report.target = target.name
    return report


def resources_of(arm: Arm, group: str) -> Iterator[Resource]:
    """Everything in a resource group: the group, its resources, their children, and what hangs on them. UsageError."""
    own = arm.get(arm.group(group), arms.GROUPS_VERSION)
    if own is None:
        raise UsageError(
            f"there is no resource group {group!r} in subscription {arm.subscription}; check the name and the subscription"
        )
    yield _resource(own)
    listed = list(arm.items(f"{arm.group(group)}/resources", arms.GROUPS_VERSION))
    rows = [row for row in arm.each(lambda row: _whole(arm, row), listed) if row is not None]
    level = [_resource(row) for row in rows]
    seen: set[str] = set()
    while level:
        level = [each for each in level if each.key not in seen]
        seen.update(each.key for each in level)
        yield from level
        below = arm.each(lambda each: list(_children(arm, each)), level)
        level = [each for some in below for each in some]
        yield from (each for some in arm.each(lambda one: list(_hanging(arm, one)), level) for each in some)
    hanging = arm.each(lambda row: list(_hanging(arm, _resource(row))), rows)
    yield from (each for some in hanging for each in some)
    yield from _attached(arm, str(own["id"]), _OF_GROUPS)


def _whole(arm: Arm, row: Mapping[str, Any]) -> dict[str, Any] | None:
    """A list has a resource's envelope alone; its own answer has everything."""
    known = groundplan_arm.load().by_arm_type(str(row["type"]))
    return arm.get(str(row["id"]), known.api_version) if known else dict(row)


def _children(arm: Arm, found: Resource) -> Iterator[Resource]:
    table = groundplan_arm.load()
    kinds = {
        each.arm_type.casefold(): each for each in table.types() if (each.parent_type or "").casefold() == found.kind
    }
    for each in kinds.values():
        segment = each.arm_type.rpartition("/")[2]
        for row in arm.items(f"{found.id}/{segment}", each.api_version):
            if isinstance(row.get("id"), str):
                yield _resource(row)


def _hanging(arm: Arm, found: Resource) -> Iterator[Resource]:
    yield from _attached(arm, str(found.id), _EXTENSIONS)


def _attached(arm: Arm, scope: str, types: tuple[str, ...]) -> Iterator[Resource]:
    for name in types:
        known = groundplan_arm.load().by_arm_type(name)
        version = known.api_version if known else arms.GROUPS_VERSION
        for row in arm.items(f"{scope}/providers/{name}", version):
            identifier = str(row.get("id", ""))
            # a list has what is inherited from above too
            if ResourceId.parse(identifier).scope.casefold() == scope.casefold():
                yield _resource(row)


def _resource(row: Mapping[str, Any]) -> Resource:
    parsed = ResourceId.parse(str(row["id"]))
    known = groundplan_arm.load().by_arm_type(parsed.type)
    body = {key: value for key, value in cast("dict[str, Any]", row).items() if key not in _ENVELOPE}
    hangs = parsed.is_extension or parsed.type.casefold() in {name.casefold() for name in (*_EXTENSIONS, *_OF_GROUPS)}
    return Resource(
        body,
        type=known.arm_type if known else parsed.type,
        name="/".join(parsed.names),
        key=parsed.id,
        id=parsed.id,
        scope=parsed.scope if hangs else None,
        label=parsed.name,
    )
