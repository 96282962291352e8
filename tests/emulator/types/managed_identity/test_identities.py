# SPDX-License-Identifier: Apache-2.0
"""User-assigned identities, their federated credentials, and the identities of other resources; with azure-mgmt-resource."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from azure.mgmt.resource.resources import ResourceManagementClient

from tests.fixtures.azure import RunningAzure
from tests.fixtures.azure_sdk import client, refused

VERSION = "2023-01-31"
STORAGE = {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}


@pytest.fixture
def resources(azure: RunningAzure) -> Any:
    return client(azure, ResourceManagementClient).resources


@pytest.fixture
def identity(azure: RunningAzure, resources: Any, group: str) -> Any:
    id_ = f"/subscriptions/{azure.subscription_id}/resourceGroups/{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/train"
    return resources.begin_create_or_update_by_id(
        id_, api_version=VERSION, parameters={"location": "westeurope"}
    ).result()


def account(azure: RunningAzure, group: str, name: str, identity: dict[str, Any] | None) -> httpx.Response:
    path = f"/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/{name}"
    return azure.arm("PUT", path, STORAGE | ({"identity": identity} if identity else {}), api_version="2024-01-01")


@pytest.mark.azure_spec
def test_an_identity_keeps_its_principal_until_it_is_deleted(azure: RunningAzure, resources: Any, identity: Any):
    again = resources.begin_create_or_update_by_id(
        identity.id, api_version=VERSION, parameters={"location": "westeurope", "tags": {"a": "b"}}
    ).result()
    resources.begin_delete_by_id(identity.id, api_version=VERSION).result()
    anew = resources.begin_create_or_update_by_id(
        identity.id, api_version=VERSION, parameters={"location": "westeurope"}
    ).result()

    assert identity.properties["tenantId"] == azure.tenant_id
    assert again.properties["principalId"] == identity.properties["principalId"]
    assert anew.properties["principalId"] != identity.properties["principalId"]


@pytest.mark.azure_spec
def test_federated_credentials(azure: RunningAzure, identity: Any):
    said = {
        "issuer": "https://token.actions.githubusercontent.com",
        "subject": "repo:org/repo:ref:refs/heads/main",
        "audiences": ["api://AzureADTokenExchange"],
    }

    def put(name: str, **changed: Any) -> httpx.Response:
        path = f"{identity.id}/federatedIdentityCredentials/{name}"
        return azure.arm("PUT", path, {"properties": {**said, **changed}}, api_version=VERSION)

    assert put("main").status_code == 201
    assert put("main", subject="repo:org/repo:pull_request").status_code == 200
    assert put("other").status_code == 201
    assert put("third").status_code == 409
    assert put("fourth", subject="x", audiences=["a", "b"]).status_code == 400
    assert put("fifth", subject="x", issuer="http://plain").status_code == 400
    listed = azure.arm("GET", f"{identity.id}/federatedIdentityCredentials", api_version=VERSION).json()["value"]
    assert [found["name"] for found in listed] == ["main", "other"]


@pytest.mark.azure_spec
def test_a_system_assigned_identity(azure: RunningAzure, group: str, name: str):
    made = account(azure, group, name, {"type": "SystemAssigned"}).json()["identity"]
    kept = account(azure, group, name, None).json()["identity"]
    gone = account(azure, group, name, {"type": "None"}).json()["identity"]

    assert made["tenantId"] == azure.tenant_id
    assert kept == made
    assert gone == {"type": "None"}


@pytest.mark.azure_spec
def test_user_assigned_identities_of_a_resource(azure: RunningAzure, group: str, name: str, identity: Any):
    both = {"type": "SystemAssigned,UserAssigned", "userAssignedIdentities": {identity.id: {}}}

    found = account(azure, group, name, both).json()["identity"]

    assert found["principalId"] != identity.properties["principalId"]
    described = found["userAssignedIdentities"][identity.id]
    assert described == {"clientId": identity.properties["clientId"], "principalId": identity.properties["principalId"]}
    missing = f"{identity.id}-not"
    wrong = account(azure, group, name, {"type": "UserAssigned", "userAssignedIdentities": {missing: {}}})
    assert (wrong.status_code, wrong.json()["error"]["code"], missing in wrong.text) == (
        400,
        "FailedIdentityOperation",
        True,
    )
    none = account(azure, group, name, {"type": "UserAssigned"})
    assert (none.status_code, none.json()["error"]["code"]) == (400, "MissingIdentityIds")


@pytest.mark.azure_spec
def test_bad_names(resources: Any, identity: Any):
    with refused(400, "InvalidResourceName"):
        resources.begin_create_or_update_by_id(
            identity.id.replace("/train", "/-x"), api_version=VERSION, parameters={"location": "westeurope"}
        ).result()
