# SPDX-License-Identifier: Apache-2.0
"""Private access to Azure Monitor: what goes through a network's endpoint, and what that endpoint may reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_azure_native import monitor

from groundplan.attachments import attach
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.interfaces import PrivateEndpoint, ResourceArgs
from groundplan.naming import check_name, derived_name
from groundplan.networking.private_link import PrivateLink, PrivateLinkArgs


@dataclass(frozen=True, kw_only=True)
class MonitorPrivateLinkScopeArgs(ResourceArgs):
    """Arguments of `MonitorPrivateLinkScope`; `location` is the private endpoint's, as the scope itself is global."""

    resources: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. ARM ids of Log Analytics workspaces, Application Insights components and data collection endpoints in the
    scope, by a key that becomes the link's name. Default: none yet."""
    private_endpoint: PrivateEndpoint | None = None
    """Optional. Endpoint of the scope; it needs the zones `monitor`, `oms`, `ods`, `agentsvc` and `blob`. Default:
    none."""
    open_ingestion: bool = False
    """Optional. Networks of the scope may send to resources outside of it. Default: to those inside only."""
    open_query: bool = False
    """Optional. Networks of the scope may query resources outside of it. Default: those inside only."""
    scope_name: str | None = None
    """Optional. Azure name of the scope. Default: the component's name."""

    def __post_init__(self) -> None:
        if not self.resources and self.private_endpoint is not None and not (self.open_ingestion and self.open_query):
            raise ArgumentError(
                "monitor private link scope: resources is empty, so the endpoint's whole network would be cut off from "
                "Azure Monitor; name resources, or set open_ingestion=True and open_query=True"
            )
        for key in self.resources:
            check_name("private_link_scope", key)


class MonitorPrivateLinkScope(Component):
    """An Azure Monitor private link scope: logs of a closed network reach the scope's workspaces and nobody else's.

    Example:
        MonitorPrivateLinkScope("monitor", MonitorPrivateLinkScopeArgs(
            resource_group_name=group.name, private_endpoint=placement,
            resources={"logs": monitoring.log_analytics_workspace_id}))
    """

    id: Output[str]
    """ARM id of the scope."""
    name: Output[str]
    """Azure name of the scope."""

    def __init__(self, name: str, args: MonitorPrivateLinkScopeArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        azure_name = check_name("private_link_scope", args.scope_name or name)
        scope = monitor.PrivateLinkScope(
            name,
            scope_name=azure_name,
            resource_group_name=args.resource_group_name,
            location="global",
            access_mode_settings=monitor.AccessModeSettingsArgs(
                ingestion_access_mode="Open" if args.open_ingestion else "PrivateOnly",
                query_access_mode="Open" if args.open_query else "PrivateOnly",
            ),
            tags=args.tags,
            opts=self.child(),
        )
        links: list[Resource] = []
        for key, resource_id in args.resources.items():
            link = monitor.PrivateLinkScopedResource(
                f"{name}-{key}",
                name=key,
                scope_name=scope.name,
                resource_group_name=args.resource_group_name,
                linked_resource_id=resource_id,
                # one write of a scope at a time
                opts=self.child(ResourceOptions(depends_on=links[-1:])),
            )
            links.append(link)
        if args.private_endpoint is not None:
            link_args = PrivateLinkArgs(
                resource_id=scope.id,
                group_id="azuremonitor",
                private_endpoint=args.private_endpoint,
                resource_group_name=args.resource_group_name,
                location=args.location,
                endpoint_name=derived_name("private_endpoint", f"pep-{azure_name}"),
                tags=args.tags,
            )
            # the endpoint's DNS records are those of the resources in the scope
            links.append(PrivateLink(f"{name}-link", link_args, self.child(ResourceOptions(depends_on=links[-1:]))))
        attach(self, name, scope.id, args, arm_type="Microsoft.Insights/privateLinkScopes", after=links)
        self.id = scope.id
        self.name = scope.name
        self.seal()
