# SPDX-License-Identifier: Apache-2.0
"""What services demand of a subnet that they put their resources in."""

from __future__ import annotations

from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.resource import Write
from groundplan_emulator.types.network import service


def require_delegation(write: Write, subnet_id: object, to: str) -> None:
    """400 SubnetMissingRequiredDelegation unless the subnet is delegated to a service, e.g. `Microsoft.Web/serverFarms`."""
    subnet = service.refer(write, subnet_id)
    delegations = subnet.properties.get("delegations") or []
    services = {str((each.get("properties") or {}).get("serviceName", "")).lower() for each in delegations}
    if to.lower() not in services:
        raise bad_request(
            "SubnetMissingRequiredDelegation",
            f"Subnet {subnet.id} requires any of the following delegation(s) [{to}] to reference service association link.",
        )
