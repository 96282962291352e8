# SPDX-License-Identifier: Apache-2.0
"""An action group that is counted on reaches somebody.

`Monitoring` makes a group even where nobody is to be told yet, so one that nothing uses passes outside of production.
"""

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
    Violation,
)
from groundplan_policies.decisions import all_of, any_among, any_of
from groundplan_policies.subjects.environments import PARAMETERS, is_production
from groundplan_policies.subjects.mentions import is_mentioned

RECEIVERS = (
    "armRoleReceivers",
    "automationRunbookReceivers",
    "azureAppPushReceivers",
    "azureFunctionReceivers",
    "emailReceivers",
    "eventHubReceivers",
    "incidentReceivers",
    "itsmReceivers",
    "logicAppReceivers",
    "smsReceivers",
    "voiceReceivers",
    "webhookReceivers",
)


def check(group: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """In production, and wherever something of the stack names the group."""

    def counts() -> bool:
        return any_of(lambda: is_mentioned(group, stack), lambda: is_production(group, stack, given))

    if all_of(lambda: group.equals("properties.enabled", False), counts):
        yield group.wrong("properties.enabled", "true is needed")
    if all_of(lambda: not any_among(RECEIVERS, lambda each: group.has(f"properties.{each}")), counts):
        yield Violation(
            "properties", "properties has no receiver; a mail address, a role or a program to tell is needed"
        )


RULE = Rule(
    id="GP-OPS-005",
    slug="action-group-receivers",
    title="An action group that is counted on reaches somebody",
    severity="medium",
    types=("Microsoft.Insights/actionGroups",),
    controls=("ops-action-group-receivers",),
    rationale="Alerts and budgets look complete, and end in a group that tells nobody.",
    remediation="Set `alert_emails` or `alert_receivers` of `Monitoring`, or `receivers` of `ActionGroup`.",
    absent="A violation for a group of production, or one that something of the stack uses, if it has no receiver of any kind.",
    unknown="A receiver whose address is not known yet is one; undecided where it is open whether there is any.",
    needs_stack=True,
    parameters=PARAMETERS,
    check=check,
)


def _group(environment: object = "prod", **properties: object) -> dict[str, object]:
    return {"name": "ag", "tags": {"environment": environment}, "properties": properties}


def _alert(group: object) -> dict[str, object]:
    actions = [{"actionGroupId": group}]
    return {"type": "Microsoft.Insights/metricAlerts", "name": "alert", "properties": {"actions": actions}}


_KINDS = (
    "armRoleReceivers",
    "automationRunbookReceivers",
    "azureAppPushReceivers",
    "azureFunctionReceivers",
    "emailReceivers",
    "eventHubReceivers",
    "incidentReceivers",
    "itsmReceivers",
    "logicAppReceivers",
    "smsReceivers",
    "voiceReceivers",
    "webhookReceivers",
)
_MAIL = [{"name": "team", "emailAddress": UNKNOWN}]
_SAYS = "properties has no receiver; a mail address, a role or a program to tell is needed"
GOOD: GoodCases = {
    **{each: _group(**{each: [{"name": "one"}]}) for each in _KINDS},
    "one kind for sure": _group(emailReceivers=_MAIL, webhookReceivers=UNKNOWN, enabled=True),
    "nothing uses it": _group(None, enabled=False),
    "nothing uses it, receivers decided later": _group(None, emailReceivers=UNKNOWN),
    "an alert uses another": [_group("test"), _alert("/subscriptions/s/x")],
    "production in other words": Good(_group(), given={"production": ["live"]}),
}
BAD: BadCases = {
    "production": Bad(_group(emailReceivers=[]), says=_SAYS),
    "an alert uses it": Bad([_group("test"), _alert(Id("ag"))], says=_SAYS),
    "a new alert uses the new group": Bad([{**_group(None), "new": True}, _alert(Later("ag"))], says=_SAYS),
    "an alert uses it, environment decided later": Bad([_group(UNKNOWN), _alert(Id("ag"))], says=_SAYS),
    "switched off": Bad(
        _group(emailReceivers=_MAIL, enabled=False), says="properties.enabled is false; true is needed"
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "receivers decided later": _group(emailReceivers=UNKNOWN),
    "environment decided later": _group(UNKNOWN),
    "on or off, decided later": _group(emailReceivers=_MAIL, enabled=UNKNOWN),
}
