# SPDX-License-Identifier: Apache-2.0
"""Kubernetes clusters and their pools."""

from __future__ import annotations

import base64
from typing import Any

import httpx
import pytest

from tests.fixtures.azure import LOCATION, RunningAzure

VERSION = "2025-09-01"
SYSTEM = {"name": "system", "mode": "System", "count": 2, "vmSize": "Standard_D4ds_v5"}


class Clusters:
    """Calls about the clusters of one group."""

    def __init__(self, azure: RunningAzure, group: str) -> None:
        self.azure = azure
        self.stem = f"/subscriptions/{azure.subscription_id}/resourceGroups/{group}/providers/Microsoft.ContainerService/managedClusters"

    def call(self, method: str, path: str, body: object = None) -> httpx.Response:
        return self.azure.arm(method, f"{self.stem}/{path}", body, api_version=VERSION)

    def put(self, name: str = "aks", pools: list[dict[str, Any]] | None = None, **properties: Any) -> httpx.Response:
        body: dict[str, Any] = {"location": LOCATION, "identity": {"type": "SystemAssigned"}, "properties": properties}
        body["properties"]["agentPoolProfiles"] = [SYSTEM] if pools is None else pools
        return self.call("PUT", name, body)


@pytest.fixture
def clusters(azure: RunningAzure, group: str) -> Clusters:
    return Clusters(azure, group)


def refused(answer: httpx.Response, code: str, text: str, status: int = 400) -> None:
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (status, code), answer.text
    assert text in error["message"]


@pytest.mark.azure_assumed
def test_a_cluster_is_filled(clusters: Clusters, group: str):
    answer = clusters.put(dnsPrefix="my", oidcIssuerProfile={"enabled": True}, kubernetesVersion="1.32")

    assert answer.status_code == 201, answer.text
    properties = answer.json()["properties"]
    assert properties["fqdn"].startswith("my-")
    assert properties["fqdn"].endswith(".hcp.westeurope.azmk8s.io")
    assert properties["nodeResourceGroup"] == f"MC_{group}_aks_westeurope"
    assert properties["oidcIssuerProfile"]["issuerURL"].startswith("https://westeurope.oic.prod-aks.azure.com/")
    assert set(properties["identityProfile"]["kubeletidentity"]) == {"resourceId", "clientId", "objectId"}
    assert (properties["currentKubernetesVersion"], properties["powerState"]) == ("1.32.0", {"code": "Running"})
    again = clusters.put(dnsPrefix="my", oidcIssuerProfile={"enabled": True}).json()["properties"]
    assert {name: again[name] for name in ("fqdn", "identityProfile", "resourceUID")} == {
        name: properties[name] for name in ("fqdn", "identityProfile", "resourceUID")
    }


@pytest.mark.azure_assumed
def test_a_private_cluster(clusters: Clusters):
    access = {"enablePrivateCluster": True, "enablePrivateClusterPublicFQDN": False}
    properties = clusters.put(apiServerAccessProfile=access).json()["properties"]

    assert ".privatelink.westeurope.azmk8s.io" in properties["privateFQDN"]
    assert "fqdn" not in properties
    refused(
        clusters.put(apiServerAccessProfile={"enablePrivateCluster": False}),
        "PropertyChangeNotAllowed",
        "enablePrivateCluster",
        409,
    )


@pytest.mark.azure_assumed
def test_profiles_and_pools_are_the_same(clusters: Clusters):
    clusters.put()
    user = {
        "properties": {
            "count": 1,
            "minCount": 1,
            "maxCount": 3,
            "enableAutoScaling": True,
            "vmSize": "Standard_D4ds_v5",
        }
    }
    made = clusters.call("PUT", "aks/agentPools/gpu", user)
    clusters.put(pools=[{**SYSTEM, "count": 5}])

    profiles = {
        profile["name"]: profile for profile in clusters.call("GET", "aks").json()["properties"]["agentPoolProfiles"]
    }
    assert made.status_code == 201, made.text
    assert (profiles["gpu"]["mode"], profiles["gpu"]["maxCount"], profiles["system"]["count"]) == ("User", 3, 5)
    pools = {pool["name"]: pool for pool in clusters.call("GET", "aks/agentPools").json()["value"]}
    assert pools["system"]["properties"]["count"] == 5
    assert clusters.call("DELETE", "aks/agentPools/gpu").status_code == 204


