# SPDX-License-Identifier: Apache-2.0
"""Tokens that open an identity are made for Entra ID."""

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
    UnknownCases,
    View,
)
from groundplan_policies.decisions import each_of


def check(credential: Resource, given: Mapping[str, Any]) -> Found:
    """Every audience by itself."""
    allowed: list[str] = given["audiences"]

    def look(audience: View) -> Found:
        if audience.text() not in allowed:
            yield audience.wrong("", f"one of {', '.join(allowed)} is needed")

    yield from each_of(credential.items("properties.audiences"), look)


RULE = Rule(
    id="GP-IAM-014",
    slug="federated-audience",
    title="Tokens that open an identity are made for Entra ID",
    severity="low",
    types=("Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",),
    controls=("iam-federated-audience",),
    rationale=(
        "A token that a pipeline makes for some other service can be passed on by that service: it then opens the identity, too, if the "
        "audience is the same."
    ),
    remediation="Use `FederatedCredentials`, which takes the audience of the `cloud`, or set `audiences` to it.",
    absent="Passes: Azure refuses a credential without an audience.",
    parameters=(
        Parameter(
            name="audiences",
            default=[
                "api://AzureADTokenExchange",
                "api://AzureADTokenExchangeUSGov",
                "api://AzureADTokenExchangeChina",
            ],
            description="Audiences, letter case as in tokens.",
            schema={"type": "array", "items": {"type": "string"}, "minItems": 1},
        ),
    ),
    check=check,
)


def _for(*audiences: object) -> dict[str, object]:
    return {"properties": {"audiences": [*audiences]}}


GOOD: GoodCases = {
    "public cloud": _for("api://AzureADTokenExchange"),
    "clouds of governments": _for("api://AzureADTokenExchangeUSGov"),
    "cloud of China": _for("api://AzureADTokenExchangeChina"),
    "one that is agreed": Good(_for("vault"), given={"audiences": ["vault"]}),
}
BAD: BadCases = {
    "another service": Bad(
        _for(UNKNOWN, "sts.amazonaws.com"),
        says=(
            "properties.audiences[1] is 'sts.amazonaws.com'; one of api://AzureADTokenExchange, api://AzureADTokenExchangeUSGov, "
            "api://AzureADTokenExchangeChina is needed"
        ),
    ),
    "another letter case": Bad(
        _for("api://azureadtokenexchange"), says="properties.audiences[0] is 'api://azureadtokenexchange'"
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "one decided later": _for(UNKNOWN),
    "all decided later": {"properties": {"audiences": UNKNOWN}},
}
