# SPDX-License-Identifier: Apache-2.0
"""Online and batch endpoints: what Microsoft's clients do not let one send."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Workspaces, refused

pytestmark = pytest.mark.azure_assumed


def endpoint(**properties: Any) -> dict[str, Any]:
    return {
        "location": "westeurope",
        "identity": {"type": "SystemAssigned"},
        "properties": {"authMode": "Key", **properties},
    }


def deployment(**properties: Any) -> dict[str, Any]:
    settings = {"endpointComputeType": "Managed", "instanceType": "Standard_DS3_v2", **properties}
    return {"location": "westeurope", "properties": settings}


@pytest.fixture
def ep(workspaces: Workspaces, name: str) -> str:
    """The path of an endpoint in a workspace."""
    workspaces.made("serve")
    path = f"serve/onlineEndpoints/{name}"
    assert workspaces.call("PUT", path, endpoint()).status_code == 201
    return path


def test_keys_can_be_chosen_at_creation(workspaces: Workspaces):
    workspaces.made("serve")
    path = "serve/onlineEndpoints/chosen-keys"

    made = workspaces.call("PUT", path, endpoint(keys={"primaryKey": "mine", "secondaryKey": "other"}))

    assert "keys" not in made.json()["properties"]
    assert workspaces.call("POST", f"{path}/listKeys").json() == {"primaryKey": "mine", "secondaryKey": "other"}
    refused(
        workspaces.call("POST", f"{path}/regenerateKeys", {"keyType": "Third"}), "UserError", "'Primary' or 'Secondary'"
    )


def test_names_are_taken_in_the_region(workspaces: Workspaces, ep: str):
    workspaces.made("other")
    name = ep.rsplit("/", 1)[1]

    refused(
        workspaces.call("PUT", f"other/onlineEndpoints/{name}", endpoint()),
        "Conflict",
        "must be unique within a region",
        409,
    )
    for wrong in ("ab", "1abc", "a--b", "ends-", "x" * 33):
        refused(workspaces.call("PUT", f"other/onlineEndpoints/{wrong}", endpoint()), "InvalidResourceName", "3 to 32")


def test_traffic_follows_its_deployment(workspaces: Workspaces, ep: str):
    for name in ("blue", "green", "shadow"):
        assert workspaces.call("PUT", f"{ep}/deployments/{name}", deployment()).status_code == 201
    shared = workspaces.call("PUT", ep, endpoint(traffic={"blue": 90, "green": 10}, mirrorTraffic={"shadow": 20}))
    refused(workspaces.call("PUT", ep, endpoint(mirrorTraffic={"shadow": 60})), "UserError", "at most 50 percent")
    refused(workspaces.call("PUT", ep, endpoint(traffic={"blue": 101, "green": -1})), "UserError", "between 0 and 100")
    refused(workspaces.call("PUT", ep, endpoint(traffic={"blue": 60, "green": 50})), "UserError", "they sum to 110")
    both = {"shadow": 20, "green": 10}
    refused(workspaces.call("PUT", ep, endpoint(mirrorTraffic=both)), "UserError", "one deployment")
    refused(workspaces.call("PUT", ep, endpoint(mirrorTraffic={"green": 5})), "UserError", "10 percent of the live")
    refused(workspaces.call("PUT", ep, endpoint(traffic={"shadow": 100})), "UserError", "100 percent of the live")
    assert workspaces.call("PUT", ep, endpoint(traffic={"blue": 100, "green": 0})).is_success

    assert shared.json()["properties"]["traffic"] == {"blue": 90, "green": 10}
    assert workspaces.call("DELETE", f"{ep}/deployments/green").is_success
    assert workspaces.call("DELETE", f"{ep}/deployments/shadow").is_success
    found = workspaces.call("GET", ep).json()["properties"]
    assert (found["traffic"], found["mirrorTraffic"]) == ({"blue": 100}, {})


def test_online_and_batch_endpoints_share_their_names(workspaces: Workspaces, ep: str):
    name = ep.rsplit("/", 1)[1]
    batch = {"location": "westeurope", "properties": {"authMode": "AADToken"}}
    refused(
        workspaces.call("PUT", f"serve/batchEndpoints/{name}", batch), "Conflict", "must be unique within a region", 409
    )


def test_a_region_has_so_many_endpoints(workspaces: Workspaces):
    workspaces.made("many")
    kinds = ("onlineEndpoints", endpoint()), ("batchEndpoints", {"properties": {"authMode": "AADToken"}})
    for number in range(100):
        kind, body = kinds[number % 2]
        path = f"many/{kind}/many-{number}"
        assert workspaces.call("PUT", path, {**body, "location": "norwayeast"}).status_code == 201, number
    one_more = {**endpoint(), "location": "norwayeast"}
    refused(workspaces.call("PUT", "many/onlineEndpoints/many-100", one_more), "UserError", "at most 100 are allowed")
    assert workspaces.call("DELETE", "many/batchEndpoints/many-1").is_success
    assert workspaces.call("PUT", "many/onlineEndpoints/many-100", one_more).status_code == 201


def test_an_endpoint_has_so_many_deployments(workspaces: Workspaces, ep: str):
    small = deployment(instanceType="Standard_F2s_v2")
    for number in range(20):
        assert workspaces.call("PUT", f"{ep}/deployments/d-{number}", small).status_code == 201, number
    refused(workspaces.call("PUT", f"{ep}/deployments/d-20", small), "UserError", "at most 20 deployments")
    assert workspaces.call("PUT", f"{ep}/deployments/d-3", small).is_success


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"requestTimeout": "PT181S"}, "at most 180 s"),
        ({"requestTimeout": "PT0S"}, "more than 0"),
        ({"maxConcurrentRequestsPerInstance": 0}, "1 or more"),
        ({"maxQueueWait": "soon"}, "ISO 8601"),
    ],
)
def test_request_settings_that_are_refused(workspaces: Workspaces, ep: str, settings: dict[str, Any], words: str):
    path = f"{ep}/deployments/blue"
    refused(workspaces.call("PUT", path, deployment(requestSettings=settings)), "UserError", words)
    assert workspaces.call("PUT", path, deployment(requestSettings={"requestTimeout": "PT180S"})).status_code == 201


def test_deployments_that_are_refused(workspaces: Workspaces, ep: str):
    path = f"{ep}/deployments/blue"

    refused(
        workspaces.call("PUT", path, deployment(instanceType="Standard_D0")),
        "InvalidVmSize",
        "'Standard_D0' is not supported",
    )
    refused(
        workspaces.call("PUT", path, deployment(endpointComputeType="Kubernetes")),
        "UserError",
        "takes 'Managed' deployments",
    )
    scale = {"scaleType": "TargetUtilization", "minInstances": 1}
    refused(workspaces.call("PUT", path, deployment(scaleSettings=scale)), "UserError", "its scaleType is 'Default'")
    environment = workspaces.id("serve/environments/none/versions/1")
    refused(
        workspaces.call("PUT", path, deployment(environmentId=environment)),
        "UserError",
        "'properties.environmentId' is",
    )
    requests = {"requestTimeout": "5 seconds"}
    refused(workspaces.call("PUT", path, deployment(requestSettings=requests)), "UserError", "ISO 8601")
    model = "azureml://registries/ours/models/x/versions/1"
    refused(workspaces.call("PUT", path, deployment(model=model)), "UserError", "there is no registry 'ours'")


def test_models_of_microsoft_are_taken_to_exist(workspaces: Workspaces, ep: str):
    path = f"{ep}/deployments/phi"
    body = deployment(model="azureml://registries/azureml/models/Phi-4/versions/7")

    assert workspaces.call("PUT", path, body).status_code == 201
    assert workspaces.call("GET", path).json()["properties"]["provisioningState"] == "Succeeded"
    refused(
        workspaces.call(
            "PUT", path, deployment(environmentId="azureml://registries/azureml/environments/none/versions/1")
        ),
        "UserError",
        "'none' is none of them",
    )


def test_the_way_of_authentication_is_fixed(workspaces: Workspaces, ep: str):
    refused(
        workspaces.call("PUT", ep, endpoint(authMode="AADToken")),
        "PropertyChangeNotAllowed",
        "properties.authMode",
        409,
    )


def test_no_endpoints_in_legacy_mode(workspaces: Workspaces):
    workspaces.made("legacy", v1LegacyMode=True)

    refused(workspaces.call("PUT", "legacy/onlineEndpoints/managed-ep", endpoint()), "UserError", "v1LegacyMode")


def test_a_model_by_label(workspaces: Workspaces, ep: str):
    model = {"properties": {"modelUri": "https://example.org/model", "modelType": "custom_model"}}
    assert workspaces.call("PUT", "serve/models/cat/versions/1", model).status_code == 201

    assert workspaces.call(
        "PUT", f"{ep}/deployments/blue", deployment(model=workspaces.id("serve/models/cat/versions/1"))
    ).is_success
    assert workspaces.call(
        "PUT", f"{ep}/deployments/blue", deployment(model=workspaces.id("serve/models/cat/labels/latest"))
    ).is_success
    assert workspaces.call("GET", "serve/models").json()["value"][0]["properties"]["latestVersion"] == "1"
    assert workspaces.call("GET", "serve/models/dog").status_code == 404


def test_an_endpoint_on_kubernetes(workspaces: Workspaces, name: str):
    workspaces.made("serve")
    cluster = f"{workspaces.group}/providers/Microsoft.ContainerService/managedClusters/aks"
    pools = [{"name": "system", "mode": "System", "count": 1}]
    aks = {"location": "westeurope", "identity": {"type": "SystemAssigned"}, "properties": {"agentPoolProfiles": pools}}
    extension = f"{cluster}/providers/Microsoft.KubernetesConfiguration/extensions/ml"
    installed = {"properties": {"extensionType": "Microsoft.AzureML.Kubernetes"}}
    assert workspaces.azure.arm("PUT", cluster, aks, api_version="2025-09-01").is_success
    assert workspaces.azure.arm("PUT", extension, installed, api_version="2023-05-01").is_success
    attached = {"properties": {"computeType": "Kubernetes", "resourceId": cluster, "properties": {"namespace": "ml"}}}
    machine = {"properties": {"computeType": "AmlCompute", "properties": {"vmSize": "Standard_DS3_v2"}}}
    assert workspaces.call("PUT", "serve/computes/k8s", attached).is_success
    assert workspaces.call("PUT", "serve/computes/cpu", machine).is_success
    path = f"serve/onlineEndpoints/{name}"

    wrong = endpoint(compute=workspaces.id("serve/computes/cpu"))
    refused(workspaces.call("PUT", path, wrong), "UserError", "'cpu' is no Kubernetes compute")
    made = workspaces.call("PUT", path, endpoint(compute=workspaces.id("serve/computes/k8s")))
    refused(
        workspaces.call("PUT", f"{path}/deployments/blue", deployment()), "UserError", "takes 'Kubernetes' deployments"
    )
    scale = {"scaleType": "TargetUtilization", "minInstances": 3, "maxInstances": 2}
    blue = {"location": "westeurope", "properties": {"endpointComputeType": "Kubernetes", "scaleSettings": scale}}
    refused(workspaces.call("PUT", f"{path}/deployments/blue", blue), "UserError", "minInstances (3)")
    scale["maxInstances"] = 5

    assert made.json()["kind"] == "Kubernetes"
    assert (
        workspaces.call("PUT", f"{path}/deployments/blue", blue).json()["properties"]["scaleSettings"]["maxInstances"]
        == 5
    )
    assert workspaces.call("POST", "serve/computes/k8s/listKeys").json()["computeType"] == "AKS"
