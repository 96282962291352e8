# SPDX-License-Identifier: Apache-2.0
"""`azure-mgmt-resource` against the emulator: groups, generic resources, providers, tags of a group."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.identity import ManagedIdentityCredential
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.resource.resources.models import GenericResource, ResourceGroup, ResourceGroupPatchable

from tests.fixtures.azure import RunningAzure

pytestmark = pytest.mark.azure_spec
VERSION = "2023-01-31"


@pytest.fixture
def client(azure: RunningAzure, monkeypatch: pytest.MonkeyPatch) -> Iterator[ResourceManagementClient]:
    for name, value in azure.env.items():
        monkeypatch.setenv(name, value)
    credential = ManagedIdentityCredential()
    with ResourceManagementClient(
        credential,
        azure.subscription_id,
        base_url=azure.https,
        credential_scopes=["https://management.azure.com/.default"],
        connection_verify=str(azure.bundle),
    ) as made:
        yield made
    credential.close()


def test_a_group_from_creation_to_deletion(client: ResourceManagementClient):
    made = client.resource_groups.create_or_update("mgmt-life", ResourceGroup(location="West Europe", tags={"a": "1"}))
    patched = client.resource_groups.update("mgmt-life", ResourceGroupPatchable(tags={"b": "2"}))

    assert (made.location, made.properties.provisioning_state) == ("westeurope", "Succeeded")
    assert patched.tags["b"] == "2"
    assert client.resource_groups.check_existence("mgmt-life")
    assert "mgmt-life" in {group.name for group in client.resource_groups.list()}
    assert client.resource_groups.get("mgmt-life").id.endswith("/resourceGroups/mgmt-life")

    client.resource_groups.begin_delete("mgmt-life").result()

    assert not client.resource_groups.check_existence("mgmt-life")


def test_a_group_that_is_not_there(client: ResourceManagementClient):
    with pytest.raises(ResourceNotFoundError) as caught:
        client.resource_groups.get("mgmt-nowhere")

    assert caught.value.error.code == "ResourceGroupNotFound"
    assert "mgmt-nowhere" in (caught.value.error.message or "")


@pytest.mark.parametrize(
    ("name", "location", "code"),
    [
        ("mgmt-bad", "atlantis", "LocationNotAvailableForResourceType"),
        ("mgmt.bad.", "westeurope", "InvalidResourceName"),
    ],
)
def test_a_wrong_group_is_refused(client: ResourceManagementClient, name: str, location: str, code: str):
    with pytest.raises(HttpResponseError) as caught:
        client.resource_groups.create_or_update(name, ResourceGroup(location=location))

    assert caught.value.error.code == code


def test_a_resource_of_any_type(client: ResourceManagementClient, azure: RunningAzure):
    client.resource_groups.create_or_update("mgmt-any", ResourceGroup(location="westeurope"))
    path = f"/subscriptions/{azure.subscription_id}/resourceGroups/mgmt-any/providers/Microsoft.ManagedIdentity/userAssignedIdentities/one"

    made = client.resources.begin_create_or_update_by_id(
        path, GenericResource(location="westeurope", tags={"team": "ml"}), api_version=VERSION
    ).result()
    listed = list(client.resources.list_by_resource_group("mgmt-any"))
    by_type = list(client.resources.list(filter="resourceType eq 'Microsoft.ManagedIdentity/userAssignedIdentities'"))

    assert made.tags == {"team": "ml"}
    assert [item.name for item in listed] == ["one"]
    assert path in {item.id for item in by_type}
    assert client.resources.check_existence_by_id(path, api_version=VERSION)

    client.resources.begin_delete_by_id(path, api_version=VERSION).result()

    assert not client.resources.check_existence_by_id(path, api_version=VERSION)
    with pytest.raises(ResourceNotFoundError):
        client.resources.get_by_id(path, api_version=VERSION)
    client.resource_groups.begin_delete("mgmt-any").result()


def test_lists_follow_their_pages(client: ResourceManagementClient):
    names = {f"mgmt-page-{number}" for number in range(4)}
    for name in names:
        client.resource_groups.create_or_update(name, ResourceGroup(location="westeurope"))

    found = {group.name for group in client.resource_groups.list(top=2)}

    assert names <= found
    for name in names:
        client.resource_groups.begin_delete(name).result()


def test_providers_are_registered(client: ResourceManagementClient):
    provider = client.providers.get("Microsoft.MachineLearningServices")

    assert provider.registration_state == "Registered"
    assert "workspaces" in {kind.resource_type for kind in provider.resource_types}
    assert "Microsoft.Network" in {found.namespace for found in client.providers.list()}
    with pytest.raises(ResourceNotFoundError):
        client.providers.get("Microsoft.Nothing")
