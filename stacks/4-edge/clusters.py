# SPDX-License-Identifier: Apache-2.0
"""Clusters outside of Azure, known to it and, if asked for, computes of the workspace."""

from pulumi import Output
from pulumi_azure_native import resources
from settings import ArcClusterSettings, AttachSettings

import groundplan as gp
from groundplan.contracts import WorkspaceStage


def declare_cluster(
    key: str,
    settings: ArcClusterSettings,
    group: resources.ResourceGroup,
    name: str,
    workspace: WorkspaceStage,
    tags: dict[str, str],
) -> gp.ArcCluster:
    """The cluster's entry in Azure; its agents are installed on the cluster itself."""
    cluster = gp.ArcCluster(
        key,
        gp.ArcClusterArgs(
            resource_group_name=group.name,
            location=workspace.location,
            cluster_name=name,
            agent_public_key=settings.agent_public_key,
            distribution=settings.distribution,
            public_network_access=settings.public_access,
            private_link_scope_id=settings.private_link_scope_id,
            tags=tags,
        ),
    )
    if settings.attach is not None:
        _attach(key, settings.attach, cluster, group, workspace, tags)
    return cluster


def _attach(
    key: str,
    settings: AttachSettings,
    cluster: gp.ArcCluster,
    group: resources.ResourceGroup,
    workspace: WorkspaceStage,
    tags: dict[str, str],
) -> None:
    """Azure Machine Learning's extension on the cluster, and the workspace's compute on it."""
    extension = gp.MachineLearningExtension(
        f"{key}-extension",
        gp.MachineLearningExtensionArgs(
            resource_group_name=group.name,
            cluster_id=cluster.id,
            cluster_name=cluster.name,
            cluster_type="Arc",
            relay_id=settings.relay_id,
            relay_connection_string=Output.secret(settings.relay_connection_string),
        ),
    )
    gp.KubernetesCompute(
        f"{key}-compute",
        gp.KubernetesComputeArgs(
            resource_group_name=workspace.resource_group_name,
            workspace_name=workspace.workspace_name,
            cluster_id=extension.cluster_id,
            compute_name=key,
            instance_types={name: each.instance_type() for name, each in settings.instance_types.items()},
            default_instance_type=settings.default_instance_type,
            namespace=settings.namespace,
            identity_id=workspace.training_identity_id,
            tags=tags,
        ),
    )
