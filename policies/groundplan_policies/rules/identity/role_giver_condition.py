# SPDX-License-Identifier: Apache-2.0
"""Whoever may give roles may give some only: a condition says which."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, Stack, UnknownCases
from groundplan_policies.decisions import all_of
from groundplan_policies.subjects.roles import ASSIGNMENT, gives, role_name

CONDITION = "properties.condition"
WRITE = "Microsoft.Authorization/roleAssignments/write"
GIVERS = ("Owner", "User Access Administrator", "Role Based Access Control Administrator")


def check(assignment: Resource, stack: Stack) -> Found:
    """A condition about anything else, such as reading blobs, leaves the right to give roles as it is."""
    if all_of(
        lambda: WRITE.casefold() not in assignment.text(CONDITION).casefold(),
        lambda: gives(assignment, stack, GIVERS),
    ):
        role = role_name(assignment, stack)
        yield assignment.wrong(CONDITION, f"{role} may give roles, so it has to limit '{WRITE}'")


RULE = Rule(
    id="GP-IAM-002",
    slug="role-giver-condition",
    title="Who may give roles to others is limited by a condition",
    severity="high",
    types=(ASSIGNMENT,),
    controls=("gov-no-owner", "iam-constrained-delegation"),
    rationale=(
        "Who can give every role can become Owner in one step, and so can whoever steals that identity. A condition names the roles and "
        "the kinds of principals that may be given."
    ),
    remediation=(
        "Do without the role: Groundplan's components make role assignments where they are needed. Else set `condition` and "
        "`conditionVersion` '2.0' of the role assignment."
    ),
    absent="A violation for the roles that can give roles: nothing limits them.",
    unknown="Undecided, unless the role can not give roles.",
    needs_stack=True,
    check=check,
)

_ROLES = "/providers/Microsoft.Authorization/roleDefinitions/"
_ADMINISTRATOR = f"{_ROLES}18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"
_LIMIT = (
    "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR "
    "(@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals "
    "{7f951dda-4ed3-4680-a7ca-43fe172d538d}))"
)


def _given(role: object, condition: object = None) -> dict[str, object]:
    return {"properties": {"roleDefinitionId": role, "condition": condition}}


GOOD: GoodCases = {
    "limited": _given(_ADMINISTRATOR, _LIMIT),
    "limited, role decided later": _given(UNKNOWN, _LIMIT),
    "Contributor gives no roles": _given(f"{_ROLES}b24988ac-6180-42a0-ab88-20f7382dd24c"),
    "Contributor, with a condition decided later": _given(f"{_ROLES}b24988ac-6180-42a0-ab88-20f7382dd24c", UNKNOWN),
}
BAD: BadCases = {
    "User Access Administrator": Bad(
        _given(_ADMINISTRATOR),
        says=(
            "properties.condition is absent; User Access Administrator may give roles, so it has to limit "
            "'Microsoft.Authorization/roleAssignments/write'"
        ),
    ),
    "Owner": Bad(
        _given(f"{_ROLES}8e3af657-a8ff-443c-a75c-2fe8c4bcb635"),
        says="properties.condition is absent; Owner may give roles",
    ),
    "RBAC administrator": Bad(
        _given(f"{_ROLES}f58310d9-a9f6-439a-9e8d-f62e7b41a168"),
        says="properties.condition is absent; Role Based Access Control Administrator may give roles",
    ),
    "condition on blobs": Bad(
        _given(_ADMINISTRATOR, "@Resource[name] StringEquals 'raw'"),
        says="properties.condition is \"@Resource[name] StringEquals 'raw'\"; User Access Administrator may give roles",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "condition decided later": _given(_ADMINISTRATOR, UNKNOWN),
    "role decided later": _given(UNKNOWN),
}
