# SPDX-License-Identifier: Apache-2.0
"""Where a platform's logs, traces and alerts go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import applicationinsights, operationalinsights

from groundplan.attachments import attach
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.interfaces import Diagnostics, ResourceArgs
from groundplan.naming import check_name
from groundplan.operations.action_group import Receivers, check_short_sender, declare_action_group
from groundplan.operations.log_storage import LogExport, LogTable, declare_log_storage


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
    alert_receivers: Receivers = field(default_factory=Receivers)
    """Optional. Who else the action group tells: Azure's app, roles, webhooks, logic apps, functions. Default: nobody."""
    tables: Mapping[str, LogTable] = field(default_factory=dict[str, LogTable])
    """Optional. Retention and archive of tables, by their names, e.g. `AmlComputeJobEvent`. Default: the workspace's
    retention, no archive."""
    exports: Mapping[str, LogExport] = field(default_factory=dict[str, LogExport])
    """Optional. Copies of tables to storage accounts and event hubs, by the export's Azure name. Default: none."""
    sampling_percent: float = 100
    """Optional. Share of telemetry that Application Insights keeps, above 0 to 100. Default: all."""
    cluster_id: Input[str] | None = None
    """Optional. ARM id of a dedicated Log Analytics cluster, which brings a key of your own and a commitment. Default:
    shared clusters and Microsoft's keys."""
    monitoring_name: str | None = None
    """Optional. What the Azure names end in: `log-<name>`, `appi-<name>` and `ag-<name>`. Default: the component's name."""

    def __post_init__(self) -> None:
        # Source: retention_in_days of azurerm_log_analytics_workspace, for the sku that is used here
        if not 30 <= self.retention_days <= 730:
            raise ArgumentError(f"monitoring: retention_days is {self.retention_days}; allowed are 30 to 730")
        if self.daily_cap_gb is not None and self.daily_cap_gb <= 0:
            raise ArgumentError(
                f"monitoring: daily_cap_gb is {self.daily_cap_gb}; give more than 0, or None for no cap"
            )
        if not 0 < self.sampling_percent <= 100:
            raise ArgumentError(
                f"monitoring: sampling_percent is {self.sampling_percent}; allowed are more than 0, up to 100"
            )
        check_short_sender("monitoring: alert_short_name", self.alert_short_name)
        self.all_receivers()

    def all_receivers(self) -> Receivers:
        """`alert_emails` and `alert_receivers` in one; `ArgumentError` where they name two receivers alike."""
        if twice := sorted(self.alert_emails.keys() & self.alert_receivers.emails.keys()):
            raise ArgumentError(f"monitoring: {twice[0]!r} is in alert_emails and alert_receivers; give it once")
        return replace(self.alert_receivers, emails={**self.alert_emails, **self.alert_receivers.emails})


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
        logs = self._logs(name, stem, args)
        insights = self._insights(name, stem, logs, args)
        group = declare_action_group(
            self,
            f"{name}-alerts",
            action_group_name=f"ag-{stem}",
            short_name=args.alert_short_name,
            resource_group_name=args.resource_group_name,
            location="global",
            receivers=args.all_receivers(),
            enabled=True,
            tags=args.tags,
        )
        declare_log_storage(self, name, args.resource_group_name, logs.name, args.tables, args.exports)
        if args.cluster_id is not None:
            operationalinsights.LinkedService(
                f"{name}-cluster",
                linked_service_name="Cluster",
                workspace_name=logs.name,
                resource_group_name=args.resource_group_name,
                write_access_resource_id=args.cluster_id,
                opts=self.child(),
            )
        attach(self, name, logs.id, args, arm_type="Microsoft.OperationalInsights/workspaces")
        self.log_analytics_workspace_id = logs.id
        self.application_insights_id = insights.id
        self.action_group_id = group.id
        self.seal()

    def _logs(self, name: str, stem: str, args: MonitoringArgs) -> operationalinsights.Workspace:
        return operationalinsights.Workspace(
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
            public_network_access_for_ingestion=_access(args.public_ingestion),
            public_network_access_for_query=_access(args.public_query),
            tags=args.tags,
            opts=self.child(),
        )

    def _insights(
        self, name: str, stem: str, logs: operationalinsights.Workspace, args: MonitoringArgs
    ) -> applicationinsights.Component:
        return applicationinsights.Component(
            f"{name}-insights",
            resource_name_=check_name("application_insights", f"appi-{stem}"),
            resource_group_name=args.resource_group_name,
            location=args.location,
            kind="web",
            application_type="web",
            ingestion_mode="LogAnalytics",
            workspace_resource_id=logs.id,
            disable_local_auth=not args.local_authentication,
            # Azure says 100 by itself and keeps nothing about it: leaving it out avoids a change of what is deployed
            sampling_percentage=args.sampling_percent if args.sampling_percent != 100 else None,
            public_network_access_for_ingestion=_access(args.public_ingestion),
            public_network_access_for_query=_access(args.public_query),
            tags=args.tags,
            opts=self.child(),
        )

    @property
    def diagnostics(self) -> Diagnostics:
        """All logs and metrics to this workspace: what the `diagnostics` argument of any component takes."""
        return Diagnostics(log_analytics_workspace_id=self.log_analytics_workspace_id)


def _access(public: bool) -> str:
    return "Enabled" if public else "Disabled"
