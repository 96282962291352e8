# SPDX-License-Identifier: Apache-2.0
"""A search service is of a tier that private endpoints can lead to."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

SKU = "sku.name"


def check(service: Resource) -> Found:
    """Every tier but the free one."""
    if not service.has(SKU) or service.equals(SKU, "free"):
        yield service.wrong(SKU, "'basic' or a larger tier is needed")


RULE = Rule(
    id="GP-AI-017",
    slug="search-sku",
    title="A search service is of a tier that private endpoints can lead to",
    severity="medium",
    types=("Microsoft.Search/searchServices",),
    controls=("srch-sku-private",),
    rationale=(
        "The free tier shares its machines with others, has neither private endpoints nor an identity, and is removed when it "
        "lies idle. Its tier can not be changed, so all indexes are built anew later."
    ),
    remediation="Choose a `sku` of `AiSearch`, which knows `basic` and larger.",
    absent="A violation: Azure wants a tier to be named.",
    check=check,
)

GOOD: GoodCases = {"the smallest": {"sku": {"name": "basic"}}, "larger": {"sku": {"name": "standard2"}}}
BAD: BadCases = {
    "free": Bad({"sku": {"name": "free"}}, says="sku.name is 'free'; 'basic' or a larger tier is needed"),
    "not said": Bad({"properties": {}}, says="sku.name is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"sku": {"name": UNKNOWN}}}
