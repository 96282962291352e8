# SPDX-License-Identifier: Apache-2.0
"""What a resource group holds that no declaration claims, why, and what to do with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import groundplan_arm
from groundplan_workflows.adopt import arm as arms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from groundplan_arm import ResourceType
    from groundplan_workflows.adopt.arm import Arm
    from groundplan_workflows.adopt.plan import Declared

    Live = dict[str, Any]

_ALWAYS_LISTED = ("Microsoft.Network/virtualNetworks/subnets",)
"""Children that Azure's own list of a group leaves out and that nobody wants to overlook."""
_SERVICES = tuple(f"microsoft.storage/storageaccounts/{name}services" for name in ("blob", "file", "queue", "table"))
_DATASTORES = ("workspaceartifactstore", "workspaceblobstore", "workspacefilestore", "workspaceworkingdirectory")
"""Made with a workspace (Azure Machine Learning, "Datastores" among its concepts)."""
_NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A live resource that stays as it is."""

    type: str
    name: str
    id: str
    why: str
    todo: str
    """What someone who wants it in a stack does."""

    @property
    def owned(self) -> bool:
        """Another stack has it, or it comes and goes with something else: nobody has to do anything."""
        return self.todo == _NOTHING


@dataclass(slots=True, kw_only=True)
class Leftover:
    """Of one resource group; Azure is asked once."""

    arm: Arm
    group: str
    elsewhere: Mapping[str, str]
    """Ids (lower case) that other stacks hold, with the stack's name."""
    _listed: list[Live] | None = field(default=None, init=False)

    def find(self, declared: Sequence[Declared]) -> list[Unmapped]:
        """Every resource of the group that the stack's state does not hold after the import."""
        claimed = _claimed(declared)
        wanted = [each for each in declared if each.azure and each.planned]
        live = self._live(declared)
        # the network interface that Azure makes for a private endpoint says so nowhere but at the endpoint
        endpoints = [found for found in live if str(found["type"]).lower() == "microsoft.network/privateendpoints"]
        made = {identifier for each in self.arm.each(self._interfaces, endpoints) for identifier in each}
        return [
            Unmapped(found["type"], found["id"].rpartition("/")[2], found["id"], *self._why(found, made, wanted))
            for found in live
            if found["id"].lower() not in claimed
        ]

    def pairs(self, declared: Sequence[Declared]) -> Iterator[tuple[str, Declared]]:
        """Ids of live resources that nothing claims, each with the one declared resource of its type that is nowhere."""
        missing: dict[str, list[Declared]] = {}
        for each in declared:
            if each.azure and each.planned and each.identifier:
                missing.setdefault(_arm_type(each), []).append(each)
        if not missing:
            return
        claimed = _claimed(declared) | self.elsewhere.keys()
        live: dict[str, list[str]] = {}
        for found in self._live(declared):
            if found["id"].lower() not in claimed:
                live.setdefault(str(found["type"]).lower(), []).append(found["id"])
        for kind, wanted in missing.items():
            if len(wanted) == 1 and len(live.get(kind, ())) == 1:
                yield live[kind][0], wanted[0]

    def _live(self, declared: Sequence[Declared]) -> list[Live]:
        """The group itself, what Azure lists in it, and the children of the types that the stack has."""
        if self._listed is None:
            catalog = groundplan_arm.load()
            group = self.arm.group(self.group)
            top: list[Live] = [{"id": group, "type": "Microsoft.Resources/resourceGroups"}]
            top += self.arm.items(f"{group}/resources", arms.GROUPS_VERSION)
            types = {catalog.by_token(each.type).arm_type for each in declared if each.azure and _known(each.type)}
            kinds = [kind for kind in map(catalog.by_arm_type, sorted({*types, *_ALWAYS_LISTED})) if kind is not None]
            questions = [(found, kind) for found in top for kind in kinds if _is_child(kind, found)]
            self._listed = top + [child for children in self.arm.each(self._children, questions) for child in children]
        return self._listed

    def _children(self, question: tuple[Live, ResourceType]) -> list[Live]:
        parent, kind = question
        path = f"{parent['id']}/{kind.arm_type.rpartition('/')[2]}"
        return [{**item, "type": kind.arm_type} for item in self.arm.items(path, kind.api_version)]

    def _interfaces(self, endpoint: Live) -> list[str]:
        kind = groundplan_arm.load().by_arm_type("Microsoft.Network/privateEndpoints")
        body = self.arm.get(endpoint["id"], kind.api_version) if kind else None
        return [str(each["id"]).lower() for each in _properties(body or {}).get("networkInterfaces") or []]

    def _why(self, found: Live, made: set[str], wanted: Sequence[Declared]) -> tuple[str, str]:
        """Why it stays outside of the stack, and what to do."""
        if holder := self.elsewhere.get(found["id"].lower()):
            return f"stack {holder} has it", _NOTHING
        if found["id"].lower() in made:
            return "Azure makes and deletes it together with its private endpoint", _NOTHING
        if manager := str(found.get("managedBy") or "").rpartition("/")[2]:
            return f"managed by {manager}", _NOTHING
        if category := _made_by_azure(found):
            return f"Azure makes and deletes it on its own ({category})", _NOTHING
        kind = groundplan_arm.load().by_arm_type(found["type"])
        if not kind:
            return (
                "its type is not in the table of Azure types, so no declaration of it can be recognised",
                "leave it, or declare and import it with a plain Pulumi program on Azure",
            )
        others = [each for each in wanted if _arm_type(each) == str(found["type"]).lower()]
        if named := [each.identifier.rpartition("/")[2] for each in others if each.identifier]:
            return (
                f"other name: the stack declares {', '.join(named)} of this type, and nothing has that name",
                "give one of them this name in the stack's configuration, and import again",
            )
        if others:
            return (
                "the stack declares this type, but its names are not known before what they are made of is there",
                "import again after the next up",
            )
        name = found["id"].rpartition("/")[2]
        return (
            "no component of the stack declares it",
            f"leave it, or declare it in a program and: pulumi import {kind.token} {name} '{found['id']}'",
        )


def _claimed(declared: Sequence[Declared]) -> set[str]:
    return {each.identifier.lower() for each in declared if each.azure and not each.planned}


def _is_child(kind: ResourceType, found: Live) -> bool:
    return kind.arm_type.rpartition("/")[0].lower() == str(found["type"]).lower()


def _properties(found: Live) -> dict[str, Any]:
    return found.get("properties") or {}


def _made_by_azure(found: Live) -> str:
    """What a child says of itself where it came with its parent: rules of a managed network, default datastores and services."""
    said = _properties(found)
    category = str(said.get("category", ""))
    if found["type"] == "Microsoft.MachineLearningServices/workspaces/outboundRules" and category != "UserDefined":
        return f"rule of category {category}"
    if found["type"] == "Microsoft.MachineLearningServices/workspaces/datastores" and found.get("name") in _DATASTORES:
        return "datastore of the workspace's own"
    if str(found["type"]).lower() in _SERVICES:
        return "service of a storage account"
    return ""


def _known(token: str) -> bool:
    try:
        groundplan_arm.load().by_token(token)
    except groundplan_arm.UnknownType:
        return False
    return True


def _arm_type(each: Declared) -> str:
    return groundplan_arm.load().by_token(each.type).arm_type.lower() if _known(each.type) else ""
