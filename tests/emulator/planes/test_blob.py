# SPDX-License-Identifier: Apache-2.0
"""Blobs, driven by azure-storage-blob with the account's own endpoint."""

from __future__ import annotations

import base64
import os
import ssl
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from azure.core import MatchConditions
from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
)
from azure.identity import DefaultAzureCredential
from azure.mgmt.storage import StorageManagementClient
from azure.storage.blob import (
    AccountSasPermissions,
    BlobBlock,
    BlobServiceClient,
    ContainerClient,
    ContentSettings,
    ResourceTypes,
    StandardBlobTier,
    generate_account_sas,
    generate_container_sas,
)

from tests.fixtures.azure import RunningAzure
from tests.fixtures.azure_sdk import client

ACCOUNT: dict[str, Any] = {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}


@pytest.fixture
def management(azure: RunningAzure) -> Any:
    return client(azure, StorageManagementClient)


@pytest.fixture
def url(management: Any, group: str, name: str) -> str:
    return management.storage_accounts.begin_create(group, name, ACCOUNT).result().properties.primary_endpoints.blob


@pytest.fixture
def blobs(azure_environment: RunningAzure, url: str) -> BlobServiceClient:
    return BlobServiceClient(url, DefaultAzureCredential(), retry_total=0)


@pytest.fixture
def container(blobs: BlobServiceClient) -> ContainerClient:
    return blobs.create_container("models")


@pytest.mark.azure_spec
def test_containers_are_those_of_arm(management: Any, blobs: BlobServiceClient, group: str, name: str):
    blobs.create_container("models", metadata={"team": "ml"})
    management.blob_containers.create(group, name, "data", {})

    listed = {item.name: item.metadata for item in blobs.list_containers(include_metadata=True)}
    shown = management.blob_containers.get(group, name, "models")

    assert (listed["models"], set(listed)) == ({"team": "ml"}, {"models", "data"})
    assert shown.metadata == {"team": "ml"}
    with pytest.raises(ResourceExistsError):
        blobs.create_container("models")
    blobs.delete_container("models")
    with pytest.raises(ResourceNotFoundError) as caught:
        blobs.get_container_client("models").get_container_properties()
    assert caught.value.error_code == "ContainerNotFound"


@pytest.mark.azure_spec
def test_upload_download_properties_and_delete(container: ContainerClient):
    blob = container.get_blob_client("a folder/model.pkl")
    settings = ContentSettings(content_type="application/x-pickle", cache_control="no-cache")

    blob.upload_blob(b"weights", metadata={"version": "1"}, content_settings=settings)
    found = blob.get_blob_properties()

    assert blob.download_blob().readall() == b"weights"
    assert (found.size, found.metadata, found.blob_type) == (7, {"version": "1"}, "BlockBlob")
    assert (found.content_settings.content_type, found.content_settings.cache_control) == (
        "application/x-pickle",
        "no-cache",
    )
    blob.set_blob_metadata({"version": "2"})
    blob.set_standard_blob_tier(StandardBlobTier.COOL)
    assert (blob.get_blob_properties().metadata, blob.get_blob_properties().blob_tier) == ({"version": "2"}, "Cool")
    blob.delete_blob()
    assert blob.exists() is False
    with pytest.raises(ResourceNotFoundError) as caught:
        blob.download_blob()
    assert caught.value.error_code == "BlobNotFound"


@pytest.mark.azure_spec
def test_large_uploads_go_in_blocks_and_downloads_in_ranges(azure_environment: RunningAzure, url: str):
    service = BlobServiceClient(
        url,
        DefaultAzureCredential(),
        max_single_put_size=64 * 1024,
        max_block_size=100 * 1024,
        max_single_get_size=64 * 1024,
        max_chunk_get_size=64 * 1024,
    )
    blob = service.create_container("large").get_blob_client("data.bin")
    data = os.urandom(350 * 1024 + 7)

    blob.upload_blob(data, max_concurrency=2)

    assert blob.download_blob(max_concurrency=2).readall() == data
    assert blob.download_blob(offset=1000, length=10).readall() == data[1000:1010]
    committed, uncommitted = blob.get_block_list("all")
    assert [block.size for block in committed] == [102400, 102400, 102400, 51207]
    assert uncommitted == []


