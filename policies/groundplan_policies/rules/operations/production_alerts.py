# SPDX-License-Identifier: Apache-2.0
"""Workspaces and online endpoints of production are watched."""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Id,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    View,
    Violation,
    leaves,
)
from groundplan_policies.decisions import all_of, any_among, any_of
from groundplan_policies.subjects.environments import PARAMETERS, is_production
from groundplan_policies.subjects.scopes import breadth_at, group_of

METRIC_ALERT = "Microsoft.Insights/metricAlerts"
WORKSPACE = "Microsoft.MachineLearningServices/workspaces"
ENDPOINT = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"


def check(found: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """By a metric alert that is on and tells somebody: on the resource, or on its type in its group or subscription."""

    def watches(alert: Resource) -> bool:
        return all_of(
            lambda: not alert.equals("properties.enabled", False),
            lambda: alert.has("properties.actions"),
            lambda: any_among(leaves(alert, "properties.scopes[]"), lambda scope: _reaches(alert, scope, found, stack)),
        )

    if all_of(
        lambda: not any_among(stack.of(METRIC_ALERT), watches),
        lambda: is_production(found, stack, given),
    ):
        yield Violation(
            "", "no metric alert of the stack watches it; one that is enabled, with an action group, is needed"
        )


def _reaches(alert: Resource, scope: View, found: Resource, stack: Stack) -> bool:
    if stack.refers(alert, scope, "", found):
        return True
    group = group_of(found, stack)
    return all_of(
        lambda: alert.equals("properties.targetResourceType", found.type),
        lambda: any_of(
            lambda: group is not None and stack.refers(alert, scope, "", group),
            lambda: breadth_at(alert, scope, stack) == "subscription",
        ),
    )


RULE = Rule(
    id="GP-OPS-001",
    slug="production-alerts",
    title="Workspaces and online endpoints of production are watched",
    severity="medium",
    types=(WORKSPACE, ENDPOINT),
    controls=("ops-production-alerts",),
    rationale="Without an alert the first to notice that a model answers slowly, or not at all, are those who use it.",
    remediation=(
        "Add `AlertRules` with `workspace_alerts(workspace.id)` or `endpoint_alerts(endpoint.id)`. Where another stack has the alerts, "
        "exempt the resource, or check both together."
    ),
    absent="A violation for what is tagged as production: no alert of the stack names it. All else passes.",
    unknown="Decided by what the program passes to the alert, where ids are not known yet.",
    needs_stack=True,
    parameters=PARAMETERS,
    check=check,
)


def _endpoint(environment: object = "prod", **more: object) -> dict[str, object]:
    type_ = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
    return {"type": type_, "name": "mlw/scoring", "tags": {"environment": environment}, **more}


def _alert(*scopes: object, **properties: object) -> dict[str, object]:
    known = {"scopes": [*scopes], "enabled": True, "actions": [{"actionGroupId": UNKNOWN}], **properties}
    return {"type": "Microsoft.Insights/metricAlerts", "name": "alert", "properties": known}


_MLW = {"type": "Microsoft.MachineLearningServices/workspaces", "name": "mlw", "tags": {"environment": "prod"}}
_RG = {"type": "Microsoft.Resources/resourceGroups", "name": "rg-example"}
_SUBSCRIPTION = "/subscriptions/s"
_SAYS = "no metric alert of the stack watches it; one that is enabled, with an action group, is needed"
GOOD: GoodCases = {
    "endpoint": [_endpoint(), _alert("/subscriptions/s/x", Id("mlw/scoring"))],
    "new endpoint": [_endpoint(new=True), _alert(Later("mlw/scoring"))],
    "workspace": [_MLW, _alert(Id("mlw"), enabled=None)],
    "all workspaces of the group": [_MLW, _RG, _alert(Id("rg-example"), targetResourceType=WORKSPACE)],
    "all workspaces of the new group": [
        {**_MLW, "new": True, "group": Later("rg-example")},
        {**_RG, "new": True},
        _alert(Later("rg-example"), targetResourceType=WORKSPACE.lower()),
    ],
    "all workspaces of the subscription": [_MLW, _alert(_SUBSCRIPTION, targetResourceType=WORKSPACE)],
    "test": _endpoint("test"),
    "test, with an alert on something decided later": [
        _endpoint("test"),
        _alert(UNKNOWN, targetResourceType=ENDPOINT),
    ],
    "no environment": _endpoint(None),
    "watched, environment decided later": [_endpoint(UNKNOWN), _alert(Id("mlw/scoring"))],
    "production in other words": Good(_endpoint(), given={"production": ["live"]}),
}
BAD: BadCases = {
    "none": Bad(_endpoint(), says=_SAYS),
    "none on the workspace": Bad(_MLW, says=_SAYS),
    "of another": Bad([_endpoint(), _alert(Id("mlw")), _MLW], says=_SAYS),
    "switched off": Bad([_endpoint(), _alert(Id("mlw/scoring"), enabled=False)], says=_SAYS),
    "tells nobody": Bad([_endpoint(), _alert(Id("mlw/scoring"), actions=[])], says=_SAYS),
    "another type in the group": Bad([_MLW, _RG, _alert(Id("rg-example"), targetResourceType=ENDPOINT)], says=_SAYS),
    "another group": Bad(
        [
            {**_MLW, "new": True, "group": Later("rg-example")},
            {**_RG, "new": True},
            {**_RG, "name": "rg-other", "new": True},
            _alert(Later("rg-other"), targetResourceType=WORKSPACE),
        ],
        says=_SAYS,
    ),
    "a group that the stack does not have": Bad(
        [_MLW, _alert("/subscriptions/s/resourceGroups/rg-other", targetResourceType=WORKSPACE)], says=_SAYS
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "tells somebody or not, decided later": [_endpoint(), _alert(Id("mlw/scoring"), actions=UNKNOWN)],
    "environment decided later": _endpoint(UNKNOWN),
    "on something decided later": [_endpoint(), _alert(UNKNOWN, targetResourceType=ENDPOINT)],
}
