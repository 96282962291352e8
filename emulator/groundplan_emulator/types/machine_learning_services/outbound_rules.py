# SPDX-License-Identifier: Apache-2.0
"""Outbound rules of a workspace's managed network."""

from __future__ import annotations

from typing import ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import conflict
from groundplan_emulator.arm.resource import NameRule, Seconds, Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services import managed_network
from groundplan_emulator.types.machine_learning_services.service import MachineLearningType, workspace_of


class OutboundRules(MachineLearningType):
    """Microsoft.MachineLearningServices/workspaces/outboundRules: shown on the workspace too, under `managedNetwork`.

    Differs from Azure:
    - no Azure Firewall and no private endpoint is made for a rule; only its status says that it works
    - the destination of a PrivateEndpoint rule is not looked up: it may be in another subscription
    """

    type: ClassVar[str] = managed_network.RULES
    name_rule: ClassVar[NameRule | None] = NameRule(
        r"[a-zA-Z0-9_.-]{1,255}", "1 to 255 letters, digits, underscores, periods and hyphens"
    )
    required: ClassVar[tuple[str, ...]] = ("properties.type",)
    created_status: ClassVar[int] = 200
    seconds: ClassVar[Seconds] = Seconds(create=5, update=5, delete=5)

    def check(self, write: Write) -> None:
        """The isolation mode must allow the rule; the service's own rules are not the user's to change."""
        workspace = workspace_of(write.ctx, write.id.id)
        managed_network.check_rule(managed_network.mode_of(workspace.properties), write.id.name, write.properties)
        if write.old_properties.get("category") == "Required":
            raise conflict(
                "ValidationError", f"Outbound rule '{write.id.name}' is required by the service and cannot be changed."
            )

    def fill(self, write: Write) -> None:
        """A rule works as soon as the network exists."""
        workspace = workspace_of(write.ctx, write.id.id)
        write.properties["category"] = write.properties.get("category", "UserDefined")
        write.properties["status"] = "Active" if managed_network.active(workspace) else "Inactive"

    def deleting(self, ctx: Context, resource: Resource) -> None:
        """The service needs its own rules."""
        if resource.properties.get("category") == "Required":
            raise conflict(
                "ValidationError", f"Outbound rule '{resource.name}' is required by the service and cannot be deleted."
            )
