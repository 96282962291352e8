# SPDX-License-Identifier: Apache-2.0
"""Where metrics of Prometheus go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pulumi import Output, ResourceOptions
from pulumi_azure_native import monitor

from groundplan.attachments import attach
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.interfaces import PrivateEndpoint, ResourceArgs
from groundplan.naming import check_name
from groundplan.networking.private_link import connect
from groundplan.operations.prometheus_rules import PrometheusRules, create_rule_groups


@dataclass(frozen=True, kw_only=True)
class AzureMonitorWorkspaceArgs(ResourceArgs):
    """Arguments of `AzureMonitorWorkspace`. It has metrics of its own, and no logs."""

    public_network_access: bool = False
    """Optional. Answer queries over the internet. Default: no. Prefer `private_endpoint`."""
    private_endpoint: PrivateEndpoint | None = None
    """Conditional. Subnet and DNS zone of the endpoint for queries. Required unless `public_network_access` is set."""
    rule_groups: Mapping[str, PrometheusRules] = field(default_factory=dict[str, PrometheusRules])
    """Optional. Series to compute and alerts on the metrics of all clusters that send here, by a key that becomes part of the group's
    name. Default: none."""
    workspace_name: str | None = None
    """Optional. Azure name. Default: the component's name."""

    def __post_init__(self) -> None:
        if not self.public_network_access and self.private_endpoint is None:
            raise ArgumentError(
                "azure monitor workspace: private_endpoint is required when public_network_access is False; "
                "pass one or set public_network_access=True"
            )


class AzureMonitorWorkspace(Component):
    """An Azure Monitor workspace, which stores metrics as Prometheus does, closed to the internet.

    Example:
        AzureMonitorWorkspace("metrics", AzureMonitorWorkspaceArgs(
            resource_group_name=group.name, private_endpoint=placement))
    """

    id: Output[str]
    """ARM id: what `ManagedGrafana` and clusters take."""
    name: Output[str]
    """Azure name."""
    query_endpoint: Output[str]
    """Address that Prometheus's queries are sent to."""
    data_collection_rule_id: Output[str]
    """ARM id of the rule that comes with the workspace; senders are associated with it."""
    data_collection_endpoint_id: Output[str]
    """ARM id of the endpoint that comes with the workspace."""

    def __init__(self, name: str, args: AzureMonitorWorkspaceArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        azure_name = check_name("azure_monitor_workspace", args.workspace_name or name)
        workspace = monitor.AzureMonitorWorkspace(
            name,
            azure_monitor_workspace_name=azure_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            public_network_access="Enabled" if args.public_network_access else "Disabled",
            tags=args.tags,
            opts=self.child(),
        )
        endpoint_name = f"pep-{azure_name}"
        link = connect(
            self, f"{name}-link", workspace.id, "prometheusMetrics", args.private_endpoint, args, endpoint_name
        )
        rules = create_rule_groups(self, f"{name}-rules", azure_name, args.rule_groups, (workspace.id,), args)
        attach(self, name, workspace.id, args, arm_type="Microsoft.Monitor/accounts", after=[link, *rules])
        ingestion = workspace.default_ingestion_settings
        self.id = workspace.id
        self.name = workspace.name
        self.query_endpoint = workspace.metrics.apply(lambda metrics: metrics.prometheus_query_endpoint)
        self.data_collection_rule_id = ingestion.apply(lambda settings: settings.data_collection_rule_resource_id)
        self.data_collection_endpoint_id = ingestion.apply(
            lambda settings: settings.data_collection_endpoint_resource_id
        )
        self.seal()
