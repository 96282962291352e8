# SPDX-License-Identifier: Apache-2.0
"""Clusters for jobs, machines for people and Spark pools, none with a public IP address."""

from dataclasses import dataclass

from settings import ClusterSettings, ComputeSettings, InstanceSettings, SparkPoolSettings

import groundplan as gp
from groundplan.contracts import Foundation, WorkspaceStage


@dataclass(frozen=True, kw_only=True)
class Context:
    """What every compute is given."""

    settings: ComputeSettings
    foundation: Foundation
    workspace: WorkspaceStage
    names: gp.Names
    instance: str
    tenant_id: str

    def name(self, kind: str, key: str) -> str:
        """Azure name of a `kind` of resource of this instance."""
        return self.names(kind, "-".join(part for part in (key, self.instance) if part))


def declare_cluster(context: Context, name: str, chosen: ClusterSettings) -> gp.ComputeCluster:
    """Nodes that start and stop with jobs."""
    managed = context.settings.managed_network
    return gp.ComputeCluster(
        name,
        gp.ComputeClusterArgs(
            resource_group_name=context.workspace.resource_group_name,
            location=context.workspace.location,
            workspace_name=context.workspace.workspace_name,
            vm_size=chosen.vm_size,
            min_nodes=chosen.min_nodes,
            max_nodes=chosen.max_nodes,
            idle_minutes=chosen.idle_minutes,
            low_priority=chosen.low_priority,
            subnet_id=None if managed else context.foundation.subnet(chosen.subnet),
            workspace_managed_network=managed,
            identity_ids=(context.workspace.training_identity_id,),
            tags=context.settings.tags,
        ),
    )


def declare_instance(context: Context, key: str, chosen: InstanceSettings) -> gp.ComputeInstance:
    """The machine of one person; its name is unique in the region, so it carries the platform's."""
    managed = context.settings.managed_network
    return gp.ComputeInstance(
        f"{key}-instance",
        gp.ComputeInstanceArgs(
            resource_group_name=context.workspace.resource_group_name,
            location=context.workspace.location,
            workspace_name=context.workspace.workspace_name,
            compute_name=context.name("compute", key),
            vm_size=chosen.vm_size,
            owner=gp.InstanceOwner(object_id=chosen.owner_id, tenant_id=context.tenant_id),
            idle_minutes=chosen.idle_minutes,
            schedules={
                name: gp.PowerSchedule(action=each.action, cron=each.cron, time_zone=each.time_zone)
                for name, each in chosen.schedules.items()
            },
            subnet_id=None if managed else context.foundation.subnet(chosen.subnet),
            workspace_managed_network=managed,
            identity_ids=(context.workspace.training_identity_id,),
            tags=context.settings.tags,
        ),
    )


def declare_quotas(context: Context) -> None:
    """What the workspace may take of the subscription's cores."""
    if limits := context.settings.quotas:
        args = gp.WorkspaceQuotasArgs(workspace_id=context.workspace.workspace_id, limits=limits)
        gp.WorkspaceQuotas("quotas", args)


def declare_spark(context: Context, key: str, chosen: SparkPoolSettings) -> gp.SynapseSparkCompute:
    """A Spark pool that jobs enter as the training identity."""
    return gp.SynapseSparkCompute(
        f"{key}-spark",
        gp.SynapseSparkComputeArgs(
            resource_group_name=context.workspace.resource_group_name,
            workspace_name=context.workspace.workspace_name,
            compute_name=key,
            spark_pool_id=chosen.pool_id,
            identity_id=context.workspace.training_identity_id,
            tags=context.settings.tags,
        ),
    )
