# SPDX-License-Identifier: Apache-2.0
"""No security rule allows everything from everywhere to everywhere."""

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Resource,
    Rule,
    UnknownCases,
    View,
    Violation,
)
from groundplan_policies.decisions import any_of, each_of
from groundplan_policies.subjects.security_rules import TYPES, addresses, bounds, is_everything, ports, rules_of


def check(found: Resource) -> Found:
    """Every rule by itself, of both directions."""
    yield from each_of(rules_of(found), _look)


def _look(rule: View) -> Found:
    limited = any_of(
        lambda: not rule.equals("access", "Allow"),
        lambda: not rule.equals("protocol", "*"),
        lambda: not any_of(*(lambda each=each: is_everything(each) for each in addresses(rule, "source"))),
        lambda: not any_of(*(lambda each=each: is_everything(each) for each in addresses(rule, "destination"))),
        lambda: not any_of(*(lambda each=each: bounds(each) == (0, 65535) for each in ports(rule))),
    )
    if not limited:
        yield Violation(
            rule.at, f"{rule.at} allows everything; a source, a destination, a protocol or ports are needed"
        )


RULE = Rule(
    id="GP-NET-003",
    slug="nsg-any-to-any",
    title="No security rule allows everything from everywhere to everywhere",
    severity="high",
    types=TYPES,
    controls=("net-nsg-any",),
    rationale="Such a rule turns the group off and all rules after it, in one direction at least. It comes from a test, and stays.",
    remediation="Name at least one of `source`, `destination`, `protocol` and `ports` of the `SecurityRule`.",
    absent="Passes: Azure wants all four to be named.",
    check=check,
)


def _rule(**more: object) -> dict[str, object]:
    return {
        "access": "Allow",
        "direction": "Outbound",
        "protocol": "*",
        "sourceAddressPrefix": "*",
        "destinationAddressPrefix": "0.0.0.0/0",
        "destinationPortRange": "*",
        **more,
    }


def _group(*rules: object) -> dict[str, object]:
    return {"properties": {"securityRules": [{"name": "one", "properties": rule} for rule in rules]}}


GOOD: GoodCases = {
    "denies": _group(_rule(access="Deny")),
    "one protocol": _group(_rule(protocol="Tcp")),
    "one source": _group(_rule(sourceAddressPrefix="VirtualNetwork")),
    "one destination": _group(_rule(destinationAddressPrefix="AzureMonitor")),
    "some ports": _group(_rule(destinationPortRange="1-65535")),
    "the source decides": _group(_rule(sourceAddressPrefix="10.0.0.0/8", destinationPortRange=UNKNOWN)),
}
_SAYS = (
    "properties.securityRules[0].properties allows everything; a source, a destination, a protocol or ports are needed"
)
BAD: BadCases = {
    "outward": Bad(_group(_rule()), says=_SAYS),
    "inward": Bad(_group(_rule(direction="Inbound")), says=_SAYS),
    "in lists, by halves": Bad(
        _group(
            _rule(destinationPortRange="0-65535", destinationAddressPrefix=None)
            | {"destinationAddressPrefixes": ["0.0.0.0/1", "128.0.0.0/1"]}
        ),
        says=_SAYS,
    ),
    "beside one that is not known": Bad(
        _group(_rule(access=UNKNOWN), _rule()), says="properties.securityRules[1].properties allows everything"
    ),
    "alone": Bad(
        {"type": "Microsoft.Network/networkSecurityGroups/securityRules", "properties": _rule()},
        says="properties allows everything",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _group(_rule(destinationAddressPrefix=UNKNOWN)),
    "rules made later": {"properties": {"securityRules": UNKNOWN}},
}
