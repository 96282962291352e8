# SPDX-License-Identifier: Apache-2.0
"""Routes of Front Door endpoints."""

from __future__ import annotations

from typing import ClassVar

from groundplan_emulator.arm import paths
from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.resource import ArmType, Seconds, Write


class Routes(ArmType):
    """Microsoft.Cdn/profiles/afdEndpoints/routes: to an origin group that has an origin.

    Differs from Azure:
    - two routes of one endpoint may have the same domain and path
    """

    type: ClassVar[str] = "Microsoft.Cdn/profiles/afdEndpoints/routes"
    seconds: ClassVar[Seconds] = Seconds(create=5, update=5, delete=5)

    def check(self, write: Write) -> None:
        """The origin group is there, with an origin."""
        group = paths.read(write.body, "properties.originGroup.id")
        if not isinstance(group, str):
            return
        if write.ctx.get(group) is None:
            raise bad_request("BadRequest", f"The origin group {group} was not found.", target="properties.originGroup")
        if not [*write.ctx.children(group, "Microsoft.Cdn/profiles/originGroups/origins")]:
            raise bad_request(
                "BadRequest",
                "Please make sure that originGroup is created successfully and at least one enabled origin is created"
                " under the origin group.",
                target="properties.originGroup",
            )
