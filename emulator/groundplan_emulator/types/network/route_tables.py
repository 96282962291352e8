# SPDX-License-Identifier: Apache-2.0
"""Route tables."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.resource import Seconds, Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.network import routes, service
from groundplan_emulator.types.network.inlined import Inlined
from groundplan_emulator.types.network.service import NetworkType, pointing, references

ROUTES = Inlined("routes", service.ROUTE, absent_removes=True)
LINK = "properties.routeTable.id"


class RouteTables(NetworkType):
    """Microsoft.Network/routeTables: routes inline or one by one, kept while a subnet is linked.

    Differs from Azure:
    - routes are kept and checked, nothing is routed
    """

    type: ClassVar[str] = service.ROUTE_TABLE
    seconds: ClassVar[Seconds] = Seconds(create=3, update=3, delete=5)
    defaults: ClassVar[dict[str, Any]] = {"disableBgpRoutePropagation": False}

    def check(self, write: Write) -> None:
        """Inline routes together: a prefix has one route."""
        super().check(write)
        given = ROUTES.take(write)
        if given is not None:
            routes.check_prefixes({route["name"]: route.get("properties") or {} for route in given})

    def written(self, ctx: Context, resource: Resource, *, created: bool) -> None:
        """Routes of the body become resources."""
        ROUTES.store(ctx, resource)

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """With routes and linked subnets."""
        subnets = references(pointing(ctx, service.SUBNET, LINK, resource.id))
        body = service.shown(resource.body, subnets=subnets)
        body["properties"]["routes"] = ROUTES.show(ctx, resource)
        return body

    def deleting(self, ctx: Context, resource: Resource) -> None:
        """Refused while a subnet is linked."""
        if users := [subnet.id for subnet in pointing(ctx, service.SUBNET, LINK, resource.id)]:
            raise service.in_use("InUseRouteTableCannotBeDeleted", "Route table", resource, users)
