# SPDX-License-Identifier: Apache-2.0
"""People have roles that are made for what they do."""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Later,
    Parameter,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    Violation,
)
from groundplan_policies.decisions import all_of
from groundplan_policies.subjects.roles import ASSIGNMENT, DEFINITION, KIND, LIST, ROLE, gives, role_name


def check(assignment: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Service principals and managed identities may hold broad roles: something has to deploy."""
    if all_of(
        lambda: assignment.equals(KIND, "User", "Group", "ForeignGroup"),
        lambda: gives(assignment, stack, given["roles"]),
    ):
        role = role_name(assignment, stack)
        kind = assignment.text(KIND)
        yield Violation(
            ROLE,
            f"{ROLE} gives {role} to a {kind}; a role for what they do, such as 'AzureML Data Scientist', is needed",
        )


RULE = Rule(
    id="GP-IAM-003",
    slug="broad-role-for-people",
    title="No group and no user holds Owner or Contributor",
    severity="medium",
    types=(ASSIGNMENT,),
    controls=("gov-no-owner",),
    rationale=(
        "A Contributor reads every key that a resource lists, changes networks and deletes workspaces. People who train and deploy models "
        "need none of that; what changes the platform goes through its pipeline."
    ),
    remediation="Use `PersonaRoles`: it gives data scientists, engineers, operators and auditors what each needs.",
    absent="An assignment that does not say what it is for passes here; GP-IAM-005 asks for it.",
    unknown="Undecided, unless the principal is a service principal or the role another.",
    needs_stack=True,
    parameters=(
        Parameter(
            name="roles",
            default=["Owner", "Contributor"],
            description="Roles that people do not hold, by name or GUID.",
            schema=LIST,
        ),
    ),
    check=check,
)

_ROLES = "/providers/Microsoft.Authorization/roleDefinitions/"
_CONTRIBUTOR = f"{_ROLES}b24988ac-6180-42a0-ab88-20f7382dd24c"
_READER = f"{_ROLES}acdd72a7-3385-48ef-bd42-f606fba81ae7"


def _to(kind: object, role: object = _CONTRIBUTOR) -> dict[str, object]:
    return {"properties": {"roleDefinitionId": role, "principalType": kind}}


GOOD: GoodCases = {
    "Contributor for a pipeline": _to("ServicePrincipal"),
    "Contributor for whom nobody says": _to(None),
    "Reader for a group": _to("Group", _READER),
    "Reader for somebody decided later": _to(UNKNOWN, _READER),
    "role decided later for a pipeline": _to("ServicePrincipal", UNKNOWN),
    "role of the stack's own": [
        _to("Group", Later("7f0e6c1e-0000-0000-0000-000000000000")),
        {"type": DEFINITION, "name": "7f0e6c1e-0000-0000-0000-000000000000"},
    ],
    "Contributor, where that is agreed": Good(_to("Group"), given={"roles": ["Owner"]}),
}
BAD: BadCases = {
    "Contributor for a group": Bad(
        _to("Group"),
        says=(
            "properties.roleDefinitionId gives Contributor to a Group; a role for what they do, such as 'AzureML Data Scientist', "
            "is needed"
        ),
    ),
    "Owner for a user": Bad(
        _to("User", f"{_ROLES}8e3af657-a8ff-443c-a75c-2fe8c4bcb635"), says="gives Owner to a User; a role"
    ),
    "Contributor for another tenant's group": Bad(_to("ForeignGroup"), says="gives Contributor to a ForeignGroup"),
    "role by GUID": Bad(
        _to("Group", _READER.upper()),
        says="gives acdd72a7-3385-48ef-bd42-f606fba81ae7 to a Group",
        given={"roles": ["ACDD72A7-3385-48EF-BD42-F606FBA81AE7"]},
    ),
    "role of the stack's own, by GUID": Bad(
        [
            _to("Group", Later("7F0E6C1E-0000-0000-0000-000000000000")),
            {"type": DEFINITION, "name": "7F0E6C1E-0000-0000-0000-000000000000"},
        ],
        says="gives 7f0e6c1e-0000-0000-0000-000000000000 to a Group",
        given={"roles": ["7f0e6c1e-0000-0000-0000-000000000000"]},
    ),
}
UNKNOWN_CASES: UnknownCases = {"role decided later": _to("Group", UNKNOWN), "people decided later": _to(UNKNOWN)}
