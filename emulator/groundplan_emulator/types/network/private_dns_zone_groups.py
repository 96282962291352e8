# SPDX-License-Identifier: Apache-2.0
"""Zone groups: keep a private endpoint's names in private DNS zones."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator.arm import paths
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request, invalid_content
from groundplan_emulator.arm.resource import Seconds, Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.network import endpoint_parts, record_sets, service
from groundplan_emulator.types.network.service import NetworkType

TTL = 10
ZONE_ID = "properties.privateDnsZoneId"


class PrivateDnsZoneGroups(NetworkType):
    """Microsoft.Network/privateEndpoints/privateDnsZoneGroups: writes the endpoint's A records and takes them back.

    Differs from Azure:
    - records are written when the group is, also while the connection still waits for its approval
    - a zone that is not one of the target's gets no records and no complaint
    """

    type: ClassVar[str] = service.ZONE_GROUP
    seconds: ClassVar[Seconds] = Seconds(create=5, update=5, delete=5)
    refers: ClassVar[tuple[str, ...]] = ("properties.privateDnsZoneConfigs[*].properties.privateDnsZoneId",)

    def check(self, write: Write) -> None:
        """The only group of its endpoint, each zone once."""
        for other in write.ctx.children(write.id.parent_id, self.type):
            if other.key != write.id.key:
                raise bad_request(
                    "PrivateDnsZoneGroupLimitExceeded",
                    f"Private endpoint {write.id.names[0]} has the private DNS zone group {other.name} already; it takes one,"
                    " with up to five zones.",
                )
        zones: list[str] = []
        for at, config in enumerate(write.properties.get("privateDnsZoneConfigs") or []):
            zone = paths.read(config, ZONE_ID)
            if not config.get("name") or zone is None:
                raise invalid_content(
                    f"properties.privateDnsZoneConfigs[{at}]",
                    "A zone configuration needs a name and a privateDnsZoneId",
                )
            if service.refer(write, zone, ZONE_ID).name.lower() in zones:
                raise bad_request(
                    "DuplicatePrivateDnsZone",
                    f"Private DNS zone group {write.id.name} names the zone {zone.rpartition('/')[2]} more than once.",
                    target=f"properties.privateDnsZoneConfigs[{at}]",
                )
            zones.append(zone.rpartition("/")[2].lower())

    def fill(self, write: Write) -> None:
        """The record sets of each zone."""
        endpoint = service.parent_of(write.ctx, write.id)
        configs = write.properties.setdefault("privateDnsZoneConfigs", [])
        for config in configs:
            zone = service.refer(write, config["properties"]["privateDnsZoneId"])
            config["properties"]["recordSets"] = _record_sets(write.ctx, endpoint, zone)

    def written(self, ctx: Context, resource: Resource, *, created: bool) -> None:
        """Records of before that are no longer named go, the others come."""
        endpoint = ctx.get(resource.id.rsplit("/", 2)[0])
        guid = endpoint.private["guid"] if endpoint else ""
        name = endpoint.name if endpoint else ""
        metadata = {"creator": f"created by private endpoint {name} with resource guid {guid}"}
        wanted = _records(resource)
        for id_, ips in resource.private.get("records", {}).items():
            if id_ not in wanted:
                record_sets.withdraw(ctx, id_, ips)
        for id_, ips in wanted.items():
            record_sets.publish(ctx, id_, ips, TTL, metadata)
        resource.private["records"] = wanted
        ctx.store.put(resource, resource.id.rsplit("/", 2)[0])

    def deleted(self, ctx: Context, resource: Resource) -> None:
        """Its records go."""
        for id_, ips in resource.private.get("records", {}).items():
            record_sets.withdraw(ctx, id_, ips)


def _record_sets(ctx: Context, endpoint: Resource, zone: Resource) -> list[dict[str, Any]]:
    return [
        {
            "recordType": "A",
            "recordSetName": host.label,
            "fqdn": f"{host.label}.{zone.name.lower()}",
            "ttl": TTL,
            "ipAddresses": [address],
            "provisioningState": "Succeeded",
        }
        for host, address in endpoint_parts.hosts(ctx, endpoint)
        if host.zone == zone.name.lower()
    ]


def _records(group: Resource) -> dict[str, list[str]]:
    """The group's records: id of the record set, its addresses."""
    return {
        f"{config['properties']['privateDnsZoneId']}/A/{record['recordSetName']}": record["ipAddresses"]
        for config in group.properties["privateDnsZoneConfigs"]
        for record in config["properties"]["recordSets"]
    }
