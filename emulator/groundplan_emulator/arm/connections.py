# SPDX-License-Identifier: Apache-2.0
"""Private endpoint connections of the types that have no file for them."""

from __future__ import annotations

from groundplan_emulator.arm.errors import resource_not_found
from groundplan_emulator.arm.resource import ArmType, Write

SUFFIX = "/privateendpointconnections"


class ConnectionType(ArmType):
    """`.../privateEndpointConnections`: begun by a private endpoint, approved, rejected or removed at the target.

    Differs from Azure:
    - any state may follow any other
    """

    def check(self, write: Write) -> None:
        """Nothing but an endpoint makes one."""
        if write.old is None:
            raise resource_not_found(self.name, write.id.name, write.id.resource_group)

    def fill(self, write: Write) -> None:
        """A decision names the new state; what the endpoint said stays."""
        write.keep("privateEndpoint", "groupIds", "groupId", "linkIdentifier", "provisioningState")
        state = write.properties.get("privateLinkServiceConnectionState") or {}
        before = write.old_properties.get("privateLinkServiceConnectionState") or {}
        write.properties["privateLinkServiceConnectionState"] = {**before, **state}
