# SPDX-License-Identifier: Apache-2.0
"""Sites: web and function apps."""

from __future__ import annotations

from typing import ClassVar

from groundplan_emulator.arm.resource import Seconds, Write
from groundplan_emulator.types.network.delegation import require_delegation
from groundplan_emulator.types.network.private_link_resources import PrivateLinkTarget


class Sites(PrivateLinkTarget):
    """Microsoft.Web/sites: host names, a plan, a delegated subnet.

    Differs from Azure:
    - the host names are Azure's public ones and answer nothing here; no code runs
    - GET answers `siteConfig` as it was written; Azure shows settings by `config/appsettings/list` only
    """

    type: ClassVar[str] = "Microsoft.Web/sites"
    seconds: ClassVar[Seconds] = Seconds(create=15)
    global_name: ClassVar[tuple[int, str] | None] = (409, "Conflict")
    references: ClassVar[tuple[str, ...]] = ("properties.serverFarmId",)

    def check(self, write: Write) -> None:
        """A subnet is there, and handed to plans."""
        if subnet := write.properties.get("virtualNetworkSubnetId"):
            require_delegation(write, subnet, "Microsoft.Web/serverFarms")

    def fill(self, write: Write) -> None:
        """Host names and state."""
        host = f"{write.id.name.lower()}.azurewebsites.net"
        scm = f"{write.id.name.lower()}.scm.azurewebsites.net"
        write.properties.update(
            {
                "defaultHostName": host,
                "hostNames": [host],
                "enabledHostNames": [host, scm],
                "repositorySiteName": write.id.name,
                "state": "Running",
                "usageState": "Normal",
                "availabilityState": "Normal",
            }
        )
