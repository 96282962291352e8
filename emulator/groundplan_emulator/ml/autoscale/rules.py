# SPDX-License-Identifier: Apache-2.0
"""Rules of a profile: what they look at, when they fire, how many instances they want."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from groundplan_emulator.iso_durations import seconds
from groundplan_emulator.ml.metrics import query
from groundplan_emulator.ml.metrics.query import Aggregation
from groundplan_emulator.ml.metrics.samples import MINUTE
from groundplan_emulator.store import Store

STATISTICS: Final[Mapping[str, Aggregation]] = {
    "average": "average",
    "min": "minimum",
    "max": "maximum",
    "sum": "total",
    "count": "count",
}
AGGREGATIONS: Final[Mapping[str, Callable[[list[float]], float]]] = {
    "average": lambda values: sum(values) / len(values),
    "minimum": min,
    "maximum": max,
    "total": sum,
    "count": len,
    "last": lambda values: values[-1],
}
OPERATORS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "equals": operator.eq,
    "notequals": operator.ne,
    "greaterthan": operator.gt,
    "greaterthanorequal": operator.ge,
    "lessthan": operator.lt,
    "lessthanorequal": operator.le,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule; times in seconds. `trigger` and `action` as they were written."""

    trigger: Mapping[str, Any]
    action: Mapping[str, Any]
    resource: str
    grain: float
    window: float
    cooldown: float

    @property
    def grows(self) -> bool:
        """Whether it adds instances."""
        return str(self.action["direction"]).lower() == "increase"

    @property
    def shrinks(self) -> bool:
        """Whether it takes instances away."""
        return str(self.action["direction"]).lower() == "decrease"

    @property
    def divided(self) -> bool:
        """Whether the value is divided by the number of instances."""
        return bool(self.trigger.get("dividePerInstance"))

    def fires(self, value: float | None) -> bool:
        """Whether a value passes the threshold; a value that is not known does not."""
        compare = OPERATORS[str(self.trigger["operator"]).lower()]
        return value is not None and compare(value, float(self.trigger["threshold"]))

    def wanted(self, current: int) -> int:
        """How many instances the rule wants, before the profile's limits. A share of them is rounded up."""
        value = int(self.action["value"]) if self.action.get("value") is not None else 1
        sign = 1 if self.grows else -1
        match str(self.action["type"]).lower():
            case "exactcount":
                return max(value, current) if self.grows else min(value, current)
            case "percentchangecount":
                return current + sign * math.ceil(current * value / 100)
            case _:
                return current + sign * value


def read(rule: Mapping[str, Any], target: str) -> Rule:
    """A rule as the setting has it. `target`: whose metric it is where the rule does not say."""
    trigger, action = rule["metricTrigger"], rule["scaleAction"]
    return Rule(
        trigger,
        action,
        str(trigger.get("metricResourceUri") or target),
        seconds(trigger["timeGrain"]),
        seconds(trigger["timeWindow"]),
        seconds(action["cooldown"]),
    )


def observe(store: Store, rule: Rule, now: float, instances: int) -> float | None:
    """The value that a rule compares, None where it is not known.

    Only whole minutes count: half a minute's requests would pass for those of a minute.
    """
    resource = store.get(rule.resource)
    if resource is None:
        return None
    try:
        metric = query.metric_of(resource, str(rule.trigger["metricName"]))
    except query.UnknownMetricError:
        return None
    end = now // MINUTE * MINUTE
    dimensions: list[Mapping[str, Any]] = rule.trigger.get("dimensions") or []
    found = query.series(
        store,
        resource,
        metric,
        start=end - rule.window,
        end=end,
        grain=rule.grain,
        now=end,
        where=(lambda having: all(_matches(each, having) for each in dimensions)) if dimensions else None,
    )
    statistic = STATISTICS[str(rule.trigger["statistic"]).lower()]
    points = found[0].points if found else ()
    values = [value for point in points if (value := getattr(point, statistic)) is not None]
    if not values:
        return 0.0 if metric.kind == "rate" and not found else None  # no request has these dimensions
    value = AGGREGATIONS[str(rule.trigger["timeAggregation"]).lower()](values)
    return value / max(instances, 1) if rule.divided else value


def _matches(dimension: Mapping[str, Any], having: Mapping[str, str]) -> bool:
    value = having.get(str(dimension["DimensionName"]).lower(), "").lower()
    found = value in {str(each).lower() for each in dimension["Values"]}
    return found if str(dimension["Operator"]).lower() == "equals" else not found


def spreads(store: Store, rule: Rule) -> bool:
    """Whether fewer instances make the value rise: it is what each of them uses, or a sum that is divided by their number."""
    resource = store.get(rule.resource)
    if rule.divided or resource is None:
        return rule.divided
    try:
        metric = query.metric_of(resource, str(rule.trigger["metricName"]))
    except query.UnknownMetricError:
        return False
    each = str(rule.trigger["statistic"]).lower() not in ("sum", "count")
    return each and metric.unit == "Percent" and metric.name != "DiskUtilization"
