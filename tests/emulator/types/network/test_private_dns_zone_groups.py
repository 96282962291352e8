# SPDX-License-Identifier: Apache-2.0
"""Zone groups of private endpoints: the records they write for each kind of target, and take back."""

from __future__ import annotations

from typing import Any

import pytest
from azure.mgmt.storage import StorageManagementClient

from tests.fixtures.azure import RunningAzure
from tests.fixtures.azure_sdk import client, refused

LOCATION = "westeurope"
VAULT_ZONE = "privatelink.vaultcore.azure.net"


@pytest.mark.azure_assumed
def test_a_zone_group_writes_records_and_takes_them_back(network: Any, subnet: str, vault: str, name: str):
    zone, other = network.zone(VAULT_ZONE), network.zone("privatelink.example.net")
    network.endpoint("pe", subnet, vault, "vault")

    made = network.zone_group("pe", zone)
    (record,) = made.private_dns_zone_configs[0].record_sets

    assert (record.fqdn, record.ip_addresses, record.ttl) == (f"{name}.{VAULT_ZONE}", ["10.0.1.4"], 10)
    assert network.records(zone) == {name: ["10.0.1.4"]}
    assert not network.get("private_endpoints", "pe").custom_dns_configs
    with refused(400, "PrivateDnsZoneGroupLimitExceeded"):
        network.child("private_dns_zone_groups", "pe", "second", privateDnsZoneConfigs=[])

    moved = network.zone_group("pe", other)
    assert (network.records(zone), moved.private_dns_zone_configs[0].record_sets) == ({}, [])

    network.zone_group("pe", zone)
    network.delete("private_dns_zone_groups", "pe", "default")
    assert network.records(zone) == {}

    network.zone_group("pe", zone)
    network.delete("private_endpoints", "pe")
    assert network.records(zone) == {}


@pytest.mark.azure_assumed
def test_the_last_zone_group_has_the_record_and_the_first_does_not_take_it_away(
    network: Any, subnet: str, vault: str, name: str
):
    zone = network.zone(VAULT_ZONE)
    for endpoint_name in ("one", "two"):
        network.endpoint(endpoint_name, subnet, vault, "vault")
        network.zone_group(endpoint_name, zone)

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

    made = network.endpoint(
        "pe", subnet, registry, "registry", ipConfigurations=[{"name": "fixed", "properties": fixed}]
    )
    network.zone_group("pe", zone)

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
        network.endpoint(f"pe-{service}", subnet, account, service)
        network.zone_group(f"pe-{service}", zone)

    assert (network.records(blob), network.records(file)) == ({name: ["10.0.1.4"]}, {name: ["10.0.1.5"]})
    assert len(accounts.get_properties(group, name).private_endpoint_connections) == 2
    with refused(400, "InvalidGroupId", "blob, blob_secondary, file"):
        network.endpoint("wrong", subnet, account, "vault")


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

    network.endpoint("pe", subnet, workspace["id"], "amlworkspace")
    network.zone_group("pe", api, notebooks)

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
    network.endpoint("pe", subnet, vault, "vault")
    network.zone_group("pe", zone)
    network.group = here
    assert network.records(zone) == {name: ["10.0.1.4"]}

    assert azure.arm("DELETE", f"/resourceGroups/{group}").status_code in (200, 202)

    assert network.records(zone) == {}
    assert (
        azure.arm("GET", vault, api_version="2023-07-01").json()["properties"].get("privateEndpointConnections") is None
    )
    network.delete("virtual_networks", "hub")
