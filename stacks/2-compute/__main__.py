# SPDX-License-Identifier: Apache-2.0
"""Stage 2: what a workspace trains and serves on, and the machines of its people."""

import pulumi
from aks import declare_aks, declare_attachment
from computes import Context, declare_cluster, declare_instance, declare_quotas, declare_spark
from pulumi_azure_native import authorization
from settings import ComputeSettings

import groundplan as gp
from groundplan.contract import StackName
from groundplan.contracts import ComputeStage, Foundation, WorkspaceStage


async def main() -> pulumi.Inputs:
    """Declare the stage and return what later stages read."""
    settings = ComputeSettings.load()
    foundation = await Foundation.find(settings.foundation_stack)
    workspace = await WorkspaceStage.find(settings.workspace_stack)
    client = authorization.get_client_config()
    context = Context(
        settings=settings,
        foundation=foundation,
        workspace=workspace,
        names=gp.Names(
            project=foundation.project, environment=foundation.environment, subscription_id=client.subscription_id
        ),
        instance=StackName.current().instance,
        tenant_id=client.tenant_id,
    )
    declare_quotas(context)
    clusters = {name: declare_cluster(context, name, each) for name, each in settings.clusters.items()}
    instances = {key: declare_instance(context, key, each) for key, each in settings.instances.items()}
    containers = {key: declare_aks(context, key, each) for key, each in settings.aks_clusters.items()}
    attached = {
        key: declare_attachment(context, key, each.attach, containers[key])
        for key, each in settings.aks_clusters.items()
        if each.attach
    }
    spark = {key: declare_spark(context, key, each) for key, each in settings.spark_pools.items()}
    return ComputeStage(
        workspace_name=workspace.workspace_name,
        cluster_ids={name: each.id for name, each in clusters.items()},
        instance_ids={key: each.id for key, each in instances.items()},
        kubernetes_ids={key: each.id for key, each in attached.items()},
        kubernetes_cluster_ids={key: each.id for key, each in containers.items()},
        spark_ids={key: each.id for key, each in spark.items()},
    ).outputs()


pulumi.run(main)
