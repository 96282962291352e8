# SPDX-License-Identifier: Apache-2.0
"""Workspaces: defaults, kinds, links, what is fixed, soft delete."""

from __future__ import annotations

import pytest

from .conftest import Workspaces, refused


@pytest.mark.azure_assumed
def test_defaults(workspaces: Workspaces):
    properties = workspaces.made("plain")["properties"]

    expected = {"publicNetworkAccess": "Enabled", "v1LegacyMode": False, "hbiWorkspace": False, "privateLinkCount": 0}
    assert {name: properties[name] for name in expected} == expected
    assert properties["managedNetwork"]["changeableIsolationModes"] == [
        "Disabled",
        "AllowInternetOutbound",
        "AllowOnlyApprovedOutbound",
    ]
    assert properties["notebookInfo"]["fqdn"].startswith("ml-plain-westeurope-")


@pytest.mark.azure_assumed
def test_ids_stay_while_the_workspace_lives(workspaces: Workspaces):
    first = workspaces.made("same", friendlyName="one")
    second = workspaces.made("same", friendlyName="two")
    workspaces.call("DELETE", "same", params={"forceToPurge": "true"})
    third = workspaces.made("same")

    assert first["properties"]["workspaceId"] == second["properties"]["workspaceId"]
    assert first["identity"]["principalId"] == second["identity"]["principalId"]
    assert third["properties"]["workspaceId"] != first["properties"]["workspaceId"]
    assert third["identity"]["principalId"] != first["identity"]["principalId"]


@pytest.mark.azure_spec
def test_the_service_is_lenient_about_spelling(workspaces: Workspaces):
    """What azure-ai-ml's workspace template sends."""
    body = {
        "hbiWorkspace": "false",
        "PublicNetworkAccess": "disabled",
        "imageBuildCompute": "",
        "systemDatastoresAuthMode": "identity",
        "encryption": {"status": "Disabled", "keyVaultProperties": {"keyVaultArmId": "", "keyIdentifier": ""}},
        "softDeleteEnabled": "false",
    }
    properties = workspaces.made("lenient", api_version="2023-08-01-preview", **body)["properties"]

    assert (properties["hbiWorkspace"], properties["publicNetworkAccess"]) == (False, "Disabled")
    assert properties["systemDatastoresAuthMode"] == "Identity"
    assert "encryption" not in properties
    assert "imageBuildCompute" not in properties
    assert properties["softDeleteEnabled"] is False


@pytest.mark.azure_spec
def test_unknown_properties_are_refused_by_name(workspaces: Workspaces):
    refused(workspaces.put("wrong", notAProperty=1), "InvalidRequestContent", "notAProperty")
    refused(workspaces.put("wrong", publicNetworkAccess="Maybe"), "InvalidRequestContent", "publicNetworkAccess")


@pytest.mark.azure_assumed
def test_what_is_fixed_at_creation(workspaces: Workspaces):
    workspaces.made("fixed")

    refused(workspaces.put("fixed", hbiWorkspace=True), "PropertyChangeNotAllowed", "properties.hbiWorkspace", 409)
    refused(workspaces.put("fixed", kind="Huge"), "UserError", "is not one of default, featurestore, hub, project")


@pytest.mark.azure_assumed
def test_links_must_be_of_their_type(workspaces: Workspaces):
    vault = workspaces.links["keyVault"]

    refused(
        workspaces.put("links", storageAccount=vault),
        "ValidationError",
        "must be the id of a Microsoft.Storage/storageAccounts",
    )
    refused(
        workspaces.put("links", containerRegistry=f"{vault}-none"),
        "LinkedResourceNotFound",
        "properties.containerRegistry",
    )


