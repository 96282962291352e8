# SPDX-License-Identifier: Apache-2.0
"""Security rules of networks, in the body of their group or alone, and what they let through.

Each rule is looked at by itself: a deny with a lower number may be gone tomorrow.
"""

from __future__ import annotations

from typing import Final, Literal

from groundplan_policies.resource import Resource, View
from groundplan_policies.subjects.address_prefixes import prefix_length

GROUP: Final = "Microsoft.Network/networkSecurityGroups"
SINGLE: Final = "Microsoft.Network/networkSecurityGroups/securityRules"
TYPES: Final = (GROUP, SINGLE)
Side = Literal["source", "destination"]
_WIDE: Final = 1
"""Two blocks of half the internet each are the internet."""


def rules_of(found: Resource) -> list[View]:
    """The properties of each rule of a group, or of a rule that stands alone. Raises `Undecided`."""
    if found.is_a(SINGLE):
        return [found.view("properties")]
    return [rule.view("properties") for rule in found.items("properties.securityRules")]


def allows(rule: View, direction: Literal["Inbound", "Outbound"]) -> bool:
    """Whether a rule lets traffic of one direction through. Raises `Undecided`."""
    return rule.equals("direction", direction) and rule.equals("access", "Allow")


def addresses(rule: View, side: Side) -> list[View]:
    """The address prefixes and service tags of one side. Raises `Undecided` where a list of them is not known."""
    return _both(rule, f"{side}AddressPrefix", f"{side}AddressPrefixes")


def ports(rule: View) -> list[View]:
    """The destination's ports and ranges of ports. Raises `Undecided` where a list of them is not known."""
    return _both(rule, "destinationPortRange", "destinationPortRanges")


def is_everything(address: View) -> bool:
    """Whether an address prefix stands for every address there is. Raises `Undecided`."""
    length = prefix_length(address.text())
    return length is not None and length <= _WIDE


def is_internet(address: View) -> bool:
    """Whether an address prefix or service tag stands for everybody on the internet. Raises `Undecided`."""
    return address.equals("", "Internet") or is_everything(address)


def bounds(port: View) -> tuple[int, int]:
    """The first and the last port of a range; of what is no number none. Raises `Undecided`."""
    text = port.text()
    if text == "*":
        return 0, 65535
    first, _, last = text.partition("-")
    if not first.strip().isdigit() or not (last or first).strip().isdigit():
        return 1, 0
    return int(first), int(last or first)


def _both(rule: View, one: str, many: str) -> list[View]:
    return [rule.view(one), *rule.items(many)]
