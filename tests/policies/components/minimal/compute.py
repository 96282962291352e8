# SPDX-License-Identifier: Apache-2.0
"""What a workspace trains on, Kubernetes included, with required arguments alone."""

import pulumi

import groundplan as gp
from tests.modules.surroundings import Surroundings


def compute_cluster(here: Surroundings) -> None:
    """In the platform's network."""
    args = gp.ComputeClusterArgs(
        resource_group_name=here.group.name,
        workspace_name=here.workspace.name,
        vm_size="Standard_DS3_v2",
        max_nodes=2,
        subnet_id=here.network.subnet_ids["training"],
    )
    gp.ComputeCluster("minimal", args)


def compute_instance(here: Surroundings) -> None:
    """For whoever deploys it."""
    args = gp.ComputeInstanceArgs(
        resource_group_name=here.group.name,
        workspace_name=here.workspace.name,
        vm_size="Standard_DS3_v2",
        subnet_id=here.network.subnet_ids["training"],
    )
    gp.ComputeInstance("minimal", args)


def synapse_spark_compute(here: Surroundings) -> None:
    """A pool that there is."""
    args = gp.SynapseSparkComputeArgs(
        resource_group_name=here.group.name, workspace_name=here.workspace.name, spark_pool_id=here.spark_pool.id
    )
    gp.SynapseSparkCompute("minimal", args)


def databricks_compute(here: Surroundings) -> None:
    """With a token out of the stack's secrets."""
    args = gp.DatabricksComputeArgs(
        resource_group_name=here.group.name,
        workspace_name=here.workspace.name,
        databricks_workspace_id=here.databricks.id,
        workspace_url=here.databricks.workspace_url,
        access_token=pulumi.Output.secret("dapi-of-the-stack"),
    )
    gp.DatabricksCompute("minimal", args)


def aks_cluster(here: Surroundings) -> None:
    """One pool."""
    args = gp.AksClusterArgs(
        resource_group_name=here.group.name,
        node_pools={"system": gp.NodePool(vm_size="Standard_D4ds_v5", max_nodes=3, system=True)},
        subnet_id=here.network.subnet_ids["training"],
    )
    gp.AksCluster("minimal", args)


def arc_cluster(here: Surroundings) -> None:
    """Behind the private link scope of a platform team."""
    args = gp.ArcClusterArgs(
        resource_group_name=here.group.name,
        agent_public_key="MIIBCgKCAQEA",
        private_link_scope_id=pulumi.Output.concat(
            here.group.id, "/providers/Microsoft.HybridCompute/privateLinkScopes/plants"
        ),
    )
    gp.ArcCluster("minimal", args)


def machine_learning_extension(here: Surroundings) -> None:
    """Training alone."""
    cluster = here.kubernetes_cluster
    args = gp.MachineLearningExtensionArgs(
        resource_group_name=here.group.name, cluster_id=cluster.id, cluster_name=cluster.name
    )
    gp.MachineLearningExtension("minimal", args)


def kubernetes_compute(here: Surroundings) -> None:
    """One size of pods."""
    args = gp.KubernetesComputeArgs(
        resource_group_name=here.group.name,
        workspace_name=here.workspace.name,
        cluster_id=here.extension.cluster_id,
        instance_types={"small": gp.InstanceType(cpu="1", memory="4Gi")},
    )
    gp.KubernetesCompute("minimal", args)
