# SPDX-License-Identifier: Apache-2.0
"""Endpoints of Front Door profiles."""

from __future__ import annotations

from typing import ClassVar

from groundplan_emulator.arm.resource import ArmType, Seconds, Write


class Endpoints(ArmType):
    """Microsoft.Cdn/profiles/afdEndpoints: the name that Azure gives, `<endpoint>-<hash>.z01.azurefd.net`.

    Differs from Azure:
    - the hash is sixteen hexadecimal digits, and the zone always `z01`
    """

    type: ClassVar[str] = "Microsoft.Cdn/profiles/afdEndpoints"
    seconds: ClassVar[Seconds] = Seconds(create=10, update=10, delete=10)

    def fill(self, write: Write) -> None:
        """The host name."""
        digest = write.ctx.guid("front door endpoint", write.id.key).replace("-", "")[:16]
        write.properties["hostName"] = f"{write.id.name.lower()}-{digest}.z01.azurefd.net"
        write.properties["deploymentStatus"] = "NotStarted"
