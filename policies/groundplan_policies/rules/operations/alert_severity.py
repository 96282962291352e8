# SPDX-License-Identifier: Apache-2.0
"""An alert says how severe it is."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.decisions import each_of

LOG_RULE = "Microsoft.Insights/scheduledQueryRules"
RULE_GROUP = "Microsoft.AlertsManagement/prometheusRuleGroups"
SEVERITY = "properties.severity"


def check(alert: Resource) -> Found:
    """Rules that only turn logs into metrics, or series into others, alert nobody."""
    if alert.is_a(RULE_GROUP):
        yield from each_of(alert.items("properties.rules"), _look)
    elif not (alert.is_a(LOG_RULE) and alert.equals("kind", "LogToMetric")) and alert.number(SEVERITY) is None:
        yield alert.wrong(SEVERITY, "0 (critical) to 4 (verbose) is needed")


def _look(rule: View) -> Found:
    if rule.given("alert") and rule.number("severity") is None:
        yield rule.wrong("severity", "0 (critical) to 4 (verbose) is needed")


RULE = Rule(
    id="GP-OPS-004",
    slug="alert-severity",
    title="An alert says how severe it is",
    severity="low",
    types=("Microsoft.Insights/metricAlerts", LOG_RULE, RULE_GROUP),
    controls=("ops-alert-severity",),
    rationale="On-call people and their tools sort by severity. What has none wakes somebody for nothing, or nobody for something.",
    remediation="Set `severity` of `MetricRule`, `LogRule` or `PrometheusAlert`.",
    absent="A violation for rules that alert.",
    check=check,
)


def _rules(*rules: object) -> dict[str, object]:
    return {"type": "Microsoft.AlertsManagement/prometheusRuleGroups", "properties": {"rules": [*rules]}}


def _log(**content: object) -> dict[str, object]:
    return {"type": "Microsoft.Insights/scheduledQueryRules", "properties": {}, **content}


_SAYS = "0 (critical) to 4 (verbose) is needed"
GOOD: GoodCases = {
    "critical": {"properties": {"severity": 0}},
    "logs": _log(kind="LogAlert", properties={"severity": 2}),
    "logs that become metrics": _log(kind="LogToMetric"),
    "series": _rules({"record": "r"}, {"alert": "a", "severity": 1}),
}
BAD: BadCases = {
    "metric": Bad({"properties": {}}, says=f"properties.severity is absent; {_SAYS}"),
    "metric of a kind that is none": Bad(
        {"kind": "LogToMetric", "properties": {}}, says="properties.severity is absent"
    ),
    "logs": Bad(_log(kind="LogAlert"), says=f"properties.severity is absent; {_SAYS}"),
    "logs of the usual kind": Bad(_log(), says="properties.severity is absent"),
    "series": Bad(
        _rules({"alert": "a", "severity": UNKNOWN}, {"alert": "b"}),
        says=f"properties.rules[1].severity is absent; {_SAYS}",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": {"properties": {"severity": UNKNOWN}},
    "kind decided later": _log(kind=UNKNOWN),
    "of a series, decided later": _rules({"alert": "a", "severity": UNKNOWN}),
}
