# SPDX-License-Identifier: Apache-2.0
"""A user-assigned identity serves one environment."""

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
)
from groundplan_policies.decisions import any_among
from groundplan_policies.subjects.environments import PARAMETERS, environment_of

USED = "identity.userAssignedIdentities"


def check(identity: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """The identity's own environment counts as well; what says nothing is left out."""
    users = [each for each in stack.resources if each is identity or _uses(each, identity, stack)]
    environments = {environment_of(each, stack, given).casefold() for each in users} - {""}
    if len(environments) > 1:
        yield Violation("", f"it serves {', '.join(sorted(environments))}; an identity for each of them is needed")


def _uses(user: Resource, identity: Resource, stack: Stack) -> bool:
    part = user.view(USED)
    if not isinstance(part.node, dict):
        return stack.refers(user, user, USED, identity)
    return any_among(part.entries(), lambda entry: stack.refers(user, View(entry[0], USED), "", identity))


RULE = Rule(
    id="GP-IAM-016",
    slug="identity-environment",
    title="A user-assigned identity serves one environment",
    severity="medium",
    types=("Microsoft.ManagedIdentity/userAssignedIdentities",),
    controls=("iam-identity-environment",),
    rationale=(
        "What runs in a test environment is changed by more people and looked after less. If it acts as the identity of production, "
        "production is as open as the test is."
    ),
    remediation="Make an `Identity` for each environment; `Names` keeps their names apart.",
    absent="Passes: what has no environment by its tag, or by that of its resource group, is not looked at.",
    unknown="Decided by what the program passes, where ids are not known yet.",
    needs_stack=True,
    parameters=PARAMETERS[:1],
    check=check,
)


def _id(environment: object = None, **more: object) -> dict[str, object]:
    return {"name": "id", "tags": {"environment": environment}, **more}


def _user(key: object, environment: object, name: str = "app") -> dict[str, object]:
    used = {key.name: {}} if isinstance(key, Id) else key
    return {
        "type": "Microsoft.Web/sites",
        "name": name,
        "tags": {"environment": environment},
        "identity": {"userAssignedIdentities": used},
    }


_KNOWN = {
    "/subscriptions/1/resourceGroups/rg-example/providers/Microsoft.ManagedIdentity/userAssignedIdentities/ID": {}
}
_OTHER = {"/subscriptions/1/resourceGroups/rg-example/providers/Microsoft.ManagedIdentity/userAssignedIdentities/x": {}}
_SAYS = "it serves dev, prod; an identity for each of them is needed"
GOOD: GoodCases = {
    "nobody uses it": _id("prod"),
    "same environment": [_id("prod"), _user(_KNOWN, "Prod"), _user(Later("id"), "prod", "b")],
    "user without an environment": [_id("prod"), _user(_KNOWN, None)],
    "identity without an environment": [_id(), _user(_KNOWN, "dev")],
    "another identity": [_id("prod"), _user(_OTHER, "dev"), _user(Later("x"), "test", "b")],
    "another tag": Good([_id("prod"), _user(_KNOWN, "dev")], given={"environmentTag": "stage"}),
}
BAD: BadCases = {
    "known ids": Bad([_id("prod"), _user(_KNOWN, "dev")], says=_SAYS),
    "new ids": Bad([_id("Prod", new=True), _user(Later("id"), "dev")], says=_SAYS),
    "two users of an identity that says nothing": Bad(
        [_id(new=True), _user(Later("id"), "dev"), _user(Later("id"), "prod", "b")], says=_SAYS
    ),
    "by the group's tag": Bad(
        [
            _id("prod"),
            {**_user(_KNOWN, None), "group": Later("rg")},
            {"type": "Microsoft.Resources/resourceGroups", "name": "rg", "tags": {"Environment": "dev"}},
        ],
        says=_SAYS,
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "environment decided later": [_id("prod"), _user(_KNOWN, UNKNOWN)],
    "tags decided later": [_id("prod"), {**_user(_KNOWN, None), "tags": UNKNOWN}],
}
