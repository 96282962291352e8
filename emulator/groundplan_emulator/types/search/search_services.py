# SPDX-License-Identifier: Apache-2.0
"""Search services."""

from __future__ import annotations

from typing import ClassVar

from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.resource import Seconds, Write
from groundplan_emulator.types.network.private_link_resources import PrivateLinkTarget


class SearchServices(PrivateLinkTarget):
    """Microsoft.Search/searchServices: an endpoint; options for keys only while there are keys.

    Differs from Azure:
    - the endpoint is Azure's public name and answers nothing here
    - replicas and partitions are not checked against the SKU
    """

    type: ClassVar[str] = "Microsoft.Search/searchServices"
    seconds: ClassVar[Seconds] = Seconds(create=30)

    def check(self, write: Write) -> None:
        """`authOptions` is about keys."""
        if write.properties.get("disableLocalAuth") and write.properties.get("authOptions"):
            raise bad_request(
                "InvalidRequestParameter",
                "'authOptions' cannot be set while 'disableLocalAuth' is true.",
                target="properties.authOptions",
            )

    def fill(self, write: Write) -> None:
        """Endpoint and state."""
        properties = write.properties
        properties["endpoint"] = f"https://{write.id.name.lower()}.search.windows.net"
        for name, value in (("replicaCount", 1), ("partitionCount", 1), ("hostingMode", "default")):
            properties.setdefault(name, value)
        properties |= {"status": "running", "statusDetails": ""}
