# SPDX-License-Identifier: Apache-2.0
"""Connections of private endpoints, which Azure fills in where an endpoint leads.

What only Azure fills in is not known before the update; these are the exception, as the stack's own endpoints tell them.
"""

from __future__ import annotations

from typing import Any

from groundplan_policies.azure_policy.aliases import Alias
from groundplan_policies.azure_policy.answer import Evidence
from groundplan_policies.azure_policy.fields import Counted, Selected, answered, walked
from groundplan_policies.resource import Resource
from groundplan_policies.stack import Stack
from groundplan_policies.subjects.private_endpoints import ENDPOINT
from groundplan_policies.values import UNKNOWN, Undecided

CONNECTIONS = "privateEndpointConnections"
_SENT = (
    ("properties.privateLinkServiceConnections", "Approved"),
    ("properties.manualPrivateLinkServiceConnections", "Pending"),
)


def filled(found: Selected, alias: Alias, resource: Resource, stack: Stack, counted: tuple[Counted, ...]) -> Selected:
    """What an alias selects, with the connections of private endpoints where it asks for those and the body does not say them."""
    if alias.path is None or [step.name.casefold() for step in alias.path[:2]] != [
        "properties",
        CONNECTIONS.casefold(),
    ]:
        return found
    if alias.sayable is None or answered(resource) or resource.view(f"properties.{CONNECTIONS}").node is not None:
        return found
    return found if _under_way(alias, counted) else _from_endpoints(alias, resource, stack)


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
