# SPDX-License-Identifier: Apache-2.0
"""A role assignment says what kind of principal it is for."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.roles import ASSIGNMENT, KIND


def check(assignment: Resource) -> Found:
    """Any kind will do: Azure refuses one that is none."""
    if not assignment.has(KIND):
        yield assignment.wrong(KIND, "'ServicePrincipal', 'Group' or 'User' is needed")


RULE = Rule(
    id="GP-IAM-005",
    slug="principal-type",
    title="A role assignment says what kind of principal it is for",
    severity="low",
    types=(ASSIGNMENT,),
    controls=("gov-no-owner",),
    rationale=(
        "Without it Azure looks the principal up, and fails for an identity that is seconds old; and nobody who reads the program sees "
        "whether a person or a program gets the role."
    ),
    remediation="Set `principal_type` of `RoleGrant` or `Principal`, or `principalType` of the role assignment.",
    absent="A violation: Azure has to look the principal up.",
    check=check,
)

GOOD: GoodCases = {"managed identity": {"properties": {"principalType": "ServicePrincipal"}}}
BAD: BadCases = {
    "not said": Bad(
        {"properties": {}}, says="properties.principalType is absent; 'ServicePrincipal', 'Group' or 'User' is needed"
    ),
    "empty": Bad({"properties": {"principalType": ""}}, says="properties.principalType is ''"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"principalType": UNKNOWN}}}
