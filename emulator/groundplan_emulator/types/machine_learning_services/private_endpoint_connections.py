# SPDX-License-Identifier: Apache-2.0
"""Private endpoint connections of workspaces and registries."""

from __future__ import annotations

from typing import ClassVar

from groundplan_emulator.arm.resource import Write
from groundplan_emulator.types.machine_learning_services.service import WORKSPACES, MachineLearningType, user_error


class PrivateEndpointConnections(MachineLearningType):
    """Microsoft.MachineLearningServices/workspaces/privateEndpointConnections: made by a private endpoint, approved or rejected here.

    Differs from Azure:
    - nothing known
    """

    type: ClassVar[str] = f"{WORKSPACES}/privateEndpointConnections"
    location_required: ClassVar[bool] = False
    created_status: ClassVar[int] = 200

    def check(self, write: Write) -> None:
        """A connection begins at its private endpoint."""
        if write.old is None:
            raise user_error("A private endpoint connection is made by creating a private endpoint, not by itself.")

    def fill(self, write: Write) -> None:
        """What the private endpoint set stays."""
        write.keep("privateEndpoint", "groupIds", "provisioningState")
