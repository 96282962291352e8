# SPDX-License-Identifier: Apache-2.0
"""Private DNS zones."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any, ClassVar

from groundplan_emulator.arm import lifecycle
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request, conflict
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import ArmType, NameRule, Seconds, Write, action
from groundplan_emulator.store import Resource
from groundplan_emulator.types.network import record_sets, service

LIMITS = {
    "maxNumberOfRecordSets": 25000,
    "maxNumberOfVirtualNetworkLinks": 1000,
    "maxNumberOfVirtualNetworkLinksWithRegistration": 100,
}
GLOBAL = "global"


class PrivateDnsZones(ArmType):
    """Microsoft.Network/privateDnsZones: comes with its SOA record, counts what is in it, stays while networks are linked.

    Differs from Azure:
    - names are not resolved, only kept; machines do not register themselves
    - limits are shown but not enforced; names that Azure reserves for itself are not refused
    """

    type: ClassVar[str] = service.ZONE
    name_rule: ClassVar[NameRule | None] = NameRule(
        r"(?=.{1,253}$)[A-Za-z0-9_](?:[\w-]{0,61}\w)?(?:\.\w(?:[\w-]{0,61}\w)?)+",
        "2 to 34 labels of letters, digits, underscores and hyphens, with periods between",
    )
    seconds: ClassVar[Seconds] = Seconds(create=10, update=2, delete=10)

    def check(self, write: Write) -> None:
        """Zones are global."""
        require_global(write)

    def fill(self, write: Write) -> None:
        """The zone's number inside the service."""
        guid = write.ctx.guid("private dns zone", write.id.key)
        number = base64.b64encode(f"SW1tdXRhYmxlWm9uZUlkZW50aXR5;{guid};0".encode()).decode()
        write.properties.update(LIMITS, internalId=number)

    def written(self, ctx: Context, resource: Resource, *, created: bool) -> None:
        """The SOA record of a new zone."""
        if created:
            properties = {"ttl": 3600, "soaRecord": dict(record_sets.SOA_RECORD)}
            ctx.save(record_sets.make(resource, "SOA", "@", properties))

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """With what is in it."""
        children = list(ctx.children(resource.id))
        links = [child for child in children if child.type.lower() == service.ZONE_LINK.lower()]
        counts = {
            "numberOfRecordSets": sum(record_sets.is_record_set(child) for child in children),
            "numberOfVirtualNetworkLinks": len(links),
            "numberOfVirtualNetworkLinksWithRegistration": sum(
                bool(link.properties.get("registrationEnabled")) for link in links
            ),
        }
        return {**resource.body, "properties": {**resource.properties, **counts}}

    def deleting(self, ctx: Context, resource: Resource) -> None:
        """Refused while a network is linked; records go with the zone."""
        links = [link.id for link in ctx.children(resource.id, service.ZONE_LINK)]
        if links:
            raise conflict(
                "CannotDeleteResource",
                "Cannot delete resource while nested resources exist. Some existing nested resource IDs include:"
                f" '{', '.join(links)}'. Please delete all nested resources before deleting this resource.",
            )

    @action("ALL", "GET")
    def list_records(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """The zone's record sets of every kind; `$recordsetnamesuffix` keeps names that end so."""
        suffix = ctx.request.query.get("$recordsetnamesuffix", "").lower()
        found: Iterable[Resource] = ctx.children(resource.id)
        kept = [
            child.body for child in found if record_sets.is_record_set(child) and child.name.lower().endswith(suffix)
        ]
        return lifecycle.page(ctx, kept)


def require_global(write: Write) -> None:
    """400 for any location but `global`."""
    if (location := write.body.get("location")) != GLOBAL:
        raise bad_request(
            "LocationNotAvailableForResourceType",
            f"The provided location '{location}' is not available for resource type '{write.id.type}'."
            f" List of available regions for the resource type is '{GLOBAL}'.",
            target="location",
        )
