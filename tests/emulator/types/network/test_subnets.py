# SPDX-License-Identifier: Apache-2.0
"""Subnets, driven by azure-mgmt-network."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import ResourceNotFoundError

from tests.fixtures.azure_sdk import refused


@pytest.mark.azure_spec
def test_create_get_list_update_delete(network: Any):
    network.vnet("hub")

    made = network.child(
        "subnets", "hub", "a", addressPrefix="10.0.1.0/24", serviceEndpoints=[{"service": "Microsoft.KeyVault"}]
    )
    changed = network.child("subnets", "hub", "a", addressPrefix="10.0.2.0/24")
    listed = [subnet.name for subnet in network.client.subnets.list(network.group, "hub")]
    network.delete("subnets", "hub", "a")

    assert (made.private_endpoint_network_policies, made.private_link_service_network_policies) == (
        "Disabled",
        "Enabled",
    )
    assert [(item.service, item.locations, item.provisioning_state) for item in made.service_endpoints] == [
        ("Microsoft.KeyVault", ["*"], "Succeeded")
    ]
    assert (changed.address_prefix, changed.service_endpoints) == ("10.0.2.0/24", None)
    assert listed == ["a"]
    with pytest.raises(ResourceNotFoundError):
        network.get("subnets", "hub", "a")


@pytest.mark.azure_spec
def test_a_delegation_is_completed(network: Any):
    network.vnet("hub")
    delegation = {"name": "apps", "properties": {"serviceName": "Microsoft.App/environments"}}

    made = network.child("subnets", "hub", "a", addressPrefix="10.0.1.0/24", delegations=[delegation])

    (found,) = made.delegations
    assert (found.name, found.service_name, found.provisioning_state) == (
        "apps",
        "Microsoft.App/environments",
        "Succeeded",
    )
    assert found.actions == ["Microsoft.Network/virtualNetworks/subnets/join/action"]


@pytest.mark.azure_spec
def test_links_show_at_both_ends_and_keep_the_other_end(network: Any):
    network.vnet("hub")
    group = network.put("network_security_groups", "nsg")
    table = network.put("route_tables", "table")
    address = network.put(
        "public_ip_addresses", "ip", body={"sku": {"name": "Standard"}}, publicIPAllocationMethod="Static"
    )
    gateway = network.put("nat_gateways", "nat", publicIpAddresses=[{"id": address.id}])
    links = {
        name: {"id": linked.id}
        for name, linked in (("networkSecurityGroup", group), ("routeTable", table), ("natGateway", gateway))
    }

    subnet = network.child("subnets", "hub", "a", addressPrefix="10.0.1.0/24", **links)

    for kind, name in (("network_security_groups", "nsg"), ("route_tables", "table"), ("nat_gateways", "nat")):
        assert [item.id for item in network.get(kind, name).subnets] == [subnet.id]
    assert network.get("public_ip_addresses", "ip").nat_gateway.id == gateway.id
    for code, kind, name in (
        ("InUseNetworkSecurityGroupCannotBeDeleted", "network_security_groups", "nsg"),
        ("InUseRouteTableCannotBeDeleted", "route_tables", "table"),
        ("InUseNatGatewayCannotBeDeleted", "nat_gateways", "nat"),
        ("PublicIPAddressCannotBeDeleted", "public_ip_addresses", "ip"),
    ):
        with refused(400, code):
            network.delete(kind, name)

    network.child("subnets", "hub", "a", addressPrefix="10.0.1.0/24")
    for kind, name in (
        ("network_security_groups", "nsg"),
        ("route_tables", "table"),
        ("nat_gateways", "nat"),
        ("public_ip_addresses", "ip"),
    ):
        network.delete(kind, name)


@pytest.mark.azure_assumed
def test_a_link_to_nothing_or_to_another_region_is_refused(network: Any):
    network.vnet("hub")
    far = network.put("network_security_groups", "far", body={"location": "eastus"})

    with refused(400, "InvalidResourceReference", "was not found"):
        network.child("subnets", "hub", "a", addressPrefix="10.0.1.0/24", natGateway={"id": f"{far.id}x"})
    with refused(400, "LinkedInvalidPropertyId", "'nsg'"):
        network.child("subnets", "hub", "a", addressPrefix="10.0.1.0/24", networkSecurityGroup={"id": "nsg"})
    with refused(400, "InvalidResourceReference", "not 'Microsoft.Network/routeTables'"):
        network.child("subnets", "hub", "a", addressPrefix="10.0.1.0/24", routeTable={"id": far.id})
    with refused(400, "InvalidResourceReference", "another region"):
        network.child("subnets", "hub", "a", addressPrefix="10.0.1.0/24", networkSecurityGroup={"id": far.id})


@pytest.mark.azure_assumed
def test_addresses_are_checked_beside_the_siblings(network: Any):
    network.vnet("hub", "10.0.0.0/16", a="10.0.1.0/24")

    with refused(400, "NetcfgSubnetRangesOverlap", "'b' is not valid"):
        network.child("subnets", "hub", "b", addressPrefix="10.0.1.128/25")
    with refused(400, "NetcfgInvalidSubnet", "'hub'"):
        network.child("subnets", "hub", "b", addressPrefix="10.1.0.0/24")
    with refused(400, "InvalidAddressPrefixFormat"):
        network.child("subnets", "hub", "b")
    with refused(404, "ParentResourceNotFound"):
        network.child("subnets", "nowhere", "b", addressPrefix="10.0.2.0/24")


@pytest.mark.azure_assumed
def test_a_subnet_in_use_stays_and_keeps_its_block(network: Any):
    subnet = network.vnet("hub", "10.0.0.0/16", a="10.0.1.0/24").subnets[0].id
    configuration = {"name": "one", "properties": {"subnet": {"id": subnet}}}
    nic = network.put("network_interfaces", "nic", ipConfigurations=[configuration])
    used = nic.ip_configurations[0].id

    assert [item.id for item in network.get("subnets", "hub", "a").ip_configurations] == [used]
    with refused(400, "InUseSubnetCannotBeDeleted", used):
        network.delete("subnets", "hub", "a")
    with refused(400, "InUseSubnetCannotBeDeleted", used):
        network.vnet("hub", "10.0.0.0/16", other="10.0.2.0/24")
    with refused(400, "InUseSubnetCannotBeDeleted", used):
        network.delete("virtual_networks", "hub")
    with refused(400, "InUsePrefixCannotBeDeleted", "10.0.1.0/24"):
        network.child("subnets", "hub", "a", addressPrefix="10.0.3.0/24")
    assert [subnet.name for subnet in network.get("virtual_networks", "hub").subnets] == ["a"]

    network.delete("network_interfaces", "nic")
    network.delete("virtual_networks", "hub")
