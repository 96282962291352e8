# SPDX-License-Identifier: Apache-2.0
"""A budget watches what each resource group costs."""

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Id,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    View,
    Violation,
    same,
)
from groundplan_policies.decisions import all_of, any_among
from groundplan_policies.subjects.budgets import BUDGETS
from groundplan_policies.subjects.environments import tag_of
from groundplan_policies.subjects.scopes import GROUP, breadth


def check(group: Resource, stack: Stack) -> Found:
    """On the group, or on more than it. Groups that a service makes for itself are left out: nobody can add to them."""
    if not group.given("managedBy") and not any_among(
        stack.of(*BUDGETS),
        lambda budget: all_of(
            lambda: stack.covers(budget, group) or breadth(budget, stack) in ("subscription", "managementGroup"),
            lambda: all(_counts(budget, part, group) for part in _filters(budget)),
        ),
    ):
        yield Violation(
            "", "no budget of the stack counts all that it costs; one on the group or the subscription is needed"
        )


def _filters(budget: Resource) -> list[View]:
    return [budget.view("properties.filter"), *budget.items("properties.filter.and")]


def _counts(budget: Resource, part: View, group: Resource) -> bool:
    """A filter by names of groups or by tags may let the whole group through; one by services never does."""
    if part.given("dimensions"):
        named = part.equals("dimensions.name", "ResourceGroupName", "ResourceGroup")
        return named and any_among(part.items("dimensions.values"), lambda name: _is_name(budget, name, group))
    if part.given("tags"):
        tag = tag_of(group, part.text("tags.name"))
        return any(same(each.text(), tag) for each in part.items("tags.values"))
    return True


def _is_name(budget: Resource, name: View, group: Resource) -> bool:
    return group.key in budget.sources_of(name.at) or same(name.text(), group.name)


RULE = Rule(
    id="GP-COST-020",
    slug="group-budget",
    title="A budget watches what each resource group costs",
    severity="medium",
    types=(GROUP,),
    controls=("gov-budget",),
    rationale="Clusters and endpoints cost by the minute. Without a budget the first to hear of a mistake is who pays the invoice.",
    remediation="Add a `Budget` with the resource group or the subscription as its `scope`.",
    absent="A violation: no budget of the stack is on the group or on more than it.",
    unknown="Decided by what the program passes to the budget, where ids are not known yet.",
    needs_stack=True,
    check=check,
)

_RG = {"name": "rg-ml", "tags": {"project": "vision"}}
_NEW = {**_RG, "new": True}
_SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000"


def _budget(scope: object, counted: object = None, type_: str = "Microsoft.Consumption/budgets") -> dict[str, object]:
    return {"type": type_, "name": "budget", "scope": scope, "properties": {"filter": counted}}


def _groups(*names: object, dimension: object = "ResourceGroupName") -> dict[str, object]:
    return {"dimensions": {"name": dimension, "operator": "In", "values": [*names]}}


def _tags(*values: object) -> dict[str, object]:
    return {"tags": {"name": "Project", "operator": "In", "values": [*values]}}


_SAYS = "no budget of the stack counts all that it costs; one on the group or the subscription is needed"
GOOD: GoodCases = {
    "on the group": [_RG, _budget(Id("rg-ml"))],
    "on the new group": [_NEW, _budget(Later("rg-ml"))],
    "of Cost Management": [_RG, _budget(Id("rg-ml"), type_="Microsoft.CostManagement/budgets")],
    "on the subscription": [_NEW, _budget(_SUBSCRIPTION)],
    "on a management group": [_NEW, _budget("/providers/Microsoft.Management/managementGroups/ml")],
    "by its name": [_RG, _budget(_SUBSCRIPTION, _groups("rg-other", "RG-ML"))],
    "by its name in other words": [_RG, _budget(_SUBSCRIPTION, _groups("rg-ml", dimension="ResourceGroup"))],
    "by its name that is passed on": [_NEW, _budget(_SUBSCRIPTION, _groups(Later("rg-ml")))],
    "by its tag": [_RG, _budget(_SUBSCRIPTION, _tags("sound", "Vision"))],
    "by tag and name": [_RG, _budget(_SUBSCRIPTION, {"and": [_tags("vision"), _groups("rg-ml")]})],
    "made by a service": {**_RG, "managedBy": "/subscriptions/s/x"},
    "made by a service that is not known yet": {**_RG, "managedBy": UNKNOWN},
    "one for sure, and one decided later": [_RG, _budget(UNKNOWN), {**_budget(Id("rg-ml")), "name": "second"}],
}
BAD: BadCases = {
    "none": Bad(_RG, says=_SAYS),
    "of another group": Bad([_RG, _budget(Id("rg-2")), {"type": GROUP, "name": "rg-2"}], says=_SAYS),
    "of another new group": Bad(
        [_NEW, _budget(Later("rg-2")), {"type": GROUP, "name": "rg-2", "new": True}], says=_SAYS
    ),
    "other groups by name": Bad([_RG, _budget(_SUBSCRIPTION, _groups("rg-other"))], says=_SAYS),
    "one service only": Bad([_RG, _budget(Id("rg-ml"), _groups("rg-ml", dimension="ServiceName"))], says=_SAYS),
    "other tags": Bad([_RG, _budget(_SUBSCRIPTION, _tags("sound"))], says=_SAYS),
    "by tag and another name": Bad(
        [_RG, _budget(_SUBSCRIPTION, {"and": [_tags("vision"), _groups("rg-other")]})], says=_SAYS
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "scope decided later": [_RG, _budget(UNKNOWN)],
    "name decided later": [_RG, _budget(_SUBSCRIPTION, _groups(UNKNOWN))],
    "filter decided later": [_RG, _budget(_SUBSCRIPTION, UNKNOWN)],
}
