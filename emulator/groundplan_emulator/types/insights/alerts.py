# SPDX-License-Identifier: Apache-2.0
"""Metric alerts and scheduled query rules."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.resource import ArmType, NameRule, Write

NAME = NameRule(
    r"[^*#&+:<>?@%{}\\/|]{1,259}[^*#&+:<>?@%{}\\/|. ]",
    "2 to 260 characters without *#&+:<>?@%{}\\/|, not ending in a space or period",
)
MINUTES = {f"PT{minutes}M": minutes for minutes in (1, 5, 10, 15, 30, 45)}
MINUTES.update({f"PT{hours}H": hours * 60 for hours in (1, 2, 3, 4, 5, 6, 12, 24)}, P1D=1440, P2D=2880)
METRIC_FREQUENCIES = ("PT1M", "PT5M", "PT15M", "PT30M", "PT1H")
METRIC_WINDOWS = ("PT1M", "PT5M", "PT15M", "PT30M", "PT1H", "PT6H", "PT12H", "P1D", "PT24H")
SEVERITIES = range(5)


def check_common(properties: dict[str, Any], *, frequencies: tuple[str, ...], windows: tuple[str, ...]) -> None:
    """Severity, and a window that is not shorter than the evaluation frequency."""
    severity = properties.get("severity")
    if severity is not None and severity not in SEVERITIES:
        raise bad_request("BadRequest", f"The severity is {severity}; allowed: 0 to 4.", target="properties.severity")
    found: dict[str, int] = {}
    for name, allowed in (("evaluationFrequency", frequencies), ("windowSize", windows)):
        given = properties.get(name)
        if given is None:
            continue
        if given not in allowed:
            raise bad_request(
                "BadRequest", f"{name} is '{given}'; allowed: {', '.join(allowed)}.", target=f"properties.{name}"
            )
        found[name] = MINUTES[given]
    if len(found) == 2 and found["windowSize"] < found["evaluationFrequency"]:
        raise bad_request(
            "BadRequest", "windowSize must not be shorter than evaluationFrequency.", target="properties.windowSize"
        )


class MetricAlerts(ArmType):
    """Microsoft.Insights/metricAlerts.

    Differs from Azure:
    - nothing is evaluated; whether the scope has the metric is not checked
    """

    type: ClassVar[str] = "Microsoft.Insights/metricAlerts"
    created_status: ClassVar[int] = 200
    name_rule: ClassVar[NameRule | None] = NAME
    references: ClassVar[tuple[str, ...]] = ("properties.scopes[*]", "properties.actions[*].actionGroupId")
    location_required: ClassVar[bool] = False

    def check(self, write: Write) -> None:
        """Scopes, times and severity."""
        if not write.properties.get("scopes"):
            raise bad_request("BadRequest", "A metric alert has at least one scope.", target="properties.scopes")
        check_common(write.properties, frequencies=METRIC_FREQUENCIES, windows=METRIC_WINDOWS)

    def fill(self, write: Write) -> None:
        """Metric alerts are global; they resolve by themselves."""
        write.body.setdefault("location", "global")
        write.properties.setdefault("autoMitigate", True)
        write.properties.setdefault("actions", [])


class ScheduledQueryRules(ArmType):
    """Microsoft.Insights/scheduledQueryRules.

    Differs from Azure:
    - queries are neither parsed nor run
    """

    type: ClassVar[str] = "Microsoft.Insights/scheduledQueryRules"
    name_rule: ClassVar[NameRule | None] = NAME
    references: ClassVar[tuple[str, ...]] = ("properties.scopes[*]", "properties.actions.actionGroups[*]")

    def check(self, write: Write) -> None:
        """A log alert has scopes and criteria, a frequency and a window."""
        properties = write.properties
        if write.body.get("kind", "LogAlert") == "LogAlert":
            for name in ("scopes", "criteria", "evaluationFrequency", "windowSize"):
                if not properties.get(name):
                    raise bad_request("BadRequest", f"A log alert needs {name}.", target=f"properties.{name}")
        check_common(properties, frequencies=tuple(MINUTES), windows=tuple(MINUTES))

    def fill(self, write: Write) -> None:
        """Rules are on unless said."""
        write.body.setdefault("kind", "LogAlert")
        write.properties.setdefault("enabled", True)
        write.properties.setdefault("autoMitigate", False)
