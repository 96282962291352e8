# SPDX-License-Identifier: Apache-2.0
"""What a resource group holds that no declaration claims, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import groundplan_arm
from groundplan_workflows.adopt import arm as arms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from groundplan_workflows.adopt.arm import Arm
    from groundplan_workflows.adopt.plan import Declared

_ALWAYS_LISTED = ("Microsoft.Network/virtualNetworks/subnets",)
"""Children that Azure's own list of a group leaves out and that nobody wants to overlook."""


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A live resource that stays as it is."""

    type: str
    name: str
    id: str
    why: str


def find(arm: Arm, group: str, declared: Sequence[Declared]) -> list[Unmapped]:
    """Every resource of the group that the stack's state does not hold after the import."""
    claimed = {each.identifier.lower() for each in declared if each.azure and not each.planned}
    wanted = [each for each in declared if each.azure and each.planned]
    live = list(_live(arm, group, declared))
    # the network interface that Azure makes for a private endpoint says so nowhere but at the endpoint
    made = {str(each["id"]).lower() for found in live for each in _interfaces(arm, found)}
    return [
        Unmapped(found["type"], found["id"].rpartition("/")[2], found["id"], _why(found, made, wanted))
        for found in live
        if found["id"].lower() not in claimed
    ]


def pairs(arm: Arm, group: str, declared: Sequence[Declared]) -> Iterator[tuple[str, Declared]]:
    """Ids of live resources that nothing claims, each with the one declared resource of its type that is nowhere."""
    claimed = {each.identifier.lower() for each in declared if each.azure and not each.planned}
    live: dict[str, list[str]] = {}
    for found in _live(arm, group, declared):
        if found["id"].lower() not in claimed:
            live.setdefault(str(found["type"]).lower(), []).append(found["id"])
    missing: dict[str, list[Declared]] = {}
    for each in declared:
        if each.azure and each.planned and each.identifier:
            missing.setdefault(_arm_type(each), []).append(each)
    for kind, wanted in missing.items():
        if len(wanted) == 1 and len(live.get(kind, ())) == 1:
            yield live[kind][0], wanted[0]


def _live(arm: Arm, group: str, declared: Sequence[Declared]) -> Iterator[dict[str, Any]]:
    """The group itself, what Azure lists in it, and the children of the types that the stack has."""
    catalog = groundplan_arm.load()
    yield {"id": arm.group(group), "type": "Microsoft.Resources/resourceGroups"}
    types = {catalog.by_token(each.type).arm_type for each in declared if each.azure and _known(each.type)}
    below = {kind for kind in map(catalog.by_arm_type, {*types, *_ALWAYS_LISTED}) if kind is not None}
    for found in arm.items(f"{arm.group(group)}/resources", arms.GROUPS_VERSION):
        yield found
        for kind in sorted(below, key=lambda kind: kind.arm_type):
            parent, _, child = kind.arm_type.rpartition("/")
            if parent.lower() == str(found["type"]).lower():
                for item in arm.items(f"{found['id']}/{child}", kind.api_version):
                    yield {"id": item["id"], "type": kind.arm_type}


def _known(token: str) -> bool:
    try:
        groundplan_arm.load().by_token(token)
    except groundplan_arm.UnknownType:
        return False
    return True


def _interfaces(arm: Arm, found: dict[str, Any]) -> list[dict[str, Any]]:
    if str(found["type"]).lower() != "microsoft.network/privateendpoints":
        return []
    kind = groundplan_arm.load().by_arm_type("Microsoft.Network/privateEndpoints")
    body = arm.get(found["id"], kind.api_version) if kind else None
    return ((body or {}).get("properties") or {}).get("networkInterfaces") or []


def _why(found: dict[str, Any], made: set[str], wanted: Sequence[Declared]) -> str:
    if found["id"].lower() in made:
        return "Azure makes and deletes it together with its private endpoint"
    if found.get("managedBy"):
        return f"managed by {str(found['managedBy']).rpartition('/')[2]}"
    if not groundplan_arm.load().by_arm_type(found["type"]):
        return "its type is not in the table of Azure types, so no declaration of it can be recognised"
    others = [each for each in wanted if _arm_type(each) == str(found["type"]).lower()]
    named = [each.identifier.rpartition("/")[2] for each in others if each.identifier]
    if named:
        return f"other name: the stack declares {', '.join(named)} and nothing else of this type that is missing"
    if others:
        return "the stack declares this type, but its names are not known before what they are made of is there"
    return "no component of the stack declares it"


def _arm_type(each: Declared) -> str:
    return groundplan_arm.load().by_token(each.type).arm_type.lower() if _known(each.type) else ""
