# SPDX-License-Identifier: Apache-2.0
"""A Kubernetes cluster has an agreed way out to the internet."""

from collections.abc import Mapping
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
)
from groundplan_policies.subjects.kubernetes import CLUSTER, is_automatic

OUTBOUND = "properties.networkProfile.outboundType"
TYPES = ("userDefinedRouting", "userAssignedNATGateway", "managedNATGateway", "managedNATGatewayV2", "none", "block")


def check(cluster: Resource, given: Mapping[str, Any]) -> Found:
    """AKS Automatic takes a NAT gateway of its own where nothing is said."""
    if cluster.equals(OUTBOUND, *given["types"]):
        return
    if cluster.has(OUTBOUND) or not is_automatic(cluster):
        yield cluster.wrong(OUTBOUND, f"one of {', '.join(given['types'])} is needed")


RULE = Rule(
    id="GP-AKS-026",
    slug="aks-outbound",
    title="A Kubernetes cluster has an agreed way out to the internet",
    severity="medium",
    types=(CLUSTER,),
    controls=("aks-outbound",),
    rationale=(
        "By the load balancer pods reach the whole internet from an address of Azure's choice, past the firewall, and run out of ports "
        "when many jobs download at once. Where all traffic has to pass a firewall, leave only 'userDefinedRouting' in `types`."
    ),
    remediation="Leave `outbound_type` of `AksCluster` at 'userAssignedNATGateway', or pass 'userDefinedRouting' for a firewall.",
    absent="A violation: Azure takes the load balancer. Passes for AKS Automatic, which takes a NAT gateway.",
    parameters=(
        Parameter(
            name="types",
            default=[*TYPES],
            description="The ways out that are agreed, in Azure's words.",
            schema={"type": "array", "items": {"enum": [*TYPES, "loadBalancer"]}, "minItems": 1},
        ),
    ),
    check=check,
)


def _cluster(outbound: object, sku: object = "Base") -> dict[str, object]:
    return {"sku": {"name": sku}, "properties": {"networkProfile": {"outboundType": outbound}}}


GOOD: GoodCases = {
    "firewall": _cluster("userDefinedRouting"),
    "NAT gateway": _cluster("userAssignedNATGateway"),
    "NAT gateway of Azure's": _cluster("managedNATGateway"),
    "newer NAT gateway of Azure's": _cluster("managedNATGatewayV2"),
    "no way out": _cluster("none"),
    "closed": _cluster("block"),
    "load balancer was agreed": Good(_cluster("loadBalancer"), given={"types": ["loadBalancer"]}),
    "automatic": _cluster(None, "Automatic"),
}
_NEEDED = (
    "one of userDefinedRouting, userAssignedNATGateway, managedNATGateway, managedNATGatewayV2, none, block is needed"
)
BAD: BadCases = {
    "load balancer": Bad(
        _cluster("loadBalancer"), says=f"properties.networkProfile.outboundType is 'loadBalancer'; {_NEEDED}"
    ),
    "not said": Bad({"properties": {}}, says=f"properties.networkProfile.outboundType is absent; {_NEEDED}"),
    "automatic with a load balancer": Bad(_cluster("loadBalancer", "Automatic"), says="is 'loadBalancer'; one of"),
    "not by the firewall": Bad(
        _cluster("userAssignedNATGateway"),
        given={"types": ["userDefinedRouting"]},
        says="is 'userAssignedNATGateway'; one of userDefinedRouting is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _cluster(UNKNOWN),
    "automatic or not": _cluster(None, UNKNOWN),
}
