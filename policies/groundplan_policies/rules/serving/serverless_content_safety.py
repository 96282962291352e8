# SPDX-License-Identifier: Apache-2.0
"""Harmful text is filtered out of what a serverless endpoint gets and answers."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.endpoints import SERVERLESS_ENDPOINT

STATUS = "properties.contentSafety.contentSafetyStatus"


def check(endpoint: Resource) -> Found:
    """Azure filters unless told not to."""
    if endpoint.equals(STATUS, "Disabled"):
        yield endpoint.wrong(STATUS, "'Enabled' is needed")


RULE = Rule(
    id="GP-SRV-021",
    slug="serverless-content-safety",
    title="Harmful text is filtered out of what a serverless endpoint gets and answers",
    severity="medium",
    types=(SERVERLESS_ENDPOINT,),
    controls=("srv-content-safety",),
    rationale="A model of the catalogue answers whatever it is asked; without the filter your application says it in your name.",
    remediation="Leave `content_safety` of `ServerlessEndpoint` at True, or exempt an application with filters of its own.",
    absent="Passes: Azure filters with its own settings.",
    check=check,
)


def _endpoint(status: object) -> dict[str, object]:
    return {"properties": {"contentSafety": {"contentSafetyStatus": status}}}


GOOD: GoodCases = {"filtered": _endpoint("Enabled"), "not said": {"properties": {}}}
BAD: BadCases = {
    "not filtered": Bad(
        _endpoint("disabled"),
        says="properties.contentSafety.contentSafetyStatus is 'disabled'; 'Enabled' is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _endpoint(UNKNOWN)}
