# SPDX-License-Identifier: Apache-2.0
"""A spoke with everything, peered to its hub, and a network without a way out."""

import pulumi
from pulumi_azure_native import network

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings

PODS = "10.100.0.0/16"


def full(here: Surroundings) -> None:
    """Every argument."""
    plan = network.DdosProtectionPlan(
        "full-plan", ddos_protection_plan_name="ddos-full", resource_group_name=here.group.name
    )
    watcher = network.NetworkWatcher(
        "full-watcher", network_watcher_name="NetworkWatcher_westeurope", resource_group_name=here.group.name
    )
    gp.Network(
        "full",
        gp.NetworkArgs(
            resource_group_name=here.group.name,
            location=LOCATION,
            tags=TAGS,
            role_grants={"reader": here.reader},
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
            network_name="vnet-full",
            address_space=("10.40.0.0/16", "10.41.0.0/16"),
            dns_servers=("10.40.0.4",),
            ddos_protection_plan_id=plan.id,
            flow_logs=gp.FlowLogs(
                storage_account_id=here.data.id,
                watcher_name=watcher.name,
                watcher_resource_group_name=here.group.name,
                retention_days=7,
            ),
            subnets=_subnets(),
            peerings={
                "hub": gp.Peering(
                    network_id=here.network.id, both_ways=True, forwarded_traffic=True, use_remote_gateways=True
                )
            },
        ),
    )
    # what a team has that may use a network, not make one
    existing = gp.ExistingNetwork(network_id=here.network.id, subnets={"private": "endpoints"})
    gp.PrivateLink(
        "full-link",
        gp.PrivateLinkArgs(
            resource_id=here.data.id,
            group_id="table",
            private_endpoint=gp.PrivateEndpoint(subnet_id=existing.subnet_ids["private"], dns_managed_elsewhere=True),
            resource_group_name=here.group.name,
        ),
        pulumi.ResourceOptions(depends_on=[here.network]),  # which a team would not have in its program
    )


def _subnets() -> dict[str, gp.Subnet]:
    return {
        "training": gp.Subnet(
            address_prefix="10.40.0.0/22",
            rules=gp.training_rules(LOCATION, high_business_impact=True, internet_outbound=True),
            nat=True,
        ),
        "aks": gp.Subnet(
            address_prefix="10.41.0.0/20",
            rules=gp.aks_rules(LOCATION, pod_cidr=PODS),
            routes={
                "firewall": gp.Route(prefix="0.0.0.0/0", address="10.20.4.4"),
                "direct": gp.Route(prefix="AzureMachineLearning", next_hop="Internet"),
            },
        ),
        "functions": gp.Subnet(
            address_prefix="10.40.4.0/26",
            rules=gp.functions_rules(LOCATION),
            delegation="Microsoft.Web/serverFarms",
            service_endpoints=("Microsoft.KeyVault",),
        ),
        "gateway": gp.Subnet(address_prefix="10.40.5.0/24", rules=gp.gateway_rules()),
    }


def locked_down(here: Surroundings) -> None:
    """Private endpoints and compute, no way out."""
    gp.Network(
        "locked-down",
        gp.NetworkArgs(
            resource_group_name=here.group.name,
            address_space="10.50.0.0/16",
            subnets={
                "endpoints": gp.Subnet(address_prefix="10.50.0.0/24", rules=gp.endpoint_rules()),
                "training": gp.Subnet(address_prefix="10.50.8.0/21", rules=gp.training_rules(LOCATION, cloud="china")),
            },
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became."""
    whole = found.one("network:VirtualNetwork", "full")
    assert whole["addressSpace"]["addressPrefixes"] == ["10.40.0.0/16", "10.41.0.0/16"]
    assert whole["dhcpOptions"]["dnsServers"] == ["10.40.0.4"]
    assert whole["enableDdosProtection"] is True
    assert found.one("network:FlowLog", "full-flows")["retentionPolicy"] == {"enabled": True, "days": 7}
    routes = {route["name"]: route for route in found.one("network:RouteTable", "full-aks")["routes"]}
    assert routes["firewall"]["nextHopIpAddress"] == "10.20.4.4"
    assert routes["direct"]["nextHopType"] == "Internet"
    assert found.one("network:Subnet", "full-aks")["routeTable"]["id"].endswith("/rt-vnet-full-aks")
    assert found.one("network:Subnet", "full-functions")["serviceEndpoints"][0]["service"] == "Microsoft.KeyVault"
    back = found.one("network:VirtualNetworkPeering", "full-hub-back")
    assert (back["virtualNetworkName"], back["allowGatewayTransit"]) == ("base-network", True)
    rules = found.one("network:NetworkSecurityGroup", "locked-down-training")["securityRules"]
    outward = {rule["name"]: rule["access"] for rule in rules if rule["direction"] == "Outbound"}
    assert outward["deny-internet-out"] == "Deny"
    assert "allow-front-door-out" not in outward
    rules = {rule["name"]: rule for rule in found.one("network:NetworkSecurityGroup", "full-aks")["securityRules"]}
    for name in ("allow-pods-in", "allow-pods-out"):
        assert (rules[name]["sourceAddressPrefix"], rules[name]["destinationAddressPrefix"]) == (PODS, PODS)
        assert rules[name]["protocol"] == "*"
    assert rules["allow-nodes-to-pods-out"]["sourceAddressPrefix"] == "VirtualNetwork"
    assert rules["allow-nodes-to-pods-out"]["priority"] < rules["deny-internet-out"]["priority"]
    (nat,) = (row for row in found.rows if row["urn"].endswith("groundplan:index:Network::full"))
    assert nat["outputs"]["outboundAddress"]
