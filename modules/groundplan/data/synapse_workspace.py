# SPDX-License-Identifier: Apache-2.0
"""A Synapse workspace: Spark and serverless SQL over a data lake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_azure_native import synapse

from groundplan.attachments import attach, grant_role
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.identities import principal_of
from groundplan.interfaces import PrivateEndpoint, ResourceArgs, RoleGrant
from groundplan.naming import check_name
from groundplan.networking.private_link import connect
from groundplan.propagation import once_granted

Entry = Literal["Sql", "SqlOnDemand", "Dev"]
MIN_NODES, MAX_NODES = 3, 200
"""Nodes of a Spark pool; source: learn.microsoft.com/azure/synapse-analytics/spark/apache-spark-pool-configurations."""


@dataclass(frozen=True, kw_only=True)
class SparkPool:
    """Machines that start with a Spark job and stop when idle."""

    spark_version: str
    """Required. Version of Spark, e.g. `3.4`."""
    max_nodes: int
    """Required. Most nodes at one time, 3 to 200; the cost limit of the pool."""
    min_nodes: int = MIN_NODES
    """Optional. Nodes that a running pool has at least, 3 to `max_nodes`. Default: 3."""
    node_size: Literal["Small", "Medium", "Large", "XLarge", "XXLarge"] = "Small"
    """Optional. `Small` has 4 cores and 32 GB, each next one twice that. Default: `Small`."""
    idle_minutes: int = 15
    """Optional. Minutes without a job after which the pool stops, 5 and more. Default: 15."""

    def __post_init__(self) -> None:
        if not MIN_NODES <= self.min_nodes <= self.max_nodes <= MAX_NODES:
            raise ArgumentError(
                f"spark pool: min_nodes is {self.min_nodes} and max_nodes {self.max_nodes}; "
                f"allowed are {MIN_NODES} to {MAX_NODES}, min_nodes not above max_nodes"
            )
        # Source: auto_pause.delay_in_minutes of azurerm_synapse_spark_pool
        if self.idle_minutes < 5:
            raise ArgumentError(f"spark pool: idle_minutes is {self.idle_minutes}; allowed are 5 and more")


@dataclass(frozen=True, kw_only=True)
class SynapseWorkspaceArgs(ResourceArgs):
    """Arguments of `SynapseWorkspace`."""

    lake_account_id: Input[str]
    """Required. ARM id of a storage account with `hierarchical_namespace`; the workspace's identity gets its role there. Cannot
    change later."""
    lake_url: Input[str]
    """Required. URL of that account: `Storage.dfs_endpoint`."""
    file_system: Input[str]
    """Required. File system (container) of the account for the workspace's own data."""
    public_network_access: bool = False
    """Optional. Reachable from the internet, as far as firewall rules allow. Default: no. Prefer `private_endpoint`."""
    private_endpoint: PrivateEndpoint | None = None
    """Conditional. Subnet and DNS zones of the workspace's private endpoints. Required unless `public_network_access` is
    set."""
    private_services: tuple[Entry, ...] = ("Sql", "SqlOnDemand", "Dev")
    """Optional. Services that get a private endpoint each. Default: all three."""
    unrestricted_outbound: bool = False
    """Optional. Spark and pipelines may reach any target; cannot change later. Default: no, only approved private endpoints to
    this tenant."""
    allowed_tenant_ids: tuple[Input[str], ...] = ()
    """Optional. Other tenants whose resources approved private endpoints may lead to. Default: none."""
    spark_pools: Mapping[str, SparkPool] = field(default_factory=dict[str, SparkPool])
    """Optional. Spark pools by name. Default: none."""
    managed_resource_group_name: str | None = None
    """Optional. Name of the resource group that Azure makes for the workspace. Default: Azure's choice."""
    workspace_name: str | None = None
    """Optional. Azure name, unique over all of Azure. Default: the component's name."""

    def __post_init__(self) -> None:
        if not self.public_network_access and self.private_endpoint is None:
            raise ArgumentError(
                "synapse workspace: private_endpoint is required when public_network_access is False; "
                "pass one or set public_network_access=True"
            )
        if self.allowed_tenant_ids and self.unrestricted_outbound:
            raise ArgumentError(
                "synapse workspace: allowed_tenant_ids cannot be combined with unrestricted_outbound; choose one"
            )
        for pool in self.spark_pools:
            check_name("spark_pool", pool)


