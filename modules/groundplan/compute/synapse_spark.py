# SPDX-License-Identifier: Apache-2.0
"""A Spark pool of Azure Synapse as a compute of a workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from groundplan.component import Component
from groundplan.naming import check_name


@dataclass(frozen=True, kw_only=True)
class SynapseSparkComputeArgs:
    """Arguments of `SynapseSparkCompute`."""

    resource_group_name: Input[str]
    """Required. Resource group of the workspace."""
    workspace_name: Input[str]
    """Required. Azure name of the workspace."""
    spark_pool_id: Input[str]
    """Required. ARM id of the Synapse workspace's Spark pool; a change replaces the compute."""
    identity_id: Input[str] | None = None
    """Optional. ARM id of the user-assigned identity that jobs act as; it needs the role `Synapse Administrator` in the
    Synapse workspace. Default: a system-assigned identity, which needs the same."""
    location: Input[str] | None = None
    """Optional. Region of the compute's entry in the workspace. Default: the workspace's region."""
    compute_name: str | None = None
    """Optional. Azure name, 2 to 16 characters. Default: the component's name."""
    description: Input[str] | None = None
    """Optional. Text shown in the studio. Default: none."""
    tags: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. Azure tags. Default: none."""


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
        compute = ml.Compute(
            name,
            compute_name=check_name("attached_compute", args.compute_name or name),
            workspace_name=args.workspace_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            identity=ml.ManagedServiceIdentityArgs(type="UserAssigned", user_assigned_identities=[args.identity_id])
            if args.identity_id is not None
            else ml.ManagedServiceIdentityArgs(type="SystemAssigned"),
            properties=ml.SynapseSparkArgs(
                compute_type="SynapseSpark",
                description=args.description,
                disable_local_auth=True,
                resource_id=args.spark_pool_id,
                properties=ml.SynapseSparkPropertiesArgs(),
            ),
            tags=args.tags,
            # the name cannot be held by two computes; what the pool is made of, Azure reads from the pool
            opts=self.child(
                ResourceOptions(
                    replace_on_changes=["properties.resourceId"],
                    delete_before_replace=True,
                    ignore_changes=["properties.properties"],
                )
            ),
        )
        self.id = compute.id
        self.name = compute.name
        self.principal_id = compute.identity.apply(lambda identity: identity.principal_id if identity else "")
        self.seal()
