# SPDX-License-Identifier: Apache-2.0
"""Hubs of a namespace."""

from __future__ import annotations

from typing import ClassVar

from groundplan_emulator.arm.resource import ArmType, Write


class EventHubs(ArmType):
    """Microsoft.EventHub/namespaces/eventhubs: numbered partitions.

    Differs from Azure:
    - events are not received, kept or captured
    """

    type: ClassVar[str] = "Microsoft.EventHub/namespaces/eventhubs"

    def fill(self, write: Write) -> None:
        """Partitions and state."""
        count = int(write.properties.get("partitionCount") or 4)
        write.properties.setdefault("partitionCount", count)
        write.properties["partitionIds"] = [str(number) for number in range(count)]
        write.properties.setdefault("status", "Active")
        write.properties["createdAt"] = write.old_properties.get("createdAt", write.ctx.clock.stamp())
