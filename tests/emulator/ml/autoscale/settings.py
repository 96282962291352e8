# SPDX-License-Identifier: Apache-2.0
"""Autoscale settings as clients send them."""

from __future__ import annotations

from typing import Any


def rule(
    metric: str,
    source: str,
    *,
    above: float | None = None,
    below: float | None = None,
    value: int = 1,
    cooldown: str = "PT5M",
    window: str = "PT5M",
    **trigger: Any,
) -> dict[str, Any]:
    """One instance more, or one less, when the average of a metric passes a threshold."""
    return {
        "metricTrigger": {
            "metricName": metric,
            "metricResourceUri": source,
            "timeGrain": "PT1M",
            "statistic": "Average",
            "timeWindow": window,
            "timeAggregation": "Average",
            "operator": "GreaterThan" if above is not None else "LessThan",
            "threshold": above if above is not None else below,
            **trigger,
        },
        "scaleAction": {
            "direction": "Increase" if above is not None else "Decrease",
            "type": "ChangeCount",
            "value": str(value),
            "cooldown": cooldown,
        },
    }


def profile(
    *rules: dict[str, Any], low: int = 1, high: int = 5, default: int | None = None, **more: Any
) -> dict[str, Any]:
    """A profile; without `recurrence` or `fixedDate` the default one."""
    capacity = {"minimum": str(low), "maximum": str(high), "default": str(low if default is None else default)}
    return {"name": "default", "capacity": capacity, "rules": list(rules), **more}


def setting(target: str, *profiles: dict[str, Any], enabled: bool = True) -> dict[str, Any]:
    """The properties of a setting."""
    return {"targetResourceUri": target, "enabled": enabled, "profiles": list(profiles)}
