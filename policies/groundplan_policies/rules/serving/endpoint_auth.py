# SPDX-License-Identifier: Apache-2.0
"""Callers of an online endpoint show a token of Microsoft Entra ID.

No remedy: Azure takes the way of signing in only when it makes the endpoint.
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
    UnknownCases,
)
from groundplan_policies.subjects.endpoints import ONLINE_ENDPOINT

MODE = "properties.authMode"


def check(endpoint: Resource, given: Mapping[str, Any]) -> Found:
    """Managed ones and those on Kubernetes."""
    if not endpoint.equals(MODE, *given["allowed"]):
        yield endpoint.wrong(MODE, f"{' or '.join(given['allowed'])} is needed")


RULE = Rule(
    id="GP-SRV-002",
    slug="endpoint-auth",
    title="Callers of an online endpoint show a token of Microsoft Entra ID",
    severity="medium",
    types=(ONLINE_ENDPOINT,),
    controls=("aml-endpoint-auth",),
    rationale="A key belongs to nobody, never expires and opens everything; a token names its caller, whose rights can be taken away.",
    remediation="Leave `authentication` of the endpoint at `AADToken` and `key_authentication` at False; a change replaces the endpoint.",
    absent="A violation: Azure wants the way of signing in to be said.",
    parameters=(
        Parameter(
            name="allowed",
            default=["AADToken"],
            description="Ways of signing in that are allowed, by `authMode`.",
            schema={
                "type": "array",
                "items": {"enum": ["AADToken", "AMLToken", "Key"]},
                "minItems": 1,
            },
        ),
    ),
    check=check,
)

GOOD: GoodCases = {
    "a token": {"properties": {"authMode": "aadtoken"}},
    "agreed": Good({"properties": {"authMode": "AMLToken"}}, given={"allowed": ["AADToken", "AMLToken"]}),
}
BAD: BadCases = {
    "a key": Bad({"properties": {"authMode": "Key"}}, says="properties.authMode is 'Key'; AADToken is needed"),
    "not said": Bad(
        {"properties": {}},
        says="properties.authMode is absent; AADToken or AMLToken is needed",
        given={"allowed": ["AADToken", "AMLToken"]},
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"authMode": UNKNOWN}}}
