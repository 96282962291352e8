# SPDX-License-Identifier: Apache-2.0
"""Nobody is Owner of a subscription or a management group."""

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    Violation,
)
from groundplan_policies.decisions import all_of
from groundplan_policies.subjects.roles import ASSIGNMENT, DEFINITION, ROLE, gives
from groundplan_policies.subjects.scopes import GROUP, WORDS, breadth


def check(assignment: Resource, stack: Stack) -> Found:
    """A condition does not help here: what an Owner of a subscription may do beside giving roles is enough."""
    if all_of(
        lambda: breadth(assignment, stack) in ("subscription", "managementGroup"),
        lambda: gives(assignment, stack, ["Owner"]),
    ):
        where = WORDS[breadth(assignment, stack)]
        yield Violation(ROLE, f"{ROLE} gives Owner on {where}; a narrower role, or a narrower scope, is needed")


RULE = Rule(
    id="GP-IAM-001",
    slug="subscription-owner",
    title="Nobody is Owner of a subscription or a management group",
    severity="critical",
    types=(ASSIGNMENT,),
    controls=("gov-no-owner",),
    rationale=(
        "Whoever takes over one Owner of a subscription has everything in it: data, keys, and the right to let others in. Owners that "
        "are kept for emergencies are made by hand and watched, not deployed with a platform."
    ),
    remediation=(
        "Give `RoleGrant` or `RoleOn` the role that the work needs, on the resource group or the resource; `PersonaRoles` has them for "
        "people and pipelines."
    ),
    absent="Passes: Azure refuses an assignment without a role.",
    unknown="Undecided, unless the scope is narrower or the role another.",
    needs_stack=True,
    check=check,
)

_OWNER = "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
_READER = "/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7"
_TEAM = "/providers/Microsoft.Management/managementGroups/ml"


def _on(scope: object, role: object = _OWNER) -> dict[str, object]:
    return {"scope": scope, "properties": {"roleDefinitionId": role}}


GOOD: GoodCases = {
    "Owner of a resource group": _on("/subscriptions/s/resourceGroups/rg-ml"),
    "Owner of a resource": _on("/subscriptions/s/resourceGroups/rg-ml/providers/Microsoft.KeyVault/vaults/kv"),
    "Owner of the group of the deployment": {"properties": {"roleDefinitionId": _OWNER}},
    "Owner of a new resource group": [_on(Later("rg-ml")), {"type": GROUP, "name": "rg-ml", "new": True}],
    "Owner of a new vault": [
        _on(Later("kv")),
        {"type": "Microsoft.KeyVault/vaults", "name": "kv", "new": True},
        {"type": GROUP, "name": "rg-ml", "new": True},
    ],
    "Reader of a subscription": _on("/subscriptions/s", _READER),
    "role that is not known yet, on a resource group": _on("/subscriptions/s/resourceGroups/rg-ml", UNKNOWN),
    "Reader of something that is not known yet": _on(UNKNOWN, _READER),
    "role of one's own on a subscription": [
        _on("/subscriptions/s", Later("scorer")),
        {"type": DEFINITION, "name": "scorer", "new": True},
    ],
}
BAD: BadCases = {
    "of a subscription": Bad(
        _on("/subscriptions/s"),
        says="properties.roleDefinitionId gives Owner on a subscription; a narrower role, or a narrower scope, is needed",
    ),
    "of a management group": Bad(
        _on(_TEAM),
        says="properties.roleDefinitionId gives Owner on a management group; a narrower role, or a narrower scope, is needed",
    ),
    "of the whole tenant": Bad(_on("/"), says="gives Owner on a management group"),
    "in capital letters": Bad(_on("/SUBSCRIPTIONS/s/", _OWNER.upper()), says="gives Owner on a subscription"),
    "of a subscription that the stack makes": Bad(
        [_on(Later("sub")), {"type": "Microsoft.Subscription/aliases", "name": "sub", "new": True}],
        says="gives Owner on a subscription",
    ),
    "of a management group that the stack makes": Bad(
        [_on(Later("ml")), {"type": "Microsoft.Management/managementGroups", "name": "ml", "new": True}],
        says="gives Owner on a management group",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "role decided later": _on("/subscriptions/s", UNKNOWN),
    "scope decided later": _on(UNKNOWN),
    "deployed to somewhere": {"new": True, "properties": {"roleDefinitionId": _OWNER}},
}
