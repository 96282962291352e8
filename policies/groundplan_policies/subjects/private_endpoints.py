# SPDX-License-Identifier: Apache-2.0
"""Private endpoints and their DNS, as several rules look for them."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan_policies.resource import Resource
from groundplan_policies.stack import Stack
from groundplan_policies.values import Undecided

ENDPOINT = "Microsoft.Network/privateEndpoints"
ZONE_GROUP = "Microsoft.Network/privateEndpoints/privateDnsZoneGroups"
ZONE = "Microsoft.Network/privateDnsZones"
_CONNECTIONS = ("properties.privateLinkServiceConnections", "properties.manualPrivateLinkServiceConnections")


def endpoints_of(target: Resource, stack: Stack, *groups: str) -> Iterator[Resource]:
    """The private endpoints of a stack that lead to one of a resource's groups (`blob`), or to any of them where none is named.

    Raises `Undecided` where there is none for sure and one that nobody can tell.
    """
    undecided: Undecided | None = None
    some = False
    for endpoint in stack.of(ENDPOINT):
        try:
            if _leads(endpoint, target, stack, groups):
                some = True
                yield endpoint
        except Undecided as error:
            undecided = error
    if undecided is not None and not some:
        raise undecided


def _leads(endpoint: Resource, target: Resource, stack: Stack, groups: tuple[str, ...]) -> bool:
    wanted = {group.casefold() for group in groups}
    for path in _CONNECTIONS:
        for connection in endpoint.items(path):
            if not stack.refers(endpoint, connection, "properties.privateLinkServiceId", target):
                continue
            offered = {group.text().casefold() for group in connection.items("properties.groupIds")}
            if not wanted or wanted & offered:
                return True
    return False
