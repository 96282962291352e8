# SPDX-License-Identifier: Apache-2.0
"""An AKS cluster that is ready for inference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi.runtime import is_dry_run
from pulumi_azure_native import containerservice as aks

from groundplan.attachments import attach
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.interfaces import CustomerKey, ResourceArgs
from groundplan.kubernetes.aks_checks import check_network, check_pools, check_upgrades
from groundplan.kubernetes.aks_identity import ClusterIdentity, cluster_identity
from groundplan.kubernetes.aks_profiles import addons, api_server, network, security
from groundplan.kubernetes.cluster_metrics import ClusterMetrics, collect_logs, collect_metrics
from groundplan.kubernetes.maintenance import MaintenanceWindow, keep_hours
from groundplan.kubernetes.node_pool import NodePool
from groundplan.naming import check_name

OutboundType = Literal["userAssignedNATGateway", "userDefinedRouting", "managedNATGateway", "loadBalancer"]

WORKLOAD_ROLE: Final = "Microsoft.MachineLearningServices/workspaces/mlworkload"
"""Trusted Access role by which a workspace reaches a cluster without local accounts.
Source: "AzureML access to AKS clusters with special configurations" of Azure/AML-Kubernetes."""


@dataclass(frozen=True, kw_only=True)
class AksClusterArgs(ResourceArgs):
    """Arguments of `AksCluster`."""

    node_pools: Mapping[str, NodePool]
    """Required. Node pools by name: up to 12 lower case letters and digits, first a letter. The first with
    `system=True` comes with the cluster."""
    subnet_id: Input[str] | None = None
    """Conditional. ARM id of the subnet of all nodes; pods have addresses of their own. Required unless `outbound_type`
    is `managedNATGateway`, which needs a network that Azure makes."""
    outbound_type: OutboundType = "userAssignedNATGateway"
    """Optional. Way out to the internet: the subnet's NAT gateway, its route table (`userDefinedRouting`, to a
    firewall), or a NAT gateway or load balancer that Azure makes. A change replaces the cluster. Default: the subnet's
    NAT gateway."""
    public_api_server: bool = False
    """Optional. The Kubernetes API is on the internet. Default: no; it has a private endpoint in the subnet."""
    authorized_ip_ranges: tuple[str, ...] = ()
    """Conditional. CIDR blocks that may reach a public API server. Required if `public_api_server` is set, refused
    otherwise."""
    api_server_subnet_id: Input[str] | None = None
    """Optional. ARM id of a subnet that is delegated to `Microsoft.ContainerService/managedClusters` and takes the API
    server. Default: none."""
    private_dns_zone_id: Input[str] | None = None
    """Optional. ARM id of the zone `privatelink.<region>.azmk8s.io` for the private API server. Default: one that Azure
    makes."""
    admin_group_ids: tuple[Input[str], ...] = ()
    """Optional. Object ids of Entra groups whose members administrate the cluster. Default: none; roles on the cluster
    (`Azure Kubernetes Service RBAC Admin`, ...) decide."""
    local_accounts: bool = False
    """Optional. Certificates that open the cluster without Microsoft Entra ID. Default: no."""
    trusted_workspace_ids: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Conditional. ARM ids of workspaces that the cluster will be attached to, by a key that becomes the binding's
    name: up to 24 letters, digits and dashes. Required for attaching without `local_accounts`. Default: none."""
    identity_id: Input[str] | None = None
    """Optional. ARM id of the user-assigned identity that the cluster acts as; it needs `Network Contributor` on the
    subnets and `Private DNS Zone Contributor` on the zone beforehand. Default: an identity of its own, which gets
    them."""
    kubernetes_version: Input[str] | None = None
    """Optional. Version, e.g. `1.33`. Default: the one Azure takes by default, and from there `upgrade_channel`."""
    upgrade_channel: Literal["none", "patch", "stable", "rapid", "node-image"] = "patch"
    """Optional. How Azure upgrades Kubernetes. Default: patches of the same minor version."""
    node_image_channel: Literal["None", "Unmanaged", "SecurityPatch", "NodeImage"] = "NodeImage"
    """Optional. How Azure upgrades the nodes' operating system. Default: new images each week."""
    maintenance: MaintenanceWindow | None = None
    """Optional. Hours of the week in which Azure does what `upgrade_channel` and `node_image_channel` ask for. Default: any."""
    tier: Literal["Free", "Standard", "Premium"] = "Standard"
    """Optional. Tier of the control plane; `Free` has no uptime agreement. Default: `Standard`."""
    pod_cidr: str = "10.244.0.0/16"
    """Optional. Addresses of pods, which no network outside of the cluster sees. Default: `10.244.0.0/16`."""
    service_cidr: str = "172.16.0.0/16"
    """Optional. Addresses of services; neither the network nor a peer may use them. Default: `172.16.0.0/16`."""
    disk_encryption_set_id: Input[str] | None = None
    """Optional. ARM id of a disk encryption set with the customer's own key for disks. Default: Microsoft's key."""
    host_encryption: bool = False
    """Optional. Encrypt caches and temporary disks of the nodes, too. Needs the subscription's feature
    `EncryptionAtHost`. Default: no."""
    nodes_without_ssh: bool = False
    """Optional. Switch SSH off on all nodes; `kubectl debug node` works without. Needs the subscription's feature
    `DisableSSHPreview` for as long as Azure calls it a preview; nodes that run already change with their next image. Default:
    no; port 22 answers inside of the network."""
    customer_key: CustomerKey | None = None
    """Optional. Key that encrypts Kubernetes' secrets; its identifier names a version. The cluster then acts as the
    key's identity. Default: Microsoft's key."""
    log_analytics_workspace_id: Input[str] | None = None
    """Optional. ARM id of the Log Analytics workspace for the output of pods. Default: nowhere."""
    defender: bool = False
    """Conditional. Microsoft Defender for Containers watches the cluster, and costs. Refused without
    `log_analytics_workspace_id`. Default: no."""
    metrics: ClusterMetrics | None = None
    """Optional. Managed Prometheus. Default: none."""
    azure_policy: bool = True
    """Optional. Azure Policy can refuse pods. Default: yes."""
    cluster_name: str | None = None
    """Optional. Azure name. Default: the component's name."""

    def __post_init__(self) -> None:
        check_pools(self)
        check_network(self)
        check_upgrades(self)
        if self.defender and self.log_analytics_workspace_id is None:
            raise ArgumentError("AKS cluster: defender needs log_analytics_workspace_id; pass it or set defender=False")
        if self.customer_key is not None and self.identity_id is not None:
            raise ArgumentError(
                "AKS cluster: identity_id cannot be combined with customer_key, whose identity the cluster acts as; "
                "pass one of them"
            )
        for key in self.trusted_workspace_ids:
            check_name("trusted_access_binding", key)


