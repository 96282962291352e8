# SPDX-License-Identifier: Apache-2.0
"""Clusters of containers that a workspace trains and serves on."""

from computes import Context
from pulumi_azure_native import authorization
from settings import AksClusterSettings, AttachSettings, PoolSettings, RouterSettings

import groundplan as gp
from groundplan.roles import role_assignment_name, role_definition_id


def declare_aks(context: Context, key: str, chosen: AksClusterSettings) -> gp.AksCluster:
    """A private cluster that trusts the workspace and pulls from its registry."""
    workspace, foundation = context.workspace, context.foundation
    cluster = gp.AksCluster(
        f"{key}-aks",
        gp.AksClusterArgs(
            resource_group_name=workspace.resource_group_name,
            location=workspace.location,
            cluster_name=context.name("kubernetes_cluster", key),
            node_pools={name: _pool(each) for name, each in chosen.pools.items()},
            subnet_id=foundation.subnet(chosen.subnet),
            outbound_type=chosen.outbound,
            private_dns_zone_id=chosen.private_dns_zone_id,
            admin_group_ids=tuple(chosen.admin_groups),
            trusted_workspace_ids={"workspace": workspace.workspace_id} if chosen.attach else {},
            kubernetes_version=chosen.kubernetes_version,
            log_analytics_workspace_id=foundation.log_analytics_workspace_id if chosen.container_logs else None,
            metrics=gp.ClusterMetrics() if chosen.prometheus else None,
            diagnostics=gp.Diagnostics(log_analytics_workspace_id=foundation.log_analytics_workspace_id),
            tags=context.settings.tags,
        ),
    )
    registry = workspace.container_registry_id
    authorization.RoleAssignment(
        f"{key}-aks-images",
        scope=registry,
        principal_id=cluster.kubelet_principal_id,
        principal_type="ServicePrincipal",
        role_definition_id=role_definition_id(str(registry), "AcrPull"),
        role_assignment_name=cluster.kubelet_principal_id.apply(
            lambda principal: role_assignment_name(str(registry), principal, "AcrPull")
        ),
    )
    return cluster


def declare_attachment(
    context: Context, key: str, chosen: AttachSettings, cluster: gp.AksCluster
) -> gp.KubernetesCompute:
    """Azure Machine Learning's extension on the cluster, and the workspace's compute on it."""
    extension = gp.MachineLearningExtension(
        f"{key}-extension",
        gp.MachineLearningExtensionArgs(
            resource_group_name=context.workspace.resource_group_name,
            cluster_id=cluster.id,
            cluster_name=cluster.name,
            training=chosen.training,
            inference=_router(chosen.inference) if chosen.inference else None,
            gpu_device_plugin=any(each.gpus for each in chosen.instance_types.values()),
        ),
    )
    return gp.KubernetesCompute(
        f"{key}-compute",
        gp.KubernetesComputeArgs(
            resource_group_name=context.workspace.resource_group_name,
            workspace_name=context.workspace.workspace_name,
            cluster_id=extension.cluster_id,
            compute_name=key,
            instance_types={
                name: gp.InstanceType(cpu=each.cpu, memory=each.memory, gpus=each.gpus, node_selector=each.node_labels)
                for name, each in chosen.instance_types.items()
            },
            default_instance_type=chosen.default_instance_type,
            namespace=chosen.namespace,
            identity_id=context.workspace.training_identity_id,
            tags=context.settings.tags,
        ),
    )


def _pool(chosen: PoolSettings) -> gp.NodePool:
    return gp.NodePool(
        vm_size=chosen.vm_size,
        max_nodes=chosen.max_nodes,
        min_nodes=chosen.min_nodes,
        system=chosen.system,
        machine_learning_only=chosen.machine_learning_only,
        spot=chosen.spot,
        zones=tuple(chosen.zones),
        labels=chosen.labels,
    )


def _router(chosen: RouterSettings) -> gp.InferenceRouter:
    return gp.InferenceRouter(
        domain=chosen.domain, tls_secret=chosen.tls_secret, insecure_connections=chosen.insecure_connections
    )
