# SPDX-License-Identifier: Apache-2.0
"""Microsoft Defender watches AI services."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.defender_plans import PRICING, switched_off


def check(pricing: Resource) -> Found:
    """The pricings of other plans have rules of their own."""
    yield from switched_off(pricing, "AI")


RULE = Rule(
    id="GP-DEF-005",
    slug="defender-ai",
    title="Microsoft Defender watches AI services",
    severity="low",
    types=(PRICING,),
    controls=("def-ai",),
    rationale=(
        "Jailbreaks, stolen tokens and prompts that carry out data look like ordinary calls; the plan knows their patterns."
    ),
    remediation="Set `pricingTier` of the pricing `AI` to `Standard`, or leave the plan to whoever runs the subscription.",
    absent="A violation: Azure wants a tier to be named. A program without this pricing is not asked.",
    check=check,
)


def _pricing(tier: object, name: str = "AI") -> dict[str, object]:
    return {"name": name, "properties": {"pricingTier": tier}}


GOOD: GoodCases = {
    "on": _pricing("Standard"),
    "another plan": _pricing("Free", "Dns"),
}
BAD: BadCases = {
    "off": Bad(_pricing("Free"), says="properties.pricingTier is 'Free'; 'Standard' is needed"),
    "off, in another letter case": Bad(_pricing("Free", "ai"), says="properties.pricingTier is 'Free'"),
    "not said": Bad({"name": "AI"}, says="properties.pricingTier is absent"),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _pricing(UNKNOWN),
    "plan named later": [_pricing("Free") | {"name": UNKNOWN}],
}
