# SPDX-License-Identifier: Apache-2.0
"""Stage 4: clusters outside of Azure, on which a workspace trains and serves; devices, and what they run."""

import pulumi
from clusters import declare_cluster
from deployments import declare_deployment
from devices import Site, declare_hub, declare_provisioning
from pulumi_azure_native import resources
from settings import EdgeSettings

import groundplan as gp
from groundplan.contract import StackName
from groundplan.contracts import EdgeStage, Foundation, WorkspaceStage


async def main() -> pulumi.Inputs:
    """Declare the stage and return the clusters, the services for devices, and the manifests."""
    settings = EdgeSettings.load()
    foundation = await Foundation.find(settings.foundation_stack)
    workspace = await WorkspaceStage.find(settings.workspace_stack)
    instance = StackName.current().instance
    names = gp.Names(
        project=foundation.project,
        environment=foundation.environment,
        subscription_id=str(workspace.subscription_id),
    )

    def name(kind: str, role: str = "") -> str:
        return names(kind, "-".join(part for part in (role, instance) if part))

    group_name = name("resource_group", "edge")
    group = resources.ResourceGroup(
        "edge", resource_group_name=group_name, location=workspace.location, tags=settings.tags
    )
    clusters = {
        key: declare_cluster(key, each, group, name("arc_cluster", key), workspace, settings.tags)
        for key, each in settings.arc_clusters.items()
    }
    site = Site(group=group, location=workspace.location, foundation=foundation, tags=settings.tags)
    enrolment = settings.device_provisioning
    hub = settings.iot_hub and declare_hub(settings.iot_hub, site, name("iot_hub"), accepts_keys=enrolment is not None)
    service = hub and enrolment and declare_provisioning(enrolment, site, name("device_provisioning"), hub)
    deployments = (
        {key: declare_deployment(key, each, hub, workspace) for key, each in settings.deployments.items()}
        if hub
        else {}
    )
    return EdgeStage(
        iot_hub_id=hub and hub.id,
        iot_hub_name=hub and hub.name,
        device_provisioning_id=service and service.id,
        device_id_scope=service and service.id_scope,
        arc_cluster_ids={key: each.id for key, each in clusters.items()},
        edge_manifests={key: each.manifest for key, each in deployments.items()},
        edge_commands={key: each.command for key, each in deployments.items()},
    ).outputs()


pulumi.run(main)
