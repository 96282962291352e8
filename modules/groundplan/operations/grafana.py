# SPDX-License-Identifier: Apache-2.0
"""Grafana, run by Azure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import dashboard

from groundplan.attachments import attach, grant_role
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.identities import principal_of
from groundplan.interfaces import PrivateEndpoint, ResourceArgs, RoleGrant
from groundplan.naming import check_name
from groundplan.networking.private_link import connect


@dataclass(frozen=True, kw_only=True)
class ManagedGrafanaArgs(ResourceArgs):
    """Arguments of `ManagedGrafana`. Who may look is a role grant: `Grafana Viewer`, `Editor` or `Admin`."""

    public_network_access: bool = False
    """Optional. Reachable from the internet. Default: no. Prefer `private_endpoint`."""
    private_endpoint: PrivateEndpoint | None = None
    """Conditional. Subnet and DNS zone of the private endpoint. Required unless `public_network_access` is set."""
    monitor_workspace_ids: tuple[Input[str], ...] = ()
    """Optional. ARM ids of Azure Monitor workspaces (Prometheus) that become data sources; Grafana's identity may read
    them. Default: none."""
    reads: tuple[Input[str], ...] = ()
    """Optional. ARM ids of subscriptions or resource groups whose metrics and logs Grafana's identity may read. Default:
    none."""
    zone_redundancy: bool = True
    """Optional. Outlives one zone; cannot change later, and not every region has it. Default: yes."""
    fixed_outbound_addresses: bool = False
    """Optional. Data sources see two addresses that stay the same. Default: no."""
    api_keys: bool = False
    """Optional. Accept keys and tokens of service accounts beside Microsoft Entra ID. Default: no."""
    major_version: Literal["10", "11", "12"] | None = None
    """Optional. Grafana's major version. Default: Azure's newest."""
    grafana_name: str | None = None
    """Optional. Azure name, unique over all of Azure. Default: the component's name."""

    def __post_init__(self) -> None:
        if not self.public_network_access and self.private_endpoint is None:
            raise ArgumentError(
                "managed grafana: private_endpoint is required when public_network_access is False; "
                "pass one or set public_network_access=True"
            )


class ManagedGrafana(Component):
    """Grafana behind Entra ID in all zones of a region, without keys and closed to the internet.

    Example:
        ManagedGrafana("charts", ManagedGrafanaArgs(
            resource_group_name=group.name, private_endpoint=placement, monitor_workspace_ids=(metrics.id,)))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name."""
    endpoint: Output[str]
    """Address of its pages."""
    principal_id: Output[str]
    """Object id of its identity: what else it may read is granted to it."""

    def __init__(self, name: str, args: ManagedGrafanaArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        azure_name = check_name("grafana", args.grafana_name or name)
        sources = [
            dashboard.AzureMonitorWorkspaceIntegrationArgs(azure_monitor_workspace_resource_id=each)
            for each in args.monitor_workspace_ids
        ]
        grafana = dashboard.Grafana(
            name,
            workspace_name=azure_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            sku=dashboard.ResourceSkuArgs(name="Standard"),
            identity=dashboard.ManagedServiceIdentityArgs(type="SystemAssigned"),
            properties=dashboard.ManagedGrafanaPropertiesArgs(
                api_key="Enabled" if args.api_keys else "Disabled",
                auto_generated_domain_name_label_scope="TenantReuse",
                deterministic_outbound_ip="Enabled" if args.fixed_outbound_addresses else "Disabled",
                public_network_access="Enabled" if args.public_network_access else "Disabled",
                zone_redundancy="Enabled" if args.zone_redundancy else "Disabled",
                grafana_major_version=args.major_version,
                grafana_integrations=dashboard.GrafanaIntegrationsArgs(azure_monitor_workspace_integrations=sources)
                if sources
                else None,
            ),
            tags=args.tags,
            # Azure moves no Grafana between zones, and its name is a DNS name
            opts=self.child(
                ResourceOptions(replace_on_changes=["properties.zoneRedundancy"], delete_before_replace=True)
            ),
        )
        self.principal_id = principal_of(grafana.identity)
        granted = [
            grant_role(self, f"{name}-{key}-{index}", scope, RoleGrant(role=role, principal_id=self.principal_id))
            for key, role, scopes in (
                ("metrics", "Monitoring Data Reader", args.monitor_workspace_ids),
                ("reads", "Monitoring Reader", args.reads),
            )
            for index, scope in enumerate(scopes)
        ]
        link = connect(self, f"{name}-link", grafana.id, "grafana", args.private_endpoint, args, f"pep-{azure_name}")
        attach(self, name, grafana.id, args, arm_type="Microsoft.Dashboard/grafana", after=[link, *granted])
        self.id = grafana.id
        self.name = grafana.name
        self.endpoint = grafana.properties.apply(lambda properties: properties.endpoint or "")
        self.seal()
