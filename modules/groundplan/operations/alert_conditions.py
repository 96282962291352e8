# SPDX-License-Identifier: Apache-2.0
"""When an alert fires: on a metric, on what a query of the logs finds, on what happens in the subscription."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pulumi import Input

from groundplan.errors import ArgumentError

METRIC_FREQUENCIES = (1, 5, 15, 30, 60)
METRIC_WINDOWS = (1, 5, 15, 30, 60, 360, 720, 1440)
LOG_FREQUENCIES = (1, 5, 10, 15, 30, 45, 60, 120, 180, 240, 300, 360, 1440)
LOG_WINDOWS = (*LOG_FREQUENCIES, 2880)
"""Minutes that Azure Monitor takes.

Source: learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-metric-alert-rule and alerts-create-log-alert-rule."""

Comparison = Literal["GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual"]
Severity = Literal[0, 1, 2, 3, 4]


@dataclass(frozen=True, kw_only=True)
class DynamicThreshold:
    """A threshold that Azure learns from the metric's past; it needs some days of data."""

    sensitivity: Literal["Low", "Medium", "High"] = "Medium"
    """Optional. How soon a value counts as unusual. Default: `Medium`."""
    direction: Literal["GreaterThan", "LessThan", "GreaterOrLessThan"] = "GreaterThan"
    """Optional. What is unusual: high, low or both. Default: high."""
    failing_periods: tuple[int, int] = (4, 4)
    """Optional. How many of how many last windows are unusual before the alert fires. Default: all of four."""

    def __post_init__(self) -> None:
        failing, watched = self.failing_periods
        if not 1 <= failing <= watched:
            raise ArgumentError(
                f"dynamic threshold: failing_periods is {self.failing_periods}; give (failing, watched) with "
                "1 <= failing <= watched"
            )


@dataclass(frozen=True, kw_only=True)
class MetricRule:
    """Fires when a metric of one or more resources passes a threshold."""

    resource_ids: tuple[Input[str], ...]
    """Required. ARM ids of the resources, all of one type and region."""
    metric: str
    """Required. Azure's name of the metric, e.g. `RequestLatency_P95`."""
    threshold: float | DynamicThreshold
    """Required. The value, in the metric's unit, or a threshold that is learnt."""
    comparison: Comparison = "GreaterThan"
    """Optional. Which side of a fixed threshold fires. Default: above."""
    aggregation: Literal["Average", "Maximum", "Minimum", "Total", "Count"] = "Average"
    """Optional. How values of one window become one. Default: `Average`."""
    dimensions: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Optional. Values of the metric's dimensions that count; `*` watches each value on its own. Default: all."""
    window_minutes: int = 15
    """Optional. Minutes that are looked at. Default: 15."""
    every_minutes: int = 5
    """Optional. Minutes between two looks, at most the window. Default: 5."""
    severity: Severity = 2
    """Optional. 0 critical, 1 error, 2 warning, 3 informational, 4 verbose. Default: warning."""
    resource_type: str | None = None
    """Conditional. ARM type of the resources. Required for several resources."""
    location: Input[str] | None = None
    """Conditional. Region of the resources. Required for several resources."""
    metric_namespace: str | None = None
    """Optional. Namespace of the metric. Default: that of the resources' type."""
    description: str | None = None
    """Optional. What to do when it fires. Default: none."""

    def __post_init__(self) -> None:
        if not self.resource_ids:
            raise ArgumentError(f"metric rule on {self.metric!r}: resource_ids is empty; give the resources to watch")
        if len(self.resource_ids) > 1 and (self.resource_type is None or self.location is None):
            raise ArgumentError(
                f"metric rule on {self.metric!r}: {len(self.resource_ids)} resources need resource_type and location"
            )
        check_times(
            f"metric rule on {self.metric!r}",
            self.every_minutes,
            self.window_minutes,
            METRIC_FREQUENCIES,
            METRIC_WINDOWS,
        )


