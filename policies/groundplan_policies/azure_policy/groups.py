# SPDX-License-Identifier: Apache-2.0
"""Where a resource lies: its resource group and its subscription, as far as its id or the stack tells."""

from __future__ import annotations

import re
from dataclasses import dataclass

from groundplan_policies.arm_template.place import ANY_GROUP, NOBODY
from groundplan_policies.azure_policy.aliases import GROUPS
from groundplan_policies.resource import Resource
from groundplan_policies.stack import Stack

_SUBSCRIPTION = re.compile(r"/subscriptions/([^/]+)", re.IGNORECASE)
_GROUP = re.compile(r"/resourcegroups/([^/]+)", re.IGNORECASE)
_ANY_GROUP = f"/subscriptions/{NOBODY}/resourcegroups/{ANY_GROUP}/"
"""How ids of a template begin whose resource group nobody named."""


@dataclass(frozen=True, slots=True)
class Group:
    """A resource group. `name` is None where it is not known; `resource` is None where the stack does not have it."""

    name: str | None
    resource: Resource | None


def subscription_in(resource_id: str | None) -> str | None:
    """The subscription that an id names; None where it names none, or the one that stands for any."""
    found = _SUBSCRIPTION.match(resource_id or "")
    return None if found is None or found[1] == NOBODY else found[1]


def group_in(resource_id: str | None) -> str | None:
    """The resource group that an id names; None where it names none, or the one that stands for any."""
    text = resource_id or ""
    found = _GROUP.search(text)
    return None if found is None or f"{text}/".casefold().startswith(_ANY_GROUP) else found[1]


def id_of(resource: Resource) -> str | None:
    """The id of a resource; None where it is not known in full."""
    found = resource.id or ""
    return None if not found or found.casefold().startswith(f"/subscriptions/{NOBODY}") else found


def group_of(resource: Resource, stack: Stack) -> Group:
    """The resource group that a resource lies in; of a resource group itself that one."""
    if resource.is_a(GROUPS):
        return Group(resource.name, resource)
    groups = stack.of(GROUPS)
    name = group_in(resource.id) or (group_in(resource.scope) if isinstance(resource.scope, str) else None)
    if name is not None:
        return Group(name, next((each for each in groups if _named(each, name)), None))
    sources = resource.sources_of("group")
    found = next((each for each in groups if each.key in sources), None)
    if found is not None:
        return Group(found.name, found)
    parent = stack.parent(resource)
    return Group(None, None) if parent is None else group_of(parent, stack)


def tail_of(resource: Resource, stack: Stack) -> str | None:
    """The id that a resource of a group will have, from `/resourceGroups/` on; None where that is not known."""
    group = group_of(resource, stack).name
    if group is None or resource.name is None or resource.scope is not None or resource.is_a(GROUPS):
        return None
    namespace, *types = resource.type.split("/")
    names = resource.name.split("/")
    if len(types) != len(names):
        return None
    pairs = "".join(f"/{type_}/{name}" for type_, name in zip(types, names, strict=True))
    return f"/resourceGroups/{group}/providers/{namespace}{pairs}"


def _named(group: Resource, name: str) -> bool:
    return group.name is not None and group.name.casefold() == name.casefold()
