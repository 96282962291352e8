# SPDX-License-Identifier: Apache-2.0
"""Callers of a serverless endpoint show a token of Microsoft Entra ID."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.endpoints import SERVERLESS_ENDPOINT

MODE = "properties.authMode"


def check(endpoint: Resource) -> Found:
    """A token or a key is a key."""
    if not endpoint.equals(MODE, "AAD"):
        yield endpoint.wrong(MODE, "'AAD' is needed")


RULE = Rule(
    id="GP-SRV-020",
    slug="serverless-endpoint-auth",
    title="Callers of a serverless endpoint show a token of Microsoft Entra ID",
    severity="medium",
    types=(SERVERLESS_ENDPOINT,),
    controls=("srv-serverless-auth",),
    rationale="Tokens of a model are paid for one by one: whoever finds the key spends your money, and nobody knows who it is.",
    remediation="Leave `authentication` of `ServerlessEndpoint` at `AAD` and `key_authentication` at False.",
    absent="A violation: Azure wants the way of signing in to be said, and its own tools say a key.",
    check=check,
)

GOOD: GoodCases = {"a token": {"properties": {"authMode": "AAD"}}}
BAD: BadCases = {
    "a key": Bad({"properties": {"authMode": "Key"}}, says="properties.authMode is 'Key'; 'AAD' is needed"),
    "either": Bad({"properties": {"authMode": "KeyAndAAD"}}, says="properties.authMode is 'KeyAndAAD'"),
    "not said": Bad({"properties": {}}, says="properties.authMode is absent; 'AAD' is needed"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"authMode": UNKNOWN}}}
