# SPDX-License-Identifier: Apache-2.0
"""Storage accounts and what lives in them, driven by azure-mgmt-storage."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import ResourceNotFoundError
from azure.mgmt.storage import StorageManagementClient

from tests.fixtures.azure import RunningAzure
from tests.fixtures.azure_sdk import client, refused

ACCOUNT = {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}


@pytest.fixture
def storage(azure: RunningAzure) -> Any:
    return client(azure, StorageManagementClient)


@pytest.fixture
def account(storage: Any, group: str, name: str) -> str:
    storage.storage_accounts.begin_create(group, name, ACCOUNT).result()
    return name


@pytest.mark.azure_spec
def test_create_get_list_update_delete(azure: RunningAzure, storage: Any, group: str, name: str):
    accounts = storage.storage_accounts

    made = accounts.begin_create(group, name, ACCOUNT).result()
    updated = accounts.update(group, name, {"tags": {"team": "ml"}, "properties": {"allowSharedKeyAccess": False}})
    listed = [found.name for found in accounts.list_by_resource_group(group)]
    accounts.delete(group, name)

    assert made.properties.primary_endpoints.blob == f"{azure.https}/{name}.blob.core.local/"
    assert (made.sku.tier, made.properties.access_tier, made.properties.provisioning_state) == (
        "Standard",
        "Hot",
        "Succeeded",
    )
    assert made.properties.network_rule_set.default_action == "Allow"
    assert (updated.tags, updated.properties.allow_shared_key_access) == ({"team": "ml"}, False)
    assert updated.properties.creation_time == made.properties.creation_time
    assert listed == [name]
    with pytest.raises(ResourceNotFoundError):
        accounts.get_properties(group, name)


@pytest.mark.azure_spec
def test_keys_differ_and_regenerate_one_by_one(azure: RunningAzure, storage: Any, group: str, account: str):
    accounts = storage.storage_accounts

    before = {key["keyName"]: key["value"] for key in accounts.list_keys(group, account)["keys"]}
    accounts.regenerate_key(group, account, {"keyName": "key1"})
    after = {key["keyName"]: key["value"] for key in accounts.list_keys(group, account)["keys"]}

    assert before["key1"] != before["key2"]
    assert len(before["key1"]) == 88
    assert (before["key1"] != after["key1"], before["key2"] == after["key2"]) == (True, True)
    assert after["key1"] not in (azure.folder / "server.log").read_text()
    with refused(400, "InvalidKeyName"):
        accounts.regenerate_key(group, account, {"keyName": "key3"})


@pytest.mark.azure_spec
def test_an_account_sas_is_signed(storage: Any, group: str, account: str):
    asked = {
        "signedServices": "b",
        "signedResourceTypes": "sco",
        "signedPermission": "rwl",
        "signedExpiry": "2030-01-01T00:00:00Z",
    }

    token = storage.storage_accounts.list_account_sas(group, account, asked).account_sas_token

    assert "se=2030-01-01T00%3A00%3A00Z" in token
    assert "&sig=" in token


@pytest.mark.azure_spec
def test_names_are_global(azure: RunningAzure, storage: Any, group: str, name: str):
    accounts = storage.storage_accounts
    question = {"name": name, "type": "Microsoft.Storage/storageAccounts"}
    assert accounts.check_name_availability(question).name_available
    accounts.begin_create(group, name, ACCOUNT).result()
    azure.group(f"{group}-b")

    with refused(409, "StorageAccountAlreadyTaken", f"named {name} is already taken"):
        accounts.begin_create(f"{group}-b", name, ACCOUNT).result()
    taken = accounts.check_name_availability(question)
    assert (taken.name_available, taken.reason) == (False, "AlreadyExists")


@pytest.mark.azure_spec
@pytest.mark.parametrize("bad", ["Upper", "has-hyphen", "ab", "a" * 25])
def test_bad_names(azure: RunningAzure, group: str, bad: str):
    path = f"/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/{bad}"
    answer = azure.arm("PUT", path, ACCOUNT, api_version="2024-01-01")

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "AccountNameInvalid")


@pytest.mark.azure_spec
def test_wrong_input(azure: RunningAzure, storage: Any, group: str, account: str):
    path = f"/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/gpwrong"
    wrong = azure.arm("PUT", path, {**ACCOUNT, "kind": "StorageV9"}, api_version="2024-01-01").json()["error"]
    without = azure.arm("PUT", path, {"location": "westeurope", "kind": "StorageV2"}, api_version="2024-01-01").json()[
        "error"
    ]

    assert (wrong["code"], "kind" in wrong["message"]) == ("InvalidRequestContent", True)
    assert (without["code"], "sku" in without["message"]) == ("InvalidRequestContent", True)
    with refused(409, "AccountPropertyCannotBeUpdated", "isHnsEnabled"):
        storage.storage_accounts.begin_create(
            group, account, {**ACCOUNT, "properties": {"isHnsEnabled": True}}
        ).result()
    missing = f"/subscriptions/{azure.subscription_id}/resourceGroups/{group}/providers/Microsoft.Network/virtualNetworks/no/subnets/no"
    rules = {"networkAcls": {"defaultAction": "Deny", "virtualNetworkRules": [{"id": missing}]}}
    with refused(400, "LinkedResourceNotFound", missing):
        storage.storage_accounts.begin_create(group, account, {**ACCOUNT, "properties": rules}).result()


@pytest.mark.azure_spec
def test_services_are_there_with_the_account(storage: Any, group: str, account: str):
    services = storage.blob_services

    before = services.get_service_properties(group, account)
    policy = {"properties": {"deleteRetentionPolicy": {"enabled": True, "days": 7}, "isVersioningEnabled": True}}
    storage.blob_containers.create(group, account, "kept", {})
    services.set_service_properties(group, account, policy)
    after = services.get_service_properties(group, account)

    assert before.delete_retention_policy.enabled is False
    assert (after.delete_retention_policy.days, after.is_versioning_enabled) == (7, True)
    assert [found.name for found in services.list(group, account)] == ["default"]
    assert [found.name for found in storage.file_services.list(group, account).value] == ["default"]
    assert storage.blob_containers.get(group, account, "kept").name == "kept"
    with pytest.raises(ResourceNotFoundError):
        services.get_service_properties(group, "nosuchaccount")


@pytest.mark.azure_spec
def test_containers(storage: Any, group: str, account: str):
    containers = storage.blob_containers

    made = containers.create(group, account, "models", {"properties": {"metadata": {"a": "b"}}})
    listed = [found.name for found in containers.list(group, account)]
    containers.delete(group, account, "models")

    assert (made.public_access, made.metadata) == ("None", {"a": "b"})
    assert listed == ["models"]
    with pytest.raises(ResourceNotFoundError):
        containers.get(group, account, "models")
    with refused(409, "PublicAccessNotPermitted"):
        containers.create(group, account, "open", {"properties": {"publicAccess": "Blob"}})
    with refused(400, "InvalidResourceName"):
        containers.create(group, account, "Not-Valid", {})


@pytest.mark.azure_spec
def test_a_deleted_account_takes_its_containers(storage: Any, group: str, account: str):
    storage.blob_containers.create(group, account, "models", {})
    storage.storage_accounts.delete(group, account)
    storage.storage_accounts.begin_create(group, account, ACCOUNT).result()

    assert list(storage.blob_containers.list(group, account)) == []


@pytest.mark.azure_spec
def test_shares_queues_and_tables(storage: Any, group: str, account: str):
    share = storage.file_shares.create(group, account, "code", {"properties": {"shareQuota": 100}})
    queue = storage.queue.create(group, account, "jobs", {})
    table = storage.table.create(group, account, "Runs")

    assert (share.name, storage.file_shares.get(group, account, "code").share_quota) == ("code", 100)
    assert (queue.name, table.table_name) == ("jobs", "Runs")
    with refused(400, "InvalidHeaderValue"):
        storage.file_shares.create(group, account, "large", {"properties": {"shareQuota": 999999}})


@pytest.mark.azure_spec
def test_a_management_policy(storage: Any, group: str, account: str):
    rule = {
        "name": "age",
        "type": "Lifecycle",
        "definition": {
            "filters": {"blobTypes": ["blockBlob"]},
            "actions": {"baseBlob": {"delete": {"daysAfterModificationGreaterThan": 30}}},
        },
    }
    policies = storage.management_policies

    policies.create_or_update(group, account, "default", {"properties": {"policy": {"rules": [rule]}}})

    assert [found.name for found in policies.get(group, account, "default").policy.rules] == ["age"]
    with refused(400, "InvalidPolicy", "'age' is used twice"):
        policies.create_or_update(group, account, "default", {"properties": {"policy": {"rules": [rule, rule]}}})
    policies.delete(group, account, "default")
    with pytest.raises(ResourceNotFoundError):
        policies.get(group, account, "default")


@pytest.mark.azure_spec
def test_firewall_rules_want_service_endpoints(azure: RunningAzure, storage: Any, group: str, name: str):
    network = (
        f"/subscriptions/{azure.subscription_id}/resourceGroups/{group}/providers/Microsoft.Network/virtualNetworks/net"
    )
    subnets = [
        {"name": "without", "properties": {"addressPrefix": "10.0.0.0/26"}},
        {
            "name": "with",
            "properties": {"addressPrefix": "10.0.0.64/26", "serviceEndpoints": [{"service": "Microsoft.Storage"}]},
        },
    ]
    space = {"addressSpace": {"addressPrefixes": ["10.0.0.0/24"]}, "subnets": subnets}
    vnet = azure.arm("PUT", network, {"location": "westeurope", "properties": space}, api_version="2024-05-01")
    assert vnet.status_code == 201, vnet.text

    def body(subnet: str) -> dict[str, Any]:
        rules = [{"id": f"{network}/subnets/{subnet}"}]
        return {**ACCOUNT, "properties": {"networkAcls": {"defaultAction": "Deny", "virtualNetworkRules": rules}}}

    with refused(400, "NetworkAclsValidationFailure", "SubnetsHaveNoServiceEndpointsConfigured"):
        storage.storage_accounts.begin_create(group, name, body("without")).result()
    made = storage.storage_accounts.begin_create(group, name, body("with")).result()

    assert [rule.state for rule in made.properties.network_rule_set.virtual_network_rules] == ["Succeeded"]
