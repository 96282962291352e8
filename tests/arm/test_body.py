# SPDX-License-Identifier: Apache-2.0
"""Bodies: hand-written pairs of what a program says and what Azure takes, one for each kind of exception."""

from __future__ import annotations

from typing import Any

import pytest

from groundplan_arm import body, load

CATALOG = load()
SPEC = pytest.mark.azure_spec

# token, inputs, ARM body. Source of each: the wire names in Microsoft's azure-mgmt-* models or the REST reference of the type
PAIRS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "keyvault:Vault",
        {
            "location": "westeurope",
            "tags": {"a": "b"},
            "properties": {"tenantId": "t", "sku": {"family": "A", "name": "standard"}},
        },
        {
            "location": "westeurope",
            "tags": {"a": "b"},
            "properties": {"tenantId": "t", "sku": {"family": "A", "name": "standard"}},
        },
    ),
    (
        "storage:StorageAccount",
        {
            "kind": "StorageV2",
            "sku": {"name": "Standard_LRS"},
            "isHnsEnabled": True,
            "enableHttpsTrafficOnly": True,
            "networkRuleSet": {
                "defaultAction": "Deny",
                "ipRules": [{"iPAddressOrRange": "1.2.3.4"}],
                "virtualNetworkRules": [{"virtualNetworkResourceId": "/subnet"}],
            },
            "encryption": {
                "keySource": "Microsoft.Keyvault",
                "keyVaultProperties": {"keyName": "k", "keyVaultUri": "https://v"},
                "encryptionIdentity": {"encryptionUserAssignedIdentity": "/id"},
            },
        },
        {
            "kind": "StorageV2",
            "sku": {"name": "Standard_LRS"},
            "properties": {
                "isHnsEnabled": True,
                "supportsHttpsTrafficOnly": True,
                "networkAcls": {
                    "defaultAction": "Deny",
                    "ipRules": [{"value": "1.2.3.4"}],
                    "virtualNetworkRules": [{"id": "/subnet"}],
                },
                "encryption": {
                    "keySource": "Microsoft.Keyvault",
                    "keyvaultproperties": {"keyname": "k", "keyvaulturi": "https://v"},
                    "identity": {"userAssignedIdentity": "/id"},
                },
            },
        },
    ),
    (
        "network:PrivateEndpoint",
        {
            "location": "westeurope",
            "subnet": {"id": "/subnet"},
            "privateLinkServiceConnections": [{"name": "c", "privateLinkServiceId": "/vault", "groupIds": ["vault"]}],
        },
        {
            "location": "westeurope",
            "properties": {
                "subnet": {"id": "/subnet"},
                "privateLinkServiceConnections": [
                    {"name": "c", "properties": {"privateLinkServiceId": "/vault", "groupIds": ["vault"]}}
                ],
            },
        },
    ),
    (
        "network:PrivateDnsZoneGroup",
        {"privateDnsZoneConfigs": [{"name": "z", "privateDnsZoneId": "/zone"}]},
        {
            "properties": {"privateDnsZoneConfigs": [{"name": "z", "properties": {"privateDnsZoneId": "/zone"}}]},
        },
    ),
    (
        "network:Subnet",
        {
            "addressPrefix": "10.0.0.0/24",
            "delegations": [{"name": "d", "serviceName": "Microsoft.Web/serverFarms"}],
        },
        {
            "properties": {
                "addressPrefix": "10.0.0.0/24",
                "delegations": [{"name": "d", "properties": {"serviceName": "Microsoft.Web/serverFarms"}}],
            },
        },
    ),
    ("managedidentity:UserAssignedIdentity", {"location": "westeurope"}, {"location": "westeurope"}),
    ("operationalinsights:Workspace", {"sku": {"name": "PerGB2018"}}, {"properties": {"sku": {"name": "PerGB2018"}}}),
    (
        "applicationinsights:Component",
        {
            "kind": "web",
            "applicationType": "web",
            "workspaceResourceId": "/w",
            "publicNetworkAccessForQuery": "Disabled",
        },
        {
            "kind": "web",
            "properties": {
                "Application_Type": "web",
                "WorkspaceResourceId": "/w",
                "publicNetworkAccessForQuery": "Disabled",
            },
        },
    ),
    (
        "containerservice:ManagedCluster",
        {
            "agentPoolProfiles": [{"name": "p", "count": 1}],
            "autoScalerProfile": {"scanInterval": "10s", "scaleDownDelayAfterAdd": "15m"},
        },
        {
            "properties": {
                "agentPoolProfiles": [{"name": "p", "count": 1}],
                "autoScalerProfile": {"scan-interval": "10s", "scale-down-delay-after-add": "15m"},
            }
        },
    ),
    ("containerservice:AgentPool", {"tags": {"a": "b"}, "count": 3}, {"properties": {"tags": {"a": "b"}, "count": 3}}),
    (
        "authorization:RoleDefinition",
        {"roleName": "Reader of one", "roleType": "CustomRole"},
        {"properties": {"roleName": "Reader of one", "type": "CustomRole"}},
    ),
    (
        "keyvault:Key",
        {"properties": {"kty": "RSA", "attributes": {"expires": 5}, "releasePolicy": {"data": "d"}}},
        {"properties": {"kty": "RSA", "attributes": {"exp": 5}, "release_policy": {"data": "d"}}},
    ),
    (
        "monitor:MetricAlert",
        {
            "severity": 1,
            "criteria": {"odataType": "Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria", "webTestId": "/t"},
        },
        {
            "properties": {
                "severity": 1,
                "criteria": {
                    "odata.type": "Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria",
                    "webTestId": "/t",
                },
            }
        },
    ),
    (
        "datafactory:LinkedService",
        {"properties": {"type": "AzureKeyVault", "baseUrl": "https://v", "description": "d"}},
        {"properties": {"type": "AzureKeyVault", "description": "d", "typeProperties": {"baseUrl": "https://v"}}},
    ),
    (
        "machinelearningservices:Workspace",
        {
            "kind": "Default",
            "identity": {"type": "SystemAssigned"},
            "keyVault": "/v",
            "publicNetworkAccess": "Disabled",
        },
        {
            "kind": "Default",
            "identity": {"type": "SystemAssigned"},
            "properties": {"keyVault": "/v", "publicNetworkAccess": "Disabled"},
        },
    ),
    ("resources:ResourceGroup", {"location": "westeurope", "tags": {}}, {"location": "westeurope", "tags": {}}),
]


