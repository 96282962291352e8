# SPDX-License-Identifier: Apache-2.0
"""Vaults, driven by azure-mgmt-keyvault."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.mgmt.keyvault import KeyVaultManagementClient

from tests.fixtures.azure import RunningAzure
from tests.fixtures.azure_sdk import client, refused

LOCATION = "westeurope"


@pytest.fixture
def vaults(azure: RunningAzure) -> Any:
    return client(azure, KeyVaultManagementClient).vaults


def body(azure: RunningAzure, **properties: Any) -> dict[str, Any]:
    return {
        "location": LOCATION,
        "properties": {
            "tenantId": azure.tenant_id,
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": True,
            **properties,
        },
    }


@pytest.mark.azure_spec
def test_create_get_list_update_delete(azure: RunningAzure, vaults: Any, group: str, name: str):
    made = vaults.begin_create_or_update(group, name, body(azure)).result()
    listed = [vault.name for vault in vaults.list_by_resource_group(group)]
    updated = vaults.update(group, name, {"tags": {"team": "ml"}})
    vaults.delete(group, name)

    assert made.properties.vault_uri == f"{azure.https}/vault/{name}/"
    assert (made.properties.soft_delete_retention_in_days, made.properties.enable_soft_delete) == (90, True)
    assert made.properties.provisioning_state == "Succeeded"
    assert listed == [name]
    assert updated.tags == {"team": "ml"}
    with pytest.raises(ResourceNotFoundError):
        vaults.get(group, name)


@pytest.mark.azure_spec
def test_a_deleted_vault_waits_then_is_purged(azure: RunningAzure, vaults: Any, group: str, name: str):
    vaults.begin_create_or_update(group, name, body(azure, softDeleteRetentionInDays=7)).result()
    vaults.delete(group, name)

    waiting = vaults.get_deleted(name, LOCATION)
    assert waiting.properties.vault_id.endswith(f"/vaults/{name}")
    assert (waiting.properties.scheduled_purge_date - waiting.properties.deletion_date).days == 7
    assert name in [vault.name for vault in vaults.list_deleted()]
    with refused(409, "ConflictError", "already exists in deleted state"):
        vaults.begin_create_or_update(group, name, body(azure)).result()

    vaults.begin_purge_deleted(name, LOCATION).result()

    with pytest.raises(ResourceNotFoundError):
        vaults.get_deleted(name, LOCATION)
    assert vaults.begin_create_or_update(group, name, body(azure)).result().name == name


@pytest.mark.azure_spec
def test_recover_brings_back_properties_and_secrets(azure: RunningAzure, vaults: Any, group: str, name: str):
    secrets = client(azure, KeyVaultManagementClient).secrets
    vaults.begin_create_or_update(group, name, body(azure, softDeleteRetentionInDays=7) | {"tags": {"a": "b"}}).result()
    secrets.create_or_update(group, name, "password", {"properties": {"value": "s3cret"}})
    vaults.delete(group, name)

    vaults.begin_create_or_update(group, name, body(azure, createMode="recover")).result()

    back = vaults.get(group, name)
    assert (back.tags, back.properties.soft_delete_retention_in_days) == ({"a": "b"}, 7)
    assert secrets.get(group, name, "password").name == "password"
    assert name not in [vault.name for vault in vaults.list_deleted()]


@pytest.mark.azure_assumed
def test_recover_of_a_vault_that_was_never_deleted(azure: RunningAzure, vaults: Any, group: str, name: str):
    with refused(404, "DeletedVaultNotFound"):
        vaults.begin_create_or_update(group, name, body(azure, createMode="recover")).result()


@pytest.mark.azure_spec
def test_purge_protection_keeps_the_vault(azure: RunningAzure, vaults: Any, group: str, name: str):
    vaults.begin_create_or_update(group, name, body(azure, enablePurgeProtection=True)).result()
    with refused(400, "BadRequest", "irreversible"):
        vaults.begin_create_or_update(group, name, body(azure, enablePurgeProtection=False)).result()
    vaults.begin_create_or_update(group, name, body(azure)).result()
    assert vaults.get(group, name).properties.enable_purge_protection is True

    vaults.delete(group, name)

    assert vaults.get_deleted(name, LOCATION).properties.purge_protection_enabled is True
    with refused(405, "MethodNotAllowed", "purge protection"):
        vaults.begin_purge_deleted(name, LOCATION).result()


@pytest.mark.azure_spec
def test_names_are_global(azure: RunningAzure, vaults: Any, group: str, name: str):
    assert vaults.check_name_availability({"name": name, "type": "Microsoft.KeyVault/vaults"}).name_available
    vaults.begin_create_or_update(group, name, body(azure)).result()
    azure.group(f"{group}-b")

    with refused(409, "VaultAlreadyExists", f"'{name}' is already in use"):
        vaults.begin_create_or_update(f"{group}-b", name, body(azure)).result()
    taken = vaults.check_name_availability({"name": name, "type": "Microsoft.KeyVault/vaults"})
    assert (taken.name_available, taken.reason) == (False, "AlreadyExists")


@pytest.mark.azure_spec
@pytest.mark.parametrize("bad", ["1vault", "double--hyphen", "ends-with-", "ab", "a" * 25, "under_score"])
def test_bad_names(azure: RunningAzure, group: str, bad: str):
    path = f"/resourceGroups/{group}/providers/Microsoft.KeyVault/vaults/{bad}"
    answer = azure.arm("PUT", path, body(azure), api_version="2024-11-01")

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "InvalidResourceName")


@pytest.mark.azure_spec
@pytest.mark.parametrize(
    ("properties", "text"),
    [
        ({"softDeleteRetentionInDays": 6}, "between 7 and 90"),
        ({"softDeleteRetentionInDays": 91}, "between 7 and 90"),
        ({"enablePurgeProtection": False}, "cannot be set to false"),
        ({"enableSoftDelete": False}, "irreversible"),
        ({"enableRbacAuthorization": False}, "accessPolicies is not specified"),
    ],
)
def test_wrong_input(azure: RunningAzure, vaults: Any, group: str, name: str, properties: dict[str, Any], text: str):
    with refused(400, "BadRequest", text):
        vaults.begin_create_or_update(group, name, body(azure, **properties)).result()


@pytest.mark.azure_spec
def test_retention_is_fixed(azure: RunningAzure, vaults: Any, group: str, name: str):
    vaults.begin_create_or_update(group, name, body(azure, softDeleteRetentionInDays=7)).result()

    with refused(400, "BadRequest", "can't be modified"):
        vaults.begin_create_or_update(group, name, body(azure, softDeleteRetentionInDays=8)).result()


@pytest.mark.azure_spec
def test_access_policies_add_replace_remove(azure: RunningAzure, vaults: Any, group: str, name: str):
    def policy(who: str, *secrets: str) -> dict[str, Any]:
        return {"tenantId": azure.tenant_id, "objectId": who, "permissions": {"secrets": list(secrets)}}

    def change(kind: str, *policies: dict[str, Any]) -> dict[str, list[str]]:
        answer = vaults.update_access_policy(group, name, kind, {"properties": {"accessPolicies": list(policies)}})
        return {item.object_id: list(item.permissions.secrets) for item in answer.properties.access_policies}

    properties = {"enableRbacAuthorization": False, "accessPolicies": [policy("a", "get")]}
    vaults.begin_create_or_update(group, name, body(azure, **properties)).result()

    assert change("add", policy("a", "list"), policy("b", "get")) == {"a": ["get", "list"], "b": ["get"]}
    assert change("remove", policy("a", "get")) == {"a": ["list"], "b": ["get"]}
    assert change("replace", policy("c", "set")) == {"c": ["set"]}
    assert [item.object_id for item in vaults.get(group, name).properties.access_policies] == ["c"]
    with pytest.raises(HttpResponseError):
        change("forget", policy("c"))


@pytest.mark.azure_spec
def test_a_secret_goes_in_and_never_comes_out(azure: RunningAzure, vaults: Any, group: str, name: str):
    secrets = client(azure, KeyVaultManagementClient).secrets
    vaults.begin_create_or_update(group, name, body(azure)).result()

    made = secrets.create_or_update(
        group, name, "password", {"properties": {"value": "hunter2-hunter2", "contentType": "text"}}
    )
    again = secrets.create_or_update(group, name, "password", {"properties": {"value": "other"}})

    assert made.properties.secret_uri == f"{azure.https}/vault/{name}/secrets/password"
    assert made.properties.secret_uri_with_version != again.properties.secret_uri_with_version
    path = f"/resourceGroups/{group}/providers/Microsoft.KeyVault/vaults/{name}/secrets"
    shown = azure.arm("GET", path, api_version="2024-11-01").text
    assert "hunter2" not in shown
    assert "other" not in shown
    assert "hunter2" not in (azure.folder / "server.log").read_text()


@pytest.mark.azure_spec
def test_a_key_is_made_once(azure: RunningAzure, vaults: Any, group: str, name: str):
    keys = client(azure, KeyVaultManagementClient).keys
    vaults.begin_create_or_update(group, name, body(azure)).result()

    made = keys.create_if_not_exist(group, name, "cmk", {"properties": {"kty": "RSA", "keySize": 3072}})
    again = keys.create_if_not_exist(group, name, "cmk", {"properties": {"kty": "EC"}})

    assert (again.properties.kty, again.properties.key_size) == ("RSA", 3072)
    assert again.properties.key_uri_with_version == made.properties.key_uri_with_version
    with refused(400, "BadParameter", "premium"):
        keys.create_if_not_exist(group, name, "hsm", {"properties": {"kty": "RSA-HSM"}})


@pytest.mark.azure_spec
def test_private_link_resources(azure: RunningAzure, vaults: Any, group: str, name: str):
    vaults.begin_create_or_update(group, name, body(azure)).result()

    found = client(azure, KeyVaultManagementClient).private_link_resources.list_by_vault(group, name).value

    assert [(item.properties.group_id, item.properties.required_zone_names) for item in found] == [
        ("vault", ["privatelink.vaultcore.azure.net"])
    ]
