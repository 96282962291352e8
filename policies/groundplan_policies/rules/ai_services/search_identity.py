# SPDX-License-Identifier: Apache-2.0
"""A search service has an identity to read its sources with."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

TYPE = "identity.type"


def check(service: Resource) -> Found:
    """System-assigned or user-assigned, one is enough."""
    if not service.has(TYPE) or service.equals(TYPE, "None"):
        yield service.wrong(TYPE, "'SystemAssigned' or 'UserAssigned' is needed")


RULE = Rule(
    id="GP-AI-016",
    slug="search-identity",
    title="A search service has an identity to read its sources with",
    severity="medium",
    types=("Microsoft.Search/searchServices",),
    controls=("srch-identity",),
    rationale="Indexers and skills of a service without one log in to storage and models with connection strings kept in the service.",
    remediation="`AiSearch` always has a system-assigned identity; elsewhere set `identity.type`.",
    absent="A violation: Azure gives no identity unless asked to.",
    check=check,
)

GOOD: GoodCases = {
    "of its own": {"identity": {"type": "SystemAssigned"}},
    "of the platform": {"identity": {"type": "UserAssigned", "userAssignedIdentities": {"/id": {}}}},
}
BAD: BadCases = {
    "none": Bad({"properties": {}}, says="identity.type is absent; 'SystemAssigned' or 'UserAssigned' is needed"),
    "none, in a word": Bad({"identity": {"type": "None"}}, says="identity.type is 'None'"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"identity": {"type": UNKNOWN}}}
