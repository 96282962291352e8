# SPDX-License-Identifier: Apache-2.0
"""Metric alerts."""

from __future__ import annotations

from typing import ClassVar

from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.resource import ArmType, NameRule, Write
from groundplan_emulator.types.insights import alerts


class MetricAlerts(ArmType):
    """Microsoft.Insights/metricAlerts.

    Differs from Azure:
    - nothing is evaluated; whether the scope has the metric is not checked
    """

    type: ClassVar[str] = "Microsoft.Insights/metricAlerts"
    created_status: ClassVar[int] = 200
    name_rule: ClassVar[NameRule | None] = alerts.NAME
    references: ClassVar[tuple[str, ...]] = ("properties.scopes[*]", "properties.actions[*].actionGroupId")
    location_required: ClassVar[bool] = False

    def check(self, write: Write) -> None:
        """Scopes, times and severity."""
        if not write.properties.get("scopes"):
            raise bad_request("BadRequest", "A metric alert has at least one scope.", target="properties.scopes")
        alerts.check_common(write.properties, frequencies=alerts.METRIC_FREQUENCIES, windows=alerts.METRIC_WINDOWS)

    def fill(self, write: Write) -> None:
        """Metric alerts are global; they resolve by themselves."""
        write.body.setdefault("location", "global")
        write.properties.setdefault("autoMitigate", True)
        write.properties.setdefault("actions", [])
