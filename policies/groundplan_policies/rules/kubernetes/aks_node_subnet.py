# SPDX-License-Identifier: Apache-2.0
"""Nodes of a Kubernetes cluster are in a network of the platform's own."""

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Later,
    Resource,
    Rule,
    UnknownCases,
    View,
)
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.kubernetes import CLUSTER, POOL, pools_of

SUBNET = "vnetSubnetID"


def check(owner: Resource) -> Found:
    """Every pool by itself."""
    yield from each_of(pools_of(owner), lambda pool: _look(owner, pool))


def _look(owner: Resource, pool: View) -> Found:
    """The subnet that the program makes in the same update is one."""
    if not pool.given(SUBNET):
        yield pool.wrong(SUBNET, "the id of a subnet is needed")
    elif not owner.sources_of(f"{pool.at}.{SUBNET}"):
        pool.get(SUBNET)


RULE = Rule(
    id="GP-AKS-034",
    slug="aks-node-subnet",
    title="Nodes of a Kubernetes cluster are in a network of the platform's own",
    severity="medium",
    types=(CLUSTER, POOL),
    controls=("aks-node-subnet",),
    rationale=(
        "In the network that Azure makes for a cluster, nodes reach none of the platform's private endpoints, and no firewall, route "
        "or flow log of the platform sees them."
    ),
    remediation="Pass `subnet_id` to `AksCluster`, with another `outbound_type` than 'managedNATGateway'.",
    absent="A violation: Azure makes a network of its own for the cluster.",
    unknown="Passes where the id comes out of a resource of the program; undecided otherwise.",
    check=check,
)


def _cluster(*subnets: object, **more: object) -> dict[str, object]:
    return {"name": "aks", "properties": {"agentPoolProfiles": [{SUBNET: each} for each in subnets]}, **more}


_SUBNET = "/subscriptions/s/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/vnet/subnets/aks"
_NEW = {"type": "Microsoft.Network/virtualNetworks/subnets", "name": "vnet/aks", "new": True}

GOOD: GoodCases = {
    "of the platform": _cluster(_SUBNET),
    "made in the same update": [_cluster(Later("vnet/aks")), _NEW],
    "no pools here": {"properties": {}},
    "pool of its own": {"type": POOL, "properties": {SUBNET: _SUBNET}},
    "pool of its own, in the same update": [{"type": POOL, "properties": {SUBNET: Later("vnet/aks")}}, _NEW],
}
BAD: BadCases = {
    "second pool": Bad(
        _cluster(_SUBNET, None),
        says="properties.agentPoolProfiles[1].vnetSubnetID is absent; the id of a subnet is needed",
    ),
    "pool of its own": Bad(
        {"type": POOL, "properties": {}}, says="properties.vnetSubnetID is absent; the id of a subnet is needed"
    ),
    "after one that is known later": Bad(
        _cluster(UNKNOWN, None), says="properties.agentPoolProfiles[1].vnetSubnetID is absent"
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _cluster(UNKNOWN),
    "pools made later": {"properties": {"agentPoolProfiles": UNKNOWN}},
}
