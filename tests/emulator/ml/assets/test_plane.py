# SPDX-License-Identifier: Apache-2.0
"""The data plane of registries as it answers what no client of Microsoft's sends."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fixtures.azure import RunningAzure, running

pytestmark = pytest.mark.azure_assumed
MFE = "/mferp/managementfrontend"
Call = Callable[..., httpx.Response]


def caller(azure: RunningAzure) -> Call:
    def call(method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        known = {"Authorization": f"Bearer {azure.token}", **headers}
        url = f"{azure.http}{path}?api-version=2021-10-01-dataplanepreview"
        return azure.client.request(method, url, json=body, headers=known)

    return call


@pytest.fixture
def call(azure: RunningAzure) -> Call:
    return caller(azure)


def made(azure: RunningAzure, name: str, **properties: Any) -> str:
    """A registry with what a user must say and no more; its ARM id."""
    group = azure.group(f"{name}-group")
    body = {"location": "westeurope", "properties": {"regionDetails": [{"location": "westeurope"}], **properties}}
    path = f"{group}/providers/Microsoft.MachineLearningServices/registries/{name}"
    answer = azure.arm("PUT", path, body, api_version="2024-10-01")
    assert answer.status_code in (200, 201), answer.text
    return answer.json()["id"]


def refused(answer: httpx.Response, status: int, code: str, message: str) -> None:
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (status, code), answer.text
    assert message in error["message"], error["message"]


def test_a_token_is_needed(azure: RunningAzure):
    for path in ("/registrymanagement/v1.0/registries/any/discovery", f"{MFE}/subscriptions/s"):
        refused(
            azure.client.get(f"{azure.http}{path}"), 401, "AuthenticationFailed", "'Authorization' header is missing"
        )


def test_discovery(azure: RunningAzure, call: Call):
    made(azure, "plane-found", regionDetails=[{"location": "westeurope"}, {"location": "North Europe"}])

    found = call("GET", "/registrymanagement/v1.0/registries/Plane-Found/discovery").json()

    assert (found["registryName"], found["primaryRegion"]) == ("plane-found", "westeurope")
    assert found["primaryRegionResourceProviderUri"] == f"{azure.http}/"
    assert (found["resourceGroup"], found["subscriptionId"]) == ("plane-found-group", azure.subscription_id)
    assert set(found["registryFqdns"]) == {"westeurope", "northeurope"}
    missing = call("GET", "/registrymanagement/v1.0/registries/plane-missing/discovery")
    refused(missing, 404, "RegistryNotFound", "Registries that exist: ")


def test_paths_that_are_not_served(azure: RunningAzure, call: Call):
    own = made(azure, "plane-paths")

    refused(call("GET", f"{MFE}/nothing"), 404, "ResourceNotFound", "serves no '/mferp/managementfrontend/nothing'")
    refused(call("GET", f"{MFE}{own}/jobs"), 404, "ResourceNotFound", "has no 'jobs'")
    refused(call("GET", f"{MFE}{own}2/models"), 404, "RegistryNotFound", "no registry named 'plane-paths2'")
    assert call("GET", f"{MFE}{own}/models").json() == {"value": []}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "needs the id of an asset"),
        ({"properties": {"sourceAssetId": 7}}, "needs the id of an asset"),
        ({"properties": {"sourceAssetId": "nonsense"}}, "'nonsense' is no reference"),
        ({"properties": {"sourceAssetId": "m:1"}}, "in which workspace or registry"),
        (
            {"properties": {"sourceAssetId": "azureml://locations/x/workspaces/gone/models/m/versions/1"}},
            "no workspace",
        ),
        (
            {"properties": {"sourceAssetId": "azureml://registries/azureml/environments/sklearn-1.5/versions/1"}},
            "not in a",
        ),
    ],
)
def test_imports_that_make_no_sense(azure: RunningAzure, call: Call, body: Any, message: str):
    own = made(azure, "plane-import")

    refused(call("POST", f"{MFE}{own}/import", body), 400, "UserError", message)


def test_uploads_and_downloads_are_for_assets_of_the_registry(azure: RunningAzure, call: Call):
    own = made(azure, "plane-data")
    asset = "azureml://registries/plane-data/models/m/versions/1"
    other = {"assetId": asset.replace("plane-data", "elsewhere")}

    for method, what in (("PUT", "tempdatarefs"), ("POST", "datarefs")):
        path = f"{MFE}{own}/{what}/m/versions/1"
        refused(call(method, path, other), 400, "UserError", "is not the id of an asset of registry 'plane-data'")
        refused(call(method, path, {}), 400, "UserError", "'' is not the id")
    refused(
        call("POST", f"{MFE}{own}/datarefs/m/versions/1", {"assetId": asset}), 404, "ResourceNotFound", "no version '1'"
    )
    offered = [call("PUT", f"{MFE}{own}/tempdatarefs/m/versions/1", {"assetId": asset}).json() for _ in range(2)]
    uris = {each["blobReferenceForConsumption"]["blobUri"] for each in offered}
    assert len(uris) == 2  # no upload can reach the files of another one

    place = uris.pop()
    refused(
        call("PUT", f"{MFE}{own}/models/m/versions/1", {"properties": {"modelUri": f"{place}/model"}}),
        400,
        "UserError",
        "No blobs found in storage at model asset path: model",
    )
    blob = {"x-ms-blob-type": "BlockBlob"}
    sas = offered[0]["blobReferenceForConsumption"]["credential"]["sasUri"]
    place, _, query = sas.partition("?")
    at = f"{place.replace(azure.https, azure.http)}/model/a.txt?{query}"
    assert azure.client.put(at, content=b"x", headers=blob).status_code == 201
    done = call("PUT", f"{MFE}{own}/models/m/versions/1", {"properties": {"modelUri": f"{place}/model?{query}"}})
    assert done.status_code == 201
    assert "sig=" not in done.text
    elsewhere = {"assetId": asset, "blobUri": f"{place}/other"}
    refused(call("POST", f"{MFE}{own}/datarefs/m/versions/1", elsewhere), 400, "UserError", "is not where the files of")


@pytest.mark.parametrize(
    ("uri", "message"),
    [
        ("azureml://datastores/workspaceblobstore/paths/x", "has no datastores and no jobs"),
        ("https://[", "which is no URL"),
        ("local/path", "which is no URI"),
        ("azureml:m:1", "which is no URI"),
        ("", "which is no URI"),
    ],
)
def test_paths_that_a_registry_does_not_take(azure: RunningAzure, call: Call, uri: str, message: str):
    own = made(azure, "plane-stores")
    body = {"properties": {"modelUri": uri}}

    refused(call("PUT", f"{MFE}{own}/models/m/versions/1", body), 400, "UserError", message)


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({}, "needs an 'image'"),
        ({"condaFile": "dependencies: [pip]"}, "needs an 'image'"),
        ({"image": "example.org/a:1", "condaFile": "{{{"}, "The conda file is no YAML: "),
        ({"image": "example.org/a:1", "condaFile": "numpy"}, "must be a mapping"),
    ],
)
def test_environments_that_are_none(azure: RunningAzure, call: Call, properties: dict[str, str], message: str):
    own = made(azure, "plane-conda")
    body = {"properties": properties}

    refused(call("PUT", f"{MFE}{own}/environments/e/versions/1", body), 400, "UserError", message)


def test_a_version_that_was_deleted_does_not_come_back(azure: RunningAzure, call: Call):
    own = made(azure, "plane-deleted")
    path, body = f"{own}/environments/e/versions/1", {"properties": {"image": "example.org/a:1"}}
    assert call("PUT", f"{MFE}{path}", body).status_code == 201
    assert azure.arm("DELETE", path, api_version="2024-10-01").is_success

    refused(
        call("PUT", f"{MFE}{path}", body), 409, "UserError", "/plane-deleted/environments/e/versions/1 was deleted at"
    )
    assert call("PUT", f"{MFE}{path[:-1]}2", body).status_code == 201


def test_pages_lead_on(azure: RunningAzure, call: Call):
    own = made(azure, "plane-pages")
    for number in range(3):
        body = {"properties": {"image": f"example.org/a:{number}"}}
        assert call("PUT", f"{MFE}{own}/environments/e/versions/{number}", body).status_code == 201

    path, seen = f"{MFE}{own}/environments/e/versions", list[str]()
    link = f"{azure.http}{path}?api-version=2021-10-01-dataplanepreview&$top=2"
    while link:
        page = azure.client.get(link, headers={"Authorization": f"Bearer {azure.token}"}).json()
        seen += [each["id"] for each in page["value"]]
        link = page.get("nextLink", "")

    assert seen == [f"azureml://registries/plane-pages/environments/e/versions/{number}" for number in range(3)]


def test_the_registrys_storage_goes_with_it(azure: RunningAzure):
    own = made(azure, "plane-storage")
    managed = azure.arm("GET", own, api_version="2024-10-01").json()["properties"]["managedResourceGroup"]["resourceId"]
    inside = azure.arm("GET", f"{managed}/resources").json()["value"]
    assert [each["type"] for each in inside] == ["Microsoft.Storage/storageAccounts"]
    assert azure.arm("GET", managed).json()["managedBy"] == own

    assert azure.arm("DELETE", own, api_version="2024-10-01").is_success

    assert azure.arm("GET", managed).status_code == 404


def test_a_storage_account_of_the_users(azure: RunningAzure, call: Call):
    group = azure.group("plane-user-group")
    account = f"{group}/providers/Microsoft.Storage/storageAccounts/planeuser"
    body = {"location": "westeurope", "sku": {"name": "Standard_LRS"}, "kind": "StorageV2"}
    assert azure.arm("PUT", account, body, api_version="2024-01-01").is_success
    details = [{"userCreatedStorageAccount": {"armResourceId": {"resourceId": account}}}]
    own = made(azure, "plane-user", regionDetails=[{"location": "westeurope", "storageAccountDetails": details}])
    asset = {"assetId": "azureml://registries/plane-user/models/m/versions/1"}
    path = f"{MFE}{own}/tempdatarefs/m/versions/1"

    offered = call("PUT", path, asset).json()["blobReferenceForConsumption"]

    assert offered["storageAccountArmId"] == account
    assert azure.arm("DELETE", own, api_version="2024-10-01").is_success
    assert azure.arm("GET", account, api_version="2024-01-01").status_code == 200


def test_addresses_follow_the_emulator_to_another_port(tmp_path: Path):
    """What is stored leads to the files after a restart on other ports."""
    with running(tmp_path / "azure") as first:
        own = made(first, "plane-moves")
        asset = "azureml://registries/plane-moves/models/m/versions/1"
        call = caller(first)
        offered = call("PUT", f"{MFE}{own}/tempdatarefs/m/versions/1", {"assetId": asset}).json()
        place, _, query = offered["blobReferenceForConsumption"]["credential"]["sasUri"].partition("?")
        at = f"{place.replace(first.https, first.http)}/a.txt?{query}"
        assert first.client.put(at, content=b"x", headers={"x-ms-blob-type": "BlockBlob"}).status_code == 201
        assert call("PUT", f"{MFE}{own}/models/m/versions/1", {"properties": {"modelUri": f"{place}/a.txt"}}).is_success
    taken = socket.create_server(("127.0.0.1", int(first.https.rpartition(":")[2])))
    with taken, running(tmp_path / "azure", "--http-port", "0", "--https-port", "0") as second:
        path = f"{MFE}{own}/models/m/versions/1"
        uri = caller(second)("GET", path).json()["properties"]["modelUri"]
        found = caller(second)("POST", f"{MFE}{own}/datarefs/m/versions/1", {"assetId": asset, "blobUri": uri}).json()
        sas = found["blobReferenceForConsumption"]["credential"]["sasUri"]

    assert uri.startswith(f"{second.https}/")
    assert sas.startswith(f"{second.https}/")
    assert uri.endswith("/a.txt")
    assert second.https != first.https
