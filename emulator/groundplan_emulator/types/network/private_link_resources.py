# SPDX-License-Identifier: Apache-2.0
"""`GET .../privateLinkResources`: the group ids that a private endpoint may ask a resource for."""

from __future__ import annotations

from typing import Any

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import ArmType, action
from groundplan_emulator.store import Resource
from groundplan_emulator.types.network import private_link_targets


class PrivateLinkTarget(ArmType):
    """A type that private endpoints connect to."""

    @action("privateLinkResources", "GET")
    def private_link_resources(self, _ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """Groups, their members and the private zones that their names belong to."""
        value: list[dict[str, Any]] = []
        for group in private_link_targets.groups(self.name).values():
            members = private_link_targets.members(resource, group)
            properties = {
                "groupId": group.id,
                "requiredMembers": [member.name for member in members],
                "requiredZoneNames": sorted({host.zone for member in members for host in member.hosts}),
            }
            value.append(
                {
                    "id": f"{resource.id}/privateLinkResources/{group.id}",
                    "name": group.id,
                    "type": f"{self.name}/privateLinkResources",
                    "properties": properties,
                }
            )
        return Response(200, {"value": value})
