# SPDX-License-Identifier: Apache-2.0
"""Log Analytics workspaces."""

from __future__ import annotations

import base64
from typing import Any, ClassVar

from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm import lifecycle, paths
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import ArmType, NameRule, Seconds, Write, action, route
from groundplan_emulator.store import Deleted, Resource
from groundplan_emulator.types.insights import scoped_resources

RETENTION = 14 * 24 * 3600.0
SKUS = ("CapacityReservation", "Free", "LACluster", "PerGB2018", "PerNode", "Premium", "Standalone", "Standard")
FREE_DAYS = (7,)
KEPT = ("customerId", "createdDate")


class Workspaces(ArmType):
    """Microsoft.OperationalInsights/workspaces: a deleted one waits 14 days; a PUT of the same id brings it back, with its customerId.

    `DELETE ?force=true` deletes for good.

    Differs from Azure:
    - it holds what online endpoints and Application Insights send it (`docs/local-log-analytics.md`); agents and rules collect nothing
    - its tables are there for queries, not as resources; saved searches of a deleted workspace are gone
    """

    type: ClassVar[str] = "Microsoft.OperationalInsights/workspaces"
    created_status: ClassVar[int] = 200
    seconds: ClassVar[Seconds] = Seconds(create=30)
    name_rule: ClassVar[NameRule | None] = NameRule(
        r"(?=.{4,63}$)[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]",
        "4 to 63 letters, digits and hyphens, a letter or digit first and last",
    )

    def understood(self, body: dict[str, Any]) -> dict[str, Any]:
        """The service takes a sku's name in any case."""
        given = paths.read(body, "properties.sku.name")
        known = {name.lower(): name for name in SKUS}
        if isinstance(given, str) and given.lower() in known:
            paths.write(body, "properties.sku.name", known[given.lower()])
        return body

    def check(self, write: Write) -> None:
        """Sku and retention fit each other."""
        sku = str(write.properties.get("sku", {}).get("name", "PerGB2018"))
        if sku not in SKUS:
            raise bad_request(
                "InvalidParameter", f"The sku '{sku}' is not one of {', '.join(SKUS)}.", target="properties.sku.name"
            )
        days = write.properties.get("retentionInDays")
        allowed = days is None or (days in FREE_DAYS if sku == "Free" else 30 <= days <= 730 or days in FREE_DAYS)
        if not allowed:
            raise bad_request(
                "InvalidParameter",
                f"retentionInDays is {days}; allowed for sku '{sku}': {'7' if sku == 'Free' else '30 to 730'}.",
                target="properties.retentionInDays",
            )

    def fill(self, write: Write) -> None:
        """Defaults; a workspace that comes back keeps its customerId."""
        properties, now = write.properties, write.ctx.clock.stamp()
        buried = write.ctx.store.deleted(self.type, key=write.id.id) if write.old is None else []
        before = write.old_properties or (buried[0].body["properties"] if buried else {})
        sku = {"name": "PerGB2018", **before.get("sku", {}), **properties.get("sku", {})}
        properties["sku"] = {"lastSkuUpdate": now, **sku}
        features = {"enableLogAccessUsingOnlyResourcePermissions": True}
        properties["features"] = {**features, **(properties.get("features") or before.get("features", {}))}
        capping = {"dailyQuotaGb": -1.0, "dataIngestionStatus": "RespectQuota"}
        properties["workspaceCapping"] = {
            **capping,
            **(properties.get("workspaceCapping") or before.get("workspaceCapping", {})),
        }
        for name, value in (
            ("retentionInDays", 30),
            ("publicNetworkAccessForIngestion", "Enabled"),
            ("publicNetworkAccessForQuery", "Enabled"),
        ):
            if properties.get(name) is None:
                properties[name] = before.get(name, value)
        properties["customerId"] = before.get("customerId") or write.ctx.guid("log analytics", write.id.key, now)
        properties["createdDate"] = before.get("createdDate", now)
        properties["modifiedDate"] = now

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """With the private link scopes that it is in."""
        scoped = [
            {"resourceId": link["link"], "scopeId": link["scope"]} for link in scoped_resources.links(ctx, resource)
        ]
        more = {"privateLinkScopedResources": scoped} if scoped else {}
        return {**resource.body, "properties": {**resource.properties, **more}}

    def written(self, ctx: Context, resource: Resource, *, created: bool) -> None:
        """A workspace that came back is no longer deleted."""
        if created:
            ctx.store.exhume(resource.id)

    def bury(self, ctx: Context, resource: Resource) -> None:
        """Keep it for 14 days, unless the client forces the end."""
        if ctx.request.query.get("force", "").lower() == "true":
            return
        now = ctx.clock.now()
        ctx.store.bury(
            Deleted(
                resource.id,
                self.type,
                resource.name,
                resource.body["location"],
                now,
                now + RETENTION,
                resource.body,
                {},
            )
        )

    def deleting_absent(self, ctx: Context, id_: ResourceId) -> None:
        """`?force=true` ends a workspace that waits already."""
        if ctx.request.query.get("force", "").lower() == "true":
            ctx.store.exhume(id_.key)

    @action("sharedKeys")
    def shared_keys(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """Both keys."""
        return Response(200, _keys(ctx, resource))

    @action("regenerateSharedKey")
    def regenerate(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """New keys."""
        resource.private["regenerated"] = resource.private.get("regenerated", 0) + 1
        ctx.save(resource)
        return Response(200, _keys(ctx, resource))

    @route("GET", "/subscriptions/{subscriptionId}/providers/Microsoft.OperationalInsights/deletedWorkspaces")
    def list_deleted(self, ctx: Context, _params: dict[str, str], _body: dict[str, Any]) -> Response:
        """Workspaces that wait."""
        return lifecycle.page(ctx, [found.body for found in ctx.store.deleted(self.type)])


def _keys(ctx: Context, resource: Resource) -> dict[str, str]:
    parts = (
        "log analytics",
        resource.key,
        resource.properties["createdDate"],
        str(resource.private.get("regenerated", 0)),
    )
    return {
        f"{name}SharedKey": base64.b64encode(ctx.secret(*parts, name, size=64)).decode()
        for name in ("primary", "secondary")
    }
