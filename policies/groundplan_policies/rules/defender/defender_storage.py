# SPDX-License-Identifier: Apache-2.0
"""Microsoft Defender watches storage accounts, with the plan that can scan what is uploaded."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.defender_plans import PRICING, is_plan, switched_off

PLAN = "StorageAccounts"
SUB_PLAN = "properties.subPlan"


def check(pricing: Resource) -> Found:
    """On, and not as one of the plans of before 2023, which see less."""
    yield from switched_off(pricing, PLAN)
    if is_plan(pricing, PLAN) and pricing.equals(SUB_PLAN, "PerTransaction", "PerStorageAccount"):
        yield pricing.wrong(SUB_PLAN, "'DefenderForStorageV2' is needed")


RULE = Rule(
    id="GP-DEF-002",
    slug="defender-storage",
    title="Microsoft Defender watches storage accounts",
    severity="low",
    types=(PRICING,),
    controls=("def-storage",),
    rationale=(
        "Training data is taken, and models are swapped, with valid tokens. The plan notices downloads that nobody makes and scans what "
        "is uploaded."
    ),
    remediation="Set `pricingTier` of the pricing `StorageAccounts` to `Standard`, or leave the plan to whoever runs the subscription.",
    absent="A violation for the tier, which Azure wants to be named; without a part named the whole plan is on.",
    check=check,
)


def _pricing(tier: object, name: str = "StorageAccounts", sub_plan: object = None) -> dict[str, object]:
    return {"name": name, "properties": {"pricingTier": tier, "subPlan": sub_plan}}


GOOD: GoodCases = {
    "on": _pricing("Standard"),
    "on, by its name": _pricing("Standard", sub_plan="DefenderForStorageV2"),
    "another plan": _pricing("Free", "Dns"),
    "a part of another plan": _pricing("Standard", "KeyVaults", "PerTransaction"),
}
BAD: BadCases = {
    "off": Bad(_pricing("Free"), says="properties.pricingTier is 'Free'; 'Standard' is needed"),
    "off, in another letter case": Bad(_pricing("Free", "storageaccounts"), says="properties.pricingTier is 'Free'"),
    "by transaction": Bad(
        _pricing("Standard", sub_plan="PerTransaction"),
        says="properties.subPlan is 'PerTransaction'; 'DefenderForStorageV2' is needed",
    ),
    "by account": Bad(
        _pricing("Standard", sub_plan="PerStorageAccount"), says="properties.subPlan is 'PerStorageAccount'"
    ),
    "not said": Bad({"name": "StorageAccounts"}, says="properties.pricingTier is absent"),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _pricing(UNKNOWN),
    "part of the plan decided later": _pricing("Standard", sub_plan=UNKNOWN),
    "plan named later": [_pricing("Free") | {"name": UNKNOWN}],
}
