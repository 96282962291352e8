# SPDX-License-Identifier: Apache-2.0
"""Links from private DNS zones to virtual networks."""

from __future__ import annotations

from typing import ClassVar

from groundplan_emulator.arm import paths
from groundplan_emulator.arm.errors import bad_request, invalid_content
from groundplan_emulator.arm.resource import ArmType, NameRule, Seconds, Write
from groundplan_emulator.types.network import service
from groundplan_emulator.types.network.private_dns_zones import require_global
from groundplan_emulator.types.network.service import network_name

NETWORK = "properties.virtualNetwork.id"


class VirtualNetworkLinks(ArmType):
    """Microsoft.Network/privateDnsZones/virtualNetworkLinks: a network sees one zone of a name, and registers in one zone.

    Differs from Azure:
    - a link stays when its virtual network is deleted
    """

    type: ClassVar[str] = service.ZONE_LINK
    name_rule: ClassVar[NameRule | None] = network_name()
    seconds: ClassVar[Seconds] = Seconds(create=10, update=5, delete=10)
    references: ClassVar[tuple[str, ...]] = (NETWORK,)
    immutable: ClassVar[tuple[str, ...]] = (NETWORK,)

    def check(self, write: Write) -> None:
        """Global, and alone with this zone's name and with registration at its network."""
        require_global(write)
        network = paths.read(write.body, NETWORK)
        if network is None:
            raise invalid_content("properties.virtualNetwork", "Required property 'virtualNetwork' not found in JSON")
        service.refer(write, network, NETWORK)
        zone = write.id.names[0]
        registers = bool(write.properties.get("registrationEnabled"))
        for other in service.pointing(write.ctx, self.type, NETWORK, network):
            if other.key == write.id.key:
                continue
            theirs = other.id.split("/")[-3]
            if theirs.lower() == zone.lower():
                raise bad_request(
                    "BadRequest",
                    "A virtual network cannot be linked to multiple zones with overlapping namespaces."
                    f" You tried to link virtual network with '{zone}' and '{theirs}' zones.",
                    target=NETWORK,
                )
            if registers and other.properties.get("registrationEnabled"):
                raise bad_request(
                    "BadRequest",
                    "A virtual network can only be linked to one private DNS zone with registration enabled."
                    f" You tried to link virtual network with '{zone}'; it registers in '{theirs}'.",
                    target="properties.registrationEnabled",
                )

    def fill(self, write: Write) -> None:
        """Registration is off unless asked for; the link is complete at once."""
        write.properties.setdefault("registrationEnabled", False)
        write.properties["virtualNetworkLinkState"] = "Completed"
