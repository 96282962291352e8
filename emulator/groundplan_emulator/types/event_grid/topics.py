# SPDX-License-Identifier: Apache-2.0
"""Custom topics of Event Grid."""

from __future__ import annotations

from typing import ClassVar
from uuid import NAMESPACE_URL, uuid5

from groundplan_emulator.arm.resource import Seconds, Write
from groundplan_emulator.types.network.private_link_resources import PrivateLinkTarget


class Topics(PrivateLinkTarget):
    """Microsoft.EventGrid/topics: an endpoint in the topic's region.

    Differs from Azure:
    - the endpoint is Azure's public name and answers nothing here
    - the schema of events can be changed
    """

    type: ClassVar[str] = "Microsoft.EventGrid/topics"
    seconds: ClassVar[Seconds] = Seconds(create=10)

    def fill(self, write: Write) -> None:
        """Endpoint, and the id under which metrics are kept."""
        region = str(write.body.get("location", "")).replace(" ", "").lower()
        properties = write.properties
        properties |= {
            "endpoint": f"https://{write.id.name.lower()}.{region}-1.eventgrid.azure.net/api/events",
            "metricResourceId": str(uuid5(NAMESPACE_URL, str(write.id).lower())),
        }
        properties.setdefault("inputSchema", "EventGridSchema")
