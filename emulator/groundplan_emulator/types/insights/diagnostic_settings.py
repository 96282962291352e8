# SPDX-License-Identifier: Apache-2.0
"""Diagnostic settings of any resource."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm.errors import bad_request, conflict
from groundplan_emulator.arm.resource import ArmType, Write

SINKS = ("workspaceId", "storageAccountId", "eventHubAuthorizationRuleId", "serviceBusRuleId", "marketplacePartnerId")
LIMIT = 5


class DiagnosticSettings(ArmType):
    """Microsoft.Insights/diagnosticSettings: at least one category and one sink; a sink takes a category of a resource once.

    Differs from Azure:
    - only logs of online endpoints are sent, and only to Log Analytics workspaces; metrics are not
    - whether the resource has a category of that name is not checked
    - a sink that is an event hub or partner need not exist
    """

    type: ClassVar[str] = "Microsoft.Insights/diagnosticSettings"
    created_status: ClassVar[int] = 200
    references: ClassVar[tuple[str, ...]] = ("properties.workspaceId", "properties.storageAccountId")

    def check(self, write: Write) -> None:
        """Categories, sinks, and the resource's other settings."""
        if not _sinks(write.properties):
            raise bad_request("BadRequest", "At least one data sink needs to be specified.", target="properties")
        for kind in ("logs", "metrics"):
            for index, said in enumerate(write.properties.get(kind) or []):
                if bool(said.get("category")) == bool(said.get("categoryGroup")):
                    raise bad_request(
                        "BadRequest",
                        "A log or metric names either a category or a categoryGroup.",
                        target=f"properties.{kind}[{index}]",
                    )
        if not _categories(write.properties):
            raise bad_request(
                "BadRequest", "At least one log or metric category must be enabled.", target="properties.logs"
            )
        others = [
            other
            for other in write.ctx.children(ResourceId.parse(write.id.id).parent_id, self.type)
            if other.key != write.id.key
        ]
        if write.old is None and len(others) >= LIMIT:
            raise conflict("Conflict", f"The limit of {LIMIT} diagnostic settings was reached for this resource.")
        for other in others:
            sinks = _sinks(write.properties) & _sinks(other.properties)
            categories = _categories(write.properties) & _categories(other.properties)
            if sinks and categories:
                raise conflict(
                    "Conflict",
                    f"Data sink '{min(sinks)}' is already used in diagnostic setting '{other.name}' for category '{min(categories)}'."
                    " Data sinks can't be reused in different settings on the same category for the same resource.",
                )

    def fill(self, write: Write) -> None:
        """Both lists, each entry with a retention policy."""
        for kind in ("logs", "metrics"):
            write.properties[kind] = [
                {"retentionPolicy": {"enabled": False, "days": 0}, **said} for said in write.properties.get(kind) or []
            ]


def _sinks(properties: dict[str, Any]) -> set[str]:
    return {str(properties[name]).lower() for name in SINKS if properties.get(name)}


def _categories(properties: dict[str, Any]) -> set[str]:
    said = [*(properties.get("logs") or []), *(properties.get("metrics") or [])]
    return {str(item.get("category") or item.get("categoryGroup")).lower() for item in said if item.get("enabled")}
