# SPDX-License-Identifier: Apache-2.0
"""A budget tells somebody."""

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Resource,
    Rule,
    UnknownCases,
    Violation,
)
from groundplan_policies.decisions import any_among
from groundplan_policies.subjects.budgets import BUDGETS, CONTACTS, NOTIFICATIONS, notifications


def check(budget: Resource) -> Found:
    """One notification that is on and has a contact of any kind."""
    reached = ((each, contact) for each in notifications(budget) for contact in CONTACTS)
    if not any_among(reached, lambda pair: pair[0].has(pair[1])):
        yield Violation(
            NOTIFICATIONS,
            f"{NOTIFICATIONS} tells nobody; one that is enabled, with a mail address, a role or an action group, is needed",
        )


RULE = Rule(
    id="GP-COST-021",
    slug="budget-contacts",
    title="A budget tells somebody",
    severity="medium",
    types=BUDGETS,
    controls=("gov-budget",),
    rationale="Azure stops nothing when a budget is spent. One that tells nobody changes nothing.",
    remediation="Set `contact_emails`, `action_group_ids` or `contact_roles` of `Budget`.",
    absent="A violation: nobody is told.",
    unknown="A contact that is not known yet is one; undecided where it is open whether there is any.",
    check=check,
)


def _tells(enabled: object = True, **contacts: object) -> dict[str, object]:
    return {"properties": {"notifications": {"most": {"enabled": enabled, "threshold": 90, **contacts}}}}


_SAYS = "properties.notifications tells nobody; one that is enabled, with a mail address, a role or an action group, is needed"
GOOD: GoodCases = {
    "mail": _tells(contactEmails=["team@example.com"]),
    "new action group": _tells(contactEmails=[], contactGroups=[UNKNOWN]),
    "role": _tells(contactRoles=["Owner"]),
    "action groups that are not known yet beside mail": _tells(
        contactEmails=["team@example.com"], contactGroups=UNKNOWN
    ),
}
BAD: BadCases = {
    "no notifications": Bad({"properties": {}}, says=_SAYS),
    "nobody": Bad(_tells(contactEmails=[], contactGroups=[]), says=_SAYS),
    "switched off": Bad(_tells(False, contactEmails=["team@example.com"]), says=_SAYS),
    "of Cost Management": Bad({"type": "Microsoft.CostManagement/budgets", "properties": {}}, says=_SAYS),
}
UNKNOWN_CASES: UnknownCases = {
    "contacts decided later": _tells(contactEmails=UNKNOWN),
    "on or off, decided later": _tells(UNKNOWN, contactEmails=["team@example.com"]),
    "all decided later": {"properties": {"notifications": UNKNOWN}},
}
