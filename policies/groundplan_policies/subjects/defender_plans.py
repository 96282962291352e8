# SPDX-License-Identifier: Apache-2.0
"""Plans of Microsoft Defender for Cloud, each of which a rule looks at.

Whether a subscription has a plan at all is no question to a program that does not set it: plans are often a central team's.
"""

from __future__ import annotations

from typing import Final

from groundplan_policies.resource import Resource
from groundplan_policies.rule import Found
from groundplan_policies.values import Undecided

PRICING: Final = "Microsoft.Security/pricings"
TIER: Final = "properties.pricingTier"


def is_plan(pricing: Resource, name: str) -> bool:
    """Whether a pricing is that of a plan. Raises `Undecided` where its name is not known."""
    if pricing.short_name is None:
        raise Undecided("name", "unknown")
    return pricing.short_name.casefold() == name.casefold()


def switched_off(pricing: Resource, name: str) -> Found:
    """A violation where the pricing is that of a plan and does not switch it on."""
    if is_plan(pricing, name) and not pricing.equals(TIER, "Standard"):
        yield pricing.wrong(TIER, "'Standard' is needed")
