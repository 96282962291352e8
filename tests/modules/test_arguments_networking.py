# SPDX-License-Identifier: Apache-2.0
"""Arguments of networking that contradict each other or Azure's limits are refused before anything is declared."""

from collections.abc import Callable
from typing import Any

import pytest

import groundplan as gp
from groundplan.networking.dns_zones import GROUP_ZONES, ZONES, zone_name

PLACE = gp.PrivateEndpoint(subnet_id="/subnet", dns_zone_ids={"vault": "/zone", "aml-api": "/zone"})


def link(**changes: Any) -> gp.PrivateLinkArgs:
    good: dict[str, Any] = {
        "resource_id": "/x",
        "group_id": "vault",
        "private_endpoint": PLACE,
        "resource_group_name": "rg",
    }
    return gp.PrivateLinkArgs(**(good | changes))


def dns(**changes: Any) -> gp.PrivateDnsArgs:
    good: dict[str, Any] = {"resource_group_name": "rg", "virtual_network_ids": {"v": "/v"}}
    return gp.PrivateDnsArgs(**(good | changes))


def network(**subnets: str) -> gp.NetworkArgs:
    return gp.NetworkArgs(
        resource_group_name="rg",
        address_space="10.0.0.0/16",
        subnets={key: gp.Subnet(address_prefix=prefix) for key, prefix in subnets.items()},
    )


def entry(**changes: Any) -> gp.FrontDoorArgs:
    good: dict[str, Any] = {"resource_group_name": "rg", "origins": {"one": gp.Origin(host_name="a.example.com")}}
    return gp.FrontDoorArgs(**(good | changes))


def site(**changes: Any) -> gp.Site:
    good: dict[str, Any] = {"host_name": "a.example.com", "certificate_secret_id": "/c", "backends": ("b.example.com",)}
    return gp.Site(**(good | changes))