class AksCluster(Component):
    """A private AKS cluster that only Microsoft Entra ID opens, with workload identity, autoscaled pools and Cilium.

    Example:
        AksCluster("inference", AksClusterArgs(
            resource_group_name=group.name, subnet_id=network.subnet_ids["aks"],
            node_pools={"system": NodePool(vm_size="Standard_D4ds_v5", max_nodes=5, system=True)}))
    """

    id: Output[str]
    """ARM id; known once the trusted workspaces are."""
    name: Output[str]
    """Azure name."""
    host: Output[str]
    """Name of the API server: the private one, unless it is public."""
    oidc_issuer_url: Output[str]
    """Issuer of the tokens of service accounts, for federated credentials."""
    principal_id: Output[str]
    """Object id of the cluster's own identity; empty if it was brought along."""
    kubelet_principal_id: Output[str]
    """Object id of the nodes' identity: what `AcrPull` is granted to."""
    node_resource_group: Output[str]
    """Resource group that Azure keeps nodes and load balancers in."""
    monitor_workspace_id: Output[str]
    """ARM id of the Azure Monitor workspace; empty without `metrics`."""

    def __init__(self, name: str, args: AksClusterArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        azure_name = check_name("kubernetes_cluster", args.cluster_name or name)
        identity = cluster_identity(
            self,
            name,
            azure_name,
            args,
            brought=args.customer_key.identity_id if args.customer_key else args.identity_id,
            subnet_ids={"nodes": args.subnet_id, "api": args.api_server_subnet_id},
            private_dns_zone_id=args.private_dns_zone_id,
        )
        cluster = _cluster(self, name, azure_name, args, identity)
        pools = [
            aks.AgentPool(
                f"{name}-{key}",
                agent_pool_name=key,
                resource_name_=cluster.name,
                resource_group_name=args.resource_group_name,
                **_inputs(pool, args),
                tags=args.tags,
                # what the autoscaler decides
                opts=self.child(ResourceOptions(ignore_changes=["count"])),
            )
            for key, pool in args.node_pools.items()
            if key != _first_system_pool(args)
        ]
        bindings = [
            aks.TrustedAccessRoleBinding(
                f"{name}-trusts-{key}",
                trusted_access_role_binding_name=key,
                resource_name_=cluster.name,
                resource_group_name=args.resource_group_name,
                source_resource_id=workspace_id,
                roles=[WORKLOAD_ROLE],
                opts=self.child(),
            )
            for key, workspace_id in args.trusted_workspace_ids.items()
        ]
        windows = keep_hours(self, name, cluster.name, args.resource_group_name, args.maintenance)
        if args.log_analytics_workspace_id is not None:
            collect_logs(self, name, azure_name, cluster.id, args.log_analytics_workspace_id, args)
        metrics_id = (
            collect_metrics(self, name, azure_name, cluster.id, args.metrics, args)
            if args.metrics
            else Output.from_input("")
        )
        attach(
            self,
            name,
            cluster.id,
            args,
            arm_type="Microsoft.ContainerService/managedClusters",
            after=[*pools, *bindings, *windows],
        )
        self._export(cluster, bindings, args)
        self.principal_id = identity.principal_id
        self.monitor_workspace_id = metrics_id
        self.seal()

    def _export(
        self, cluster: aks.ManagedCluster, bindings: Sequence[aks.TrustedAccessRoleBinding], args: AksClusterArgs
    ) -> None:
        # whoever attaches the cluster waits for the bindings; a preview stays with an id that is known
        waits = [] if is_dry_run() else [each.id for each in bindings]
        self.id = Output.all(cluster.id, *waits).apply(lambda ids: ids[0])
        self.name = cluster.name
        self.host = Output.from_input(cluster.fqdn if args.public_api_server else cluster.private_fqdn)
        self.oidc_issuer_url = cluster.oidc_issuer_profile.apply(lambda profile: profile.issuer_url if profile else "")
        self.kubelet_principal_id = cluster.identity_profile.apply(
            lambda profile: (profile or {})["kubeletidentity"].object_id or ""
        )
        self.node_resource_group = cluster.node_resource_group.apply(lambda group: group or "")


def _cluster(
    component: AksCluster, name: str, azure_name: str, args: AksClusterArgs, identity: ClusterIdentity
) -> aks.ManagedCluster:
    first = _first_system_pool(args)
    pool = _inputs(args.node_pools[first], args)
    depends_on: list[Resource] = [*identity.grants]
    return aks.ManagedCluster(
        name,
        resource_name_=azure_name,
        resource_group_name=args.resource_group_name,
        location=args.location,
        identity=aks.ManagedClusterIdentityArgs(
            type=aks.ResourceIdentityType.USER_ASSIGNED, user_assigned_identities=[identity.id]
        ),
        sku=aks.ManagedClusterSKUArgs(name="Base", tier=args.tier),
        # letters, digits and dashes only, unlike the cluster's name
        dns_prefix=azure_name.replace("_", "-")[:54].rstrip("-"),
        kubernetes_version=args.kubernetes_version,
        agent_pool_profiles=[aks.ManagedClusterAgentPoolProfileArgs(name=first, **pool, tags=args.tags)],
        network_profile=network(args.outbound_type, args.pod_cidr, args.service_cidr),
        api_server_access_profile=api_server(
            args.public_api_server, args.authorized_ip_ranges, args.api_server_subnet_id, args.private_dns_zone_id
        ),
        aad_profile=aks.ManagedClusterAADProfileArgs(
            managed=True, enable_azure_rbac=True, admin_group_object_ids=[*args.admin_group_ids] or None
        ),
        disable_local_accounts=not args.local_accounts,
        enable_rbac=True,
        oidc_issuer_profile=aks.ManagedClusterOIDCIssuerProfileArgs(enabled=True),
        security_profile=security(
            args.customer_key,
            vault_is_private=args.api_server_subnet_id is not None,
            defender_logs_to=args.log_analytics_workspace_id if args.defender else None,
        ),
        addon_profiles=addons(azure_policy=args.azure_policy, logs_to=args.log_analytics_workspace_id),
        azure_monitor_profile=aks.ManagedClusterAzureMonitorProfileArgs(
            metrics=aks.ManagedClusterAzureMonitorProfileMetricsArgs(enabled=args.metrics is not None)
        ),
        auto_upgrade_profile=aks.ManagedClusterAutoUpgradeProfileArgs(
            upgrade_channel=args.upgrade_channel, node_os_upgrade_channel=args.node_image_channel
        ),
        disk_encryption_set_id=args.disk_encryption_set_id,
        tags=args.tags,
        # Azure lists every pool of the cluster there, those that are resources of their own included
        opts=component.child(ResourceOptions(depends_on=depends_on, ignore_changes=["agentPoolProfiles"])),
    )


def _inputs(pool: NodePool, args: AksClusterArgs) -> dict[str, Any]:
    return pool.to_azure(args.subnet_id, host_encryption=args.host_encryption, ssh=not args.nodes_without_ssh)


def _first_system_pool(args: AksClusterArgs) -> str:
    return next(key for key, pool in args.node_pools.items() if pool.system)
