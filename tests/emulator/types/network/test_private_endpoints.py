# SPDX-License-Identifier: Apache-2.0
"""Private endpoints and their zone groups, driven by azure-mgmt-network, against real targets of the emulator."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import ResourceNotFoundError
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.storage import StorageManagementClient

from tests.fixtures.azure import RunningAzure
from tests.fixtures.azure_sdk import client, refused

LOCATION = "westeurope"
VAULT_ZONE = "privatelink.vaultcore.azure.net"


@pytest.fixture
def subnet(network: Any) -> str:
    return network.vnet("hub", "10.0.0.0/16", endpoints="10.0.1.0/24").subnets[0].id


@pytest.fixture
def vaults(azure: RunningAzure) -> Any:
    return client(azure, KeyVaultManagementClient)


@pytest.fixture
def vault(azure: RunningAzure, vaults: Any, group: str, name: str) -> str:
    properties = {
        "tenantId": azure.tenant_id,
        "sku": {"family": "A", "name": "standard"},
        "enableRbacAuthorization": True,
        "softDeleteRetentionInDays": 7,
    }
    return (
        vaults.vaults.begin_create_or_update(group, name, {"location": LOCATION, "properties": properties}).result().id
    )


def endpoint(network: Any, name: str, subnet: str, target: str, *groups: str, manual: bool = False, **more: Any) -> Any:
    connection = {
        "name": "connection",
        "properties": {"privateLinkServiceId": target, "groupIds": list(groups), "requestMessage": "please"},
    }
    list_ = "manualPrivateLinkServiceConnections" if manual else "privateLinkServiceConnections"
    return network.put("private_endpoints", name, subnet={"id": subnet}, **{list_: [connection]}, **more)


def zone_group(network: Any, name: str, *zones: str) -> Any:
    configs = [{"name": zone.rpartition("/")[2], "properties": {"privateDnsZoneId": zone}} for zone in zones]
    return network.child("private_dns_zone_groups", name, "default", privateDnsZoneConfigs=configs)


@pytest.mark.azure_spec
def test_an_endpoint_has_an_interface_an_address_and_a_connection(
    network: Any, subnet: str, vault: str, vaults: Any, group: str, name: str
):
    made = endpoint(network, "pe", subnet, vault, "vault")
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
    made = endpoint(network, "pe", subnet, vault, "vault", customNetworkInterfaceName="pe-nic")

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

    made = endpoint(network, "pe", subnet, vault, "vault", manual=True)
    (waiting,) = vaults.vaults.get(group, name).properties.private_endpoint_connections
    connection = waiting.id.rpartition("/")[2]

    assert (state().status, state().description, made.custom_dns_configs) == ("Pending", "please", [])

    decision = {"privateLinkServiceConnectionState": {"status": "Approved", "description": "welcome"}}
    vaults.private_endpoint_connections.put(group, name, connection, {"properties": decision})
    assert (state().status, state().description) == ("Approved", "welcome")
    assert len(network.get("private_endpoints", "pe").custom_dns_configs) == 1

    vaults.private_endpoint_connections.begin_delete(group, name, connection).result()
    assert state().status == "Disconnected"


@pytest.mark.azure_assumed
def test_a_deleted_target_leaves_the_endpoint_disconnected(
    network: Any, subnet: str, vault: str, vaults: Any, group: str, name: str
):
    endpoint(network, "pe", subnet, vault, "vault")
    vaults.vaults.delete(group, name)

    (connection,) = network.get("private_endpoints", "pe").private_link_service_connections

    assert connection.private_link_service_connection_state.status == "Disconnected"
    network.delete("private_endpoints", "pe")


@pytest.mark.azure_assumed
def test_a_zone_group_writes_records_and_takes_them_back(network: Any, subnet: str, vault: str, name: str):
    zone, other = network.zone(VAULT_ZONE), network.zone("privatelink.example.net")
    endpoint(network, "pe", subnet, vault, "vault")

    made = zone_group(network, "pe", zone)
    (record,) = made.private_dns_zone_configs[0].record_sets

    assert (record.fqdn, record.ip_addresses, record.ttl) == (f"{name}.{VAULT_ZONE}", ["10.0.1.4"], 10)
    assert network.records(zone) == {name: ["10.0.1.4"]}
    assert not network.get("private_endpoints", "pe").custom_dns_configs
    with refused(400, "PrivateDnsZoneGroupLimitExceeded"):
        network.child("private_dns_zone_groups", "pe", "second", privateDnsZoneConfigs=[])

    moved = zone_group(network, "pe", other)
    assert (network.records(zone), moved.private_dns_zone_configs[0].record_sets) == ({}, [])

    zone_group(network, "pe", zone)
    network.delete("private_dns_zone_groups", "pe", "default")
    assert network.records(zone) == {}

    zone_group(network, "pe", zone)
    network.delete("private_endpoints", "pe")
    assert network.records(zone) == {}


@pytest.mark.azure_assumed
def test_the_last_zone_group_has_the_record_and_the_first_does_not_take_it_away(
    network: Any, subnet: str, vault: str, name: str
):
    zone = network.zone(VAULT_ZONE)
    for endpoint_name in ("one", "two"):
        endpoint(network, endpoint_name, subnet, vault, "vault")
        zone_group(network, endpoint_name, zone)

    network.delete("private_endpoints", "one")

    assert network.records(zone) == {name: ["10.0.1.5"]}


@pytest.mark.azure_assumed
def test_every_member_gets_an_address(network: Any, azure: RunningAzure, subnet: str, group: str, name: str):
    registry = azure.arm(
        "PUT",
        f"/resourceGroups/{group}/providers/Microsoft.ContainerRegistry/registries/{name}",
        {"location": LOCATION, "sku": {"name": "Premium"}},
        api_version="2024-11-01-preview",
    ).json()["id"]
    zone = network.zone("privatelink.azurecr.io")
    fixed = {"groupId": "registry", "memberName": "registry", "privateIPAddress": "10.0.1.9"}

    made = endpoint(
        network, "pe", subnet, registry, "registry", ipConfigurations=[{"name": "fixed", "properties": fixed}]
    )
    zone_group(network, "pe", zone)

    assert {item.fqdn for item in made.custom_dns_configs} == {
        f"{name}.azurecr.io",
        f"{name}.{LOCATION}.data.azurecr.io",
    }
    assert network.records(zone) == {name: ["10.0.1.9"], f"{name}.{LOCATION}.data": ["10.0.1.4"]}
    seen = azure.arm("GET", registry, api_version="2024-11-01-preview").json()["properties"][
        "privateEndpointConnections"
    ]
    assert [item["properties"]["privateEndpoint"]["id"] for item in seen] == [made.id]


@pytest.mark.azure_assumed
def test_storage_has_a_group_for_each_service(network: Any, azure: RunningAzure, subnet: str, group: str, name: str):
    accounts: Any = client(azure, StorageManagementClient).storage_accounts
    body = {"location": LOCATION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "properties": {}}
    account = accounts.begin_create(group, name, body).result().id
    blob, file = (network.zone(f"privatelink.{service}.core.windows.net") for service in ("blob", "file"))

    for service, zone in (("blob", blob), ("file", file)):
        endpoint(network, f"pe-{service}", subnet, account, service)
        zone_group(network, f"pe-{service}", zone)

    assert (network.records(blob), network.records(file)) == ({name: ["10.0.1.4"]}, {name: ["10.0.1.5"]})
    assert len(accounts.get_properties(group, name).private_endpoint_connections) == 2
    with refused(400, "InvalidGroupId", "blob, blob_secondary, file"):
        endpoint(network, "wrong", subnet, account, "vault")


@pytest.mark.azure_assumed
def test_wrong_endpoints(network: Any, subnet: str, vault: str):
    far = network.put(
        "virtual_networks", "far", body={"location": "eastus"}, addressSpace={"addressPrefixes": ["10.9.0.0/16"]}
    )
    there = network.child("subnets", "far", "a", addressPrefix="10.9.0.0/24").id

    with refused(400, "InvalidGroupId", "Invalid groupId sites"):
        endpoint(network, "pe", subnet, vault, "sites")
    with refused(400, "MissingParameterOnPrivateLinkServiceConnection"):
        endpoint(network, "pe", subnet, vault)
    with refused(400, "InvalidResourceReference", f"{vault}x"):
        endpoint(network, "pe", subnet, f"{vault}x", "vault")
    with refused(400, "PrivateLinkServiceTypeNotSupported", "Microsoft.Network/virtualNetworks"):
        endpoint(network, "pe", subnet, far.id, "vault")
    with refused(400, "InvalidResourceReference", "'eastus'"):
        endpoint(network, "pe", there, vault, "vault")
    with refused(400, "InvalidResourceReference", "not 'Microsoft.Network/virtualNetworks/subnets'"):
        endpoint(network, "pe", far.id, vault, "vault")
    with refused(400, "InvalidPrivateLinkServiceConnectionCount"):
        network.put("private_endpoints", "pe", subnet={"id": subnet})
    wrong = {"groupId": "vault", "memberName": "default", "privateIPAddress": "10.0.2.9"}
    with refused(400, "PrivateIPAddressNotInSubnet", "10.0.2.9"):
        endpoint(network, "pe", subnet, vault, "vault", ipConfigurations=[{"name": "a", "properties": wrong}])
    with refused(400, "InvalidMemberName", "nobody"):
        wrong = {"groupId": "vault", "memberName": "nobody", "privateIPAddress": "10.0.1.9"}
        endpoint(network, "pe", subnet, vault, "vault", ipConfigurations=[{"name": "a", "properties": wrong}])

    endpoint(network, "pe", subnet, vault, "vault")
    with refused(409, "PropertyChangeNotAllowed", "subnet"):
        other = network.child("subnets", "hub", "other", addressPrefix="10.0.2.0/24").id
        endpoint(network, "pe", other, vault, "vault")


@pytest.mark.azure_assumed
def test_a_workspace_answers_in_two_zones(network: Any, azure: RunningAzure, subnet: str, group: str, name: str):
    """The target is written as the store has it: what a workspace needs to exist is not this test's business."""
    stem = f"/resourceGroups/{group}/providers"
    account = azure.arm(
        "PUT",
        f"{stem}/Microsoft.Storage/storageAccounts/{name}",
        {"location": LOCATION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "properties": {}},
        api_version="2023-05-01",
    ).json()["id"]
    vault = azure.arm(
        "PUT",
        f"{stem}/Microsoft.KeyVault/vaults/{name}",
        {
            "location": LOCATION,
            "properties": {
                "tenantId": azure.tenant_id,
                "sku": {"family": "A", "name": "standard"},
                "accessPolicies": [],
            },
        },
        api_version="2023-07-01",
    ).json()["id"]
    insights = azure.arm(
        "PUT",
        f"{stem}/Microsoft.Insights/components/{name}",
        {"location": LOCATION, "kind": "web", "properties": {"Application_Type": "web"}},
        api_version="2020-02-02",
    ).json()["id"]
    body = {
        "location": LOCATION,
        "identity": {"type": "SystemAssigned"},
        "properties": {"storageAccount": account, "keyVault": vault, "applicationInsights": insights},
    }
    answer = azure.arm(
        "PUT", f"{stem}/Microsoft.MachineLearningServices/workspaces/{name}", body, api_version="2024-10-01"
    )
    assert answer.is_success, answer.text
    workspace = azure.arm("GET", answer.json()["id"], api_version="2024-10-01").json()
    id_ = workspace["properties"]["workspaceId"]
    api, notebooks = (network.zone(f"privatelink.{zone}") for zone in ("api.azureml.ms", "notebooks.azure.net"))

    endpoint(network, "pe", subnet, workspace["id"], "amlworkspace")
    zone_group(network, "pe", api, notebooks)

    assert network.records(api) == {
        f"{id_}.workspace.{LOCATION}": ["10.0.1.4"],
        f"{id_}.workspace.{LOCATION}.cert": ["10.0.1.4"],
        f"*.{id_}.inference.{LOCATION}": ["10.0.1.6"],
        f"*.{id_}.models.{LOCATION}": ["10.0.1.7"],
    }
    (record,) = network.records(notebooks).items()
    assert f"{record[0]}.notebooks.azure.net" == workspace["properties"]["notebookInfo"]["fqdn"]
    assert record[1] == ["10.0.1.5"]
    after = azure.arm("GET", workspace["id"], api_version="2024-10-01").json()["properties"]
    assert (after["privateLinkCount"], after["notebookInfo"]["isPrivateLinkEnabled"]) == (1, True)


@pytest.mark.azure_assumed
def test_deleting_the_group_of_the_endpoint_takes_its_traces_elsewhere(
    network: Any, azure: RunningAzure, subnet: str, vault: str, name: str
):
    zone, group = network.zone(VAULT_ZONE), f"{network.group}-endpoints"
    azure.group(group)
    here = network.group
    network.group = group
    endpoint(network, "pe", subnet, vault, "vault")
    zone_group(network, "pe", zone)
    network.group = here
    assert network.records(zone) == {name: ["10.0.1.4"]}

    assert azure.arm("DELETE", f"/resourceGroups/{group}").status_code in (200, 202)

    assert network.records(zone) == {}
    assert (
        azure.arm("GET", vault, api_version="2023-07-01").json()["properties"].get("privateEndpointConnections") is None
    )
    network.delete("virtual_networks", "hub")


@pytest.mark.azure_spec
def test_types_that_an_endpoint_connects_to(network: Any):
    found = {item.resource_name for item in network.client.available_private_endpoint_types.list(LOCATION)}

    assert {"Microsoft.KeyVault/vaults", "Microsoft.MachineLearningServices/workspaces"} <= found
