# SPDX-License-Identifier: Apache-2.0
"""Rules of network security groups."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from typing import Any, ClassVar

from groundplan_emulator.arm.errors import bad_request, invalid_content
from groundplan_emulator.arm.resource import Seconds, Write
from groundplan_emulator.types.network import service
from groundplan_emulator.types.network.inlined import asked_for
from groundplan_emulator.types.network.service import NetworkType

ALLOWED = {
    "access": ("Allow", "Deny"),
    "direction": ("Inbound", "Outbound"),
    "protocol": ("*", "Tcp", "Udp", "Icmp", "Esp", "Ah"),
}
PRIORITIES = range(100, 4097)
HIGHEST_PORT = 65535
TAG = r"[A-Za-z][A-Za-z0-9]*(\.[A-Za-z0-9]+)*"


class SecurityRules(NetworkType):
    """Microsoft.Network/networkSecurityGroups/securityRules: a priority is used once per direction.

    Differs from Azure:
    - any word is taken for a service tag; limits on the number of rules and prefixes are not enforced
    """

    type: ClassVar[str] = service.SECURITY_RULE
    seconds: ClassVar[Seconds] = Seconds(create=2, update=2, delete=2)
    refers: ClassVar[tuple[str, ...]] = (
        "properties.sourceApplicationSecurityGroups[*].id",
        "properties.destinationApplicationSecurityGroups[*].id",
    )
    defaults: ClassVar[dict[str, Any]] = {
        "sourceAddressPrefixes": [],
        "destinationAddressPrefixes": [],
        "sourcePortRanges": [],
        "destinationPortRanges": [],
    }

    def check(self, write: Write) -> None:
        """The rule itself; and its priority beside the group's other rules."""
        super().check(write)
        check_rule(write.id.name, write.properties)
        if asked_for(write):
            others = write.ctx.children(write.id.parent_id, self.type)
            rules = {rule.name: rule.properties for rule in others if rule.key != write.id.key}
            check_priorities({**rules, write.id.name: write.properties})


def check_priorities(rules: Mapping[str, Mapping[str, Any]]) -> None:
    """400 SecurityRuleConflict where two rules share priority and direction."""
    seen: dict[tuple[Any, str], str] = {}
    for name, rule in rules.items():
        key = (rule.get("priority"), str(rule.get("direction", "")).lower())
        if key in seen:
            raise bad_request(
                "SecurityRuleConflict",
                f"Security rule {name} conflicts with rule {seen[key]}. Rules cannot have the same Priority and Direction.",
            )
        seen[key] = name


def check_rule(name: str, rule: Mapping[str, Any]) -> None:
    """Kind, priority, ports and addresses of one rule."""
    for word, allowed in ALLOWED.items():
        if str(rule.get(word)).lower() not in {value.lower() for value in allowed}:
            reason = f"Error converting value {rule.get(word)!r}; allowed: {', '.join(allowed)}"
            raise invalid_content(f"properties.{word}", reason)
    priority = rule.get("priority")
    if priority not in PRIORITIES:
        raise bad_request(
            "SecurityRuleInvalidPriority",
            f"Security rule {name} has invalid Priority. Value provided: {priority} Allowed range 100-4096.",
            target="properties.priority",
        )
    for side in ("source", "destination"):
        groups = rule.get(f"{side}ApplicationSecurityGroups")
        addresses = list(_either(name, rule, f"{side}AddressPrefix", f"{side}AddressPrefixes"))
        ports = list(_either(name, rule, f"{side}PortRange", f"{side}PortRanges"))
        if not addresses and not groups:
            raise _missing(name, f"{side}AddressPrefix")
        if not ports:
            raise _missing(name, f"{side}PortRange")
        for address in addresses:
            if not _is_address(address):
                raise bad_request(
                    "SecurityRuleInvalidAddressPrefix",
                    f"Security rule {name} has invalid Address prefix. Value provided: {address}."
                    " Allowed: *, an IP address, a CIDR block or a service tag.",
                    target=f"properties.{side}AddressPrefix",
                )
        for port in ports:
            if not _is_port(port):
                raise bad_request(
                    "SecurityRuleInvalidPortRange",
                    f"Security rule {name} has invalid Port range. Value provided: {port}. Value should be an integer OR"
                    " integer range with '-' delimiter. Valid range 0-65535.",
                    target=f"properties.{side}PortRange",
                )


def _either(name: str, rule: Mapping[str, Any], single: str, plural: str) -> Iterator[str]:
    one, many = rule.get(single), rule.get(plural)
    if one and many:
        raise bad_request(
            "SecurityRuleParameterConflict",
            f"Security rule {name} has both {single} and {plural}; give one of them.",
            target=f"properties.{plural}",
        )
    yield from many or ([one] if one else [])


def _missing(name: str, parameter: str) -> Exception:
    return bad_request(
        "SecurityRuleParameterMissing",
        f"Security rule {name} has no {parameter}; give it or its plural.",
        target=f"properties.{parameter}",
    )


def _is_address(text: str) -> bool:
    if text == "*" or re.fullmatch(TAG, text):
        return True
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _is_port(text: str) -> bool:
    if text == "*":
        return True
    if re.fullmatch(r"\d+(-\d+)?", text) is None:
        return False
    low, _, high = text.partition("-")
    return int(low) <= int(high or low) <= HIGHEST_PORT
