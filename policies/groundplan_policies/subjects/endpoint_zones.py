# SPDX-License-Identifier: Apache-2.0
"""The DNS zones that private endpoints register in, as the rules of several services look at them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from groundplan_policies.decisions import any_of
from groundplan_policies.resource import Resource, View, Violation
from groundplan_policies.rule import Parameter
from groundplan_policies.stack import Stack
from groundplan_policies.subjects.private_endpoints import ZONE, ZONE_GROUP
from groundplan_policies.values import Mark, Undecided

MANAGED_ELSEWHERE = Parameter(
    name="managedElsewhere",
    default=False,
    description="Something outside of the program, such as an Azure Policy, writes the DNS records of endpoints without a zone group.",
    schema={"type": "boolean"},
)


@dataclass(frozen=True, slots=True)
class Zone:
    """The private DNS zone of one service: the names that it has in Azure's clouds, and the one that messages show."""

    names: re.Pattern[str]
    shown: str


def zone_problems(
    endpoint: Resource, stack: Stack, type_: str, zones: Mapping[str, Zone], *, elsewhere: bool
) -> Iterator[Violation]:
    """What is wrong with the zones of an endpoint to a resource of a type; `zones` by group id in lower case.

    Nothing for endpoints that lead to another type, and for groups that `zones` does not have. Raises `Undecided`.
    """
    wanted = [group for group in _groups(endpoint, stack, type_) if group in zones]
    registered = stack.children(endpoint, ZONE_GROUP)
    for group in wanted:
        zone = zones[group]
        if not registered:
            if not elsewhere:
                yield Violation(
                    "", f"no DNS zone group of the stack belongs to it; one with the zone {zone.shown!r} is needed"
                )
        elif not any_of(*(partial(_has, each, stack, zone) for each in registered)):
            yield Violation("", f"its DNS zone group does not have the zone {zone.shown!r} of the group {group!r}")


def _groups(endpoint: Resource, stack: Stack, type_: str) -> Iterator[str]:
    for path in ("properties.privateLinkServiceConnections", "properties.manualPrivateLinkServiceConnections"):
        for connection in endpoint.items(path):
            if _leads_to(endpoint, connection, stack, type_):
                yield from (group.text().casefold() for group in connection.items("properties.groupIds"))


def _leads_to(endpoint: Resource, connection: View, stack: Stack, type_: str) -> bool:
    place = "properties.privateLinkServiceId"
    target = connection.view(place).node
    if isinstance(target, str):
        return f"/providers/{type_}/".casefold() in target.casefold()
    return any_of(*(partial(stack.refers, endpoint, connection, place, to) for to in stack.of(type_)))


def _has(registered: Resource, stack: Stack, zone: Zone) -> bool:
    names = [
        name
        for config in registered.items("properties.privateDnsZoneConfigs")
        for name in _names(registered, config.view("properties.privateDnsZoneId"), stack)
    ]
    if any(name is not None and zone.names.fullmatch(name.casefold()) for name in names):
        return True
    if None in names:
        raise Undecided("properties.privateDnsZoneConfigs", "unknown")
    return False


def _names(registered: Resource, place: View, stack: Stack) -> list[str | None]:
    """The name of the zone whose id is at a place; of a new zone those that the id may have come out of. None: not known."""
    if not isinstance(place.node, Mark):
        return [place.text().rpartition("/")[2]]
    return [each.short_name for each in stack.of(ZONE) if stack.refers(registered, place, "", each)] or [None]
