# SPDX-License-Identifier: Apache-2.0
"""Roles are given to principals of one's own tenant."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.roles import ASSIGNMENT, KIND

DELEGATED = "properties.delegatedManagedIdentityResourceId"


def check(assignment: Resource) -> Found:
    """Groups that another tenant looks after, and managed identities that act across tenants."""
    if assignment.equals(KIND, "ForeignGroup"):
        yield assignment.wrong(KIND, "a principal of the own tenant is needed")
    if assignment.given(DELEGATED):
        yield assignment.wrong(DELEGATED, "an identity of the own tenant is needed, so leave it out")


RULE = Rule(
    id="GP-IAM-017",
    slug="foreign-principal",
    title="Roles are given to principals of the own tenant",
    severity="medium",
    types=(ASSIGNMENT,),
    controls=("iam-foreign-principal",),
    rationale=(
        "Who is in a group of another tenant is decided there: nobody here sees members come and go, and no access review of one's own "
        "asks about them."
    ),
    remediation="Invite the people as guests and give the role to a group of the own tenant.",
    absent="Passes: the principal is looked up in the own tenant.",
    check=check,
)

GOOD: GoodCases = {
    "own group": {"properties": {"principalType": "Group"}},
    "not said": {"properties": {}},
}
BAD: BadCases = {
    "group of another tenant": Bad(
        {"properties": {"principalType": "ForeignGroup"}},
        says="properties.principalType is 'ForeignGroup'; a principal of the own tenant is needed",
    ),
    "identity across tenants": Bad(
        {
            "properties": {
                "principalType": "ServicePrincipal",
                "delegatedManagedIdentityResourceId": "/subscriptions/s/x",
            }
        },
        says=(
            "properties.delegatedManagedIdentityResourceId is '/subscriptions/s/x'; an identity of the own tenant is needed, so leave it "
            "out"
        ),
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"principalType": UNKNOWN}}}
