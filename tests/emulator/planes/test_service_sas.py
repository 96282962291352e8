# SPDX-License-Identifier: Apache-2.0
"""Tokens for one container or one blob open what they were signed for, and nothing else."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError
from azure.identity import DefaultAzureCredential
from azure.mgmt.storage import StorageManagementClient
from azure.storage.blob import BlobServiceClient, generate_blob_sas, generate_container_sas

from tests.fixtures.azure import RunningAzure
from tests.fixtures.azure_sdk import client

pytestmark = pytest.mark.azure_spec
ACCOUNT: dict[str, Any] = {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
END = datetime.now(UTC) + timedelta(hours=1)


@pytest.fixture
def account(azure_environment: RunningAzure, group: str, name: str) -> tuple[str, str, str]:
    """URL, name and key of an account that has a blob in each of two containers."""
    management: Any = client(azure_environment, StorageManagementClient)
    made = management.storage_accounts.begin_create(group, name, ACCOUNT).result()
    url = made.properties.primary_endpoints.blob
    service = BlobServiceClient(url, DefaultAzureCredential(), retry_total=0)
    for container in ("one", "two"):
        service.create_container(container).upload_blob("a b.txt", b"x")
    return url, name, management.storage_accounts.list_keys(group, name)["keys"][0]["value"]


def test_a_container(account: tuple[str, str, str]):
    url, name, key = account
    sas = generate_container_sas(name, "one", key, permission="rl", expiry=END)
    service = BlobServiceClient(url, sas, retry_total=0)

    assert [blob.name for blob in service.get_container_client("one").list_blobs()] == ["a b.txt"]
    assert service.get_blob_client("one", "a b.txt").download_blob().readall() == b"x"
    with pytest.raises(ClientAuthenticationError, match="Signature did not match"):
        list(service.get_container_client("two").list_blobs())
    with pytest.raises(HttpResponseError) as caught:
        service.get_blob_client("one", "new").upload_blob(b"y")
    assert (caught.value.status_code, caught.value.error_code) == (403, "AuthorizationPermissionMismatch")


def test_a_blob(account: tuple[str, str, str]):
    url, name, key = account
    port = url.split("/")[2]
    for known in (name, f"{port}/{name}"):  # azure-ai-ml knows the account by the second
        sas = generate_blob_sas(known, "one", "a b.txt", account_key=key, permission="r", expiry=END)
        service = BlobServiceClient(url, sas, retry_total=0)
        assert service.get_blob_client("one", "a b.txt").download_blob().readall() == b"x"
        with pytest.raises(ClientAuthenticationError):
            service.get_blob_client("two", "a b.txt").download_blob()


@pytest.mark.parametrize("wrong", ["key", "time"])
def test_what_opens_nothing(account: tuple[str, str, str], wrong: str):
    url, name, key = account
    signer = base64.b64encode(b"wrong").decode() if wrong == "key" else key
    end = END if wrong == "key" else datetime.now(UTC) - timedelta(minutes=1)
    sas = generate_container_sas(name, "one", signer, permission="rwdl", expiry=end)

    with pytest.raises(ClientAuthenticationError) as caught:
        BlobServiceClient(url, sas, retry_total=0).get_blob_client("one", "a b.txt").download_blob()

    assert caught.value.error_code == "AuthenticationFailed"
    assert key not in str(caught.value)
