# SPDX-License-Identifier: Apache-2.0
"""Data assets, datastores, connections and registries, with the unmodified azure-ai-ml SDK."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from azure.ai.ml._artifacts._artifact_utilities import download_artifact_from_aml_uri
from azure.ai.ml.constants._registry import StorageAccountType
from azure.ai.ml.entities import (
    AccountKeyConfiguration,
    ApiKeyConfiguration,
    AzureBlobDatastore,
    Data,
    Registry,
    RegistryRegionDetails,
    SasTokenConfiguration,
    WorkspaceConnection,
)
from azure.ai.ml.entities._registry.registry_support_classes import (
    SystemCreatedAcrAccount,
    SystemCreatedStorageAccount,
)
from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ResourceExistsError,
    ResourceNotFoundError,
)
from azure.storage.blob import generate_container_sas

from tests.emulator.clients.azure_ai_ml.conftest import LOCATION
from tests.emulator.clients.azure_ai_ml.trees import folder, read
from tests.fixtures.azure import RunningAzure

pytestmark = pytest.mark.azure_spec


@pytest.mark.parametrize("kind", ["uri_file", "uri_folder", "mltable"])
def test_data_from_local_files(ml: Any, environment: RunningAzure, tmp_path: Path, kind: str):
    folder(tmp_path / "rows", a_csv="1,2", b_csv="3,4")
    if kind == "mltable":
        (tmp_path / "rows" / "MLTable").write_text("type: mltable\npaths:\n- pattern: ./*.csv\n")
    path = tmp_path / "rows" / "a.csv" if kind == "uri_file" else tmp_path / "rows"
    name = kind.replace("_", "-")
    # the schema that the SDK would fetch from its own site
    more: dict[str, Any] = {"mltable_schema_url": f"{environment.https}/none"} if kind == "mltable" else {}

    first = ml.data.create_or_update(Data(name=name, path=str(path), type=kind, **more))
    second = ml.data.create_or_update(Data(name=name, path=str(path), type=kind, tags={"k": "v"}, **more))
    download_artifact_from_aml_uri(first.path, str(tmp_path / "down"), ml.datastores)

    assert (first.version, second.version, first.type) == ("1", "2", kind)
    assert first.path.startswith("azureml://subscriptions/")
    assert ml.data.get(name, label="latest").version == "2"
    assert {found.name: found.type for found in ml.data.list()}[name] == kind
    expected = {"a.csv"} if kind == "uri_file" else {file.name for file in path.iterdir()}
    assert set(read(tmp_path / "down")) == expected
    ml.data.archive(name, version="2")
    assert [found.version for found in ml.data.list(name)] == ["1"]
    ml.data.restore(name, version="2")
    assert ml.data.get(name, label="latest").version == "2"


def test_data_that_is_elsewhere(ml: Any):
    """A public address is kept as it is; a signature in it is not."""
    address = "https://example.org/rows.csv"
    made = ml.data.create_or_update(Data(name="public", version="1", path=address, type="uri_file"))
    signed = ml.data.create_or_update(
        Data(name="signed", version="1", path=f"{address}?sv=1&sig=secret", type="uri_file")
    )

    assert (made.path, signed.path) == (address, address)
    with pytest.raises(ResourceExistsError, match="Asset paths cannot be updated"):
        ml.data.create_or_update(Data(name="public", version="1", path=f"{address}.gz", type="uri_file"))
    with pytest.raises(ResourceExistsError, match="'dataType' cannot be changed from 'uri_file' to 'uri_folder'"):
        ml.data.create_or_update(Data(name="public", version="1", path=address, type="uri_folder"))


def test_data_of_a_datastore_that_is_not_there(ml: Any, tmp_path: Path):
    path = "azureml://datastores/absent/paths/rows.csv"
    with pytest.raises(
        HttpResponseError, match=r"there is no datastore 'absent' \(datastores of the workspace: .*blobstore"
    ):
        ml.data.create_or_update(Data(name="lost", version="1", path=path, type="uri_file"))
    with pytest.raises(ResourceNotFoundError, match="absent"):
        local = Data(name="lost", version="1", path=folder(tmp_path, a_csv="1"), type="uri_folder", datastore="absent")
        ml.data.create_or_update(local)


def test_an_upload_to_a_datastore_with_a_token(ml: Any, tmp_path: Path):
    """A token that is right opens the container; one that is wrong, over, or for reading only does not."""
    own = ml.datastores.get("workspaceblobstore", include_secrets=True)
    account, container = own.account_name.rpartition("/")[2], own.container_name
    soon, past = (datetime.now(UTC) + timedelta(minutes=minutes) for minutes in (30, -30))

    def upload(name: str, sas: str) -> Any:
        credentials = SasTokenConfiguration(sas_token=sas)
        store = AzureBlobDatastore(name=name, account_name=account, container_name=container, credentials=credentials)
        ml.datastores.create_or_update(store)
        path = folder(tmp_path / name, a_csv=name)
        return ml.data.create_or_update(Data(name=name, version="1", path=path, type="uri_folder", datastore=name))

    def signed(permission: str, end: datetime) -> str:
        key = own.credentials.account_key
        return generate_container_sas(account, container, key, permission=permission, expiry=end)

    made = upload("right", signed("rwl", soon))
    assert "/datastores/right/paths/LocalUpload/" in made.path
    with pytest.raises(ClientAuthenticationError, match="AuthenticationFailed"):
        upload("over", signed("rwl", past))
    with pytest.raises(ClientAuthenticationError, match="AuthenticationFailed"):
        upload("wrong", signed("r", soon).replace("sp=r&", "sp=rw&"))
    with pytest.raises(HttpResponseError, match="AuthorizationPermissionMismatch"):
        upload("reading", signed("r", soon))
    assert "over" not in {found.name for found in ml.data.list()}


def test_an_account_that_is_not_there(ml: Any, tmp_path: Path):
    credentials = AccountKeyConfiguration(account_key="a2V5")
    store = AzureBlobDatastore(
        name="nowhere", account_name="nosuchaccount", container_name="data", credentials=credentials
    )
    ml.datastores.create_or_update(store)

    with pytest.raises(HttpResponseError, match="no storage account named 'nosuchaccount'"):
        local = Data(name="lost", version="1", path=folder(tmp_path, a_csv="1"), type="uri_folder", datastore="nowhere")
        ml.data.create_or_update(local)
    ml.datastores.delete("nowhere")


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
