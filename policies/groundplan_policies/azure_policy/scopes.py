# SPDX-License-Identifier: Apache-2.0
"""Whether a resource lies in a scope: a management group, a subscription, a resource group or another resource.

Which subscription a program is for, and in which management groups that lies, is not known before the update. So a resource is taken
to lie in those scopes, unless its id names another subscription; but nothing is taken out of an assignment for such a scope.
"""

from __future__ import annotations

from groundplan_policies.azure_policy.aliases import type_in_table
from groundplan_policies.azure_policy.groups import group_in, group_of, subscription_in
from groundplan_policies.resource import Resource
from groundplan_policies.stack import Stack


def lies_in(scope: str, resource: Resource, stack: Stack) -> bool | None:
    """Whether a resource is what a scope names, or lies below it. None where nobody can tell."""
    text = scope.rstrip("/")
    lowered = text.casefold()
    if not lowered or "/providers/microsoft.management/managementgroups/" in lowered:
        return True
    wanted, there = subscription_in(text), subscription_in(resource.id)
    if wanted is not None and there is not None and wanted.casefold() != there.casefold():
        return False
    group = group_in(text)
    if group is None:
        return lowered.startswith("/subscriptions/")
    if "/providers/" in lowered:
        return _below(text, resource, stack)
    name = group_of(resource, stack).name
    return None if name is None else name.casefold() == group.casefold()


def covers(scope: str, resource: Resource, stack: Stack) -> bool | None:
    """Whether a scope that takes resources out, of an exemption or among `notScopes`, has a resource in it. None where nobody can tell."""
    inside = lies_in(scope, resource, stack)
    known = (
        not scope.rstrip("/")
        or group_in(scope) is not None
        or (subscription_in(scope) is not None and subscription_in(resource.id) is not None)
    )
    return inside if not inside or known else None


def _below(scope: str, resource: Resource, stack: Stack) -> bool | None:
    if resource.id:
        return f"{_tail(resource.id)}/".startswith(f"{_tail(scope)}/")
    if isinstance(resource.scope, str):
        return f"{_tail(resource.scope)}/".startswith(f"{_tail(scope)}/")
    namespace, *parts = scope.casefold().rpartition("/providers/")[2].split("/")
    type_, names = "/".join([namespace, *parts[::2]]), "/".join(parts[1::2])
    if type_in_table(resource.type).casefold() == type_:
        return False if resource.name is not None and resource.name.casefold() != names else None
    parent = stack.parent(resource)
    if parent is not None:
        return lies_in(scope, parent, stack)
    return None if resource.kind.startswith(f"{type_}/") or resource.scope is not None else False


def _tail(resource_id: str) -> str:
    """An id in lower case from its resource group on."""
    lowered = resource_id.casefold().rstrip("/")
    at = lowered.find("/resourcegroups/")
    return lowered[at:] if at >= 0 else lowered
