# SPDX-License-Identifier: Apache-2.0
"""A Kubernetes cluster outside of Azure that Azure Arc knows."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import kubernetes

from groundplan.attachments import attach
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.identities import principal_of
from groundplan.interfaces import ResourceArgs
from groundplan.naming import check_name


@dataclass(frozen=True, kw_only=True)
class ArcClusterArgs(ResourceArgs):
    """Arguments of `ArcCluster`."""

    agent_public_key: Input[str]
    """Required. Public key that the cluster's agents sign in with: base64 of its DER form, without PEM's header. A
    change replaces the entry."""
    distribution: Input[str] | None = None
    """Optional. Kind of Kubernetes, e.g. `k3s` or `openshift`. Default: what the agents report."""
    infrastructure: Input[str] | None = None
    """Optional. What it runs on, e.g. `vsphere` or `aws`. Default: what the agents report."""
    admin_group_ids: tuple[Input[str], ...] = ()
    """Optional. Object ids of Entra groups whose members administrate the cluster. Default: none."""
    azure_rbac: bool = True
    """Optional. Azure's roles decide who may do what in the cluster. Default: yes."""
    private_link_scope_id: Input[str] | None = None
    """Conditional. ARM id of an Azure Arc private link scope, over which the agents reach Azure. Required unless
    `public_network_access` is set."""
    public_network_access: bool = False
    """Optional. The agents reach Azure over the internet. Default: no."""
    agent_auto_upgrade: bool = True
    """Optional. Azure upgrades the agents. Default: yes."""
    cluster_name: str | None = None
    """Optional. Azure name. Default: the component's name."""

    def __post_init__(self) -> None:
        if (self.private_link_scope_id is None) != self.public_network_access:
            raise ArgumentError(
                "Arc cluster: private_link_scope_id is required when public_network_access is False and refused otherwise; "
                "pass one or set public_network_access=True"
            )


class ArcCluster(Component):
    """An Arc-connected cluster whose agents reach Azure privately and whose users are Microsoft Entra ID's.

    Example:
        ArcCluster("plant", ArcClusterArgs(
            resource_group_name=group.name, agent_public_key=public_key, private_link_scope_id=scope))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name."""
    principal_id: Output[str]
    """Object id of the cluster's identity."""

    def __init__(self, name: str, args: ArcClusterArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        cluster = kubernetes.ConnectedCluster(
            name,
            cluster_name=check_name("arc_cluster", args.cluster_name or name),
            resource_group_name=args.resource_group_name,
            location=args.location,
            identity=kubernetes.ConnectedClusterIdentityArgs(type=kubernetes.ResourceIdentityType.SYSTEM_ASSIGNED),
            agent_public_key_certificate=args.agent_public_key,
            distribution=args.distribution,
            infrastructure=args.infrastructure,
            aad_profile=kubernetes.AadProfileArgs(
                enable_azure_rbac=args.azure_rbac, admin_group_object_ids=[*args.admin_group_ids] or None
            ),
            arc_agent_profile=kubernetes.ArcAgentProfileArgs(
                agent_auto_upgrade="Enabled" if args.agent_auto_upgrade else "Disabled"
            ),
            private_link_state="Disabled" if args.public_network_access else "Enabled",
            private_link_scope_resource_id=args.private_link_scope_id,
            tags=args.tags,
            # the agents report these; a refresh would bring them back as changes to undo
            opts=self.child(
                ResourceOptions(
                    ignore_changes=[
                        *(["distribution"] if args.distribution is None else []),
                        *(["infrastructure"] if args.infrastructure is None else []),
                    ],
                    replace_on_changes=["agentPublicKeyCertificate"],
                    delete_before_replace=True,
                )
            ),
        )
        attach(self, name, cluster.id, args, arm_type="Microsoft.Kubernetes/connectedClusters")
        self.id = cluster.id
        self.name = cluster.name
        self.principal_id = principal_of(cluster.identity)
        self.seal()
