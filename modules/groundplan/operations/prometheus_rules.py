# SPDX-License-Identifier: Apache-2.0
"""Rules that an Azure Monitor workspace applies to its Prometheus metrics: series that it computes, and alerts.

Limits follow learn.microsoft.com/azure/azure-monitor/essentials/prometheus-rule-groups and azure-monitor/service-limits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pulumi import Input
from pulumi_azure_native import alertsmanagement

from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.interfaces import ResourceArgs
from groundplan.naming import derived_name
from groundplan.operations.alert_conditions import Severity

_MAX_RULES: Final = 20
_SERIES: Final = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")


@dataclass(frozen=True, kw_only=True)
class PrometheusAlert:
    """Fires for each series that an expression of PromQL gives."""

    expression: str
    """Required. PromQL, e.g. `sum by (pod) (rate(request_errors_total[5m])) > 1`."""
    for_minutes: int = 5
    """Optional. Minutes that a series must be there before it fires. Default: 5."""
    severity: Severity = 2
    """Optional. 0 critical, 1 error, 2 warning, 3 informational, 4 verbose. Default: warning."""
    action_group_ids: tuple[Input[str], ...] = ()
    """Optional. ARM ids of the action groups that are told. Default: nobody; the alert is seen in the portal."""
    resolve_minutes: int | None = 10
    """Optional. Minutes without the series after which the alert is over. Default: 10; None leaves it to people."""
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    """Optional. Labels of the alert. Default: those of the series alone."""
    annotations: Mapping[str, str] = field(default_factory=dict[str, str])
    """Optional. Texts for whoever reads it, e.g. `summary`. Default: none."""

    def __post_init__(self) -> None:
        if not self.expression.strip():
            raise ArgumentError("prometheus alert: expression is empty; write what must not be, in PromQL")
        for argument in ("for_minutes", "resolve_minutes"):
            value = getattr(self, argument)
            if value is not None and value < 0:
                raise ArgumentError(f"prometheus alert: {argument} is {value}; allowed are 0 and more")


@dataclass(frozen=True, kw_only=True)
class PrometheusRules:
    """A group of rules, applied together and in order: series first, then alerts."""

    recordings: Mapping[str, str] = field(default_factory=dict[str, str])
    """Optional. PromQL of the series to compute, by the name of the series, e.g. `{"pod:errors:rate5m": "sum by (pod) (...)"}`. Default:
    none."""
    alerts: Mapping[str, PrometheusAlert] = field(default_factory=dict[str, PrometheusAlert])
    """Optional. Alerts by name. Default: none."""
    every_minutes: int = 1
    """Optional. Minutes between two looks, 1 to 15. Default: 1."""
    enabled: bool = True
    """Optional. Whether the group is applied. Default: yes."""
    description: str | None = None
    """Optional. What the group is for. Default: none."""

    def __post_init__(self) -> None:
        if not 1 <= self.every_minutes <= 15:
            raise ArgumentError(f"prometheus rules: every_minutes is {self.every_minutes}; allowed are 1 to 15")
        count = len(self.recordings) + len(self.alerts)
        if not 1 <= count <= _MAX_RULES:
            raise ArgumentError(
                f"prometheus rules: {count} recordings and alerts; a group has 1 to {_MAX_RULES}, so make more groups of many"
            )
        for series in self.recordings:
            if not _SERIES.fullmatch(series):
                raise ArgumentError(
                    f"prometheus rules: {series!r} cannot name a series; allowed are letters, digits, '_' and ':', first no digit"
                )


def create_rule_groups(
    component: Component,
    name: str,
    azure_name: str,
    groups: Mapping[str, PrometheusRules],
    scopes: tuple[Input[str], ...],
    args: ResourceArgs,
    *,
    cluster_name: str | None = None,
) -> list[alertsmanagement.PrometheusRuleGroup]:
    """The groups as `<name>-<key>`. `scopes` begin with the workspace; a cluster's ARM id and its name limit them to its metrics."""
    return [
        alertsmanagement.PrometheusRuleGroup(
            f"{name}-{key}",
            rule_group_name=derived_name("prometheus_rule_group", f"{azure_name}-{key}"),
            resource_group_name=args.resource_group_name,
            location=args.location,
            scopes=[*scopes],
            cluster_name=cluster_name,
            description=group.description,
            enabled=group.enabled,
            interval=f"PT{group.every_minutes}M",
            rules=[
                *(
                    alertsmanagement.PrometheusRuleArgs(record=series, expression=expression, enabled=True)
                    for series, expression in group.recordings.items()
                ),
                *(_alert(alert_name, alert) for alert_name, alert in group.alerts.items()),
            ],
            tags=args.tags,
            opts=component.child(),
        )
        for key, group in groups.items()
    ]


def _alert(name: str, alert: PrometheusAlert) -> alertsmanagement.PrometheusRuleArgs:
    return alertsmanagement.PrometheusRuleArgs(
        alert=name,
        expression=alert.expression,
        for_=f"PT{alert.for_minutes}M",
        severity=alert.severity,
        labels=alert.labels or None,
        annotations=alert.annotations or None,
        actions=[
            alertsmanagement.PrometheusRuleGroupActionArgs(action_group_id=each) for each in alert.action_group_ids
        ]
        or None,
        resolve_configuration=alertsmanagement.PrometheusRuleResolveConfigurationArgs(
            auto_resolved=alert.resolve_minutes is not None,
            time_to_resolve=None if alert.resolve_minutes is None else f"PT{alert.resolve_minutes}M",
        ),
        enabled=True,
    )
