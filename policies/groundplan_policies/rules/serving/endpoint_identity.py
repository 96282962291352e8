# SPDX-License-Identifier: Apache-2.0
"""An online endpoint acts as a managed identity."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.endpoints import ONLINE_ENDPOINT

IDENTITY = "identity.type"
NONE = "None"


def check(endpoint: Resource) -> Found:
    """Any kind of identity will do."""
    if not endpoint.has(IDENTITY) or endpoint.equals(IDENTITY, NONE):
        yield endpoint.wrong(IDENTITY, "'SystemAssigned' or 'UserAssigned' is needed")


RULE = Rule(
    id="GP-SRV-003",
    slug="endpoint-identity",
    title="An online endpoint has a managed identity",
    severity="low",
    types=(ONLINE_ENDPOINT,),
    controls=("aml-endpoint-identity",),
    rationale="Without an identity a scoring script that needs a secret or data brings a key along, in its code or its variables.",
    remediation="Leave `identity_ids` of the endpoint out for a system-assigned identity, or pass the ids of user-assigned ones.",
    absent="A violation: the endpoint has none.",
    check=check,
)

GOOD: GoodCases = {
    "of its own": {"identity": {"type": "SystemAssigned"}},
    "others": {"identity": {"type": "UserAssigned"}},
}
BAD: BadCases = {
    "none": Bad(
        {"identity": {"type": "None"}}, says="identity.type is 'None'; 'SystemAssigned' or 'UserAssigned' is needed"
    ),
    "not said": Bad({"kind": "Managed"}, says="identity.type is absent; 'SystemAssigned' or 'UserAssigned' is needed"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"identity": {"type": UNKNOWN}}}
