# SPDX-License-Identifier: Apache-2.0
"""Properties that only Azure fills in, of resources that Azure has not answered for yet.

A program does not say them, so that they are absent means nothing: they are not known before the update. What private endpoints lead to a
resource is the exception, as the stack's own endpoints tell that.
"""

from __future__ import annotations

from typing import Any

from groundplan_policies.azure_policy.aliases import Alias, Path, Step
from groundplan_policies.azure_policy.answer import Evidence
from groundplan_policies.azure_policy.comparing import ABSENT
from groundplan_policies.azure_policy.fields import Counted, Item, Selected, walked
from groundplan_policies.private_endpoints import ENDPOINT
from groundplan_policies.resource import Resource
from groundplan_policies.stack import Stack
from groundplan_policies.values import UNKNOWN, Undecided

CONNECTIONS = "privateEndpointConnections"
_SENT = (
    ("properties.privateLinkServiceConnections", "Approved"),
    ("properties.manualPrivateLinkServiceConnections", "Pending"),
)
_ANSWERED = ("properties.provisioningState", "systemData", "etag")


def filled(found: Selected, alias: Alias, resource: Resource, stack: Stack, counted: tuple[Counted, ...]) -> Selected:
    """What an alias selects, with what Azure will fill in told from what is absent."""
    if alias.path is None or not alias.read_only or _answered(resource) or found.missing:
        return found
    if _said(alias.path, found, resource):
        return found
    names = [step.name.casefold() for step in alias.path[:2]]
    if names == ["properties", CONNECTIONS.casefold()]:
        return found if _under_way(alias, counted) else _from_endpoints(alias, resource, stack)
    path = ".".join(str(step) for step in alias.path)
    if alias.collects:
        return Selected(collects=True, missing=[Evidence(path, str(Undecided(path, "unknown")), "unknown")])
    return Selected([Item(UNKNOWN, path)])


def _said(path: Path, found: Selected, resource: Resource) -> bool:
    """Whether the body has what is asked for, an empty list included."""
    if found.items:
        return any(item.value is not ABSENT for item in found.items)
    before = next((index for index, step in enumerate(path) if step.each), len(path))
    container = (*path[:before], Step(path[before].name)) if before < len(path) else path
    return any(item.value is not ABSENT for item in walked(resource.node, container).items)


def _answered(resource: Resource) -> bool:
    """Whether the body is one that Azure gave back."""
    return not resource.token and any(resource.given(path) for path in _ANSWERED)


def _under_way(alias: Alias, counted: tuple[Counted, ...]) -> bool:
    return any(each.type == alias.type.casefold() and CONNECTIONS in str(each.path[-1]) for each in counted)


def _from_endpoints(alias: Alias, resource: Resource, stack: Stack) -> Selected:
    there, undecided = connections(resource, stack)
    found = walked({"properties": {CONNECTIONS: there}}, alias.path or ())
    if undecided is not None:
        found.missing.append(Evidence(f"properties.{CONNECTIONS}", str(undecided), undecided.cause))
    return found


def connections(resource: Resource, stack: Stack) -> tuple[list[dict[str, Any]], Undecided | None]:
    """The connections that a resource has through the private endpoints of the stack, and why there may be more of them."""
    found: list[dict[str, Any]] = []
    undecided: Undecided | None = None
    for endpoint in stack.of(ENDPOINT):
        for path, status in _SENT:
            try:
                leading = [
                    each
                    for each in endpoint.items(path)
                    if stack.refers(endpoint, each, "properties.privateLinkServiceId", resource)
                ]
            except Undecided as error:
                undecided = error
            else:
                found.extend(_connection(endpoint, status) for _ in leading)
    return found, undecided


def _connection(endpoint: Resource, status: str) -> dict[str, Any]:
    return {
        "properties": {
            "privateEndpoint": {"id": endpoint.id or UNKNOWN},
            "privateLinkServiceConnectionState": {"status": status},
            "provisioningState": "Succeeded",
        }
    }