@pytest.mark.azure_assumed
def test_a_project_lives_in_its_hub(workspaces: Workspaces):
    hub = workspaces.made("the-hub", kind="Hub")
    other = workspaces.made("no-hub")
    body = {"location": "westeurope", "kind": "Project", "identity": {"type": "SystemAssigned"}}

    refused(workspaces.call("PUT", "the-project", body), "ValidationError", "needs the id of its hub")
    wrong = {**body, "properties": {"hubResourceId": other["id"]}}
    refused(workspaces.call("PUT", "the-project", wrong), "ValidationError", "is no hub")
    project = workspaces.call("PUT", "the-project", {**body, "properties": {"hubResourceId": hub["id"]}}).json()

    assert project["properties"]["keyVault"] == hub["properties"]["keyVault"]
    assert workspaces.call("GET", "the-hub").json()["properties"]["associatedWorkspaces"] == [project["id"]]
    refused(workspaces.call("DELETE", "the-hub"), "UserError", "cannot be deleted while it has projects")


@pytest.mark.azure_spec
def test_four_datastores_come_with_the_workspace(workspaces: Workspaces):
    workspace_id = workspaces.made("stores")["properties"]["workspaceId"]

    found = {item["name"]: item["properties"] for item in workspaces.call("GET", "stores/datastores").json()["value"]}
    assert sorted(found) == [
        "workspaceartifactstore",
        "workspaceblobstore",
        "workspacefilestore",
        "workspaceworkingdirectory",
    ]
    assert found["workspaceblobstore"]["containerName"] == f"azureml-blobstore-{workspace_id}"
    assert [name for name, store in found.items() if store["isDefault"]] == ["workspaceblobstore"]
    keys = workspaces.azure.arm(
        "POST", f"{workspaces.links['storageAccount']}/listKeys", api_version="2024-01-01"
    ).json()["keys"]
    secrets = workspaces.call("POST", "stores/datastores/workspaceblobstore/listSecrets").json()
    assert secrets == {"secretsType": "AccountKey", "key": keys[0]["value"]}


@pytest.mark.azure_assumed
def test_soft_delete_and_recovery(workspaces: Workspaces):
    """Assets and datastores come back, computes do not."""
    before = workspaces.made("soft")["properties"]
    store = {
        "properties": {
            "datastoreType": "AzureBlob",
            "accountName": "a",
            "containerName": "c",
            "credentials": {"credentialsType": "Sas", "secrets": {"secretsType": "Sas", "sasToken": "t"}},
        }
    }
    assert workspaces.call("PUT", "soft/datastores/own", store).is_success
    compute = {
        "location": "westeurope",
        "properties": {"computeType": "AmlCompute", "properties": {"vmSize": "Standard_DS3_v2"}},
    }
    assert workspaces.call("PUT", "soft/computes/cpu", compute).is_success
    assert workspaces.call("DELETE", "soft").status_code == 200

    assert workspaces.call("GET", "soft").status_code == 404
    refused(workspaces.put("soft"), "BadRequest", "Soft-deleted workspace exists. Please purge or recover it.")
    after = workspaces.made("soft", allowRecoverSoftDeletedWorkspace=True)["properties"]

    assert after["workspaceId"] == before["workspaceId"]
    assert "allowRecoverSoftDeletedWorkspace" not in after
    assert workspaces.call("POST", "soft/datastores/own/listSecrets").json()["sasToken"] == "t"
    assert workspaces.call("GET", "soft/computes").json()["value"] == []


@pytest.mark.azure_assumed
def test_a_recovered_workspace_finds_its_containers_in_a_new_account(workspaces: Workspaces):
    """A platform that comes back under its old names has a new storage account."""
    workspaces.made("phoenix")
    workspaces.call("DELETE", "phoenix")
    account, version = workspaces.links["storageAccount"], "2024-01-01"
    body = {"location": "westeurope", "sku": {"name": "Standard_LRS"}, "kind": "StorageV2", "properties": {}}
    assert workspaces.azure.arm("DELETE", account, api_version=version).is_success
    assert workspaces.azure.arm("PUT", account, body, api_version=version).is_success

    workspaces.made("phoenix", allowRecoverSoftDeletedWorkspace=True)

    path = f"{account}/blobServices/default/containers"
    found = workspaces.azure.arm("GET", path, api_version=version).json()["value"]
    assert {each["name"].partition("-")[0] for each in found} == {"azureml"}
    assert len(found) == 2


