# SPDX-License-Identifier: Apache-2.0
"""A private DNS zone is linked to the networks of the endpoints in it."""

from collections.abc import Iterable, Sequence

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
)
from groundplan_policies.decisions import any_of
from groundplan_policies.subjects.private_endpoints import ENDPOINT, ZONE, ZONE_GROUP
from groundplan_policies.subjects.subnets import network_of

LINK = "Microsoft.Network/privateDnsZones/virtualNetworkLinks"
TARGET = "properties.virtualNetwork.id"


def check(zone: Resource, stack: Stack) -> Found:
    """One link at least; then one for each network of the stack that has an endpoint in the zone."""
    links = stack.children(zone, LINK)
    if links:
        for network in _networks(zone, stack):
            if not _linked(network, links, stack):
                yield Violation(
                    "",
                    f"it is not linked to the network {network.label}, in which a private endpoint with a record in it stands",
                )
    else:
        yield Violation("", "no virtual network is linked to it, so nothing resolves its names; a link is needed")


def _networks(zone: Resource, stack: Stack) -> Iterable[Resource]:
    """Networks with DNS servers of their own are left out: those servers ask in another network."""
    groups = stack.referring(zone, ZONE_GROUP, "properties.privateDnsZoneConfigs[].properties.privateDnsZoneId")
    endpoints = [stack.parent(group) for group in groups]
    networks = [network_of(endpoint, stack) for endpoint in endpoints if endpoint is not None]
    asking = [each for each in networks if each is not None and not each.given("properties.dhcpOptions.dnsServers")]
    return {each.key: each for each in asking}.values()


def _linked(network: Resource, links: Sequence[Resource], stack: Stack) -> bool:
    return any_of(*(lambda link=link: _leads(link, network, stack) for link in links))


def _leads(link: Resource, network: Resource, stack: Stack) -> bool:
    leads = stack.refers(link, link, TARGET, network)
    if not link.sources_of(TARGET):
        link.get(TARGET)  # not known, and of nothing in the stack
    return leads


RULE = Rule(
    id="GP-NET-009",
    slug="private-dns-link",
    title="A private DNS zone is linked to the networks of the endpoints in it",
    severity="high",
    types=(ZONE,),
    controls=("net-dns-zone-link",),
    rationale="A zone is asked only by networks that are linked to it. All others find the service's public address, which is closed.",
    remediation="Name the network in `virtual_network_ids` of `PrivateDns`.",
    absent="A violation: no link of the stack belongs to the zone. Endpoints in networks of other stacks are not asked.",
    unknown="Decided by what the program passes to links and endpoints, where the ids are not known yet.",
    needs_stack=True,
    check=check,
)

_VNET = "Microsoft.Network/virtualNetworks"


def _link(network: object, **more: object) -> dict[str, object]:
    return {
        "type": "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
        "name": "zone/link",
        "properties": {"virtualNetwork": {"id": network}},
        **more,
    }


def _endpoint(subnet: object, name: str = "pe", **more: object) -> dict[str, object]:
    return {"type": ENDPOINT, "name": name, "properties": {"subnet": {"id": subnet}}, **more}


def _group(zone: object, name: str = "pe/default", **more: object) -> dict[str, object]:
    configs = [{"properties": {"privateDnsZoneId": zone}}]
    return {"type": ZONE_GROUP, "name": name, "properties": {"privateDnsZoneConfigs": configs}, **more}


_KNOWN = [
    {"name": "zone"},
    {"type": _VNET, "name": "vnet"},
    {"type": f"{_VNET}/subnets", "name": "vnet/endpoints"},
    {"type": _VNET, "name": "hub"},
    _endpoint(Id("vnet/endpoints")),
    _group(Id("zone")),
]
_NEW = [
    {"name": "zone", "new": True},
    {"type": _VNET, "name": "vnet", "new": True},
    {"type": f"{_VNET}/subnets", "name": "vnet/endpoints", "parent": Later("vnet")},
    {"type": _VNET, "name": "hub", "new": True},
    _endpoint(Later("vnet/endpoints"), new=True),
    _group(Later("zone"), parent=Later("pe")),
]
GOOD: GoodCases = {
    "linked": [*_KNOWN, _link(Id("vnet"))],
    "all are new": [*_NEW, _link(Later("vnet"), parent=Later("zone"))],
    "no endpoints here": [{"name": "zone"}, _link("/vnet-of-the-hub")],
    "an endpoint in a network of others": [
        {"name": "zone"},
        _endpoint("/subscriptions/s/resourceGroups/hub/providers/p/virtualNetworks/hub/subnets/one"),
        _group(Id("zone")),
        _link("/vnet-of-the-hub"),
    ],
    "a zone group of an endpoint of others": [{"name": "zone"}, _group(Id("zone"), "other/default"), _link("/vnet")],
    "a network that asks its own servers": [
        {"name": "zone"},
        {"type": _VNET, "name": "vnet", "properties": {"dhcpOptions": {"dnsServers": ["10.0.0.4"]}}},
        {"type": f"{_VNET}/subnets", "name": "vnet/endpoints"},
        _endpoint(Id("vnet/endpoints")),
        _group(Id("zone")),
        _link("/vnet-of-the-hub"),
    ],
}
_SAYS = "it is not linked to the network vnet, in which a private endpoint with a record in it stands"
BAD: BadCases = {
    "no link": Bad(
        {"name": "zone"}, says="no virtual network is linked to it, so nothing resolves its names; a link is needed"
    ),
    "linked to the hub alone": Bad([*_KNOWN, _link(Id("hub"))], says=_SAYS),
    "linked to the hub alone, all new": Bad([*_NEW, _link(Later("hub"), parent=Later("zone"))], says=_SAYS),
}
UNKNOWN_CASES: UnknownCases = {"network decided later": [*_KNOWN, _link(UNKNOWN)]}
