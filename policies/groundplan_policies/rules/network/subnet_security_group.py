# SPDX-License-Identifier: Apache-2.0
"""Every subnet has a security group."""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Later,
    Resource,
    Rule,
    UnknownCases,
    View,
)
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.subnets import EXEMPT, TYPES, subnets_of

GROUP = "properties.networkSecurityGroup.id"


def check(found: Resource, given: Mapping[str, Any]) -> Found:
    """A group that is still to be made will do."""
    yield from each_of(subnets_of(found, given["exempt"]), lambda subnet: _look(found, subnet))


def _look(found: Resource, subnet: View) -> Found:
    where = subnet.view(GROUP).at
    if not found.sources_of(where) and not subnet.has(GROUP):
        yield subnet.wrong(GROUP, "a security group is needed")


RULE = Rule(
    id="GP-NET-004",
    slug="subnet-security-group",
    title="Every subnet has a security group",
    severity="medium",
    types=TYPES,
    controls=("net-subnet-nsg",),
    rationale="Without one everything in the network reaches everything in the subnet, and a public address is reached by all.",
    remediation="Name a `networkSecurityGroup`; `Network` gives each subnet one.",
    absent="A violation. Subnets that Azure reserves by name, for gateways, firewalls, Bastion and route servers, pass.",
    unknown="Passes where the id comes out of another resource; else undecided until the update knows it.",
    parameters=(EXEMPT,),
    check=check,
)


def _network(name: object, group: object = None) -> dict[str, object]:
    subnets = [{"name": name, "properties": {"networkSecurityGroup": group}}]
    return {"properties": {"subnets": subnets}}


_ALONE = "Microsoft.Network/virtualNetworks/subnets"
_NEW = {"type": "Microsoft.Network/networkSecurityGroups", "name": "nsg", "new": True}
GOOD: GoodCases = {
    "a group": _network("training", {"id": "/nsg"}),
    "a group made in the same update": [_network("training", {"id": Later("nsg")}), _NEW],
    "a group made in the same update, alone": [
        {"type": _ALONE, "name": "vnet/training", "properties": {"networkSecurityGroup": {"id": Later("nsg")}}},
        _NEW,
    ],
    "no subnets here": {"properties": {}},
    "gateways": _network("gatewaysubnet"),
    "firewall": _network("AzureFirewallSubnet"),
    "firewall's control": _network("AzureFirewallManagementSubnet"),
    "Bastion": _network("AzureBastionSubnet"),
    "route server, alone": {"type": _ALONE, "name": "vnet/RouteServerSubnet"},
    "exempt by agreement": Good(_network("transit"), given={"exempt": ["Transit"]}),
}
BAD: BadCases = {
    "none": Bad(
        _network("training"),
        says="properties.subnets[0].properties.networkSecurityGroup.id is absent; a security group is needed",
    ),
    "none, alone": Bad(
        {"type": _ALONE, "name": "vnet/training", "properties": {}},
        says="properties.networkSecurityGroup.id is absent; a security group is needed",
    ),
    "none, and not named yet": Bad(
        [{"type": _ALONE, "parent": Later("vnet"), "properties": {}}, {"name": "vnet", "new": True}],
        says="properties.networkSecurityGroup.id is absent",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _network("training", {"id": UNKNOWN}),
    "subnets made later": {"properties": {"subnets": UNKNOWN}},
}
