# SPDX-License-Identifier: Apache-2.0
"""Stage 2: the clusters that jobs of a workspace run on."""

import pulumi
from settings import ClusterSettings, ComputeSettings

import groundplan as gp
from groundplan.contracts import ComputeStage, Foundation, WorkspaceStage


async def main() -> pulumi.Inputs:
    """Declare the stage and return what later stages read."""
    settings = ComputeSettings.load()
    foundation = await Foundation.find(settings.foundation_stack)
    workspace = await WorkspaceStage.find(settings.workspace_stack)

    def cluster(name: str, chosen: ClusterSettings) -> gp.ComputeCluster:
        return gp.ComputeCluster(
            name,
            gp.ComputeClusterArgs(
                resource_group_name=workspace.resource_group_name,
                location=workspace.location,
                workspace_name=workspace.workspace_name,
                vm_size=chosen.vm_size,
                min_nodes=chosen.min_nodes,
                max_nodes=chosen.max_nodes,
                idle_minutes=chosen.idle_minutes,
                low_priority=chosen.low_priority,
                subnet_id=None if settings.managed_network else foundation.subnet(chosen.subnet),
                workspace_managed_network=settings.managed_network,
                identity_ids=(workspace.training_identity_id,),
                tags=settings.tags,
            ),
        )

    clusters = {name: cluster(name, chosen) for name, chosen in settings.clusters.items()}
    return ComputeStage(
        workspace_name=workspace.workspace_name, cluster_ids={name: each.id for name, each in clusters.items()}
    ).outputs()


pulumi.run(main)
