# SPDX-License-Identifier: Apache-2.0
"""Application Insights components."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.resource import ArmType, NameRule, Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.insights import scoped_resources

RETENTION = 90


class Components(ArmType):
    """Microsoft.Insights/components: ids and a connection string of their own, on a Log Analytics workspace.

    Differs from Azure:
    - what it is sent, and what deployments with `appInsightsEnabled` tell, is in the tables of its workspace; live metrics are not taken
    - a component without a workspace is kept as it is, where Azure makes one a default workspace
    """

    type: ClassVar[str] = "Microsoft.Insights/components"
    created_status: ClassVar[int] = 200
    references: ClassVar[tuple[str, ...]] = ("properties.WorkspaceResourceId",)
    name_rule: ClassVar[NameRule | None] = NameRule(
        r"[^%&\\?/]{0,259}[^%&\\?/. ]",
        "1 to 260 characters without %&\\?/, not ending in a space or period",
    )

    def fill(self, write: Write) -> None:
        """Ids and defaults."""
        properties, before, now = write.properties, write.old_properties, write.ctx.clock.stamp()
        write.body.setdefault("kind", "web")
        for name, value in (
            ("Application_Type", "web"),
            ("Flow_Type", "Bluefield"),
            ("Request_Source", "rest"),
            ("RetentionInDays", RETENTION),
            ("IngestionMode", "LogAnalytics" if properties.get("WorkspaceResourceId") else "ApplicationInsights"),
            ("publicNetworkAccessForIngestion", "Enabled"),
            ("publicNetworkAccessForQuery", "Enabled"),
            ("DisableLocalAuth", False),
        ):
            if properties.get(name) is None:
                properties[name] = value
        made = before.get("CreationDate", now)
        key = write.ctx.guid("instrumentation key", write.id.key, made)
        properties.update(
            ApplicationId=write.id.name,
            AppId=write.ctx.guid("application insights", write.id.key, made),
            InstrumentationKey=key,
            CreationDate=made,
            TenantId=write.id.subscription,
        )

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """With the connection string, whose endpoints depend on the emulator's port."""
        region = f"{ctx.settings.https}/applicationinsights/{resource.body['location']}/"
        said = resource.properties
        text = (
            f"InstrumentationKey={said['InstrumentationKey']};IngestionEndpoint={region};LiveEndpoint={region}live/;"
            f"ApplicationId={said['AppId']}"
        )
        shown = {**said, "ConnectionString": text}
        if scoped := scoped_resources.links(ctx, resource):
            shown["PrivateLinkScopedResources"] = [
                {"ResourceId": link["link"], "ScopeId": link["scope"]} for link in scoped
            ]
        return {**resource.body, "properties": shown}
