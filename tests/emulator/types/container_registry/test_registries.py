# SPDX-License-Identifier: Apache-2.0
"""Container registries, over HTTP with the published schema."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.fixtures.azure import RunningAzure

VERSION = "2023-01-01-preview"


def path(group: str, name: str) -> str:
    return f"/resourceGroups/{group}/providers/Microsoft.ContainerRegistry/registries/{name}"


def put(azure: RunningAzure, group: str, name: str, sku: str = "Premium", **properties: Any) -> httpx.Response:
    body = {"location": "westeurope", "sku": {"name": sku}, "properties": properties}
    return azure.arm("PUT", path(group, name), body, api_version=VERSION)


def error(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


@pytest.mark.azure_spec
def test_create_get_list_update_delete(azure: RunningAzure, group: str, name: str):
    made = put(azure, group, name, publicNetworkAccess="Disabled").json()
    changed = azure.arm("PATCH", path(group, name), {"tags": {"a": "b"}}, api_version=VERSION)
    listed = azure.arm("GET", path(group, "").rstrip("/"), api_version=VERSION).json()["value"]

    assert made["properties"]["loginServer"] == f"{name}.azurecr.local"
    assert (made["sku"]["tier"], made["properties"]["adminUserEnabled"]) == ("Premium", False)
    assert (changed.status_code, changed.json()["tags"]) == (200, {"a": "b"}), changed.text
    assert changed.json()["properties"]["publicNetworkAccess"] == "Disabled"
    assert [found["name"] for found in listed] == [name]
    assert azure.arm("DELETE", path(group, name), api_version=VERSION).status_code == 200
    assert error(azure.arm("GET", path(group, name), api_version=VERSION)) == (404, "ResourceNotFound")


@pytest.mark.azure_spec
def test_credentials_only_for_an_enabled_admin(azure: RunningAzure, group: str, name: str):
    put(azure, group, name)
    refused = azure.arm("POST", f"{path(group, name)}/listCredentials", api_version=VERSION)
    put(azure, group, name, adminUserEnabled=True)

    before = azure.arm("POST", f"{path(group, name)}/listCredentials", api_version=VERSION).json()
    after = azure.arm(
        "POST", f"{path(group, name)}/regenerateCredential", {"name": "password2"}, api_version=VERSION
    ).json()

    assert error(refused) == (400, "UnAuthorizedForCredentialOperations")
    assert before["username"] == name
    first, second = (item["value"] for item in before["passwords"])
    assert (after["passwords"][0]["value"] == first, after["passwords"][1]["value"] != second) == (True, True)
    assert first not in (azure.folder / "server.log").read_text()


@pytest.mark.azure_spec
def test_what_needs_premium(azure: RunningAzure, group: str, name: str):
    answer = put(azure, group, name, "Basic", publicNetworkAccess="Disabled")

    assert error(answer) == (400, "DisablingPublicNetworkAccessNotSupported")
    assert "not supported for the SKU Basic" in answer.json()["error"]["message"]
    assert put(azure, group, name, "Basic").status_code == 201


@pytest.mark.azure_assumed
@pytest.mark.parametrize(
    "properties",
    [{"zoneRedundancy": "Enabled"}, {"dataEndpointEnabled": True}, {"networkRuleSet": {"defaultAction": "Deny"}}],
)
def test_more_that_needs_premium(azure: RunningAzure, group: str, name: str, properties: dict[str, Any]):
    assert put(azure, group, name, "Standard", **properties).status_code == 400


@pytest.mark.azure_spec
def test_names(azure: RunningAzure, group: str, name: str):
    check = f"/subscriptions/{azure.subscription_id}/providers/Microsoft.ContainerRegistry/checkNameAvailability"
    question = {"name": name, "type": "Microsoft.ContainerRegistry/registries"}
    free = azure.arm("POST", check, question, api_version=VERSION).json()
    put(azure, group, name)
    azure.group(f"{group}-b")

    assert free["nameAvailable"] is True
    assert azure.arm("POST", check, question, api_version=VERSION).json()["reason"] == "AlreadyExists"
    assert error(put(azure, f"{group}-b", name)) == (409, "AlreadyInUse")
    assert error(put(azure, group, "has-hyphen")) == (400, "InvalidResourceName")
    assert error(put(azure, group, f"{name}x", "Huge"))[0] == 400


@pytest.mark.azure_spec
def test_replications(azure: RunningAzure, group: str, name: str):
    put(azure, group, name)

    def replicate(region: str) -> httpx.Response:
        where = f"{path(group, name)}/replications/{region}"
        return azure.arm("PUT", where, {"location": region}, api_version="2024-11-01-preview")

    assert replicate("northeurope").json()["properties"]["status"]["displayStatus"] == "Ready"
    assert error(replicate("westeurope")) == (409, "ReplicationAlreadyExists")


@pytest.mark.azure_assumed
def test_private_endpoints_need_premium(azure: RunningAzure, group: str, name: str):
    network = f"/subscriptions/{azure.subscription_id}/resourceGroups/{group}/providers/Microsoft.Network"
    space = {
        "addressSpace": {"addressPrefixes": ["10.0.0.0/24"]},
        "subnets": [{"name": "one", "properties": {"addressPrefix": "10.0.0.0/26"}}],
    }
    vnet = azure.arm(
        "PUT",
        f"{network}/virtualNetworks/net",
        {"location": "westeurope", "properties": space},
        api_version="2024-05-01",
    )
    assert vnet.status_code == 201, vnet.text

    def connect() -> httpx.Response:
        registry = f"/subscriptions/{azure.subscription_id}{path(group, name)}"
        connection = {"name": "acr", "properties": {"privateLinkServiceId": registry, "groupIds": ["registry"]}}
        properties = {
            "subnet": {"id": f"{network}/virtualNetworks/net/subnets/one"},
            "privateLinkServiceConnections": [connection],
        }
        body = {"location": "westeurope", "properties": properties}
        return azure.arm("PUT", f"{network}/privateEndpoints/pe", body, api_version="2024-05-01")

    put(azure, group, name, "Standard")
    refused = connect()
    put(azure, group, name, "Premium")
    made = connect()
    shown = azure.arm("GET", path(group, name), api_version=VERSION).json()["properties"]["privateEndpointConnections"]

    assert error(refused) == (400, "SkuNotSupported")
    assert made.status_code == 201, made.text
    assert [found["properties"]["privateLinkServiceConnectionState"]["status"] for found in shown] == ["Approved"]
    assert error(put(azure, group, name, "Basic")) == (400, "SkuNotSupported")
