# SPDX-License-Identifier: Apache-2.0
"""Routes of route tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.resource import Seconds, Write
from groundplan_emulator.types.network import addresses, service
from groundplan_emulator.types.network.inlined import asked_for
from groundplan_emulator.types.network.security_rules import TAG
from groundplan_emulator.types.network.service import NetworkType

APPLIANCE = "VirtualAppliance"


class Routes(NetworkType):
    """Microsoft.Network/routeTables/routes: a prefix has one next hop; a virtual appliance has an address.

    Differs from Azure:
    - any word is taken for a service tag
    """

    type: ClassVar[str] = service.ROUTE
    seconds: ClassVar[Seconds] = Seconds(create=2, update=2, delete=2)
    defaults: ClassVar[dict[str, Any]] = {"hasBgpOverride": False}

    def check(self, write: Write) -> None:
        """Prefix and next hop; and the prefix beside the table's other routes."""
        super().check(write)
        prefix = write.properties.get("addressPrefix") or ""
        if re.fullmatch(TAG, prefix) is None:
            addresses.network(prefix, write.id.id)
        hop, address = write.properties.get("nextHopType"), write.properties.get("nextHopIpAddress")
        if (hop == APPLIANCE) != bool(address):
            raise bad_request(
                "InvalidNextHopIpAddress",
                f"Route {write.id.name} has next hop type {hop} and next hop address {address or '(none)'}:"
                f" an address is given exactly when the type is {APPLIANCE}.",
                target="properties.nextHopIpAddress",
            )
        if asked_for(write):
            others = write.ctx.children(write.id.parent_id, self.type)
            check_prefixes(
                {r.name: r.properties for r in others if r.key != write.id.key} | {write.id.name: write.properties}
            )


def check_prefixes(routes: Mapping[str, Mapping[str, Any]]) -> None:
    """400 RouteConflict where two routes lead to one prefix."""
    seen: dict[str, str] = {}
    for name, route in routes.items():
        prefix = str(route.get("addressPrefix", "")).lower()
        if prefix in seen:
            raise bad_request(
                "RouteConflict",
                f"Route {name} conflicts with route {seen[prefix]}. Routes cannot have the same AddressPrefix.",
            )
        seen[prefix] = name
