# SPDX-License-Identifier: Apache-2.0
"""Synapse workspaces."""

from __future__ import annotations

import uuid
from typing import ClassVar

from groundplan_emulator.arm.resource import Seconds, Write
from groundplan_emulator.types.network.private_link_resources import PrivateLinkTarget


class Workspaces(PrivateLinkTarget):
    """Microsoft.Synapse/workspaces: hosts of its services, and the name of a managed resource group.

    Differs from Azure:
    - the managed resource group is named, not made; the hosts are Azure's public names and answer nothing here
    - the data lake account is not looked for
    """

    type: ClassVar[str] = "Microsoft.Synapse/workspaces"
    seconds: ClassVar[Seconds] = Seconds(create=60)

    def fill(self, write: Write) -> None:
        """Hosts, id and managed group."""
        name = write.id.name.lower()
        write.properties["connectivityEndpoints"] = {
            "web": f"https://web.azuresynapse.net?workspace={write.id.id}",
            "dev": f"https://{name}.dev.azuresynapse.net",
            "sqlOnDemand": f"{name}-ondemand.sql.azuresynapse.net",
            "sql": f"{name}.sql.azuresynapse.net",
        }
        write.properties["workspaceUID"] = write.old_properties.get("workspaceUID", str(uuid.uuid4()))
        given = write.properties.get("managedResourceGroupName")
        before = write.old_properties.get("managedResourceGroupName")
        write.properties["managedResourceGroupName"] = given or before or f"synapseworkspace-managedrg-{uuid.uuid4()}"
