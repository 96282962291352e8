# SPDX-License-Identifier: Apache-2.0
"""Data factories."""

from __future__ import annotations

import re
from typing import ClassVar

from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.resource import Write
from groundplan_emulator.types.network.private_link_resources import PrivateLinkTarget

NAME = r"(?=.{3,63}$)[A-Za-z0-9]+(-[A-Za-z0-9]+)*"


class Factories(PrivateLinkTarget):
    """Microsoft.DataFactory/factories.

    Differs from Azure:
    - pipelines and triggers are kept, never run; managed private endpoints are never approved
    - the managed virtual network `default` is there whether someone made it or not
    """

    type: ClassVar[str] = "Microsoft.DataFactory/factories"

    def check(self, write: Write) -> None:
        """The name."""
        if re.fullmatch(NAME, write.id.name) is None:
            raise bad_request(
                "InvalidResourceName",
                f"Invalid resource name '{write.id.name}': 3 to 63 letters, digits and single hyphens.",
                target="name",
            )

    def fill(self, write: Write) -> None:
        """Version and time."""
        write.properties["version"] = "2018-06-01"
        write.properties["createTime"] = write.old_properties.get("createTime", write.ctx.clock.stamp())
