# SPDX-License-Identifier: Apache-2.0
"""No subnet has the way out to the internet that Azure gives by default."""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Resource,
    Rule,
    UnknownCases,
    View,
)
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.subnets import EXEMPT, TYPES, subnets_of

OUTBOUND = "properties.defaultOutboundAccess"


def check(found: Resource, given: Mapping[str, Any]) -> Found:
    """Only an explicit false closes it."""
    yield from each_of(subnets_of(found, given["exempt"]), _look)


def _look(subnet: View) -> Found:
    if not subnet.equals(OUTBOUND, False):
        yield subnet.wrong(OUTBOUND, "false is needed")


RULE = Rule(
    id="GP-NET-005",
    slug="subnet-default-outbound",
    title="No subnet has the way out to the internet that Azure gives by default",
    severity="medium",
    types=TYPES,
    controls=("net-subnet-private",),
    rationale=(
        "By default every machine leaves through an address that nobody owns, past any firewall and without a log. Way out should "
        "be one that was chosen: a NAT gateway, a firewall, or none."
    ),
    remediation="Set `defaultOutboundAccess` to false, as `Network` does; `nat` of its `Subnet` is a way out. It is set once, at creation.",
    absent="A violation: what Azure does then depends on the API version. Subnets that Azure reserves by name pass.",
    parameters=(EXEMPT,),
    check=check,
)


def _network(outbound: object, name: str = "training") -> dict[str, object]:
    subnets = [{"name": name, "properties": {"defaultOutboundAccess": outbound}}]
    return {"properties": {"subnets": subnets}}


_ALONE = "Microsoft.Network/virtualNetworks/subnets"
GOOD: GoodCases = {
    "closed": _network(False),
    "closed, alone": {"type": _ALONE, "name": "vnet/training", "properties": {"defaultOutboundAccess": False}},
    "reserved": _network(True, "GatewaySubnet"),
    "exempt by agreement": Good(_network(True, "transit"), given={"exempt": ["transit"]}),
}
BAD: BadCases = {
    "open": Bad(_network(True), says="properties.subnets[0].properties.defaultOutboundAccess is true; false is needed"),
    "not said, alone": Bad(
        {"type": _ALONE, "name": "vnet/training", "properties": {}},
        says="properties.defaultOutboundAccess is absent; false is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _network(UNKNOWN)}
