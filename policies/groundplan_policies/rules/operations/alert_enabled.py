# SPDX-License-Identifier: Apache-2.0
"""Alert rules are on."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.decisions import each_of

ENABLED = "properties.enabled"
STATE = "properties.state"


def check(alert: Resource) -> Found:
    """The rule as a whole, and single rules of a group."""
    if alert.equals(ENABLED, False):
        yield alert.wrong(ENABLED, "true is needed")
    if alert.equals(STATE, "Disabled"):
        yield alert.wrong(STATE, "'Enabled' is needed")
    yield from each_of(alert.items("properties.rules"), _look)


def _look(rule: View) -> Found:
    if rule.equals("enabled", False):
        yield rule.wrong("enabled", "true is needed")


RULE = Rule(
    id="GP-OPS-003",
    slug="alert-enabled",
    title="Alert rules are on",
    severity="medium",
    types=(
        "Microsoft.Insights/metricAlerts",
        "Microsoft.Insights/activityLogAlerts",
        "Microsoft.Insights/scheduledQueryRules",
        "Microsoft.AlertsManagement/prometheusRuleGroups",
        "microsoft.alertsManagement/smartDetectorAlertRules",
    ),
    controls=("ops-alert-enabled",),
    rationale=(
        "A rule that somebody switched off for a night looks like one that never fires. To silence alerts for some time, an alert "
        "processing rule with an end is better."
    ),
    remediation="Leave `enabled` of `AlertRules` at True, or take the rules out.",
    absent="Passes: Azure switches rules on.",
    check=check,
)

_SMART = "microsoft.alertsManagement/smartDetectorAlertRules"
_GROUP = "Microsoft.AlertsManagement/prometheusRuleGroups"


def _group(*enabled: object) -> dict[str, object]:
    return {"type": _GROUP, "properties": {"rules": [{"enabled": each, "alert": "a"} for each in enabled]}}


GOOD: GoodCases = {
    "on": {"properties": {"enabled": True}},
    "not said": {"properties": {}},
    "detector": {"type": _SMART, "properties": {"state": "Enabled"}},
    "group": _group(True, None),
}
BAD: BadCases = {
    "off": Bad({"properties": {"enabled": False}}, says="properties.enabled is false; true is needed"),
    "detector": Bad(
        {"type": _SMART, "properties": {"state": "disabled"}},
        says="properties.state is 'disabled'; 'Enabled' is needed",
    ),
    "one of a group": Bad(_group(UNKNOWN, False), says="properties.rules[1].enabled is false; true is needed"),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": {"properties": {"enabled": UNKNOWN}},
    "one decided later": _group(UNKNOWN),
}