def gateway(**changes: Any) -> gp.ApplicationGatewayArgs:
    good: dict[str, Any] = {"resource_group_name": "rg", "subnet_id": "/s", "identity_id": "/i", "sites": {"a": site()}}
    return gp.ApplicationGatewayArgs(**(good | changes))


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "link group unknown": (lambda: link(group_id="blub"), "no DNS zone is known for group id 'blub'"),
    "link zone missing": (
        lambda: link(group_id="amlworkspace"),
        "dns_zone_ids lacks aml-notebooks; given: vault, aml-api",
    ),
    "link zone unknown": (lambda: link(zones=("blub",)), r"unknown zones \['blub'\]"),
    "link address": (lambda: link(addresses={"default": "10.0.0"}), "'10.0.0', not an IPv4 address"),
    "link message": (lambda: link(approval_message="x" * 141), "141 characters; allowed are up to 140"),
    "zones unknown": (lambda: dns(zones=("blub",)), "unknown zone 'blub'"),
    "zones none": (lambda: dns(zones=()), "zones is empty"),
    "zones of another cloud": (lambda: dns(zones=("search",), cloud="china"), "no zone 'search' is known for cloud"),
    "zones without region": (lambda: dns(zones=("aks",)), "give region, e.g. region='westeurope'"),
    "zones unlinked": (lambda: dns(virtual_network_ids={}), "is empty"),
    "zones link name": (lambda: dns(virtual_network_ids={"a/b": "/v"}), "'a/b'"),
    "zones of a central team": (
        lambda: gp.central_zone_ids(subscription_id="s", resource_group_name="rg", zones=("blub",)),
        "unknown zone 'blub'",
    ),
    "scope of nothing": (
        lambda: gp.MonitorPrivateLinkScopeArgs(resource_group_name="rg", private_endpoint=PLACE),
        "name resources, or set open_ingestion=True and open_query=True",
    ),
    "scope link name": (
        lambda: gp.MonitorPrivateLinkScopeArgs(resource_group_name="rg", resources={"a/b": "/l"}),
        "'a/b'",
    ),
    "entry to nowhere": (lambda: entry(origins={}), "origins is empty"),
    "entry private standard": (
        lambda: entry(
            sku="Standard",
            origins={
                "one": gp.Origin(
                    host_name="a.example.com", private=gp.PrivateOrigin(resource_id="/x", location="westeurope")
                )
            },
        ),
        "needs sku 'Premium', not 'Standard'",
    ),
    "entry paths": (lambda: entry(paths=("score",)), r"\['score'\] do not start with a slash"),
    "entry timeout": (lambda: entry(response_timeout_seconds=15), "is 15; allowed are 16 to 240"),
    "entry origin name": (lambda: entry(origins={"a_b": gp.Origin(host_name="a.example.com")}), "'a_b'"),
    "origin host": (lambda: gp.Origin(host_name="https://a.example.com"), "give the host alone"),
    "origin priority": (lambda: gp.Origin(host_name="a.example.com", priority=6), "is 6; allowed are 1 to 5"),
    "origin weight": (lambda: gp.Origin(host_name="a.example.com", weight=0), "is 0; allowed are 1 to 1000"),
    "firewall addresses": (lambda: gp.WebFirewall(allowed_addresses=("office",)), "'office', not a CIDR block"),
    "firewall limit": (lambda: gp.WebFirewall(requests_per_minute=0), "is 0; allowed are 1 and more"),
    "gateway to nowhere": (lambda: gateway(sites={}), "sites is empty"),
    "gateway same host": (lambda: gateway(sites={"a": site(), "b": site()}), "are those of several sites"),
    "gateway capacity": (lambda: gateway(min_capacity=5, max_capacity=4), "capacity is 5 to 4"),
    "gateway body": (lambda: gateway(max_body_kilobytes=4000), "is 4000; allowed are 8 to 2000"),
    "gateway site name": (lambda: gateway(sites={"a/b": site()}), "'a/b'"),
    "site without backend": (lambda: site(backends=()), "backends is empty"),
    "site probe": (lambda: site(probe_path="health"), "starts with a slash"),
    "site timeout": (lambda: site(timeout_seconds=0), "is 0; allowed are 1 and more"),
    "subnet outside": (lambda: network(a="10.1.0.0/24"), "'a' is 10.1.0.0/24, outside of address_space 10.0.0.0/16"),
    "subnets overlap": (lambda: network(a="10.0.0.0/24", b="10.0.0.128/25"), "overlap"),
    "subnet too small": (lambda: network(a="10.0.0.0/30"), "smallest subnet is /29"),
    "network of nothing": (lambda: gp.NetworkArgs(resource_group_name="rg", address_space=(), subnets={}), "is empty"),
    "network DNS server": (
        lambda: gp.NetworkArgs(
            resource_group_name="rg", address_space="10.0.0.0/16", subnets={}, dns_servers=("dns.example.com",)
        ),
        "'dns.example.com', not an IPv4 address",
    ),
    "network through two gateways": (
        lambda: gp.NetworkArgs(
            resource_group_name="rg",
            address_space="10.0.0.0/16",
            subnets={},
            peerings={key: gp.Peering(network_id="/n", use_remote_gateways=True) for key in ("a", "b")},
        ),
        "Azure allows one of them",
    ),
    "network flow logs": (
        lambda: gp.FlowLogs(
            storage_account_id="/s", watcher_name="w", watcher_resource_group_name="rg", retention_days=-1
        ),
        "is -1; allowed are 0",
    ),
    "existing network": (
        lambda: gp.ExistingNetwork(network_id="vnet-hub", subnets={}),
        "'vnet-hub', not the id of a virtual network",
    ),
    "route without address": (lambda: gp.Route(prefix="0.0.0.0/0"), "an address is required for 'VirtualAppliance'"),
    "route with address": (
        lambda: gp.Route(prefix="0.0.0.0/0", next_hop="Internet", address="10.0.0.4"),
        "refused otherwise",
    ),
    "route address": (lambda: gp.Route(prefix="0.0.0.0/0", address="fw"), "'fw', not an IPv4 address"),
    "rule priority": (lambda: gp.SecurityRule(priority=99, direction="Inbound", access="Deny"), "is 99; allowed are"),
    "rule ports": (
        lambda: gp.SecurityRule(priority=100, direction="Inbound", access="Deny", ports=()),
        "ports is empty",
    ),
    "subnet no CIDR": (lambda: network(a="10.0.0.1/24"), "'10.0.0.1/24', not an IPv4 CIDR block"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    """The error says what is wrong and what would be right."""
    make, message = REFUSED[case]
    with pytest.raises(gp.ArgumentError, match=message):
        make()


def test_zones_of_every_group_are_known() -> None:
    """A group id's zones are keys of the table, and each has a name in the public cloud."""
    for zones in GROUP_ZONES.values():
        for key in zones:
            assert zone_name(key, region="West Europe").startswith("privatelink.")


def test_a_zone_of_a_region() -> None:
    assert zone_name("aks", "public", "West Europe") == "privatelink.westeurope.azmk8s.io"


def test_no_two_keys_share_a_zone() -> None:
    """Two zones of one name in one network would hide each other's records."""
    for cloud in ("public", "usgov", "china"):
        names = [zone[cloud] for zone in ZONES.values() if cloud in zone]
        assert len(names) == len(set(names))
