# SPDX-License-Identifier: Apache-2.0
"""Device provisioning services."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.resource import NameRule, Seconds, Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.network.private_link_resources import PrivateLinkTarget


class ProvisioningServices(PrivateLinkTarget):
    """Microsoft.Devices/provisioningServices: an id scope and host names, names of the linked hubs.

    Differs from Azure:
    - no device can enrol; the host names end in `.azure-devices-provisioning.local`
    - connection strings of hubs are not tried out
    """

    type: ClassVar[str] = "Microsoft.Devices/provisioningServices"
    name_rule: ClassVar[NameRule | None] = NameRule(
        r"(?=.{3,64}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?",
        "3 to 64 letters, digits and hyphens, not ending in a hyphen",
    )
    global_name: ClassVar[tuple[int, str] | None] = (409, "NameUnavailable")
    seconds: ClassVar[Seconds] = Seconds(create=30, update=10, delete=10)

    def fill(self, write: Write) -> None:
        """What the service gives a new one."""
        number = int(write.ctx.guid("id scope", write.id.key).replace("-", "")[:12], 16) % 0xFFFFFFFF
        write.properties.setdefault("allocationPolicy", "Hashed")
        write.properties.update(
            state="Active",
            idScope=write.old_properties.get("idScope", f"0ne{number:08X}"),
            deviceProvisioningHostName="global.azure-devices-provisioning.local",
            serviceOperationsHostName=f"{write.id.name.lower()}.azure-devices-provisioning.local",
        )
        for hub in write.properties.get("iotHubs") or []:
            found = re.search(r"HostName=([^;]+)", str(hub.get("connectionString", "")), re.IGNORECASE)
            hub["name"] = found[1] if found else ""

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """The keys in connection strings are hidden."""
        body = super().view(ctx, resource)
        hubs = [
            {**hub, "connectionString": f"HostName={hub['name']};SharedAccessKeyName=iothubowner;SharedAccessKey=****"}
            for hub in body["properties"].get("iotHubs") or []
        ]
        return {**body, "properties": {**body["properties"], "iotHubs": hubs}}
