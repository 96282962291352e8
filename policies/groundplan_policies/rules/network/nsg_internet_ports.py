# SPDX-License-Identifier: Apache-2.0
"""From the internet a security rule opens no ports but the agreed ones."""

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
)
from groundplan_policies.decisions import any_of, each_of
from groundplan_policies.subjects.security_rules import TYPES, addresses, allows, bounds, is_internet, ports, rules_of


def check(found: Resource, given: Mapping[str, Any]) -> Found:
    """Every rule by itself."""
    yield from each_of(rules_of(found), lambda rule: _look(rule, given["ports"]))


def _look(rule: View, agreed: Sequence[int]) -> Found:
    if not allows(rule, "Inbound"):
        return
    if any_of(*(lambda each=each: is_internet(each) for each in addresses(rule, "source"))):
        yield from each_of(ports(rule), lambda port: _open(port, agreed))


def _open(port: View, agreed: Sequence[int]) -> Found:
    first, last = bounds(port)
    inside = sum(first <= each <= last for each in set(agreed))
    if last - first + 1 > inside:
        allowed = ", ".join(str(each) for each in agreed) or "none"
        yield port.wrong("", f"ports that the internet may reach: {allowed}")


RULE = Rule(
    id="GP-NET-002",
    slug="nsg-internet-ports",
    title="From the internet a security rule opens no ports but the agreed ones",
    severity="high",
    types=TYPES,
    controls=("net-nsg-internet-ports",),
    rationale=(
        "What listens on the other ports was never meant for strangers: databases, dashboards of training runs, debuggers of "
        "scoring containers."
    ),
    remediation="Name the `ports` and the `source` of the `SecurityRule`, or add a port to the parameter once it is agreed.",
    absent="Passes: a group without rules lets nothing in from the internet.",
    parameters=(
        Parameter(
            name="ports",
            default=[443, 80],
            description="Ports that may be open to the internet.",
            schema={"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 65535}},
        ),
    ),
    check=check,
)


def _rule(port: object, source: object = "Internet", **more: object) -> dict[str, object]:
    return {
        "access": "Allow",
        "direction": "Inbound",
        "sourceAddressPrefix": source,
        "destinationPortRange": port,
        **more,
    }


def _group(*rules: object) -> dict[str, object]:
    return {"properties": {"securityRules": [{"name": "one", "properties": rule} for rule in rules]}}


GOOD: GoodCases = {
    "web": _group(_rule("443"), _rule("80", "*"), _rule("443-443")),
    "from the network": _group(_rule("*", "VirtualNetwork")),
    "from Azure's control": _group(_rule("65200-65535", "GatewayManager")),
    "denies": _group(_rule("*", access="Deny")),
    "outward": _group(_rule("*", "*", direction="Outbound")),
    "by agreement": Good(_group(_rule("8883-8884")), given={"ports": [8883, 8884, 8883]}),
    "no ports": _group(_rule(None)),
}
BAD: BadCases = {
    "all": Bad(
        _group(_rule("*")),
        says=(
            "properties.securityRules[0].properties.destinationPortRange is '*'; "
            "ports that the internet may reach: 443, 80"
        ),
    ),
    "one too many": Bad(_group(_rule("443-444")), says="destinationPortRange is '443-444'"),
    "the one before": Bad(_group(_rule("442-443")), says="destinationPortRange is '442-443'"),
    "in a list": Bad(
        _group(_rule(UNKNOWN), _rule("443", destinationPortRanges=["80", "8080"])),
        says="properties.securityRules[1].properties.destinationPortRanges[1] is '8080'",
    ),
    "none is agreed": Bad(
        _group(_rule("443")), says="is '443'; ports that the internet may reach: none", given={"ports": []}
    ),
    "alone": Bad(
        {"type": "Microsoft.Network/networkSecurityGroups/securityRules", "properties": _rule("9000")},
        says="properties.destinationPortRange is '9000'",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "port decided later": _group(_rule(UNKNOWN)),
    "source decided later": _group(_rule("8080", UNKNOWN)),
}
