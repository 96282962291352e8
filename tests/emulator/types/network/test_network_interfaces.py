# SPDX-License-Identifier: Apache-2.0
"""Network interfaces, driven by azure-mgmt-network."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.azure_sdk import refused


def configuration(name: str, subnet: str, **properties: Any) -> dict[str, Any]:
    return {"name": name, "properties": {"subnet": {"id": subnet}, **properties}}


@pytest.fixture
def subnet(network: Any) -> str:
    return network.vnet("hub", "10.0.0.0/16", a="10.0.1.0/29").subnets[0].id


def addresses(nic: Any) -> list[str]:
    return [item.private_ip_address for item in nic.ip_configurations]


@pytest.mark.azure_assumed
def test_addresses_are_the_lowest_free_ones_and_stay(network: Any, subnet: str):
    first = network.put("network_interfaces", "one", ipConfigurations=[configuration("a", subnet)])
    both = [configuration("a", subnet), configuration("b", subnet)]
    grown = network.put("network_interfaces", "one", ipConfigurations=both)

    assert addresses(first) == ["10.0.1.4"]
    assert addresses(grown) == ["10.0.1.4", "10.0.1.5"]
    listed = network.client.network_interface_ip_configurations.list(network.group, "one")
    assert [item.name for item in listed] == ["a", "b"]
    network.put("network_interfaces", "two", ipConfigurations=[configuration("a", subnet)])
    with refused(400, "SubnetIsFull", "10.0.1.0/29"):
        network.put("network_interfaces", "three", ipConfigurations=[configuration("a", subnet)])
    network.delete("network_interfaces", "one")
    three = network.put("network_interfaces", "three", ipConfigurations=[configuration("a", subnet)])
    assert addresses(three) == ["10.0.1.4"]


@pytest.mark.azure_assumed
@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("10.0.9.4", "PrivateIPAddressNotInSubnet"),
        ("10.0.1.1", "PrivateIPAddressInReservedRange"),
        ("10.0.1.7", "PrivateIPAddressInReservedRange"),
        ("10.0.1.4", "PrivateIPAddressInUse"),
        ("nonsense", "InvalidIPAddressFormat"),
    ],
)
def test_wrong_fixed_addresses(network: Any, subnet: str, address: str, code: str):
    network.put("network_interfaces", "one", ipConfigurations=[configuration("a", subnet)])
    fixed = {"privateIPAllocationMethod": "Static", "privateIPAddress": address}

    with refused(400, code, address):
        network.put("network_interfaces", "two", ipConfigurations=[configuration("a", subnet, **fixed)])


@pytest.mark.azure_assumed
def test_a_public_address_and_a_security_group_know_their_interface(network: Any, subnet: str):
    address, group = network.put("public_ip_addresses", "ip"), network.put("network_security_groups", "nsg")
    given = [configuration("a", subnet, publicIPAddress={"id": address.id})]

    nic = network.put("network_interfaces", "one", ipConfigurations=given, networkSecurityGroup={"id": group.id})

    assert network.get("public_ip_addresses", "ip").ip_configuration.id == nic.ip_configurations[0].id
    assert [item.id for item in network.get("network_security_groups", "nsg").network_interfaces] == [nic.id]
    with refused(400, "PublicIPAddressInUse", nic.id):
        network.put("network_interfaces", "two", ipConfigurations=given)
    with refused(400, "InUseNetworkSecurityGroupCannotBeDeleted", nic.id):
        network.delete("network_security_groups", "nsg")
