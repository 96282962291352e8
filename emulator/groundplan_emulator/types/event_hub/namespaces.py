# SPDX-License-Identifier: Apache-2.0
"""Event Hubs namespaces."""

from __future__ import annotations

import re
from typing import ClassVar

from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.resource import Seconds, Write
from groundplan_emulator.types.network.private_link_resources import PrivateLinkTarget

NAME = r"(?=.{6,50}$)[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]"


class Namespaces(PrivateLinkTarget):
    """Microsoft.EventHub/namespaces: an endpoint of Service Bus.

    Differs from Azure:
    - the endpoint is Azure's public name and answers nothing here; keys are not listed
    """

    type: ClassVar[str] = "Microsoft.EventHub/namespaces"
    seconds: ClassVar[Seconds] = Seconds(create=15)

    def check(self, write: Write) -> None:
        """The name is a host's."""
        if re.fullmatch(NAME, write.id.name) is None:
            raise bad_request(
                "BadRequest",
                f"The specified service namespace '{write.id.name}' is invalid: 6 to 50 letters, digits and hyphens, "
                "first a letter, last a letter or digit.",
                target="name",
            )

    def fill(self, write: Write) -> None:
        """Endpoint, metric id and state."""
        subscription = write.id.id.split("/")[2]
        write.properties.update(
            {
                "serviceBusEndpoint": f"https://{write.id.name.lower()}.servicebus.windows.net:443/",
                "metricId": f"{subscription}:{write.id.name.lower()}",
                "status": "Active",
                "createdAt": write.old_properties.get("createdAt", write.ctx.clock.stamp()),
            }
        )