@pytest.mark.azure_spec
def test_blocks_wait_for_their_list(container: ContainerClient):
    blob = container.get_blob_client("parts")
    first, second = (base64.b64encode(text).decode() for text in (b"0001", b"0002"))
    blob.stage_block(first, b"one ")
    blob.stage_block(second, b"two")

    assert blob.exists() is False
    blob.commit_block_list([BlobBlock(first), BlobBlock(second)])

    assert blob.download_blob().readall() == b"one two"
    blob.commit_block_list([BlobBlock(second)])
    assert blob.download_blob().readall() == b"two"
    with pytest.raises(HttpResponseError) as caught:
        blob.commit_block_list([BlobBlock(base64.b64encode(b"9999").decode())])
    assert caught.value.error_code == "InvalidBlockList"


@pytest.mark.azure_spec
def test_conditions(container: ContainerClient):
    blob = container.get_blob_client("once")
    blob.upload_blob(b"1")
    etag = blob.get_blob_properties().etag

    with pytest.raises(ResourceExistsError) as exists:
        blob.upload_blob(b"2")
    blob.upload_blob(b"3", overwrite=True, etag=etag, match_condition=MatchConditions.IfNotModified)
    with pytest.raises(ResourceModifiedError) as modified:
        blob.upload_blob(b"4", overwrite=True, etag=etag, match_condition=MatchConditions.IfNotModified)

    with pytest.raises(HttpResponseError) as unchanged:
        blob.get_blob_properties(etag=blob.get_blob_properties().etag, match_condition=MatchConditions.IfModified)
    assert unchanged.value.status_code == 304
    with pytest.raises(HttpResponseError) as unread:
        blob.download_blob(etag=blob.get_blob_properties().etag, match_condition=MatchConditions.IfModified)
    assert unread.value.status_code == 304
    assert exists.value.error_code == "BlobAlreadyExists"
    assert modified.value.error_code == "ConditionNotMet"
    assert blob.download_blob().readall() == b"3"


@pytest.mark.azure_spec
def test_listing_by_prefix_delimiter_and_page(container: ContainerClient):
    for path in ("a/1", "a/2", "b/1", "top"):
        container.upload_blob(path, path.encode(), metadata={"path": path})

    walked = [item.name for item in container.walk_blobs(delimiter="/")]
    inside = {item.name: item.metadata for item in container.list_blobs(name_starts_with="a/", include=["metadata"])}
    pages = [[item.name for item in page] for page in container.list_blobs(results_per_page=3).by_page()]

    assert walked == ["a/", "b/", "top"]
    assert inside == {"a/1": {"path": "a/1"}, "a/2": {"path": "a/2"}}
    assert pages == [["a/1", "a/2", "b/1"], ["top"]]


@pytest.mark.azure_spec
def test_a_copy(container: ContainerClient):
    source = container.upload_blob("from", b"model", metadata={"stage": "dev"})
    target = container.get_blob_client("to")

    answer = target.start_copy_from_url(source.url)

    assert answer["copy_status"] == "success"
    assert target.download_blob().readall() == b"model"
    assert target.get_blob_properties().metadata == {"stage": "dev"}


@pytest.mark.azure_spec
def test_keys_and_sas_open_what_they_sign(
    azure_environment: RunningAzure, management: Any, group: str, name: str, url: str
):
    key = management.storage_accounts.list_keys(group, name)["keys"][0]["value"]
    asked = {
        "signedServices": "b",
        "signedResourceTypes": "sco",
        "signedPermission": "rwlc",
        "signedExpiry": "2035-01-01T00:00:00Z",
    }
    sas = management.storage_accounts.list_account_sas(group, name, asked).account_sas_token

    by_key = BlobServiceClient(url, {"account_name": name, "account_key": key}, retry_total=0)
    by_key.create_container("models").upload_blob("folder/model one.pkl", b"x")
    by_sas = BlobServiceClient(url, sas, retry_total=0)
    by_text = BlobServiceClient(url, key, retry_total=0)

    assert [item.name for item in by_key.get_container_client("models").list_blobs()] == ["folder/model one.pkl"]
    assert [item.name for item in by_sas.list_containers()] == ["models"]
    assert by_text.get_blob_client("models", "folder/model one.pkl").download_blob().readall() == b"x"
    with pytest.raises(ClientAuthenticationError):
        list(BlobServiceClient(url, sas.replace("sp=rwlc", "sp=rwdlc"), retry_total=0).list_containers())
    with pytest.raises(ClientAuthenticationError):
        list(BlobServiceClient(f"{url}?{sas.replace('2035', '2015')}", retry_total=0).list_containers())
    management.storage_accounts.regenerate_key(group, name, {"keyName": "key1"})
    with pytest.raises(ClientAuthenticationError) as caught:
        list(by_key.list_containers())
    assert caught.value.error_code == "AuthenticationFailed"