@SPEC
@pytest.mark.parametrize(("token", "inputs", "expected"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_a_body_is_what_azure_takes_and_reads_back(
    token: str, inputs: dict[str, Any], expected: dict[str, Any]
) -> None:
    resource_type = CATALOG.by_token(f"azure-native:{token}")
    path = dict.fromkeys(resource_type.path_params, "x")
    assert body.to_arm(resource_type, {**inputs, **path}) == expected
    resource_id = resource_type.resource_id(path, subscription_id="S")
    assert body.inputs_from_arm(resource_type, expected, resource_id) == {**inputs, **path}


@SPEC
def test_outputs_hold_what_only_azure_fills() -> None:
    endpoint = CATALOG.by_token("azure-native:network:PrivateEndpoint")
    answer = {
        "id": "/pe",
        "name": "pe",
        "type": "Microsoft.Network/privateEndpoints",
        "etag": "W/1",
        "location": "westeurope",
        "properties": {
            "provisioningState": "Succeeded",
            "networkInterfaces": [{"id": "/nic"}],
            "subnet": {"id": "/subnet", "properties": {"addressPrefix": "10.0.0.0/24"}},
            "notInTheSdk": 1,
        },
    }
    assert body.from_arm(endpoint, answer) == {
        "azureApiVersion": "2024-05-01",
        "name": "pe",
        "type": "Microsoft.Network/privateEndpoints",
        "etag": "W/1",
        "location": "westeurope",
        "provisioningState": "Succeeded",
        "networkInterfaces": [{"id": "/nic"}],
        "subnet": {"id": "/subnet", "addressPrefix": "10.0.0.0/24"},
    }


@SPEC
def test_an_answer_of_several_types_is_read_by_its_discriminator() -> None:
    compute = CATALOG.by_token("azure-native:machinelearningservices:Compute")
    answer = {
        "properties": {"computeType": "AmlCompute", "properties": {"vmSize": "STANDARD_DS3_V2", "currentNodeCount": 2}}
    }
    assert body.from_arm(compute, answer)["properties"] == answer["properties"]
    group = CATALOG.by_token("azure-native:resources:ResourceGroup")
    assert body.from_arm(group, {"properties": {"provisioningState": "Succeeded"}})["properties"] == {
        "provisioningState": "Succeeded"
    }


def test_an_import_leaves_out_what_azure_fills_in() -> None:
    subnet = CATALOG.by_token("azure-native:network:Subnet")
    path = {"resourceGroupName": "rg", "virtualNetworkName": "v", "subnetName": "s"}
    resource_id = subnet.resource_id(path, subscription_id="S")
    answer = {
        "id": resource_id,
        "name": "s",
        "type": "Microsoft.Network/virtualNetworks/subnets",
        "etag": "W",
        "properties": {
            "addressPrefix": "10.0.0.0/24",
            "provisioningState": "Succeeded",
            "routeTable": {"id": "/routes", "etag": "W"},
        },
    }
    expected = {**path, "addressPrefix": "10.0.0.0/24", "routeTable": {"id": "/routes"}}
    assert body.inputs_from_arm(subnet, answer, resource_id) == expected


def test_the_query_string_has_its_own_names() -> None:
    share = CATALOG.by_token("azure-native:storage:FileShare")
    inputs = {"resourceGroupName": "rg", "accountName": "a", "shareName": "s", "shareQuota": 5, "expand": "snapshots"}
    assert body.query(share, inputs) == {"$expand": "snapshots"}
    assert body.to_arm(share, inputs) == {"properties": {"shareQuota": 5}}
    assert body.query(share, {}) == {}


def test_nulls_are_left_out_and_unknown_names_pass() -> None:
    vault = CATALOG.by_token("azure-native:keyvault:Vault")
    assert body.to_arm(vault, {"location": None, "later": 1, "tags": {}}) == {"later": 1, "tags": {}}


def test_results_of_functions() -> None:
    keys = CATALOG.function("azure-native:storage:listStorageAccountKeys")
    answer = {"keys": [{"keyName": "key1", "value": "v", "permissions": "FULL"}]}
    assert body.results_from_arm(keys, answer) == answer
    vault = CATALOG.function("azure-native:keyvault:getVault")
    found = body.results_from_arm(vault, {"id": "/v", "name": "v", "properties": {"vaultUri": "https://v"}})
    assert found == {"azureApiVersion": "2024-11-01", "id": "/v", "name": "v", "properties": {"vaultUri": "https://v"}}
