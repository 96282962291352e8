# SPDX-License-Identifier: Apache-2.0
"""Microsoft Defender watches key vaults."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.defender_plans import PRICING, switched_off


def check(pricing: Resource) -> Found:
    """The pricings of other plans have rules of their own."""
    yield from switched_off(pricing, "KeyVaults")


RULE = Rule(
    id="GP-DEF-001",
    slug="defender-key-vault",
    title="Microsoft Defender watches key vaults",
    severity="low",
    types=(PRICING,),
    controls=("def-keyvault",),
    rationale=(
        "Somebody who lists all secrets at night from a country where nobody works uses rights that they have: only the pattern gives "
        "it away."
    ),
    remediation="Set `pricingTier` of the pricing `KeyVaults` to `Standard`, or leave the plan to whoever runs the subscription.",
    absent="A violation: Azure wants a tier to be named. A program without this pricing is not asked.",
    check=check,
)


def _pricing(tier: object, name: str = "KeyVaults") -> dict[str, object]:
    return {"name": name, "properties": {"pricingTier": tier}}


GOOD: GoodCases = {
    "on": _pricing("Standard"),
    "another plan": _pricing("Free", "Dns"),
}
BAD: BadCases = {
    "off": Bad(_pricing("Free"), says="properties.pricingTier is 'Free'; 'Standard' is needed"),
    "off, in another letter case": Bad(_pricing("Free", "keyvaults"), says="properties.pricingTier is 'Free'"),
    "not said": Bad({"name": "KeyVaults"}, says="properties.pricingTier is absent"),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _pricing(UNKNOWN),
    "plan named later": [_pricing("Free") | {"name": UNKNOWN}],
}
