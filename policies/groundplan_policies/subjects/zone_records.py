# SPDX-License-Identifier: Apache-2.0
"""The private DNS zones that a zone group registers a private endpoint in, where an endpoint needs some by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from groundplan_policies.resource import Resource
from groundplan_policies.stack import Stack
from groundplan_policies.subjects.private_endpoints import ZONE
from groundplan_policies.values import Mark, Undecided

CONFIGS = "properties.privateDnsZoneConfigs"
_ID = "properties.privateDnsZoneId"


def leads_to(endpoint: Resource, group: str) -> bool:
    """Whether an endpoint asks for a group (`amlworkspace`), whatever resource it leads to."""
    return any(
        offered.equals("", group)
        for path in ("properties.privateLinkServiceConnections", "properties.manualPrivateLinkServiceConnections")
        for connection in endpoint.items(path)
        for offered in connection.items("properties.groupIds")
    )


def registers(zones: Resource, stack: Stack, names: Sequence[str]) -> bool:
    """Whether a zone group names a zone with one of these names. Raises `Undecided` where none does for sure and one may."""
    undecided: Undecided | None = None
    for config in zones.items(CONFIGS):
        zone_id = config.view(_ID).node
        if isinstance(zone_id, str):
            found: list[str | None] = [zone_id.rsplit("/", 1)[-1]]
        elif isinstance(zone_id, Mark):
            found = list(_known_zones(zones, stack, config.at))
        else:
            continue
        if any(name is not None and name.casefold() in names for name in found):
            return True
        if not found or None in found:
            undecided = Undecided(f"{config.at}.{_ID}", "unknown")
    if undecided is not None:
        raise undecided
    return False


def _known_zones(zones: Resource, stack: Stack, at: str) -> Iterator[str | None]:
    """Names of the zones of the stack that a part of a zone group came out of; None for one without a known name."""
    sources = zones.sources_of(f"{at}.{_ID}")
    yield from (zone.name for zone in stack.of(ZONE) if zone.key in sources)
