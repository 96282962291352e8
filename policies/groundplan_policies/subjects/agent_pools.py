# SPDX-License-Identifier: Apache-2.0
"""Node pools of AKS clusters, which stand in the cluster's body or by themselves."""

from __future__ import annotations

from typing import Final

from groundplan_policies.resource import Resource, View

CLUSTER: Final = "Microsoft.ContainerService/managedClusters"
POOL: Final = "Microsoft.ContainerService/managedClusters/agentPools"


def pools_of(found: Resource) -> list[View]:
    """The pools in a cluster's body, or the one that a resource is. Raises `Undecided`."""
    return found.items("properties.agentPoolProfiles") if found.is_a(CLUSTER) else [found.view("properties")]
