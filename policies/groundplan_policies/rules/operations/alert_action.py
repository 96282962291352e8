# SPDX-License-Identifier: Apache-2.0
"""An alert tells somebody."""

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Resource,
    Rule,
    Stack,
    UnknownCases,
)
from groundplan_policies.decisions import all_of, any_among

ACTIONS = {
    "Microsoft.Insights/metricAlerts": "properties.actions",
    "Microsoft.Insights/activityLogAlerts": "properties.actions.actionGroups",
    "Microsoft.Insights/scheduledQueryRules": "properties.actions.actionGroups",
    "microsoft.alertsManagement/smartDetectorAlertRules": "properties.actionGroups.groupIds",
}
PROCESSING = "Microsoft.AlertsManagement/actionRules"


def check(alert: Resource, stack: Stack) -> Found:
    """By an action group of its own, or by a processing rule of the stack that adds one to what fires."""
    path = next(path for type_, path in ACTIONS.items() if alert.is_a(type_))
    if all_of(lambda: not alert.has(path), lambda: not any_among(stack.of(PROCESSING), _adds)):
        yield alert.wrong(path, "an action group is needed")


def _adds(rule: Resource) -> bool:
    return all_of(
        lambda: not rule.equals("properties.enabled", False),
        lambda: any_among(
            rule.items("properties.actions"),
            lambda action: action.equals("actionType", "AddActionGroups") and action.has("actionGroupIds"),
        ),
    )


RULE = Rule(
    id="GP-OPS-002",
    slug="alert-action",
    title="An alert tells somebody",
    severity="medium",
    types=tuple(ACTIONS),
    controls=("ops-alert-action",),
    rationale="An alert without an action group fires into a list of the portal that nobody watches at night.",
    remediation="Set `action_group_ids` of `AlertRules`, such as `monitoring.action_group_id`.",
    absent="A violation: nobody is told, unless a processing rule of the stack adds an action group.",
    unknown="An action group whose id is not known yet is one; undecided where it is open whether there is any.",
    needs_stack=True,
    check=check,
)

_METRIC = "Microsoft.Insights/metricAlerts"
_LOG = "Microsoft.Insights/scheduledQueryRules"
_ACTIVITY = "Microsoft.Insights/activityLogAlerts"
_SMART = "microsoft.alertsManagement/smartDetectorAlertRules"


def _alert(type_: str, actions: object) -> dict[str, object]:
    return {"type": type_, "properties": {"actions": actions}}


def _adding(enabled: object = True, kind: object = "AddActionGroups", groups: object = ("x",)) -> dict[str, object]:
    actions = [{"actionType": kind, "actionGroupIds": groups}]
    return {
        "type": "Microsoft.AlertsManagement/actionRules",
        "name": "p",
        "properties": {"enabled": enabled, "actions": actions},
    }


_SAYS = "properties.actions is []; an action group is needed"
GOOD: GoodCases = {
    "metric": _alert(_METRIC, [{"actionGroupId": UNKNOWN}]),
    "log": _alert(_LOG, {"actionGroups": ["/subscriptions/s/x"]}),
    "activity": _alert(_ACTIVITY, {"actionGroups": [{"actionGroupId": "/subscriptions/s/x"}]}),
    "smart": {"type": _SMART, "properties": {"actionGroups": {"groupIds": ["/subscriptions/s/x"]}}},
    "added": [_alert(_METRIC, []), _adding()],
    "added, by a rule that says nothing of it": [_alert(_METRIC, []), _adding(None)],
    "added, whatever it has itself": [_alert(_METRIC, UNKNOWN), _adding()],
}
BAD: BadCases = {
    "metric": Bad(_alert(_METRIC, []), says=_SAYS),
    "log": Bad(_alert(_LOG, None), says="properties.actions.actionGroups is absent; an action group is needed"),
    "activity": Bad(
        _alert(_ACTIVITY, {"actionGroups": []}), says="properties.actions.actionGroups is []; an action group is needed"
    ),
    "smart": Bad(
        {"type": _SMART, "properties": {}}, says="properties.actionGroups.groupIds is absent; an action group is needed"
    ),
    "adding is switched off": Bad([_alert(_METRIC, []), _adding(False)], says=_SAYS),
    "takes groups away": Bad([_alert(_METRIC, []), _adding(kind="RemoveAllActionGroups")], says=_SAYS),
    "adds none": Bad([_alert(_METRIC, []), _adding(groups=[])], says=_SAYS),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _alert(_METRIC, UNKNOWN),
    "added or not, decided later": [_alert(_METRIC, []), _adding(UNKNOWN)],
}