class SynapseWorkspace(Component):
    """A workspace without SQL passwords, in a managed network that lets data out to approved targets only.

    Example:
        SynapseWorkspace("lakehouse", SynapseWorkspaceArgs(
            resource_group_name=group.name, lake_account_id=lake.id, lake_url=lake.dfs_endpoint,
            file_system="synapse", private_endpoint=placement))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name."""
    endpoints: Output[Mapping[str, str]]
    """Hosts by Azure's names for them: `web`, `dev`, `sql` and `sqlOnDemand`."""
    principal_id: Output[str]
    """Object id of the system-assigned identity, which pipelines and Spark read and write with."""
    spark_pool_ids: Mapping[str, Output[str]]
    """ARM ids of the Spark pools by name, to attach to a machine learning workspace."""

    def __init__(self, name: str, args: SynapseWorkspaceArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        azure_name = check_name("synapse_workspace", args.workspace_name or name)
        workspace = self._workspace(name, azure_name, args)
        principal = principal_of(workspace.identity)
        writer = RoleGrant(role="Storage Blob Data Contributor", principal_id=principal)
        lake = grant_role(self, f"{name}-lake", args.lake_account_id, writer)
        usable = once_granted(self, workspace.name, [lake])  # sessions of a pool begin with the lake
        pools = {key: self._pool(f"{name}-{key}", key, usable, args, lake) for key in args.spark_pools}
        children: list[Resource | None] = [lake, *pools.values()]
        children += [
            connect(
                self,
                f"{name}-{entry.lower()}-link",
                workspace.id,
                entry,
                args.private_endpoint,
                args,
                f"pep-{azure_name}-{entry.lower()}"[:64],
            )
            for entry in args.private_services
        ]
        attach(self, name, workspace.id, args, arm_type="Microsoft.Synapse/workspaces", after=children)
        self.id = workspace.id
        self.name = workspace.name
        self.endpoints = workspace.connectivity_endpoints.apply(dict[str, str])
        self.principal_id = principal
        self.spark_pool_ids = {key: pool.id for key, pool in pools.items()}
        self.seal()

    def _workspace(self, name: str, azure_name: str, args: SynapseWorkspaceArgs) -> synapse.Workspace:
        closed = not args.unrestricted_outbound
        return synapse.Workspace(
            name,
            workspace_name=azure_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            identity=synapse.ManagedIdentityArgs(type=synapse.ResourceIdentityType.SYSTEM_ASSIGNED),
            azure_ad_only_authentication=True,
            public_network_access="Enabled" if args.public_network_access else "Disabled",
            managed_virtual_network="default",
            managed_virtual_network_settings=synapse.ManagedVirtualNetworkSettingsArgs(
                prevent_data_exfiltration=closed,
                linked_access_check_on_target_resource=closed,
                allowed_aad_tenant_ids_for_linking=[*args.allowed_tenant_ids],
            ),
            managed_resource_group_name=args.managed_resource_group_name,
            default_data_lake_storage=synapse.DataLakeStorageAccountDetailsArgs(
                resource_id=args.lake_account_id,
                account_url=args.lake_url,
                filesystem=args.file_system,
                create_managed_private_endpoint=closed,
            ),
            tags=args.tags,
            opts=self.child(
                ResourceOptions(
                    replace_on_changes=["managedVirtualNetworkSettings.preventDataExfiltration"],
                    delete_before_replace=True,
                    # Azure names the group itself if nobody does
                    ignore_changes=[] if args.managed_resource_group_name else ["managedResourceGroupName"],
                )
            ),
        )

    def _pool(
        self, name: str, key: str, workspace_name: Output[str], args: SynapseWorkspaceArgs, after: Resource
    ) -> synapse.BigDataPool:
        pool = args.spark_pools[key]
        return synapse.BigDataPool(
            name,
            big_data_pool_name=key,
            workspace_name=workspace_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            spark_version=pool.spark_version,
            node_size=pool.node_size,
            node_size_family="MemoryOptimized",
            auto_scale=synapse.AutoScalePropertiesArgs(
                enabled=True, min_node_count=pool.min_nodes, max_node_count=pool.max_nodes
            ),
            auto_pause=synapse.AutoPausePropertiesArgs(enabled=True, delay_in_minutes=pool.idle_minutes),
            tags=args.tags,
            opts=self.child(ResourceOptions(depends_on=[after])),
        )
