# SPDX-License-Identifier: Apache-2.0
"""Where a platform's logs, traces and alerts go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import applicationinsights, monitor, operationalinsights

from groundplan.attachments import attach
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.interfaces import Diagnostics, ResourceArgs
from groundplan.naming import check_name


@dataclass(frozen=True, kw_only=True)
class MonitoringArgs(ResourceArgs):
    """Arguments of `Monitoring`. Role grants, diagnostics and lock apply to the Log Analytics workspace."""

    retention_days: int = 30
    """Optional. Days that logs are kept, 30 to 730; the first 30 are in the price of ingestion. Default: 30."""
    daily_cap_gb: float | None = None
    """Optional. Gigabytes a day after which ingestion stops until the next day. Default: no cap."""
    public_ingestion: bool = False
    """Optional. Accept telemetry over the internet. Default: no, so senders need an Azure Monitor private link
    scope."""
    public_query: bool = False
    """Optional. Answer queries over the internet. Default: no, so readers need an Azure Monitor private link scope."""
    local_authentication: bool = False
    """Optional. Accept workspace and instrumentation keys beside Microsoft Entra ID. Default: no."""
    alert_emails: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. Mail addresses of the action group, by receiver name. Default: none; the group exists and tells
    nobody."""
    alert_short_name: str = "platform"
    """Optional. Sender of alert messages, 1 to 12 characters. Default: `platform`."""
    monitoring_name: str | None = None
    """Optional. What the Azure names end in: `log-<name>`, `appi-<name>` and `ag-<name>`. Default: the component's name."""

    def __post_init__(self) -> None:
        if not 30 <= self.retention_days <= 730:
            raise ArgumentError(f"monitoring: retention_days is {self.retention_days}; allowed are 30 to 730")
        if self.daily_cap_gb is not None and self.daily_cap_gb <= 0:
            raise ArgumentError(
                f"monitoring: daily_cap_gb is {self.daily_cap_gb}; give more than 0, or None for no cap"
            )
        if not 1 <= len(self.alert_short_name) <= 12:
            raise ArgumentError(
                f"monitoring: alert_short_name is {self.alert_short_name!r}; allowed are 1 to 12 characters"
            )


class Monitoring(Component):
    """A Log Analytics workspace, Application Insights on top of it, and an action group for alerts.

    Example:
        Monitoring("monitoring", MonitoringArgs(
            resource_group_name=group.name, alert_emails={"oncall": "oncall@example.com"}))
    """

    log_analytics_workspace_id: Output[str]
    """ARM id of the Log Analytics workspace."""
    application_insights_id: Output[str]
    """ARM id of Application Insights."""
    action_group_id: Output[str]
    """ARM id of the action group."""

    def __init__(self, name: str, args: MonitoringArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        stem = args.monitoring_name or name
        ingestion = "Enabled" if args.public_ingestion else "Disabled"
        query = "Enabled" if args.public_query else "Disabled"
        logs = operationalinsights.Workspace(
            name,
            workspace_name=check_name("log_analytics", f"log-{stem}"),
            resource_group_name=args.resource_group_name,
            location=args.location,
            sku=operationalinsights.WorkspaceSkuArgs(name="PerGB2018"),
            retention_in_days=args.retention_days,
            workspace_capping=operationalinsights.WorkspaceCappingArgs(daily_quota_gb=args.daily_cap_gb)
            if args.daily_cap_gb is not None
            else None,
            features=operationalinsights.WorkspaceFeaturesArgs(
                disable_local_auth=not args.local_authentication,
                enable_log_access_using_only_resource_permissions=True,
            ),
            public_network_access_for_ingestion=ingestion,
            public_network_access_for_query=query,
            tags=args.tags,
            opts=self.child(),
        )
        insights = applicationinsights.Component(
            f"{name}-insights",
            resource_name_=check_name("application_insights", f"appi-{stem}"),
            resource_group_name=args.resource_group_name,
            location=args.location,
            kind="web",
            application_type="web",
            ingestion_mode="LogAnalytics",
            workspace_resource_id=logs.id,
            disable_local_auth=not args.local_authentication,
            public_network_access_for_ingestion=ingestion,
            public_network_access_for_query=query,
            tags=args.tags,
            opts=self.child(),
        )
        group = monitor.ActionGroup(
            f"{name}-alerts",
            action_group_name=check_name("action_group", f"ag-{stem}"),
            group_short_name=args.alert_short_name,
            resource_group_name=args.resource_group_name,
            location="global",
            enabled=True,
            email_receivers=[
                monitor.MicrosoftCommonEmailReceiverArgs(
                    name=receiver, email_address=address, use_common_alert_schema=True
                )
                for receiver, address in args.alert_emails.items()
            ],
            tags=args.tags,
            opts=self.child(),
        )
        attach(self, name, logs.id, args)
        self.log_analytics_workspace_id = logs.id
        self.application_insights_id = insights.id
        self.action_group_id = group.id
        self.seal()

    @property
    def diagnostics(self) -> Diagnostics:
        """All logs and metrics to this workspace: what the `diagnostics` argument of any component takes."""
        return Diagnostics(log_analytics_workspace_id=self.log_analytics_workspace_id)
