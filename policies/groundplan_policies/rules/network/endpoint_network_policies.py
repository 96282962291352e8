# SPDX-License-Identifier: Apache-2.0
"""The security group of a subnet holds for the private endpoints in it."""

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Id,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    Violation,
    shown,
)
from groundplan_policies.subjects.private_endpoints import ENDPOINT
from groundplan_policies.subjects.subnets import subnet_of

POLICIES = "properties.privateEndpointNetworkPolicies"


def check(endpoint: Resource, stack: Stack) -> Found:
    """Asked of the endpoint, so that subnets without any are left alone."""
    subnet = subnet_of(endpoint, stack)
    if subnet is not None and not subnet.equals(POLICIES, "Enabled", "NetworkSecurityGroupEnabled"):
        yield Violation(
            "properties.subnet.id",
            f"privateEndpointNetworkPolicies of its subnet is {shown(subnet.get(POLICIES))}; "
            "'NetworkSecurityGroupEnabled' is needed",
        )


RULE = Rule(
    id="GP-NET-010",
    slug="endpoint-network-policies",
    title="The security group of a subnet holds for the private endpoints in it",
    severity="low",
    types=(ENDPOINT,),
    controls=("net-pe-policies",),
    rationale="Azure passes the group by unless told otherwise: rules that seem to guard vaults and storage accounts guard nothing.",
    remediation="Set `privateEndpointNetworkPolicies` of the subnet to `NetworkSecurityGroupEnabled`; `Network` always does.",
    absent="A violation: Azure's default is `Disabled`. An endpoint in a subnet of another stack passes.",
    needs_stack=True,
    check=check,
)

_VNET = "Microsoft.Network/virtualNetworks"


def _endpoint(subnet: object) -> dict[str, object]:
    return {"name": "pe", "properties": {"subnet": {"id": subnet}}}


def _subnet(policies: object, **more: object) -> dict[str, object]:
    properties = {"privateEndpointNetworkPolicies": policies}
    return {"type": "Microsoft.Network/virtualNetworks/subnets", "name": "vnet/one", "properties": properties, **more}


def _inside(policies: object) -> dict[str, object]:
    subnets = [
        {"name": "other", "properties": {"privateEndpointNetworkPolicies": "RouteTableEnabled"}},
        {"name": "ONE", "properties": {"privateEndpointNetworkPolicies": policies}},
    ]
    return {"type": "Microsoft.Network/virtualNetworks", "name": "vnet", "properties": {"subnets": subnets}}


_BELOW = "/subscriptions/mine/resourceGroups/RG-example/providers/Microsoft.Network/virtualNetworks/vnet/subnets/{}"
_SAYS = "privateEndpointNetworkPolicies of its subnet is 'Disabled'; 'NetworkSecurityGroupEnabled' is needed"
GOOD: GoodCases = {
    "for groups": [_endpoint(Id("vnet/one")), _subnet("NetworkSecurityGroupEnabled")],
    "for groups and routes": [_endpoint(Id("vnet/one")), _subnet("Enabled")],
    "both are new": [_endpoint(Later("vnet/one")), _subnet("Enabled", new=True)],
    "in the network's body": [_endpoint(_BELOW.format("one")), _inside("Enabled")],
    "no such subnet in the network's body": [_endpoint(_BELOW.format("two")), _inside("Disabled")],
    "in a network of others": [
        _endpoint(_BELOW.format("one").replace("vnet", "hub")),
        _inside("Disabled"),
        {"type": "Microsoft.Network/virtualNetworks", "name": "new", "new": True},
    ],
    "from nobody knows where": [_endpoint(UNKNOWN), _inside("Disabled")],
}
BAD: BadCases = {
    "off": Bad([_endpoint(Id("vnet/one")), _subnet("Disabled")], says=_SAYS),
    "routes only": Bad([_endpoint(Id("vnet/one")), _subnet("RouteTableEnabled")], says="is 'RouteTableEnabled'"),
    "not said, both new": Bad(
        [_endpoint(Later("vnet/one")), _subnet(None, new=True)],
        says="privateEndpointNetworkPolicies of its subnet is absent",
    ),
    "off in the network's body": Bad([_endpoint(_BELOW.format("one")), _inside("Disabled")], says=_SAYS),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": [_endpoint(Id("vnet/one")), _subnet(UNKNOWN)],
    "nobody knows which one of a new network": [
        _endpoint(Later("vnet")),
        _inside("Disabled") | {"new": True},
    ],
}
