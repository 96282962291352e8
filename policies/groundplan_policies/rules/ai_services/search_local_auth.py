# SPDX-License-Identifier: Apache-2.0
"""A search service takes no keys."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

LOCAL_AUTH = "properties.disableLocalAuth"


def check(service: Resource) -> Found:
    """Only an explicit true turns the keys off."""
    if not service.equals(LOCAL_AUTH, True):
        yield service.wrong(LOCAL_AUTH, "true is needed")


RULE = Rule(
    id="GP-AI-015",
    slug="search-local-auth",
    title="A search service takes no keys",
    severity="medium",
    types=("Microsoft.Search/searchServices",),
    controls=("srch-local-auth",),
    rationale="An admin key reads, changes and deletes every index; it can not be limited to one of them and names nobody in the log.",
    remediation=(
        "Leave `local_authentication` of `AiSearch` at False and give callers `Search Index Data Reader` or "
        "`Search Index Data Contributor`."
    ),
    absent="A violation: Azure takes keys unless told not to.",
    check=check,
)

GOOD: GoodCases = {"off": {"properties": {"disableLocalAuth": True}}}
BAD: BadCases = {
    "on": Bad({"properties": {"disableLocalAuth": False}}, says="properties.disableLocalAuth is false; true is needed"),
    "not said": Bad({"properties": {}}, says="properties.disableLocalAuth is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"disableLocalAuth": UNKNOWN}}}
