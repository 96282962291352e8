# SPDX-License-Identifier: Apache-2.0
"""A vault's secrets, driven by azure-keyvault-secrets as its users write it: a vaultUri and DefaultAzureCredential."""

from __future__ import annotations

import ssl
from typing import Any

import httpx
import pytest
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.identity import DefaultAzureCredential
from azure.keyvault.secrets import SecretClient
from azure.mgmt.keyvault import KeyVaultManagementClient

from tests.fixtures.azure import RunningAzure
from tests.fixtures.azure_sdk import client

FAST = {"_polling_interval": 0}


@pytest.fixture
def management(azure: RunningAzure) -> Any:
    return client(azure, KeyVaultManagementClient)


def vault(azure: RunningAzure, management: Any, group: str, name: str, **properties: Any) -> str:
    body = {
        "location": "westeurope",
        "properties": {
            "tenantId": azure.tenant_id,
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": True,
            **properties,
        },
    }
    return management.vaults.begin_create_or_update(group, name, body).result().properties.vault_uri


@pytest.fixture
def secrets(azure_environment: RunningAzure, management: Any, group: str, name: str) -> SecretClient:
    uri = vault(azure_environment, management, group, name, softDeleteRetentionInDays=7)
    return SecretClient(vault_url=uri, credential=DefaultAzureCredential())


@pytest.mark.azure_spec
def test_set_get_and_versions(secrets: SecretClient):
    first = secrets.set_secret("password", "one", content_type="text/plain", tags={"a": "b"})
    second = secrets.set_secret("password", "two")

    assert (secrets.get_secret("password").value, secrets.get_secret("password", first.properties.version).value) == (
        "two",
        "one",
    )
    assert (first.name, first.properties.tags, first.properties.content_type) == ("password", {"a": "b"}, "text/plain")
    versions = [item.version for item in secrets.list_properties_of_secret_versions("password")]
    assert versions == [first.properties.version, second.properties.version]
    assert second.properties.recovery_level == "CustomizedRecoverable+Purgeable"
    assert [item.name for item in secrets.list_properties_of_secrets()] == ["password"]


@pytest.mark.azure_spec
def test_an_id_leads_to_its_secret(azure: RunningAzure, secrets: SecretClient):
    made = secrets.set_secret("password", "one")
    context = ssl.create_default_context(cafile=azure.bundle)

    answer = httpx.get(
        f"{made.id}", params={"api-version": "7.6"}, headers={"Authorization": f"Bearer {azure.token}"}, verify=context
    )

    assert answer.json()["value"] == "one"


@pytest.mark.azure_spec
def test_update_changes_properties_not_the_value(secrets: SecretClient):
    made = secrets.set_secret("password", "one")

    changed = secrets.update_secret_properties("password", enabled=False, tags={"rotate": "yes"})

    assert (changed.version, changed.enabled, changed.tags) == (made.properties.version, False, {"rotate": "yes"})
    with pytest.raises(HttpResponseError) as caught:
        secrets.get_secret("password")
    assert caught.value.status_code == 403
    secrets.update_secret_properties("password", enabled=True)
    assert secrets.get_secret("password").value == "one"


@pytest.mark.azure_spec
def test_delete_recover_and_purge(secrets: SecretClient):
    secrets.set_secret("password", "one")

    gone = secrets.begin_delete_secret("password", **FAST).result()

    assert gone.name == "password"
    assert gone.scheduled_purge_date is not None
    assert gone.deleted_date is not None
    assert (gone.scheduled_purge_date - gone.deleted_date).days == 7
    with pytest.raises(ResourceNotFoundError):
        secrets.get_secret("password")
    with pytest.raises(ResourceExistsError):
        secrets.set_secret("password", "two")
    assert [item.name for item in secrets.list_deleted_secrets()] == ["password"]
    secrets.begin_recover_deleted_secret("password", **FAST).wait()
    assert secrets.get_secret("password").value == "one"
    secrets.begin_delete_secret("password", **FAST).wait()
    secrets.purge_deleted_secret("password")
    with pytest.raises(ResourceNotFoundError):
        secrets.get_deleted_secret("password")
    assert secrets.set_secret("password", "three").value == "three"


@pytest.mark.azure_spec
def test_purge_protection(azure_environment: RunningAzure, management: Any, group: str, name: str):
    uri = vault(azure_environment, management, group, name, enablePurgeProtection=True)
    secrets = SecretClient(vault_url=uri, credential=DefaultAzureCredential())
    made = secrets.set_secret("password", "one")
    secrets.begin_delete_secret("password", **FAST).wait()

    with pytest.raises(HttpResponseError) as caught:
        secrets.purge_deleted_secret("password")

    assert caught.value.status_code == 403
    assert made.properties.recovery_level == "Recoverable"


@pytest.mark.azure_spec
def test_secrets_of_arm_and_of_the_data_plane_are_the_same(
    secrets: SecretClient, management: Any, group: str, name: str
):
    management.secrets.create_or_update(group, name, "from-arm", {"properties": {"value": "one"}})
    secrets.set_secret("from-sdk", "two")

    assert secrets.get_secret("from-arm").value == "one"
    assert [found.name for found in management.secrets.list(group, name)] == ["from-arm", "from-sdk"]


@pytest.mark.azure_spec
def test_backup_and_restore(secrets: SecretClient):
    secrets.set_secret("password", "one")
    secrets.set_secret("password", "two")
    backup = secrets.backup_secret("password")

    with pytest.raises(ResourceExistsError):
        secrets.restore_secret_backup(backup)
    secrets.begin_delete_secret("password", **FAST).wait()
    secrets.purge_deleted_secret("password")
    secrets.restore_secret_backup(backup)

    assert b"one" not in backup
    assert secrets.get_secret("password").value == "two"
    assert len(list(secrets.list_properties_of_secret_versions("password"))) == 2
    with pytest.raises(HttpResponseError) as caught:
        secrets.restore_secret_backup(b"not a backup")
    assert caught.value.status_code == 400


@pytest.mark.azure_spec
def test_many_secrets_come_in_pages(secrets: SecretClient):
    for number in range(30):
        secrets.set_secret(f"s{number:02}", "x")

    pages = [len(list(page)) for page in secrets.list_properties_of_secrets(max_page_size=20).by_page()]

    assert pages == [20, 10]


@pytest.mark.azure_spec
def test_values_stay_out_of_the_log(azure: RunningAzure, secrets: SecretClient):
    secrets.set_secret("password", "never-in-a-log")

    assert "never-in-a-log" not in (azure.folder / "server.log").read_text()


@pytest.mark.azure_spec
@pytest.mark.parametrize("bad", ["under_score", "a" * 128, "dot.ted"])
def test_bad_names(secrets: SecretClient, bad: str):
    with pytest.raises(HttpResponseError) as caught:
        secrets.set_secret(bad, "x")

    assert caught.value.status_code == 400


@pytest.mark.azure_spec
@pytest.mark.parametrize("body", [{}, {"value": 5}, {"value": "x", "attributes": 5}, {"value": "x", "tags": ["a"]}])
def test_bodies_that_make_no_sense(azure: RunningAzure, secrets: SecretClient, body: dict[str, Any]):
    context = ssl.create_default_context(cafile=azure.bundle)
    headers = {"Authorization": f"Bearer {azure.token}"}

    answer = httpx.put(
        f"{secrets.vault_url}/secrets/one", params={"api-version": "7.6"}, json=body, headers=headers, verify=context
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "BadParameter")
