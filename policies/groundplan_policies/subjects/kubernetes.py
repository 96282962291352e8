# SPDX-License-Identifier: Apache-2.0
"""Kubernetes clusters and their node pools, as several rules look at them."""

from __future__ import annotations

from groundplan_policies.resource import Resource, View

CLUSTER = "Microsoft.ContainerService/managedClusters"
POOL = "Microsoft.ContainerService/managedClusters/agentPools"


def pools_of(owner: Resource) -> list[View]:
    """The pools that a cluster brings along, or the one pool that is a resource of its own. Raises `Undecided`."""
    return [owner.view("properties")] if owner.is_a(POOL) else owner.items("properties.agentPoolProfiles")


def mode_of(pool: View) -> str:
    """`system`, `user` or `gateway`. Azure takes a pool for a user pool that does not say. Raises `Undecided`."""
    return pool.text("mode").casefold() or "user"


def is_automatic(cluster: Resource) -> bool:
    """Whether Azure runs the cluster as AKS Automatic, where much of its safety is set for good and need not be said.

    Source: Microsoft's "What is Azure Kubernetes Service (AKS) Automatic?".
    """
    return cluster.equals("sku.name", "Automatic")
