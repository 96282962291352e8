# SPDX-License-Identifier: Apache-2.0
"""The built-in endpoint of an IoT hub."""

from __future__ import annotations

from typing import ClassVar

from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.resource import ArmType
from groundplan_emulator.store import Resource
from groundplan_emulator.types.devices.iot_hubs import IotHubs


class EventHubEndpoints(ArmType):
    """Microsoft.Devices/IotHubs/eventHubEndpoints: `events`, there with its hub; consumer groups lie below it.

    Differs from Azure:
    - the consumer group `$Default` is not listed
    """

    type: ClassVar[str] = "Microsoft.Devices/IotHubs/eventHubEndpoints"
    api_versions: ClassVar[tuple[str, ...]] = ("2023-06-30",)
    implicit: ClassVar[bool] = True

    def default(self, ctx: Context, id_: ResourceId) -> Resource | None:
        """The endpoint of a hub that exists."""
        hub = ctx.get(id_.parent_id)
        if hub is None or hub.type.lower() != IotHubs.type.lower() or id_.name.lower() != "events":
            return None
        id_text = f"{hub.id}/eventHubEndpoints/events"
        return Resource(id_text, self.name, "events", {"id": id_text, "name": "events", "type": self.name}, "0")