@pytest.mark.azure_assumed
def test_a_soft_deleted_workspace_is_purged(workspaces: Workspaces):
    workspaces.made("purged")
    workspaces.call("DELETE", "purged")

    assert workspaces.call("DELETE", "purged").status_code == 204
    refused(workspaces.put("purged"), "BadRequest", "Soft-deleted workspace exists")
    assert workspaces.call("DELETE", "purged", params={"forceToPurge": "true"}).status_code == 204
    workspaces.made("purged")


@pytest.mark.azure_assumed
def test_deleting_the_group_soft_deletes_too(workspaces: Workspaces):
    workspaces.made("in-group")

    assert workspaces.azure.arm("DELETE", workspaces.group).is_success
    assert workspaces.azure.arm("PUT", workspaces.group, {"location": "westeurope"}).is_success

    refused(
        workspaces.put("in-group", storageAccount=None, keyVault=None), "BadRequest", "Soft-deleted workspace exists"
    )


@pytest.mark.azure_assumed
def test_a_patch_changes_what_it_names(workspaces: Workspaces):
    workspaces.made("patched", description="one", friendlyName="a")

    answer = workspaces.call("PATCH", "patched", {"tags": {"x": "1"}, "properties": {"description": "two"}})

    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["tags"], body["properties"]["description"], body["properties"]["friendlyName"]) == (
        {"x": "1"},
        "two",
        "a",
    )
    assert workspaces.call("PATCH", "nowhere", {"tags": {}}).status_code == 404


@pytest.mark.azure_assumed
def test_not_every_region_has_the_service(workspaces: Workspaces):
    body = {"location": "westindia", "properties": workspaces.links}

    refused(workspaces.call("PUT", "far", body), "LocationNotAvailableForResourceType", "'westindia' is not available")


@pytest.mark.azure_assumed
def test_keys_of_everything_that_belongs_to_it(workspaces: Workspaces, name: str):
    registry = f"{workspaces.group}/providers/Microsoft.ContainerRegistry/registries/{name}"
    body = {"location": "westeurope", "sku": {"name": "Premium"}, "properties": {"adminUserEnabled": True}}
    assert workspaces.azure.arm("PUT", registry, body, api_version="2025-11-01").is_success
    insights = f"{workspaces.group}/providers/Microsoft.Insights/components/{name}"
    body = {"location": "westeurope", "kind": "web", "properties": {"Application_Type": "web"}}
    assert workspaces.azure.arm("PUT", insights, body, api_version="2020-02-02").is_success
    workspaces.made("all-keys", containerRegistry=registry, applicationInsights=insights)

    keys = workspaces.call("POST", "all-keys/listKeys").json()

    shown = workspaces.azure.arm("GET", insights, api_version="2020-02-02").json()["properties"]
    credentials = workspaces.azure.arm("POST", f"{registry}/listCredentials", api_version="2025-11-01").json()
    assert keys["appInsightsInstrumentationKey"] == shown["InstrumentationKey"]
    assert keys["containerRegistryCredentials"]["passwords"] == credentials["passwords"]


@pytest.mark.azure_assumed
def test_user_assigned_identities(workspaces: Workspaces):
    identity = f"{workspaces.group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/one-identity"
    assert workspaces.azure.arm("PUT", identity, {"location": "westeurope"}, api_version="2023-01-31").is_success
    workspaces.made("mine")
    both = {"type": "SystemAssigned,UserAssigned", "userAssignedIdentities": {identity: {}}}
    primary = {"primaryUserAssignedIdentity": identity}

    refused(
        workspaces.call("PATCH", "mine", {"properties": primary}),
        "UserError",
        "must be one of identity.userAssignedIdentities",
    )
    changed = workspaces.call("PATCH", "mine", {"identity": both, "properties": primary})

    assert changed.status_code == 200, changed.text
    assert set(changed.json()["identity"]["userAssignedIdentities"][identity]) == {"clientId", "principalId"}
    refused(workspaces.put("mine"), "UserError", "cannot change from 'SystemAssigned,UserAssigned' to 'SystemAssigned'")
    compute = {
        "identity": both,
        "properties": {"computeType": "AmlCompute", "properties": {"vmSize": "Standard_DS3_v2"}},
    }
    refused(workspaces.call("PUT", "mine/computes/cpu", compute), "UserError", "not both")
