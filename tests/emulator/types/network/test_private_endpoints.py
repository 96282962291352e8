# SPDX-License-Identifier: Apache-2.0
"""Private endpoints, driven by azure-mgmt-network, against real targets of the emulator."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import ResourceNotFoundError

from tests.fixtures.azure_sdk import refused

LOCATION = "westeurope"


@pytest.mark.azure_spec
def test_an_endpoint_has_an_interface_an_address_and_a_connection(
    network: Any, subnet: str, vault: str, vaults: Any, group: str, name: str
):
    made = network.endpoint("pe", subnet, vault, "vault")
    nic = network.get("network_interfaces", made.network_interfaces[0].id.rpartition("/")[2])
    (connection,) = made.private_link_service_connections
    seen = vaults.vaults.get(group, name).properties.private_endpoint_connections

    assert connection.private_link_service_connection_state.status == "Approved"
    assert [(item.fqdn, item.ip_addresses) for item in made.custom_dns_configs] == [
        (f"{name}.vault.azure.net", ["10.0.1.4"])
    ]
    assert nic.private_endpoint.id == made.id
    assert [item.private_ip_address for item in nic.ip_configurations] == ["10.0.1.4"]
    assert nic.ip_configurations[0].private_link_connection_properties.group_id == "vault"
    assert [item.private_endpoint.id for item in seen] == [made.id]
    assert [item.id for item in network.get("subnets", "hub", "endpoints").private_endpoints] == [made.id]
    assert [item.name for item in network.client.private_endpoints.list(network.group)] == ["pe"]


@pytest.mark.azure_assumed
def test_interface_and_connection_go_with_the_endpoint_and_not_before(
    network: Any, subnet: str, vault: str, vaults: Any, group: str, name: str
):
    made = network.endpoint("pe", subnet, vault, "vault", customNetworkInterfaceName="pe-nic")

    with refused(400, "NicInUseWithPrivateEndpoint", made.id):
        network.delete("network_interfaces", "pe-nic")
    with refused(400, "InUseSubnetCannotBeDeleted", "pe-nic"):
        network.delete("subnets", "hub", "endpoints")
    network.delete("private_endpoints", "pe")

    with pytest.raises(ResourceNotFoundError):
        network.get("network_interfaces", "pe-nic")
    assert not vaults.vaults.get(group, name).properties.private_endpoint_connections
    network.delete("virtual_networks", "hub")


@pytest.mark.azure_assumed
def test_a_manual_connection_waits_for_its_approval(
    network: Any, subnet: str, vault: str, vaults: Any, group: str, name: str
):
    def state() -> Any:
        (found,) = network.get("private_endpoints", "pe").manual_private_link_service_connections
        return found.private_link_service_connection_state

    made = network.endpoint("pe", subnet, vault, "vault", manual=True)
    (waiting,) = vaults.vaults.get(group, name).properties.private_endpoint_connections
    connection = waiting.id.rpartition("/")[2]

    assert (state().status, state().description, made.custom_dns_configs) == ("Pending", "please", [])

    decision = {"privateLinkServiceConnectionState": {"status": "Approved", "description": "welcome"}}
    with refused(404, "ResourceNotFound", "own"):
        vaults.private_endpoint_connections.put(group, name, "own", {"properties": decision})
    vaults.private_endpoint_connections.put(group, name, connection, {"properties": decision})
    assert (state().status, state().description) == ("Approved", "welcome")
    assert len(network.get("private_endpoints", "pe").custom_dns_configs) == 1
    assert vaults.private_endpoint_connections.get(group, name, connection).private_endpoint.id == made.id

    vaults.private_endpoint_connections.begin_delete(group, name, connection).result()
    assert state().status == "Disconnected"


@pytest.mark.azure_assumed
def test_a_deleted_target_leaves_the_endpoint_disconnected(
    network: Any, subnet: str, vault: str, vaults: Any, group: str, name: str
):
    network.endpoint("pe", subnet, vault, "vault")
    vaults.vaults.delete(group, name)

    (connection,) = network.get("private_endpoints", "pe").private_link_service_connections

    assert connection.private_link_service_connection_state.status == "Disconnected"
    network.delete("private_endpoints", "pe")


@pytest.mark.azure_assumed
def test_wrong_endpoints(network: Any, subnet: str, vault: str):
    far = network.put(
        "virtual_networks", "far", body={"location": "eastus"}, addressSpace={"addressPrefixes": ["10.9.0.0/16"]}
    )
    there = network.child("subnets", "far", "a", addressPrefix="10.9.0.0/24").id

    with refused(400, "InvalidGroupId", "Invalid groupId sites"):
        network.endpoint("pe", subnet, vault, "sites")
    with refused(400, "MissingParameterOnPrivateLinkServiceConnection"):
        network.endpoint("pe", subnet, vault)
    with refused(400, "InvalidResourceReference", f"{vault}x"):
        network.endpoint("pe", subnet, f"{vault}x", "vault")
    with refused(400, "PrivateLinkServiceTypeNotSupported", "Microsoft.Network/virtualNetworks"):
        network.endpoint("pe", subnet, far.id, "vault")
    with refused(400, "InvalidResourceReference", "'eastus'"):
        network.endpoint("pe", there, vault, "vault")
    with refused(400, "InvalidResourceReference", "not 'Microsoft.Network/virtualNetworks/subnets'"):
        network.endpoint("pe", far.id, vault, "vault")
    with refused(400, "InvalidPrivateLinkServiceConnectionCount"):
        network.put("private_endpoints", "pe", subnet={"id": subnet})
    wrong = {"groupId": "vault", "memberName": "default", "privateIPAddress": "10.0.2.9"}
    with refused(400, "PrivateIPAddressNotInSubnet", "10.0.2.9"):
        network.endpoint("pe", subnet, vault, "vault", ipConfigurations=[{"name": "a", "properties": wrong}])
    with refused(400, "InvalidMemberName", "nobody"):
        wrong = {"groupId": "vault", "memberName": "nobody", "privateIPAddress": "10.0.1.9"}
        network.endpoint("pe", subnet, vault, "vault", ipConfigurations=[{"name": "a", "properties": wrong}])

    network.endpoint("pe", subnet, vault, "vault")
    with refused(409, "PropertyChangeNotAllowed", "subnet"):
        other = network.child("subnets", "hub", "other", addressPrefix="10.0.2.0/24").id
        network.endpoint("pe", other, vault, "vault")


@pytest.mark.azure_spec
def test_types_that_an_endpoint_connects_to(network: Any):
    found = {item.resource_name for item in network.client.available_private_endpoint_types.list(LOCATION)}

    assert {"Microsoft.KeyVault/vaults", "Microsoft.MachineLearningServices/workspaces"} <= found
