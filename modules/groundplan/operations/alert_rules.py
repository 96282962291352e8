# SPDX-License-Identifier: Apache-2.0
"""Rules that tell an action group when something is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import monitor

from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.naming import check_name
from groundplan.operations.alert_conditions import ActivityRule, DynamicThreshold, LogRule, MetricRule


@dataclass(frozen=True, kw_only=True)
class AlertRulesArgs:
    """Arguments of `AlertRules`."""

    resource_group_name: Input[str]
    """Required. Resource group that holds the rules."""
    action_group_ids: tuple[Input[str], ...]
    """Required. ARM ids of the action groups that are told; one to five."""
    metrics: Mapping[str, MetricRule] = field(default_factory=dict[str, MetricRule])
    """Conditional. Rules on metrics, by a key that ends their names. Required unless there is another rule."""
    logs: Mapping[str, LogRule] = field(default_factory=dict[str, LogRule])
    """Conditional. Rules on queries of logs. Required unless there is another rule."""
    activities: Mapping[str, ActivityRule] = field(default_factory=dict[str, ActivityRule])
    """Conditional. Rules on the activity log. Required unless there is another rule."""
    enabled: bool = True
    """Optional. Watch; rules that are off stay silent. Default: yes."""
    location: Input[str] | None = None
    """Optional. Region of the rules on logs, that of what they ask; all others are global. Default: the resource
    group's."""
    rules_name: str | None = None
    """Optional. What the rules' Azure names start with. Default: the component's name."""
    tags: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. Azure tags. Default: none."""

    def __post_init__(self) -> None:
        keys = [*self.metrics, *self.logs, *self.activities]
        if not keys:
            raise ArgumentError("alert rules: no rule; give metrics, logs or activities")
        if twice := sorted({key for key in keys if keys.count(key) > 1}):
            raise ArgumentError(
                f"alert rules: the key {twice[0]!r} is used in more than one of metrics, logs, activities"
            )
        # Source: learn.microsoft.com/azure/azure-monitor/service-limits#alerts
        if not 1 <= len(self.action_group_ids) <= 5:
            raise ArgumentError(
                f"alert rules: {len(self.action_group_ids)} action groups given; Azure takes one to five"
            )


class AlertRules(Component):
    """Alert rules by key, all of which tell the same people.

    Example:
        AlertRules("alerts", AlertRulesArgs(
            resource_group_name=group.name, action_group_ids=(monitoring.action_group_id,),
            metrics=workspace_alerts(workspace.id)))
    """

    ids: Output[dict[str, str]]
    """ARM ids by key."""

    def __init__(self, name: str, args: AlertRulesArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        stem = args.rules_name or name
        ids: dict[str, Output[str]] = {}
        for key, rule in args.metrics.items():
            ids[key] = self._metric(f"{name}-{key}", check_name("metric_alert", f"{stem}-{key}"), args, rule)
        for key, rule in args.logs.items():
            ids[key] = self._log(f"{name}-{key}", check_name("scheduled_query_rule", f"{stem}-{key}"), args, rule)
        for key, rule in args.activities.items():
            ids[key] = self._activity(f"{name}-{key}", check_name("activity_log_alert", f"{stem}-{key}"), args, rule)
        self.ids = Output.all(**ids)
        self.seal()

    def _metric(self, name: str, rule_name: str, args: AlertRulesArgs, rule: MetricRule) -> Output[str]:
        return monitor.MetricAlert(
            name,
            rule_name=rule_name,
            resource_group_name=args.resource_group_name,
            location="global",
            description=rule.description,
            enabled=args.enabled,
            severity=rule.severity,
            scopes=[*rule.resource_ids],
            target_resource_type=rule.resource_type,
            target_resource_region=rule.location,
            evaluation_frequency=duration(rule.every_minutes),
            window_size=duration(rule.window_minutes),
            auto_mitigate=True,
            criteria=monitor.MetricAlertMultipleResourceMultipleMetricCriteriaArgs(
                odata_type="Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria", all_of=[_criterion(rule)]
            ),
            actions=[monitor.MetricAlertActionArgs(action_group_id=group) for group in args.action_group_ids],
            tags=args.tags,
            opts=self.child(),
        ).id

    def _log(self, name: str, rule_name: str, args: AlertRulesArgs, rule: LogRule) -> Output[str]:
        return monitor.ScheduledQueryRule(
            name,
            rule_name=rule_name,
            display_name=rule_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            kind="LogAlert",
            description=rule.description,
            enabled=args.enabled,
            severity=rule.severity,
            scopes=[*rule.resource_ids],
            evaluation_frequency=duration(rule.every_minutes),
            window_size=duration(rule.window_minutes),
            auto_mitigate=True,
            skip_query_validation=rule.skip_validation,
            identity=monitor.MicrosoftCommonIdentityArgs(
                type=monitor.IdentityType.USER_ASSIGNED, user_assigned_identities=[rule.identity_id]
            )
            if rule.identity_id is not None
            else None,
            criteria=monitor.ScheduledQueryRuleCriteriaArgs(all_of=[_condition(rule)]),
            actions=monitor.ActionsArgs(action_groups=[*args.action_group_ids]),
            tags=args.tags,
            opts=self.child(),
        ).id

    def _activity(self, name: str, rule_name: str, args: AlertRulesArgs, rule: ActivityRule) -> Output[str]:
        return monitor.ActivityLogAlert(
            name,
            activity_log_alert_name=rule_name,
            resource_group_name=args.resource_group_name,
            location="global",
            description=rule.description,
            enabled=args.enabled,
            scopes=[*rule.scope_ids],
            condition=monitor.AlertRuleAllOfConditionArgs(all_of=_happenings(rule)),
            actions=monitor.ActionListArgs(
                action_groups=[monitor.ActionGroupArgs(action_group_id=group) for group in args.action_group_ids]
            ),
            tags=args.tags,
            opts=self.child(),
        ).id


def duration(minutes: int) -> str:
    """ISO 8601 duration as Azure Monitor writes it: whole days are days, whole hours hours."""
    if minutes % 1440 == 0:
        return f"P{minutes // 1440}D"
    return f"PT{minutes // 60}H" if minutes % 60 == 0 else f"PT{minutes}M"


def _criterion(rule: MetricRule) -> monitor.MetricCriteriaArgs | monitor.DynamicMetricCriteriaArgs:
    dimensions = [
        monitor.MetricDimensionArgs(name=name, operator="Include", values=[*values])
        for name, values in rule.dimensions.items()
    ]
    if isinstance(rule.threshold, DynamicThreshold):
        failing, watched = rule.threshold.failing_periods
        return monitor.DynamicMetricCriteriaArgs(
            name="condition",
            criterion_type="DynamicThresholdCriterion",
            metric_name=rule.metric,
            metric_namespace=rule.metric_namespace,
            time_aggregation=rule.aggregation,
            dimensions=dimensions,
            operator=rule.threshold.direction,
            alert_sensitivity=rule.threshold.sensitivity,
            failing_periods=monitor.DynamicThresholdFailingPeriodsArgs(
                min_failing_periods_to_alert=failing, number_of_evaluation_periods=watched
            ),
        )
    return monitor.MetricCriteriaArgs(
        name="condition",
        criterion_type="StaticThresholdCriterion",
        metric_name=rule.metric,
        metric_namespace=rule.metric_namespace,
        time_aggregation=rule.aggregation,
        dimensions=dimensions,
        operator=rule.comparison,
        threshold=rule.threshold,
    )


def _condition(rule: LogRule) -> monitor.ConditionArgs:
    return monitor.ConditionArgs(
        query=rule.query,
        metric_measure_column=rule.measure,
        time_aggregation=rule.aggregation,
        operator=rule.comparison,
        threshold=rule.threshold,
        dimensions=[
            monitor.DimensionArgs(name=name, operator="Include", values=[*values])
            for name, values in rule.dimensions.items()
        ],
        failing_periods=monitor.ConditionFailingPeriodsArgs(
            min_failing_periods_to_alert=1, number_of_evaluation_periods=1
        ),
    )


_CATEGORIES = {"service_health": "ServiceHealth", "resource_health": "ResourceHealth", "policy": "Policy"}


def _happenings(rule: ActivityRule) -> list[monitor.AlertRuleAnyOfOrLeafConditionArgs]:
    leaf = monitor.AlertRuleAnyOfOrLeafConditionArgs
    if rule.watch == "deletion":
        return [
            leaf(field="category", equals="Administrative"),
            leaf(field="operationName", equals=f"{rule.resource_type}/delete"),
            leaf(field="status", equals="Succeeded"),
        ]
    found = [leaf(field="category", equals=_CATEGORIES[rule.watch])]
    if rule.services:
        found.append(leaf(field="properties.impactedServices[*].ServiceName", contains_any=[*rule.services]))
    if rule.regions:
        found.append(
            leaf(field="properties.impactedServices[*].ImpactedRegions[*].RegionName", contains_any=[*rule.regions])
        )
    return found
