# SPDX-License-Identifier: Apache-2.0
"""Microsoft Defender watches clusters and container images."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.defender_plans import PRICING, switched_off


def check(pricing: Resource) -> Found:
    """The pricings of other plans have rules of their own."""
    yield from switched_off(pricing, "Containers")


RULE = Rule(
    id="GP-DEF-003",
    slug="defender-containers",
    title="Microsoft Defender watches clusters and container images",
    severity="low",
    types=(PRICING,),
    controls=("def-containers",),
    rationale=(
        "Base images of training and scoring age: without a scan nobody hears of the hole in them, and without a sensor nobody sees it "
        "used."
    ),
    remediation="Set `pricingTier` of the pricing `Containers` to `Standard`, or leave the plan to whoever runs the subscription.",
    absent="A violation: Azure wants a tier to be named. A program without this pricing is not asked.",
    check=check,
)


def _pricing(tier: object, name: str = "Containers") -> dict[str, object]:
    return {"name": name, "properties": {"pricingTier": tier}}


GOOD: GoodCases = {
    "on": _pricing("Standard"),
    "another plan": _pricing("Free", "Dns"),
}
BAD: BadCases = {
    "off": Bad(_pricing("Free"), says="properties.pricingTier is 'Free'; 'Standard' is needed"),
    "off, in another letter case": Bad(_pricing("Free", "containers"), says="properties.pricingTier is 'Free'"),
    "not said": Bad({"name": "Containers"}, says="properties.pricingTier is absent"),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _pricing(UNKNOWN),
    "plan named later": [_pricing("Free") | {"name": UNKNOWN}],
}
