# SPDX-License-Identifier: Apache-2.0
"""Stage 4: clusters outside of Azure, on which a workspace trains and serves."""

import pulumi
from clusters import declare_cluster
from pulumi_azure_native import resources
from settings import EdgeSettings

import groundplan as gp
from groundplan.contracts import EdgeStage, Foundation, StackName, WorkspaceStage


async def main() -> pulumi.Inputs:
    """Declare the stage and return the clusters."""
    settings = EdgeSettings.load()
    foundation = await Foundation.find(settings.foundation_stack)
    workspace = await WorkspaceStage.find(settings.workspace_stack)
    instance = StackName.current().instance
    names = gp.Names(
        project=foundation.project,
        environment=foundation.environment,
        subscription_id=str(workspace.subscription_id),
    )

    def name(kind: str, role: str) -> str:
        return names(kind, "-".join(part for part in (role, instance) if part))

    group_name = name("resource_group", "edge")
    group = resources.ResourceGroup(
        "edge", resource_group_name=group_name, location=workspace.location, tags=settings.tags
    )
    clusters = {
        key: declare_cluster(key, each, group, name("arc_cluster", key), workspace, settings.tags)
        for key, each in settings.arc_clusters.items()
    }
    return EdgeStage(arc_cluster_ids={key: each.id for key, each in clusters.items()}).outputs()


pulumi.run(main)
