# SPDX-License-Identifier: Apache-2.0
"""How much a scope takes in, and which resource group a resource lies in."""

from __future__ import annotations

import re
from typing import Final, Literal

from groundplan_policies.resource import Resource, View
from groundplan_policies.stack import Stack
from groundplan_policies.values import Undecided

Breadth = Literal["resource", "resourceGroup", "subscription", "managementGroup"]
WORDS: Final[dict[Breadth, str]] = {
    "resource": "a resource",
    "resourceGroup": "a resource group",
    "subscription": "a subscription",
    "managementGroup": "a management group",
}
GROUP: Final = "Microsoft.Resources/resourceGroups"
# types that the table does not know go by their Pulumi tokens, such as `azure-native:management:ManagementGroup`
_CONTAINERS: Final[tuple[tuple[re.Pattern[str], Breadth], ...]] = (
    (re.compile(r"microsoft\.resources/resourcegroups"), "resourceGroup"),
    (re.compile(r".*subscription[/:]alias(es)?"), "subscription"),
    (re.compile(r".*management[/:]managementgroups?"), "managementGroup"),
)
_IN_GROUP: Final = re.compile(r"/resourcegroups/([^/]+)")


def breadth_of(scope: str) -> Breadth:
    """What an id takes in; the root of a tenant counts as a management group."""
    match scope.strip("/").casefold().split("/"):
        case [""] | ["providers", "microsoft.management", "managementgroups", _]:
            return "managementGroup"
        case ["subscriptions", _]:
            return "subscription"
        case ["subscriptions", _, "resourcegroups", _]:
            return "resourceGroup"
        case _:
            return "resource"


def breadth(found: Resource, stack: Stack) -> Breadth:
    """What the scope of an extension resource takes in. Raises `Undecided` where nobody can tell."""
    if isinstance(found.scope, str):
        return breadth_of(found.scope)
    if found.scope is None and found.id:
        return breadth_of(found.id.rpartition("/providers/")[0])
    return _by_sources(found, "scope", stack)


def breadth_at(found: Resource, part: View, stack: Stack) -> Breadth:
    """What the scope takes in that stands in a part of a resource. Raises `Undecided` where nobody can tell."""
    if isinstance(part.node, str):
        return breadth_of(part.node)
    return _by_sources(found, part.at, stack)


def group_of(found: Resource, stack: Stack) -> Resource | None:
    """The resource group of the stack that a resource lies in; None for one that lies elsewhere."""
    sources = found.sources_of("group")
    inside = _IN_GROUP.search((found.id or "").casefold())
    for each in stack.of(GROUP):
        if each is found:
            continue
        if each.key in sources or (inside and each.name and each.name.casefold() == inside[1]):
            return each
    return None


def _by_sources(found: Resource, path: str, stack: Stack) -> Breadth:
    sources = found.sources_of(path)
    levels: set[Breadth] = {_level(each.kind) for each in stack.resources if each.key in sources}
    if len(levels) != 1:
        raise Undecided(path, "unknown")
    return levels.pop()


def _level(kind: str) -> Breadth:
    for pattern, level in _CONTAINERS:
        if pattern.fullmatch(kind):
            return level
    return "resource"
