# SPDX-License-Identifier: Apache-2.0
"""Container groups."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from groundplan_emulator.arm.resource import ArmType, Seconds, Write
from groundplan_emulator.types.network import addresses, service
from groundplan_emulator.types.network.delegation import require_delegation

SUBNETS = "properties.subnetIds[*].id"


class ContainerGroups(ArmType):
    """Microsoft.ContainerInstance/containerGroups: an address for the ports, secrets that are not shown again.

    Differs from Azure:
    - nothing runs: images are not pulled, containers have no state, logs or events
    - a public address is one of the range for documentation
    - what Azure cannot change in an existing group is changed
    """

    type: ClassVar[str] = "Microsoft.ContainerInstance/containerGroups"
    seconds: ClassVar[Seconds] = Seconds(create=30)
    write_only: ClassVar[tuple[str, ...]] = ("properties.diagnostics.logAnalytics.workspaceKey",)

    def check(self, write: Write) -> None:
        """A subnet is there, and handed to the service."""
        for each in write.properties.get("subnetIds") or []:
            require_delegation(write, each.get("id"), self.type)

    def fill(self, write: Write) -> None:
        """Address and host name; secure values and passwords go."""
        properties = write.properties
        if address := properties.get("ipAddress"):
            old = (write.old_properties.get("ipAddress") or {}).get("ip")
            address["ip"] = old or self._address(write)
            if label := address.get("dnsNameLabel"):
                address["fqdn"] = f"{label}.{write.body.get('location', '')}.azurecontainer.io"
        containers: list[dict[str, Any]] = [
            each.get("properties") or {}
            for kind in ("containers", "initContainers")
            for each in properties.get(kind) or []
        ]
        for container in containers:
            for variable in container.get("environmentVariables") or []:
                variable.pop("secureValue", None)
        for credential in properties.get("imageRegistryCredentials") or []:
            credential.pop("password", None)

    def _address(self, write: Write) -> str:
        for each in write.properties.get("subnetIds") or []:
            subnet = service.refer(write, each.get("id"))
            others = service.pointing(write.ctx, self.type, SUBNETS, subnet.id)
            used = {str((other.properties.get("ipAddress") or {}).get("ip")) for other in others}
            return addresses.allocate(subnet, used | addresses.taken(write.ctx, subnet.id))
        return f"203.0.113.{hashlib.sha256(write.id.id.lower().encode()).digest()[0] % 254 + 1}"
