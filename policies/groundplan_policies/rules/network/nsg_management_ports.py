# SPDX-License-Identifier: Apache-2.0
"""No security rule opens SSH or RDP to the internet."""

from collections.abc import Mapping, Sequence
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Parameter,
    Resource,
    Rule,
    UnknownCases,
    View,
    Violation,
)
from groundplan_policies.decisions import any_of, each_of
from groundplan_policies.subjects.security_rules import TYPES, addresses, allows, bounds, is_internet, ports, rules_of


def check(found: Resource, given: Mapping[str, Any]) -> Found:
    """Every rule by itself; what has no ports, such as ICMP, opens none."""
    yield from each_of(rules_of(found), lambda rule: _look(rule, given["ports"]))


def _look(rule: View, wanted: Sequence[int]) -> Found:
    if not allows(rule, "Inbound") or rule.equals("protocol", "Icmp", "Esp", "Ah"):
        return
    if any_of(*(lambda each=each: is_internet(each) for each in addresses(rule, "source"))):
        yield from each_of(ports(rule), lambda port: _open(port, wanted))


def _open(port: View, wanted: Sequence[int]) -> Found:
    first, last = bounds(port)
    opened = [str(each) for each in wanted if first <= each <= last]
    if opened:
        yield Violation(
            port.at, f"{port.at} opens port {', '.join(opened)} to the internet; a narrower source is needed"
        )


RULE = Rule(
    id="GP-NET-001",
    slug="nsg-management-ports",
    title="No security rule opens SSH or RDP to the internet",
    severity="high",
    types=TYPES,
    controls=("net-nsg-ssh-rdp",),
    rationale="An open port for logins is found within minutes and tried with stolen passwords until one fits.",
    remediation="Name the addresses that may come in as the `source` of the `SecurityRule`, or reach machines through Azure Bastion.",
    absent="Passes: a group without rules lets nothing in from the internet.",
    parameters=(
        Parameter(
            name="ports",
            default=[22, 3389],
            description="Ports for logins that nobody on the internet may reach.",
            schema={"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 65535}, "minItems": 1},
        ),
    ),
    check=check,
)


def _rule(source: object = "Internet", port: object = "22", **more: object) -> dict[str, object]:
    return {
        "access": "Allow",
        "direction": "Inbound",
        "protocol": "Tcp",
        "sourceAddressPrefix": source,
        "destinationPortRange": port,
        **more,
    }


def _group(*rules: object) -> dict[str, object]:
    return {"properties": {"securityRules": [{"name": "one", "properties": rule} for rule in rules]}}


_ALONE = "Microsoft.Network/networkSecurityGroups/securityRules"
GOOD: GoodCases = {
    "no rules": {"properties": {}},
    "from an office": _group(_rule("203.0.113.0/24")),
    "from a quarter of the internet": _group(_rule("64.0.0.0/2")),
    "from the network": _group(_rule("VirtualNetwork", "*")),
    "another port": _group(_rule(port="23-3388")),
    "denies": _group(_rule(access="Deny")),
    "outward": _group(_rule(direction="Outbound")),
    "outward to what is not known yet": _group(_rule(UNKNOWN, UNKNOWN, direction="Outbound")),
    "ping": _group(_rule(port="*", protocol="Icmp")),
    "IPsec": _group(_rule(port="*", protocol="Esp"), _rule(port="*", protocol="Ah")),
    "by agreement": Good(_group(_rule()), given={"ports": [3389]}),
    "no number": Good(_group(_rule(port="ssh"), _rule(port="20-ssh"), _rule(port="ssh-22")), given={"ports": [1, 22]}),
}
_SAYS = "properties.securityRules[0].properties.destinationPortRange opens port 22 to the internet; a narrower source is needed"
BAD: BadCases = {
    "SSH": Bad(_group(_rule()), says=_SAYS),
    "from anywhere": Bad(_group(_rule("*")), says=_SAYS),
    "from every address": Bad(_group(_rule("0.0.0.0/0", protocol="*")), says=_SAYS),
    "RDP in a list": Bad(
        _group(
            _rule(UNKNOWN),
            _rule(None, None, sourceAddressPrefixes=["10.0.0.0/8", "::/0"], destinationPortRanges=["80", "3000-3389"]),
        ),
        says="properties.securityRules[1].properties.destinationPortRanges[1] opens port 3389 to the internet",
    ),
    "all ports": Bad(_group(_rule(port="*")), says="opens port 22, 3389 to the internet"),
    "alone": Bad(
        {"type": _ALONE, "name": "nsg/one", "properties": _rule()},
        says="properties.destinationPortRange opens port 22 to the internet",
    ),
    "the lowest and the highest": Bad(
        _group(_rule(port="*")), says="opens port 0, 65535 to the internet", given={"ports": [0, 65535]}
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "rules made later": {"properties": {"securityRules": UNKNOWN}},
    "source decided later": _group(_rule(UNKNOWN)),
    "port decided later": _group(_rule(port=UNKNOWN)),
}
