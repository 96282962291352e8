# SPDX-License-Identifier: Apache-2.0
"""Domains of one's own on Front Door profiles."""

from __future__ import annotations

from typing import ClassVar

from groundplan_emulator.arm.resource import ArmType, Seconds, Write


class CustomDomains(ArmType):
    """Microsoft.Cdn/profiles/customDomains: a token to prove the domain with.

    Differs from Azure:
    - nobody looks for the token; a domain stays `Pending`
    """

    type: ClassVar[str] = "Microsoft.Cdn/profiles/customDomains"
    seconds: ClassVar[Seconds] = Seconds(create=10, update=10, delete=10)
    immutable: ClassVar[tuple[str, ...]] = ("properties.hostName",)

    def fill(self, write: Write) -> None:
        """Token and state."""
        write.properties["validationProperties"] = {
            "validationToken": "_" + write.ctx.guid("domain validation", write.id.key).replace("-", ""),
            "expirationDate": write.ctx.clock.stamp(),
        }
        write.properties["domainValidationState"] = "Pending"
        write.properties["deploymentStatus"] = "NotStarted"
