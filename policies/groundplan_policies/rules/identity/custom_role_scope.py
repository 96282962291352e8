# SPDX-License-Identifier: Apache-2.0
"""A custom role can be given within subscriptions only."""

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
    Parameter,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    View,
)
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.roles import DEFINITION
from groundplan_policies.subjects.scopes import GROUP, breadth_at

SCOPES = "properties.assignableScopes"


def check(role: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Every scope by itself."""
    wide = ("managementGroup",) if given["subscriptions"] else ("managementGroup", "subscription")
    narrower = "a subscription, a resource group" if given["subscriptions"] else "a resource group"

    def look(scope: View) -> Found:
        if breadth_at(role, scope, stack) in wide:
            yield scope.wrong("", f"{narrower} or a resource is needed")

    if not role.equals("properties.type", "BuiltInRole"):
        yield from each_of(role.items(SCOPES), look)


RULE = Rule(
    id="GP-IAM-007",
    slug="custom-role-scope",
    title="A custom role can not be given beyond a subscription",
    severity="medium",
    types=(DEFINITION,),
    controls=("iam-custom-role-scope",),
    rationale=(
        "A role that one platform defines and the whole tenant can use is given where nobody looks, and a change for the platform then "
        "changes what others may do."
    ),
    remediation="Leave `assignable_scopes` of `CustomRole` alone: the role can then be given in its own `scope`.",
    absent="Passes: the role belongs to the scope that it is defined on.",
    unknown="Decided by what the program passes, where the id itself is not known yet.",
    needs_stack=True,
    parameters=(
        Parameter(
            name="subscriptions",
            default=True,
            description="A whole subscription is narrow enough.",
            schema={"type": "boolean"},
        ),
    ),
    check=check,
)


def _at(*scopes: object) -> dict[str, object]:
    return {"properties": {"assignableScopes": [*scopes]}}


_TEAM = "/providers/Microsoft.Management/managementGroups/ml"
_GROUP = {"type": GROUP, "name": "rg-ml"}
GOOD: GoodCases = {
    "subscription": _at("/subscriptions/s"),
    "known group": [_at(Id("rg-ml")), _GROUP],
    "new group": [_at(Later("rg-ml")), {**_GROUP, "new": True}],
    "group, where a subscription is too much": Good([_at(Id("rg-ml")), _GROUP], given={"subscriptions": False}),
    "not said": {"properties": {}},
    "built into Azure": {"properties": {"type": "BuiltInRole", "assignableScopes": ["/"]}},
}
BAD: BadCases = {
    "everywhere": Bad(
        _at("/"),
        says="properties.assignableScopes[0] is '/'; a subscription, a resource group or a resource is needed",
    ),
    "management group": Bad(
        _at(UNKNOWN, _TEAM),
        says=f"properties.assignableScopes[1] is '{_TEAM}'; a subscription, a resource group or a resource is needed",
    ),
    "new management group": Bad(
        [_at(Later("ml")), {"type": "Microsoft.Management/managementGroups", "name": "ml", "new": True}],
        says="properties.assignableScopes[0] is [unknown]; a subscription",
    ),
    "subscription, where that is too much": Bad(
        _at("/subscriptions/s"),
        says="properties.assignableScopes[0] is '/subscriptions/s'; a resource group or a resource is needed",
        given={"subscriptions": False},
    ),
    "management group, where a subscription is too much": Bad(
        _at(_TEAM), says="; a resource group or a resource is needed", given={"subscriptions": False}
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "scope decided later": _at(UNKNOWN),
    "all decided later": {"properties": {"assignableScopes": UNKNOWN}},
}