@pytest.mark.azure_spec
def test_tokens_that_the_client_signs_itself(
    blobs: BlobServiceClient, management: Any, group: str, name: str, url: str
):
    key = management.storage_accounts.list_keys(group, name)["keys"][1]["value"]
    end, everything = datetime.now(UTC) + timedelta(hours=1), ResourceTypes(service=True, container=True, object=True)
    blobs.create_container("models").upload_blob("one", b"x")

    sas = generate_account_sas(name, key, everything, AccountSasPermissions(read=True, list=True), end)
    wrong = generate_account_sas(
        name, base64.b64encode(b"wrong").decode(), everything, AccountSasPermissions(list=True), end
    )
    delegation = blobs.get_user_delegation_key(datetime.now(UTC), end)
    delegated = generate_container_sas(name, "models", user_delegation_key=delegation, permission="rl", expiry=end)

    assert [item.name for item in BlobServiceClient(url, sas).list_containers()] == ["models"]
    assert [item.name for item in BlobServiceClient(url, delegated).get_container_client("models").list_blobs()] == [
        "one"
    ]
    with pytest.raises(ClientAuthenticationError):
        list(BlobServiceClient(url, wrong, retry_total=0).list_containers())


@pytest.mark.azure_spec
def test_an_account_without_shared_keys(
    azure_environment: RunningAzure, management: Any, group: str, name: str, url: str
):
    key = management.storage_accounts.list_keys(group, name)["keys"][0]["value"]
    management.storage_accounts.update(group, name, {"properties": {"allowSharedKeyAccess": False}})

    with pytest.raises(HttpResponseError) as caught:
        list(BlobServiceClient(url, {"account_name": name, "account_key": key}, retry_total=0).list_containers())

    assert caught.value.error_code == "KeyBasedAuthenticationNotPermitted"


@pytest.mark.azure_spec
def test_nothing_opens_without_credentials(azure: RunningAzure, url: str):
    answer = httpx.get(url, params={"comp": "list"}, verify=ssl.create_default_context(cafile=azure.bundle))

    assert (answer.status_code, answer.headers["x-ms-error-code"]) == (401, "NoAuthenticationInformation")
    assert "<Code>NoAuthenticationInformation</Code>" in answer.text


@pytest.mark.azure_spec
def test_headers_that_make_no_sense(azure: RunningAzure, container: ContainerClient, url: str):
    container.upload_blob("one", b"x")
    context = ssl.create_default_context(cafile=azure.bundle)
    token = {"Authorization": f"Bearer {azure.token}"}

    date = httpx.get(f"{url}models/one", headers={**token, "If-Modified-Since": "yesterday"}, verify=context)
    kind = httpx.put(f"{url}models/two", headers={**token, "x-ms-blob-type": "PageBlob"}, verify=context)
    untyped = httpx.put(f"{url}models/two", headers=token, content=b"x", verify=context)
    beyond = httpx.get(f"{url}models/one", headers={**token, "x-ms-range": "bytes=9-"}, verify=context)

    codes = [(answer.status_code, answer.headers["x-ms-error-code"]) for answer in (date, kind, untyped, beyond)]
    assert codes == [
        (400, "InvalidHeaderValue"),
        (409, "FeatureNotYetSupported"),
        (400, "MissingRequiredHeader"),
        (416, "InvalidRange"),
    ]
