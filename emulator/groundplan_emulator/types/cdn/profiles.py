# SPDX-License-Identifier: Apache-2.0
"""Front Door profiles."""

from __future__ import annotations

from typing import ClassVar

from groundplan_emulator.arm.resource import ArmType, Seconds, Write


class Profiles(ArmType):
    """Microsoft.Cdn/profiles: each has the id that origins know its requests by.

    Differs from Azure:
    - nothing is forwarded
    """

    type: ClassVar[str] = "Microsoft.Cdn/profiles"
    seconds: ClassVar[Seconds] = Seconds(create=10, update=10, delete=10)

    def fill(self, write: Write) -> None:
        """The id, and what a write leaves out."""
        write.properties["frontDoorId"] = write.ctx.guid("front door", write.id.key)
        write.properties["resourceState"] = "Active"
        if write.properties.get("originResponseTimeoutSeconds") is None:
            write.properties["originResponseTimeoutSeconds"] = 60