@pytest.mark.azure_assumed
def test_the_last_system_pool_stays(clusters: Clusters):
    clusters.put()
    two = {"properties": {"mode": "System", "count": 1}}

    refused(clusters.call("DELETE", "aks/agentPools/system"), "OperationNotAllowed", "at least one system agent pool")
    refused(
        clusters.call("PUT", "aks/agentPools/system", {"properties": {"mode": "User"}}),
        "OperationNotAllowed",
        "at least one",
    )
    assert clusters.call("PUT", "aks/agentPools/other", two).is_success
    assert clusters.call("DELETE", "aks/agentPools/system").status_code == 204


@pytest.mark.azure_assumed
@pytest.mark.parametrize(
    ("pools", "text"),
    [
        ([], "at least one agent pool of mode 'System'"),
        ([{**SYSTEM, "mode": "User"}], "at least one agent pool of mode 'System'"),
        ([SYSTEM, SYSTEM], "two pools of one name"),
        ([{**SYSTEM, "name": "Not-good"}], "up to 12 lower-case letters"),
        ([{**SYSTEM, "count": 0}], "at least 1 for mode 'System'"),
        ([{**SYSTEM, "enableAutoScaling": True}], "needs minCount and maxCount"),
        ([{**SYSTEM, "maxCount": 3}], "need enableAutoScaling"),
    ],
)
def test_pools_that_are_refused(clusters: Clusters, pools: list[dict[str, Any]], text: str):
    refused(clusters.put(pools=pools), "InvalidParameter", text)


@pytest.mark.azure_assumed
def test_a_subnet_and_a_version_must_exist(clusters: Clusters):
    missing = f"{clusters.stem.rsplit('/', 2)[0]}/Microsoft.Network/virtualNetworks/none/subnets/none"

    refused(clusters.put(pools=[{**SYSTEM, "vnetSubnetID": missing}]), "LinkedResourceNotFound", "vnetSubnetID")
    refused(clusters.put(kubernetesVersion="two"), "BadRequest", "is no Kubernetes version")
    assert clusters.call("GET", "aks").status_code == 404


@pytest.mark.azure_assumed
def test_credentials_and_power(clusters: Clusters):
    clusters.put()
    found = clusters.call("POST", "aks/listClusterUserCredential").json()["kubeconfigs"][0]
    stopped = clusters.call("POST", "aks/stop")

    assert found["name"] == "clusterUser"
    assert "kind: Config" in base64.b64decode(found["value"]).decode()
    assert stopped.status_code == 202
    assert clusters.call("GET", "aks").json()["properties"]["powerState"] == {"code": "Stopped"}
    refused(clusters.call("POST", "aks/stop"), "OperationNotAllowed", "already stopped", 409)
    clusters.put(disableLocalAccounts=True)
    refused(clusters.call("POST", "aks/listClusterAdminCredential"), "BadRequest", "disable local accounts")


@pytest.mark.azure_spec
def test_deleting_a_cluster(clusters: Clusters):
    """Microsoft's clients take 202 and 204 only."""
    clusters.put()

    assert clusters.call("DELETE", "aks").status_code == 204
    assert clusters.call("GET", "aks/agentPools/system").status_code == 404
    assert clusters.call("DELETE", "aks").status_code == 204


@pytest.mark.azure_assumed
def test_a_realistic_clock_makes_clusters_slowly(fresh_azure: RunningAzure):
    fresh_azure.group("slow", LOCATION)
    fresh_azure.clock(mode="manual")
    clusters = Clusters(fresh_azure, "slow")

    made = clusters.put()

    assert made.json()["properties"]["provisioningState"] == "Creating"
    assert "Azure-AsyncOperation" in made.headers
    fresh_azure.clock(advance=3600)
    assert clusters.call("GET", "aks").json()["properties"]["provisioningState"] == "Succeeded"
