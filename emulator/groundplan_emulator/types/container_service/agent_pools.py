# SPDX-License-Identifier: Apache-2.0
"""Agent pools of a Kubernetes cluster."""

from __future__ import annotations

from typing import ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.resource import ArmType, Seconds, Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.container_service import pools


class AgentPools(ArmType):
    """Microsoft.ContainerService/managedClusters/agentPools: the last pool of mode System stays.

    Differs from Azure:
    - no node runs; VM sizes are not looked up
    """

    type: ClassVar[str] = pools.POOLS
    immutable: ClassVar[tuple[str, ...]] = (
        "properties.vmSize",
        "properties.osType",
        "properties.osDiskSizeGB",
        "properties.osDiskType",
        "properties.vnetSubnetID",
        "properties.maxPods",
        "properties.type",
        "properties.scaleSetPriority",
    )
    deleted_status: ClassVar[int] = 204
    seconds: ClassVar[Seconds] = Seconds(create=30, update=15, delete=20)

    def check(self, write: Write) -> None:
        """Well-formed, and not the last system pool on its way out."""
        pools.check(write.ctx, "properties", write.id.name, write.properties)
        leaves = write.old_properties.get("mode") == "System" and write.properties.get("mode", "System") != "System"
        if leaves and write.old is not None and not _others(write.ctx, write.old):
            raise bad_request(
                "OperationNotAllowed",
                "There has to be at least one system agent pool in the cluster.",
                target="properties.mode",
            )

    def fill(self, write: Write) -> None:
        """Defaults of the service."""
        cluster = write.ctx.linked("cluster", write.id.parent_id)
        kept = {"mode": write.old_properties["mode"]} if "mode" in write.old_properties else {}
        write.body["properties"] = pools.complete(cluster, {**kept, **write.properties})

    def deleting(self, ctx: Context, resource: Resource) -> None:
        """A cluster without a system pool does not work."""
        if resource.properties.get("mode") == "System" and not _others(ctx, resource):
            raise bad_request("OperationNotAllowed", "There has to be at least one system agent pool in the cluster.")


def _others(ctx: Context, pool: Resource) -> list[str]:
    siblings = ctx.children(pool.id.rsplit("/", 2)[0], pools.POOLS)
    return [other.name for other in siblings if other.key != pool.key and other.properties.get("mode") == "System"]
