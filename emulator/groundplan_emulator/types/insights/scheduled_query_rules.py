# SPDX-License-Identifier: Apache-2.0
"""Scheduled query rules (log alerts)."""

from __future__ import annotations

from typing import ClassVar

from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.resource import ArmType, NameRule, Write
from groundplan_emulator.types.insights import alerts


class ScheduledQueryRules(ArmType):
    """Microsoft.Insights/scheduledQueryRules.

    Differs from Azure:
    - queries are neither parsed nor run
    """

    type: ClassVar[str] = "Microsoft.Insights/scheduledQueryRules"
    name_rule: ClassVar[NameRule | None] = alerts.NAME
    references: ClassVar[tuple[str, ...]] = ("properties.scopes[*]", "properties.actions.actionGroups[*]")

    def check(self, write: Write) -> None:
        """A log alert has scopes and criteria, a frequency and a window."""
        properties = write.properties
        if write.body.get("kind", "LogAlert") == "LogAlert":
            for name in ("scopes", "criteria", "evaluationFrequency", "windowSize"):
                if not properties.get(name):
                    raise bad_request("BadRequest", f"A log alert needs {name}.", target=f"properties.{name}")
        alerts.check_common(properties, frequencies=tuple(alerts.MINUTES), windows=tuple(alerts.MINUTES))

    def fill(self, write: Write) -> None:
        """Rules are on unless said."""
        write.body.setdefault("kind", "LogAlert")
        write.properties.setdefault("enabled", True)
        write.properties.setdefault("autoMitigate", False)
