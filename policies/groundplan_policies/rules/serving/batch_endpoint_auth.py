# SPDX-License-Identifier: Apache-2.0
"""Callers of a batch endpoint show a token of Microsoft Entra ID."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.endpoints import BATCH_ENDPOINT

MODE = "properties.authMode"


def check(endpoint: Resource) -> Found:
    """There is no other good way: jobs run as their caller."""
    if not endpoint.equals(MODE, "AADToken"):
        yield endpoint.wrong(MODE, "'AADToken' is needed")


RULE = Rule(
    id="GP-SRV-016",
    slug="batch-endpoint-auth",
    title="Callers of a batch endpoint show a token of Microsoft Entra ID",
    severity="medium",
    types=(BATCH_ENDPOINT,),
    controls=("srv-batch-auth",),
    rationale="A batch job reads data in the name of its caller, and a key belongs to nobody.",
    remediation="Set `authMode` to `AADToken`, as `BatchEndpoint` does.",
    absent="A violation: Azure wants the way of signing in to be said.",
    check=check,
)

GOOD: GoodCases = {"a token": {"properties": {"authMode": "AADToken"}}}
BAD: BadCases = {
    "a key": Bad({"properties": {"authMode": "Key"}}, says="properties.authMode is 'Key'; 'AADToken' is needed"),
    "not said": Bad({"properties": {}}, says="properties.authMode is absent; 'AADToken' is needed"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"authMode": UNKNOWN}}}
