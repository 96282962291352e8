# SPDX-License-Identifier: Apache-2.0
"""Pools of equal nodes of a Kubernetes cluster."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from pulumi import Input
from pulumi_azure_native import containerservice as aks

from groundplan.errors import ArgumentError

MACHINE_LEARNING_TAINT: Final = "ml.azure.com/amlarc-workload=true:NoSchedule"
"""Keeps everything off a node but workloads of Azure Machine Learning, whose pods tolerate it.
Source: Microsoft's "Reference for configuring Kubernetes cluster for Azure Machine Learning"."""

SPOT_TAINT: Final = "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"
"""What AKS puts on the nodes of a spot pool by itself."""

_TAINT: Final = re.compile(r"[^=:\s]+(=[^=:\s]*)?:(NoSchedule|PreferNoSchedule|NoExecute)")


@dataclass(frozen=True, kw_only=True)
class NodePool:
    """One pool of an `AksCluster`; the autoscaler keeps its size between `min_nodes` and `max_nodes`."""

    vm_size: Input[str]
    """Required. Size of each node, e.g. `Standard_D4ds_v5`; a change replaces the pool. Its family needs quota."""
    max_nodes: int
    """Required. Most nodes at one time, 1 to 1000; the cost limit of the pool."""
    min_nodes: int | None = None
    """Optional. Fewest nodes, 0 to `max_nodes`; a system pool needs 1. Default: 0, or as many as `max_nodes` up to 3
    in a system pool."""
    system: bool = False
    """Optional. The pool runs Kubernetes' own pods, and may run others. Default: no."""
    machine_learning_only: bool = False
    """Optional. Only workloads of Azure Machine Learning run here: for nodes with GPUs, which anything else would
    keep from scaling in. Default: no."""
    spot: bool = False
    """Optional. Cheaper nodes that Azure may take away at any time. Default: no."""
    zones: tuple[str, ...] = ()
    """Optional. Availability zones that nodes are spread over, e.g. `("1", "2", "3")`. Default: none."""
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    """Optional. Kubernetes labels of the nodes, which instance types select by. Default: none."""
    taints: tuple[str, ...] = ()
    """Optional. Kubernetes taints, `key=value:NoSchedule`. Pods of Azure Machine Learning tolerate those of
    `machine_learning_only` and no others. Default: none."""
    os_disk_gb: int = 128
    """Optional. Size of each node's disk, up to 2048 GB; 0 is what the machine's size
    comes with. Images of models take room. Default: 128."""
    max_pods: int = 110
    """Optional. Most pods on a node, 10 to 250. Default: 110."""

    def __post_init__(self) -> None:
        # Source: maxCount and minCount in the specification of Microsoft.ContainerService
        if not 1 <= self.max_nodes <= 1000:
            raise ArgumentError(f"node pool: max_nodes is {self.max_nodes}; allowed are 1 to 1000")
        if self.min_nodes is not None and not int(self.system) <= self.min_nodes <= self.max_nodes:
            raise ArgumentError(
                f"node pool: min_nodes is {self.min_nodes}; allowed are {int(self.system)} to max_nodes ({self.max_nodes})"
            )
        if self.system and (self.spot or self.machine_learning_only):
            raise ArgumentError(
                "node pool: a system pool cannot be spot or machine_learning_only, because Kubernetes' own pods run there; "
                "add a second pool"
            )
        for name, value, low, high in (
            # osDiskSizeGB of the same, where 0 stands for the size's own
            ("os_disk_gb", self.os_disk_gb, 0, 2048),
            # learn.microsoft.com/azure/aks/concepts-network-ip-address-planning
            ("max_pods", self.max_pods, 10, 250),
        ):
            if not low <= value <= high:
                raise ArgumentError(f"node pool: {name} is {value}; allowed are {low} to {high}")
        if wrong := [taint for taint in self.taints if _TAINT.fullmatch(taint) is None]:
            raise ArgumentError(f"node pool: taints has {wrong}; expected is key=value:NoSchedule")

    def to_azure(self, subnet_id: Input[str] | None, *, host_encryption: bool, ssh: bool) -> dict[str, Any]:
        """Inputs that a pool has whether it comes with its cluster or by itself."""
        least = self.min_nodes if self.min_nodes is not None else (min(3, self.max_nodes) if self.system else 0)
        taints = [
            *self.taints,
            *([MACHINE_LEARNING_TAINT] if self.machine_learning_only else []),
            *([SPOT_TAINT] if self.spot else []),
        ]
        mode: Literal["System", "User"] = "System" if self.system else "User"
        return {
            "availability_zones": [*self.zones] or None,
            "count": least,
            "enable_auto_scaling": True,
            "enable_encryption_at_host": host_encryption or None,
            "enable_node_public_ip": False,
            "max_count": self.max_nodes,
            "max_pods": self.max_pods,
            "min_count": least,
            "mode": mode,
            "node_labels": dict(self.labels) or None,
            "node_taints": taints or None,
            "os_disk_size_gb": self.os_disk_gb,
            "os_sku": "AzureLinux",
            "os_type": "Linux",
            "scale_set_eviction_policy": "Delete" if self.spot else None,
            "scale_set_priority": "Spot" if self.spot else None,
            "security_profile": None if ssh else aks.AgentPoolSecurityProfileArgs(ssh_access="Disabled"),
            "spot_max_price": -1.0 if self.spot else None,  # up to the price on demand
            "type": "VirtualMachineScaleSets",
            "vm_size": self.vm_size,
            "vnet_subnet_id": subnet_id,
        }
