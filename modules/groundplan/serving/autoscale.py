# SPDX-License-Identifier: Apache-2.0
"""How many instances serve: between which limits, by which metrics, at which hours."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from pulumi import Input, Output
from pulumi_azure_native import monitor

from groundplan.component import Component
from groundplan.errors import ArgumentError

Metric = Literal["cpu", "memory", "gpu", "gpu_memory", "disk", "latency", "requests"]
Day = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

METRICS: Final[Mapping[Metric, tuple[str, Literal["deployment", "endpoint"]]]] = {
    "cpu": ("CpuUtilizationPercentage", "deployment"),
    "memory": ("CpuMemoryUtilizationPercentage", "deployment"),
    "gpu": ("GpuUtilizationPercentage", "deployment"),
    "gpu_memory": ("GpuMemoryUtilizationPercentage", "deployment"),
    "disk": ("DiskUtilization", "deployment"),
    "latency": ("RequestLatency", "endpoint"),
    "requests": ("RequestsPerMinute", "endpoint"),
}
"""Azure's name of each metric and the resource that has it.

Source: learn.microsoft.com/azure/azure-monitor/reference/supported-metrics, the pages of online endpoints and deployments."""

MAX_PROFILES: Final = 20
MAX_RULES: Final = 10
"""Of one setting, and of one profile. Source of these, of windows and of cooldowns: monitor:AutoscaleSetting's documentation in
azure-native. How many instances a deployment can have is a limit that Azure raises on request, so nothing is refused for it."""


@dataclass(frozen=True, kw_only=True)
class ScaleRule:
    """One more instance, or one less, when a metric passes a threshold."""

    metric: Metric
    """Required. `cpu`, `memory`, `gpu`, `gpu_memory` and `disk` (percent, of the deployment's instances), `latency` (ms) and
    `requests` (per minute), both of the whole endpoint."""
    above: float | None = None
    """Conditional. Adds instances when the average is above. Required unless `below` is given."""
    below: float | None = None
    """Conditional. Takes instances away when the average is below. Required unless `above` is given."""
    instances: int = 1
    """Optional. How many are added or taken away. Default: 1."""
    window_minutes: int = 5
    """Optional. Minutes over which the metric is averaged, 5 to 720. Default: 5."""
    cooldown_minutes: int = 5
    """Optional. Minutes of rest after the rule has acted, 1 to 10080. Default: 5."""

    def __post_init__(self) -> None:
        if self.metric not in METRICS:
            raise ArgumentError(f"scale rule: metric is {self.metric!r}; allowed are {', '.join(METRICS)}")
        if (self.above is None) == (self.below is None):
            raise ArgumentError(f"scale rule on {self.metric}: give either above or below")
        if self.instances < 1:
            raise ArgumentError(f"scale rule on {self.metric}: instances is {self.instances}; allowed are 1 and more")
        if not 5 <= self.window_minutes <= 720:
            raise ArgumentError(
                f"scale rule on {self.metric}: window_minutes is {self.window_minutes}; allowed are 5 to 720"
            )
        if not 1 <= self.cooldown_minutes <= 10080:
            raise ArgumentError(
                f"scale rule on {self.metric}: cooldown_minutes is {self.cooldown_minutes}; allowed are 1 to 10080"
            )


@dataclass(frozen=True, kw_only=True)
class ScaleSchedule:
    """Other limits at certain hours of certain days."""

    days: tuple[Day, ...]
    """Required. Days on which it starts, e.g. `("Monday", "Friday")`."""
    start: str
    """Required. Time at which it begins, `HH:MM`."""
    end: str
    """Required. Time of the same day at which the normal limits come back, `HH:MM`."""
    minimum: int
    """Required. Fewest instances meanwhile."""
    maximum: int
    """Required. Most instances meanwhile."""
    time_zone: str = "UTC"
    """Optional. Windows name of the time zone, e.g. `W. Europe Standard Time`. Default: `UTC`."""

    def __post_init__(self) -> None:
        for name, value in (("start", self.start), ("end", self.end)):
            if re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value) is None:
                raise ArgumentError(f"scale schedule: {name} is {value!r}; write it as HH:MM, 00:00 to 23:59")
        if self.end <= self.start:
            raise ArgumentError(
                f"scale schedule: end ({self.end}) is not after start ({self.start}); split a night into two schedules"
            )
        if not self.days:
            raise ArgumentError("scale schedule: days is empty, so it would never begin; name at least one day")
        _check_limits("scale schedule", self.minimum, self.maximum)


def _cpu_rules() -> dict[str, ScaleRule]:
    return {"busy": ScaleRule(metric="cpu", above=70), "idle": ScaleRule(metric="cpu", below=30)}


@dataclass(frozen=True, kw_only=True)
class Autoscale:
    """Instances that come and go with the load."""

    minimum: int
    """Required. Fewest instances; two survive the loss of one."""
    maximum: int
    """Required. Most instances, 50 unless Azure has raised the limit; the cost limit. Azure keeps a fifth more of the size's quota
    for upgrades."""
    default: int | None = None
    """Optional. Instances when the metrics cannot be read. Default: `minimum`."""
    rules: Mapping[str, ScaleRule] = field(default_factory=_cpu_rules)
    """Optional. Rules by key, at most 10. Default: one more above 70 % CPU, one less below 30 %."""
    schedules: Mapping[str, ScaleSchedule] = field(default_factory=dict[str, ScaleSchedule])
    """Optional. Other limits at certain hours, by key, at most 9. Default: none."""
    notify_emails: tuple[str, ...] = ()
    """Optional. Addresses that hear of each change of scale. Default: none."""

    def __post_init__(self) -> None:
        _check_limits("autoscale", self.minimum, self.maximum)
        if self.default is not None and not self.minimum <= self.default <= self.maximum:
            raise ArgumentError(
                f"autoscale: default is {self.default}; allowed are minimum ({self.minimum}) to maximum ({self.maximum})"
            )
        if not 1 <= len(self.rules) <= MAX_RULES:
            raise ArgumentError(f"autoscale: there are {len(self.rules)} rules; allowed are 1 to {MAX_RULES}")
        if not any(rule.below is not None for rule in self.rules.values()):
            raise ArgumentError("autoscale: no rule has below, so instances would never go away; add one")
        # each schedule takes a profile for its start and one for its end
        if len(self.schedules) > (MAX_PROFILES - 1) // 2:
            raise ArgumentError(
                f"autoscale: there are {len(self.schedules)} schedules; allowed are at most {(MAX_PROFILES - 1) // 2}"
            )


def _check_limits(what: str, minimum: int, maximum: int) -> None:
    if not 1 <= minimum <= maximum:
        raise ArgumentError(
            f"{what}: minimum is {minimum} and maximum is {maximum}; allowed are 1 <= minimum <= maximum"
        )


def scale(
    component: Component,
    name: str,
    autoscale: Autoscale,
    *,
    deployment_id: Output[str],
    endpoint_id: Output[str],
    setting_name: str,
    resource_group_name: Input[str],
    location: Input[str] | None,
    tags: Mapping[str, Input[str]],
) -> monitor.AutoscaleSetting:
    """Scale one online deployment, as `<name>-autoscale`."""
    sources = {"deployment": deployment_id, "endpoint": endpoint_id}
    rules = [_rule(rule, sources[METRICS[rule.metric][1]]) for rule in autoscale.rules.values()]
    return monitor.AutoscaleSetting(
        f"{name}-autoscale",
        autoscale_setting_name=setting_name,
        name=setting_name,
        resource_group_name=resource_group_name,
        location=location,
        target_resource_uri=deployment_id,
        enabled=True,
        profiles=_profiles(autoscale, rules),
        notifications=[
            monitor.AutoscaleNotificationArgs(
                operation=monitor.OperationType.SCALE,
                email=monitor.EmailNotificationArgs(
                    custom_emails=[*autoscale.notify_emails],
                    send_to_subscription_administrator=False,
                    send_to_subscription_co_administrators=False,
                ),
            )
        ]
        if autoscale.notify_emails
        else None,
        tags=tags,
        opts=component.child(),
    )


def _profiles(autoscale: Autoscale, rules: Sequence[monitor.ScaleRuleArgs]) -> list[monitor.AutoscaleProfileArgs]:
    default = autoscale.minimum if autoscale.default is None else autoscale.default
    normal = _capacity(autoscale.minimum, default, autoscale.maximum)
    profiles = [monitor.AutoscaleProfileArgs(name="default", capacity=normal, rules=rules)]
    for key, schedule in autoscale.schedules.items():
        within = min(max(default, schedule.minimum), schedule.maximum)
        profiles += [
            monitor.AutoscaleProfileArgs(
                name=key,
                capacity=_capacity(schedule.minimum, within, schedule.maximum),
                rules=rules,
                recurrence=_recurrence(schedule, schedule.start),
            ),
            # a profile that recurs has no end: Azure ends it by the default one, under a name of this form
            monitor.AutoscaleProfileArgs(
                name=json.dumps({"name": "default", "for": key}, separators=(",", ":")),
                capacity=normal,
                rules=rules,
                recurrence=_recurrence(schedule, schedule.end),
            ),
        ]
    return profiles


def _capacity(minimum: int, default: int, maximum: int) -> monitor.ScaleCapacityArgs:
    return monitor.ScaleCapacityArgs(minimum=str(minimum), default=str(default), maximum=str(maximum))


def _recurrence(schedule: ScaleSchedule, time: str) -> monitor.RecurrenceArgs:
    hour, minute = time.split(":")
    return monitor.RecurrenceArgs(
        frequency=monitor.RecurrenceFrequency.WEEK,
        schedule=monitor.RecurrentScheduleArgs(
            time_zone=schedule.time_zone, days=[*schedule.days], hours=[int(hour)], minutes=[int(minute)]
        ),
    )


def _rule(rule: ScaleRule, source: Output[str]) -> monitor.ScaleRuleArgs:
    grows = rule.above is not None
    return monitor.ScaleRuleArgs(
        metric_trigger=monitor.MetricTriggerArgs(
            metric_name=METRICS[rule.metric][0],
            metric_resource_uri=source,
            operator=monitor.ComparisonOperationType.GREATER_THAN
            if grows
            else monitor.ComparisonOperationType.LESS_THAN,
            threshold=float((rule.above if grows else rule.below) or 0),
            statistic=monitor.MetricStatisticType.AVERAGE,
            time_aggregation=monitor.TimeAggregationType.AVERAGE,
            time_grain="PT1M",
            time_window=f"PT{rule.window_minutes}M",
        ),
        scale_action=monitor.ScaleActionArgs(
            direction=monitor.ScaleDirection.INCREASE if grows else monitor.ScaleDirection.DECREASE,
            type=monitor.ScaleType.CHANGE_COUNT,
            value=str(rule.instances),
            cooldown=f"PT{rule.cooldown_minutes}M",
        ),
    )
