# SPDX-License-Identifier: Apache-2.0
"""Microsoft Defender looks for paths that lead to the data."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.defender_plans import PRICING, switched_off


def check(pricing: Resource) -> Found:
    """The pricings of other plans have rules of their own."""
    yield from switched_off(pricing, "CloudPosture")


RULE = Rule(
    id="GP-DEF-004",
    slug="defender-posture",
    title="Microsoft Defender looks for paths that lead to the data",
    severity="low",
    types=(PRICING,),
    controls=("def-cspm",),
    rationale=(
        "Each setting may be agreed and the whole still be open: an exposed machine whose identity reads the lake. The plan follows such "
        "paths."
    ),
    remediation="Set `pricingTier` of the pricing `CloudPosture` to `Standard`, or leave the plan to whoever runs the subscription.",
    absent="A violation: Azure wants a tier to be named. A program without this pricing is not asked.",
    check=check,
)


def _pricing(tier: object, name: str = "CloudPosture") -> dict[str, object]:
    return {"name": name, "properties": {"pricingTier": tier}}


GOOD: GoodCases = {
    "on": _pricing("Standard"),
    "another plan": _pricing("Free", "Dns"),
}
BAD: BadCases = {
    "off": Bad(_pricing("Free"), says="properties.pricingTier is 'Free'; 'Standard' is needed"),
    "off, in another letter case": Bad(_pricing("Free", "cloudposture"), says="properties.pricingTier is 'Free'"),
    "not said": Bad({"name": "CloudPosture"}, says="properties.pricingTier is absent"),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _pricing(UNKNOWN),
    "plan named later": [_pricing("Free") | {"name": UNKNOWN}],
}
