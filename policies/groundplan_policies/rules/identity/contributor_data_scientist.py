# SPDX-License-Identifier: Apache-2.0
"""Who has a role for working in a place is not its Contributor as well."""

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
from groundplan_policies.decisions import all_of, any_among
from groundplan_policies.subjects.role_assignments import same_principal, takes_in
from groundplan_policies.subjects.roles import ASSIGNMENT, LIST, ROLE, gives, role_name


def check(assignment: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Looks at the broad role, and for a narrow one of the same principal at the same place or below."""

    def repeats(other: Resource) -> bool:
        return all_of(
            lambda: same_principal(assignment, other),
            lambda: takes_in(assignment, other, stack),
            lambda: gives(other, stack, given["personas"]),
        )

    if all_of(
        lambda: gives(assignment, stack, given["roles"]),
        lambda: any_among(stack.of(ASSIGNMENT), repeats),
    ):
        name = role_name(assignment, stack)
        yield Violation(
            ROLE, f"{ROLE} gives {name} to a principal that has a role for working there; only that one is needed"
        )


RULE = Rule(
    id="GP-IAM-010",
    slug="contributor-data-scientist",
    title="Who has a role for working in a place is not its Contributor as well",
    severity="medium",
    types=(ASSIGNMENT,),
    controls=("iam-persona-roles",),
    rationale=(
        "AzureML Data Scientist leaves out what may change or destroy a workspace; given beside Contributor it limits nothing, and the "
        "list of roles looks better than it is."
    ),
    remediation="Take the broad role away. `PersonaRoles` gives people and pipelines all that they need, and nobody Contributor.",
    absent="Passes: nothing else is given to the principal.",
    unknown="Decided by what the program passes, where ids are not known yet.",
    needs_stack=True,
    parameters=(
        Parameter(
            name="roles",
            default=["Owner", "Contributor"],
            description="Broad roles, by name or GUID.",
            schema=LIST,
        ),
        Parameter(
            name="personas",
            default=["AzureML Data Scientist", "AzureML Compute Operator", "AzureML Registry User"],
            description="Roles for working in a workspace or registry, by name or GUID.",
            schema=LIST,
        ),
    ),
    check=check,
)

_ROLES = "/providers/Microsoft.Authorization/roleDefinitions/"
_CONTRIBUTOR = f"{_ROLES}b24988ac-6180-42a0-ab88-20f7382dd24c"
_SCIENTIST = f"{_ROLES}f6c7c914-8db3-469d-8ca1-694a8f32e121"
_GROUP = "/subscriptions/s/resourceGroups/rg-ml"
_WORKSPACE = f"{_GROUP}/providers/Microsoft.MachineLearningServices/workspaces/mlw"


def _gives(role: object, scope: object, who: object, name: str = "example") -> dict[str, object]:
    properties = {"roleDefinitionId": role, "principalId": who}
    return {"type": ASSIGNMENT, "name": name, "scope": scope, "properties": properties}


def _new(type_: str, name: str, **more: object) -> dict[str, object]:
    return {"type": type_, "name": name, "new": True, **more}


_BROAD = _gives(_CONTRIBUTOR, _GROUP, "team")
_OWNER = _gives(f"{_ROLES}8e3af657-a8ff-443c-a75c-2fe8c4bcb635", _GROUP, "team")
_COMPUTES = f"{_ROLES}e503ece1-11d0-4e8e-8e2c-7a6c3bf38815"
_REGISTRIES = f"{_ROLES}1823dd4f-9b8c-4ab6-ab4e-7397a3684615"
_BLOBS = f"{_ROLES}ba92f5b4-2d11-453d-a403-e96b0029c9fe"
_NEW = [
    _new("Microsoft.MachineLearningServices/workspaces", "mlw", group=Later("rg-ml")),
    _new("Microsoft.Resources/resourceGroups", "rg-ml"),
    _new("Microsoft.Resources/resourceGroups", "rg-other"),
    _new("Microsoft.ManagedIdentity/userAssignedIdentities", "id"),
    _new("Microsoft.ManagedIdentity/userAssignedIdentities", "id2"),
]


def _both(wide: object, who: object, narrow: object, worker: object) -> list[dict[str, object]]:
    return [_gives(_CONTRIBUTOR, wide, who), _gives(_SCIENTIST, narrow, worker, "b"), *_NEW]


_SAYS = "properties.roleDefinitionId gives Contributor to a principal that has a role for working there; only that one is needed"
GOOD: GoodCases = {
    "Contributor alone": _BROAD,
    "another principal": _both(_GROUP, "team", _WORKSPACE, "others"),
    "another resource group": _both(_GROUP, "team", f"{_GROUP}2/providers/Microsoft.X/y/z", "team"),
    "a wider place": _both(_GROUP, "team", "/subscriptions/s", "team"),
    "a role beside that is for data": [_BROAD, _gives(_BLOBS, _WORKSPACE, "team", "b")],
    "another new principal": _both(Later("mlw"), Later("id"), Later("mlw"), Later("id2")),
    "a known principal and a new one": _both(Later("mlw"), "team", Later("mlw"), Later("id")),
    "Contributor of another new group": _both(Later("rg-other"), "team", Later("mlw"), "team"),
    "Contributor of a new group, works in an old workspace": _both(Later("rg-ml"), "team", _WORKSPACE, "team"),
    "role decided later, for another": [_BROAD, _gives(UNKNOWN, _WORKSPACE, "others", "b")],
    "agreed": Good(_both(_GROUP, "team", _WORKSPACE, "team"), given={"roles": ["Owner"]}),
}
BAD: BadCases = {
    "of the same group": Bad(_both(_GROUP, "team", _GROUP.upper(), "TEAM"), says=_SAYS),
    "of the group that the workspace is in": Bad(_both(_GROUP, "team", _WORKSPACE, "team"), says=_SAYS),
    "new identity, new workspace": Bad(_both(Later("mlw"), Later("id"), Later("mlw"), Later("id")), says=_SAYS),
    "new workspace in a new group": Bad(_both(Later("rg-ml"), "team", Later("mlw"), "team"), says=_SAYS),
    "computes": Bad([_BROAD, _gives(_COMPUTES, _WORKSPACE, "team", "b")], says=_SAYS),
    "registries, as Owner": Bad(
        [_OWNER, _gives(_REGISTRIES, _WORKSPACE, "team", "b")], says="gives Owner to a principal"
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "role decided later": [_gives(UNKNOWN, _GROUP, "team"), _gives(_SCIENTIST, _WORKSPACE, "team", "b")],
    "role of the other decided later": [_BROAD, _gives(UNKNOWN, _WORKSPACE, "team", "b")],
    "principal decided later": _both(_GROUP, UNKNOWN, _WORKSPACE, "team"),
    "other principal decided later": _both(_GROUP, "team", _WORKSPACE, UNKNOWN),
    "place decided later": _both(_GROUP, "team", UNKNOWN, "team"),
}
