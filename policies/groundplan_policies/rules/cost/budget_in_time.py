# SPDX-License-Identifier: Apache-2.0
"""A budget warns before it is spent."""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Parameter,
    Resource,
    Rule,
    UnknownCases,
    View,
    Violation,
)
from groundplan_policies.decisions import any_among
from groundplan_policies.subjects.budgets import BUDGETS, NOTIFICATIONS, notifications


def check(budget: Resource, given: Mapping[str, Any]) -> Found:
    """What Azure expects to be spent warns in time at 100 percent; what is spent has to warn earlier."""

    def early(notification: View) -> bool:
        threshold = notification.number("threshold")
        most = 100 if notification.equals("thresholdType", "Forecasted") else given["percent"]
        return threshold is not None and threshold <= most

    if not any_among(notifications(budget), early):
        yield Violation(
            NOTIFICATIONS,
            f"{NOTIFICATIONS} warns too late; one at {given['percent']} percent spent, or at 100 percent expected, is needed",
        )


RULE = Rule(
    id="GP-COST-022",
    slug="budget-in-time",
    title="A budget warns before it is spent",
    severity="low",
    types=BUDGETS,
    controls=("cost-budget-in-time",),
    rationale="Costs show up with a delay of hours. A warning at 100 percent comes when the money is gone.",
    remediation="Leave `alerts` of `Budget` at its default: 50 and 90 percent spent, and 100 percent expected.",
    absent="A violation: nothing warns.",
    parameters=(
        Parameter(
            name="percent",
            default=90,
            description="The share of the budget, in percent, at which somebody hears of it at the latest.",
            schema={"type": "number", "exclusiveMinimum": 0, "maximum": 100},
        ),
    ),
    check=check,
)


def _warns(threshold: object, kind: object = None, enabled: object = True) -> dict[str, object]:
    notification = {"enabled": enabled, "threshold": threshold, "thresholdType": kind}
    return {"properties": {"notifications": {"early": notification}}}


_SAYS = "properties.notifications warns too late; one at 90 percent spent, or at 100 percent expected, is needed"
GOOD: GoodCases = {
    "90 percent spent": _warns(90),
    "the same, said": _warns(90, "Actual"),
    "100 percent expected": _warns(100, "Forecasted"),
    "80 percent, as agreed": Good(_warns(80), given={"percent": 80}),
}
BAD: BadCases = {
    "more than 90 percent spent": Bad(_warns(90.5), says=_SAYS),
    "more than 100 percent expected": Bad(_warns(101, "Forecasted"), says=_SAYS),
    "switched off": Bad(_warns(50, enabled=False), says=_SAYS),
    "no threshold": Bad(_warns(None), says=_SAYS),
    "later than agreed": Bad(_warns(81), says="warns too late; one at 80 percent spent", given={"percent": 80}),
    "none": Bad({"properties": {}}, says=_SAYS),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _warns(UNKNOWN), "of a kind decided later": _warns(95, UNKNOWN)}
