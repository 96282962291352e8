# SPDX-License-Identifier: Apache-2.0
"""Purview accounts."""

from __future__ import annotations

from typing import ClassVar

from groundplan_emulator.arm.resource import Seconds, Write
from groundplan_emulator.types.network.private_link_resources import PrivateLinkTarget


class PurviewAccounts(PrivateLinkTarget):
    """Microsoft.Purview/accounts: the hosts of catalog, scans and guardian.

    Differs from Azure:
    - the hosts are Azure's public names and answer nothing here
    - the managed group is named, and nothing is created in it
    """

    type: ClassVar[str] = "Microsoft.Purview/accounts"
    seconds: ClassVar[Seconds] = Seconds(create=60)

    def fill(self, write: Write) -> None:
        """Hosts and state."""
        host = f"https://{write.id.name.lower()}.purview.azure.com"
        properties = write.properties
        properties |= {
            "accountStatus": {"accountProvisioningState": "Succeeded"},
            "endpoints": {"catalog": f"{host}/catalog", "scan": f"{host}/scan", "guardian": f"{host}/guardian"},
            "friendlyName": write.id.name,
        }
        properties.setdefault("managedResourceGroupName", f"managed-rg-{write.id.name.lower()}")
