# SPDX-License-Identifier: Apache-2.0
"""Datastores, connections and registries, with the unmodified azure-ai-ml SDK."""

from __future__ import annotations

from typing import Any

import pytest
from azure.ai.ml.constants._registry import StorageAccountType
from azure.ai.ml.entities import (
    AccountKeyConfiguration,
    ApiKeyConfiguration,
    AzureBlobDatastore,
    Registry,
    RegistryRegionDetails,
    WorkspaceConnection,
)
from azure.ai.ml.entities._registry.registry_support_classes import (
    SystemCreatedAcrAccount,
    SystemCreatedStorageAccount,
)
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from tests.emulator.clients.azure_ai_ml.conftest import LOCATION

pytestmark = pytest.mark.azure_spec


def test_datastores(ml: Any):
    system = {store.name for store in ml.datastores.list()}
    store = AzureBlobDatastore(
        name="mine",
        account_name="someaccount",
        container_name="data",
        credentials=AccountKeyConfiguration(account_key="a2V5"),
    )
    ml.datastores.create_or_update(store)

    assert {"workspaceblobstore", "workspacefilestore", "workspaceartifactstore", "workspaceworkingdirectory"} <= system
    assert ml.datastores.get_default().name == "workspaceblobstore"
    assert ml.datastores.get("mine").credentials.account_key is None
    assert ml.datastores.get("mine", include_secrets=True).credentials.account_key == "a2V5"
    ml.datastores.delete("mine")
    with pytest.raises(ResourceNotFoundError):
        ml.datastores.get("mine")
    with pytest.raises(HttpResponseError, match="belongs to the workspace"):
        ml.datastores.delete("workspaceblobstore")


def test_connections(ml: Any):
    made = ml.connections.create_or_update(
        WorkspaceConnection(
            name="outside", type="custom", target="https://example.org", credentials=ApiKeyConfiguration(key="secret")
        )
    )

    assert made.credentials.key is None
    assert ml.connections.get("outside", populate_secrets=True).credentials.key == "secret"
    assert "outside" in {connection.name for connection in ml.connections.list()}
    ml.connections.delete("outside")
    with pytest.raises(ResourceNotFoundError):
        ml.connections.get("outside")


def test_registries(ml: Any):
    region = RegistryRegionDetails(
        location=LOCATION,
        acr_config=[SystemCreatedAcrAccount(acr_account_sku="Premium")],
        storage_config=SystemCreatedStorageAccount(
            storage_account_hns=False, storage_account_type=StorageAccountType.STANDARD_LRS
        ),
    )
    made = ml.registries.begin_create(
        Registry(name="aiml-registry", location=LOCATION, replication_locations=[region])
    ).result()

    assert "/azureml-rg-aiml-registry_" in made.managed_resource_group.resource_id
    assert "aiml-registry" in {registry.name for registry in ml.registries.list()}
    ml.registries.begin_delete(name="aiml-registry").result()
    with pytest.raises(ResourceNotFoundError):
        ml.registries.get("aiml-registry")
