# SPDX-License-Identifier: Apache-2.0
"""Replications of a registry."""

from __future__ import annotations

from typing import ClassVar

from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm.errors import bad_request, conflict
from groundplan_emulator.arm.resource import ArmType, NameRule, Write


class Replications(ArmType):
    """Microsoft.ContainerRegistry/registries/replications: one per region, of Premium registries only.

    Differs from Azure:
    - the replication of the registry's own region is not made by itself
    """

    type: ClassVar[str] = "Microsoft.ContainerRegistry/registries/replications"
    name_rule: ClassVar[NameRule | None] = NameRule(r"[A-Za-z0-9]{5,50}", "5 to 50 letters and digits")

    def check(self, write: Write) -> None:
        """Premium, and a region of its own."""
        registry = write.ctx.linked("registry", ResourceId.parse(write.id.id).parent_id)
        if registry.body["sku"]["name"] != "Premium":
            raise bad_request("SkuNotSupported", f"The SKU {registry.body['sku']['name']} is not supported.")
        taken = [
            other.body["location"] for other in write.ctx.children(registry.id, self.type) if other.key != write.id.key
        ]
        if write.body["location"] in [registry.body["location"], *taken]:
            raise conflict(
                "ReplicationAlreadyExists",
                f"The registry already has a replication in '{write.body['location']}'.",
                target="location",
            )

    def fill(self, write: Write) -> None:
        """Defaults of a new replication."""
        write.properties.setdefault("regionEndpointEnabled", True)
        write.properties.setdefault("zoneRedundancy", "Disabled")
        write.properties["status"] = {"displayStatus": "Ready", "timestamp": write.ctx.clock.stamp()}
