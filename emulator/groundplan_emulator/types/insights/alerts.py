# SPDX-License-Identifier: Apache-2.0
"""What metric alerts and scheduled query rules share: names, severities, times."""

from __future__ import annotations

from typing import Any

from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.resource import NameRule

NAME = NameRule(
    # what the pages of all three kinds of alert rules leave out
    r"[^*#&:<>?%{}\\/]{0,259}[^*#&:<>?%{}\\/. ]",
    "1 to 260 characters without *#&:<>?%{}\\/, not ending in a space or period",
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
