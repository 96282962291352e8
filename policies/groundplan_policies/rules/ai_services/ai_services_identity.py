# SPDX-License-Identifier: Apache-2.0
"""An AI services account has an identity to reach other services with."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

TYPE = "identity.type"


def check(account: Resource) -> Found:
    """System-assigned or user-assigned, one is enough."""
    if not account.has(TYPE) or account.equals(TYPE, "None"):
        yield account.wrong(TYPE, "'SystemAssigned' or 'UserAssigned' is needed")


RULE = Rule(
    id="GP-AI-004",
    slug="ai-services-identity",
    title="An AI services account has an identity to reach other services with",
    severity="medium",
    types=("Microsoft.CognitiveServices/accounts",),
    controls=("cog-identity",),
    rationale=(
        "Without one the account reads training files, search indexes and keys of customers with keys and signed links that "
        "somebody has to keep and renew."
    ),
    remediation="Pass `identity_id` to `AiServices`, or leave it out for a system-assigned identity.",
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
