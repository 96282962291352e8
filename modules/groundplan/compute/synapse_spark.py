# SPDX-License-Identifier: Apache-2.0
"""A Spark pool of Azure Synapse as a compute of a workspace."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from groundplan.component import Component
from groundplan.compute.compute import ComputeArgs, declare_compute
from groundplan.identities import acts_as, principal_of


@dataclass(frozen=True, kw_only=True)
class SynapseSparkComputeArgs(ComputeArgs):
    """Arguments of `SynapseSparkCompute`."""

    spark_pool_id: Input[str]
    """Required. ARM id of the Synapse workspace's Spark pool; a change replaces the compute."""
    identity_id: Input[str] | None = None
    """Optional. ARM id of the user-assigned identity that jobs act as; it needs the role `Synapse Administrator` in the
    Synapse workspace. Default: a system-assigned identity, which needs the same."""


class SynapseSparkCompute(Component):
    """An attached Spark pool, which jobs enter as an identity.

    Example:
        SynapseSparkCompute("spark", SynapseSparkComputeArgs(
            resource_group_name=group.name, workspace_name=workspace.name, spark_pool_id=pool.id))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name: what jobs give as their compute."""
    principal_id: Output[str]
    """Object id of the system-assigned identity; empty with a user-assigned one."""

    def __init__(self, name: str, args: SynapseSparkComputeArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        compute = declare_compute(
            self,
            name,
            args,
            ml.SynapseSparkArgs(
                compute_type="SynapseSpark",
                description=args.description,
                disable_local_auth=True,
                resource_id=args.spark_pool_id,
                properties=ml.SynapseSparkPropertiesArgs(),
            ),
            identity=acts_as(() if args.identity_id is None else (args.identity_id,)),
            fixed=["resourceId"],
            ignored=["properties"],  # what the pool is made of, Azure reads from the pool
        )
        self.id = compute.id
        self.name = compute.name
        self.principal_id = principal_of(compute.identity)
        self.seal()
