# SPDX-License-Identifier: Apache-2.0
"""No single user holds a privileged role for good.

Owner and Contributor are those of GP-IAM-003, which minds groups as well.
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
    Parameter,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    Violation,
)
from groundplan_policies.decisions import all_of
from groundplan_policies.subjects.roles import ASSIGNMENT, KIND, LIST, ROLE, gives, role_name


def check(assignment: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """What a program assigns is there for good: eligible roles are activated for hours, by other means."""
    if all_of(lambda: assignment.equals(KIND, "User"), lambda: gives(assignment, stack, given["roles"])):
        role = role_name(assignment, stack)
        yield Violation(
            ROLE, f"{ROLE} gives {role} to a User for good; a group, or a role that is activated, is needed"
        )


RULE = Rule(
    id="GP-IAM-004",
    slug="privileged-user",
    title="No single user holds a privileged role for good",
    severity="high",
    types=(ASSIGNMENT,),
    controls=("iam-standing-privilege",),
    rationale=(
        "An administrator's account that always has its rights is what an attacker looks for, and nobody takes them away when the person "
        "moves on. Privileged Identity Management gives them for hours, to members of a group."
    ),
    remediation="Make a group eligible for the role in Privileged Identity Management, and take the assignment out of the program.",
    absent="An assignment that does not say what it is for passes here; GP-IAM-005 asks for it.",
    unknown="Undecided, unless the principal is no user or the role another.",
    needs_stack=True,
    parameters=(
        Parameter(
            name="roles",
            default=[
                "Azure Kubernetes Service Cluster Admin Role",
                "Azure Kubernetes Service RBAC Cluster Admin",
                "Key Vault Administrator",
                "Key Vault Data Access Administrator",
                "Key Vault Purge Operator",
                "Role Based Access Control Administrator",
                "Storage Blob Data Owner",
                "User Access Administrator",
            ],
            description="Privileged roles, by name or GUID.",
            schema=LIST,
        ),
    ),
    check=check,
)

_ROLES = "/providers/Microsoft.Authorization/roleDefinitions/"
_VAULTS = f"{_ROLES}00482a5a-887f-4fb3-b363-3b7fe8e74483"
_READER = f"{_ROLES}acdd72a7-3385-48ef-bd42-f606fba81ae7"
_PRIVILEGED = {
    "Azure Kubernetes Service Cluster Admin Role": "0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8",
    "Azure Kubernetes Service RBAC Cluster Admin": "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
    "Key Vault Data Access Administrator": "8b54135c-b56d-4d72-a534-26097cfdc8d8",
    "Key Vault Purge Operator": "a68e7c17-0ab2-4c09-9a58-125dae29748c",
    "Role Based Access Control Administrator": "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
    "Storage Blob Data Owner": "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
    "User Access Administrator": "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
}


def _to(kind: object, role: object = _VAULTS) -> dict[str, object]:
    return {"properties": {"roleDefinitionId": role, "principalType": kind}}


GOOD: GoodCases = {
    "group": _to("Group"),
    "managed identity": _to("ServicePrincipal"),
    "nobody says": _to(None),
    "user who reads": _to("User", _READER),
    "somebody decided later, who reads": _to(UNKNOWN, _READER),
    "role decided later for a group": _to("Group", UNKNOWN),
    "role that is agreed": Good(_to("User"), given={"roles": []}),
}
BAD: BadCases = {
    "Key Vault Administrator": Bad(
        _to("User"),
        says=(
            "properties.roleDefinitionId gives Key Vault Administrator to a User for good; a group, or a role that is activated, is needed"
        ),
    ),
    **{
        name: Bad(_to("user", _ROLES + guid), says=f"gives {name} to a User for good")
        for name, guid in _PRIVILEGED.items()
    },
}
UNKNOWN_CASES: UnknownCases = {"role decided later": _to("User", UNKNOWN), "somebody decided later": _to(UNKNOWN)}
