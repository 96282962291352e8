# SPDX-License-Identifier: Apache-2.0
"""The addresses that a workspace gives out for uploads open its storage account, whether the account takes shared keys or not."""

from __future__ import annotations

from typing import Any

import pytest
from azure.storage.blob import ContainerClient

from tests.fixtures.azure import RunningAzure

VERSION = "2024-10-01"


@pytest.mark.azure_spec
@pytest.mark.parametrize("shared_keys", [True, False])
def test_an_upload(azure_environment: RunningAzure, group: str, name: str, shared_keys: bool):
    azure = azure_environment
    providers = f"/subscriptions/{azure.subscription_id}/resourceGroups/{group}/providers"
    account, vault = (
        f"{providers}/Microsoft.Storage/storageAccounts/{name}",
        f"{providers}/Microsoft.KeyVault/vaults/{name}",
    )
    workspace = f"{providers}/Microsoft.MachineLearningServices/workspaces/{name}"
    vault_properties = {
        "tenantId": azure.tenant_id,
        "sku": {"family": "A", "name": "standard"},
        "enableRbacAuthorization": True,
    }
    workspace_properties = {"storageAccount": account, "keyVault": vault}

    def put(path: str, version: str, **body: Any) -> None:
        answer = azure.arm("PUT", path, {"location": "westeurope", **body}, api_version=version)
        assert answer.status_code in (200, 201), answer.text

    put(
        account,
        "2024-01-01",
        kind="StorageV2",
        sku={"name": "Standard_LRS"},
        properties={"allowSharedKeyAccess": shared_keys},
    )
    put(vault, "2024-11-01", properties=vault_properties)
    put(workspace, VERSION, identity={"type": "SystemAssigned"}, properties=workspace_properties)

    started = azure.arm(
        "POST", f"{workspace}/codes/train/versions/1/startPendingUpload", {}, api_version=VERSION
    ).json()
    container = ContainerClient.from_container_url(started["blobReferenceForConsumption"]["credential"]["sasUri"])
    container.upload_blob("train.py", b"print('hello')")

    assert container.download_blob("train.py").readall() == b"print('hello')"