@dataclass(frozen=True, kw_only=True)
class LogRule:
    """Fires when a query of the logs finds too much, or too little."""

    resource_ids: tuple[Input[str], ...]
    """Required. ARM ids of what is asked: a Log Analytics workspace, Application Insights, or resources that log there."""
    query: str
    """Required. The query, in Kusto's language, without a time range: the window is added."""
    threshold: float
    """Required. Rows, or what `measure` comes to."""
    comparison: Comparison = "GreaterThan"
    """Optional. Which side of the threshold fires. Default: above."""
    measure: str | None = None
    """Optional. Column of numbers to aggregate. Default: rows are counted."""
    aggregation: Literal["Average", "Maximum", "Minimum", "Total", "Count"] = "Count"
    """Conditional. How `measure` is aggregated. Required with `measure`; rows are only counted."""
    dimensions: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Optional. Columns by which alerts are kept apart, and their values; `*` takes each value. Default: one alert."""
    window_minutes: int = 15
    """Optional. Minutes that are looked at. Default: 15."""
    every_minutes: int = 15
    """Optional. Minutes between two looks, at most the window. Default: 15."""
    severity: Severity = 2
    """Optional. 0 critical, 1 error, 2 warning, 3 informational, 4 verbose. Default: warning."""
    identity_id: Input[str] | None = None
    """Optional. ARM id of a user-assigned identity that runs the query. Default: the rights of who last deployed the
    rule."""
    skip_validation: bool = False
    """Optional. Take a query whose table does not exist yet. Default: no."""
    description: str | None = None
    """Optional. What to do when it fires. Default: none."""

    def __post_init__(self) -> None:
        if not self.resource_ids or not self.query.strip():
            raise ArgumentError("log rule: resource_ids and query are both needed; one of them is empty")
        if (self.measure is None) != (self.aggregation == "Count"):
            raise ArgumentError(
                f"log rule: measure is {self.measure!r} with aggregation {self.aggregation!r}; "
                "rows are counted, a measure is averaged, totalled, or its maximum or minimum taken"
            )
        check_times("log rule", self.every_minutes, self.window_minutes, LOG_FREQUENCIES, LOG_WINDOWS)


@dataclass(frozen=True, kw_only=True)
class ActivityRule:
    """Fires on what the activity log tells."""

    watch: Literal["service_health", "resource_health", "policy", "deletion"]
    """Required. Outages and maintenance of Azure's services; resources that are no longer available; what policy denied
    or audited; resources of a type that somebody deleted."""
    scope_ids: tuple[Input[str], ...]
    """Required. ARM ids of subscriptions, resource groups or resources; service health takes one subscription."""
    resource_type: str | None = None
    """Conditional. ARM type whose deletions are told, e.g. `Microsoft.MachineLearningServices/workspaces`. Required for
    `deletion`, refused otherwise."""
    services: tuple[str, ...] = ()
    """Optional. Services by the names of the service health page, e.g. `Machine Learning Services`; only for
    `service_health`. Default: all."""
    regions: tuple[str, ...] = ()
    """Optional. Regions by their display names, e.g. `West Europe`; only for `service_health`. Default: all."""
    description: str | None = None
    """Optional. What to do when it fires. Default: none."""

    def __post_init__(self) -> None:
        if not self.scope_ids:
            raise ArgumentError(f"activity rule {self.watch!r}: scope_ids is empty; give what to watch")
        if (self.watch == "deletion") != (self.resource_type is not None):
            raise ArgumentError(
                f"activity rule {self.watch!r}: resource_type is {self.resource_type!r}; "
                "it is required for 'deletion' and refused otherwise"
            )
        if (self.services or self.regions) and self.watch != "service_health":
            raise ArgumentError(f"activity rule {self.watch!r}: services and regions are for 'service_health' only")


def check_times(what: str, every: int, window: int, frequencies: tuple[int, ...], windows: tuple[int, ...]) -> None:
    """Refuse times that Azure Monitor does not take."""
    for name, minutes, allowed in (("every_minutes", every, frequencies), ("window_minutes", window, windows)):
        if minutes not in allowed:
            raise ArgumentError(f"{what}: {name} is {minutes}; allowed are {', '.join(map(str, allowed))}")
    if window < every:
        raise ArgumentError(f"{what}: window_minutes ({window}) is shorter than every_minutes ({every})")
