# SPDX-License-Identifier: Apache-2.0
"""A workspace acts as an identity that the platform made for it.

Checkers disagree: one wants no other identity than a user-assigned one, another only that one is the primary. What the workspace acts
as is decided by the primary identity, so that is what is asked for; an identity of the system's beside it does no harm.
"""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.workspaces import WORKSPACE

TYPE, PRIMARY = "identity.type", "properties.primaryUserAssignedIdentity"


def check(workspace: Resource) -> Found:
    """The type has to allow it, and one has to be the primary."""
    if "userassigned" not in workspace.text(TYPE).casefold():
        yield workspace.wrong(TYPE, "'UserAssigned' is needed, alone or beside 'SystemAssigned'")
    elif not workspace.given(PRIMARY):
        yield workspace.wrong(PRIMARY, "the ARM id of the identity that the workspace acts as is needed")


RULE = Rule(
    id="GP-AML-023",
    slug="workspace-user-identity",
    title="A workspace acts as a user-assigned identity",
    severity="medium",
    types=(WORKSPACE,),
    controls=("aml-ws-uai",),
    rationale=(
        "Azure gives an identity of the system's its roles by itself, wide ones, and after the workspace is there. An identity of "
        "the platform's has the roles that were reviewed, before anything runs, and outlives the workspace."
    ),
    remediation="Pass `identity_id` and `identity_principal_id` to `Workspace`, which then gives it its roles.",
    absent="A violation: without a primary one a workspace acts as the system's identity.",
    unknown="An identity that is made in the same update counts as given; undecided where the type is not known.",
    check=check,
)


def _identity(kind: object, primary: object = None) -> dict[str, object]:
    return {"identity": {"type": kind}, "properties": {"primaryUserAssignedIdentity": primary}}


GOOD: GoodCases = {
    "one": _identity("UserAssigned", "/x"),
    "beside the system's": _identity("SystemAssigned, userAssigned", "/x"),
    "one that is made in the same update": _identity("UserAssigned", UNKNOWN),
}
BAD: BadCases = {
    "the system's": Bad(
        _identity("SystemAssigned", "/x"),
        says=f"{TYPE} is 'SystemAssigned'; 'UserAssigned' is needed, alone or beside 'SystemAssigned'",
    ),
    "not said": Bad({"properties": {}}, says=f"{TYPE} is absent; 'UserAssigned' is needed"),
    "none is the primary": Bad(
        _identity("SystemAssigned,UserAssigned"),
        says=f"{PRIMARY} is absent; the ARM id of the identity that the workspace acts as is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _identity(UNKNOWN, "/x")}
