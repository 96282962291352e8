# SPDX-License-Identifier: Apache-2.0
"""A search service is closed to the internet."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

PUBLIC = "properties.publicNetworkAccess"


def check(service: Resource) -> Found:
    """Azure writes `disabled` in lower case. A list of addresses is not enough: it leaves the name open to anybody's tokens."""
    if not service.equals(PUBLIC, "Disabled", "SecuredByPerimeter"):
        yield service.wrong(PUBLIC, "'Disabled' is needed")


RULE = Rule(
    id="GP-AI-014",
    slug="search-public-access",
    title="A search service is closed to the internet",
    severity="high",
    types=("Microsoft.Search/searchServices",),
    controls=("srch-public-access",),
    rationale="An index holds copies of the documents that answers are made from, often with fewer permissions than the originals.",
    remediation="Leave `public_network_access` of `AiSearch` at False and give it a `private_endpoint`.",
    absent="A violation: Azure opens a service that does not say otherwise.",
    check=check,
    remedy={"properties.publicNetworkAccess": "Disabled"},
)

GOOD: GoodCases = {
    "closed": {"properties": {"publicNetworkAccess": "disabled"}},
    "in a perimeter": {"properties": {"publicNetworkAccess": "securedByPerimeter"}},
}
BAD: BadCases = {
    "open": Bad(
        {"properties": {"publicNetworkAccess": "enabled", "networkRuleSet": {"ipRules": [{"value": "203.0.113.9"}]}}},
        says="properties.publicNetworkAccess is 'enabled'; 'Disabled' is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.publicNetworkAccess is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"publicNetworkAccess": UNKNOWN}}}
