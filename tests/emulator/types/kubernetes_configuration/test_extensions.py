# SPDX-License-Identifier: Apache-2.0
"""Extensions on Kubernetes clusters."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.fixtures.azure import LOCATION, RunningAzure

pytestmark = pytest.mark.azure_assumed
VERSION = "2023-05-01"


@pytest.fixture
def cluster(azure: RunningAzure, group: str) -> str:
    """The id of a cluster."""
    id_ = f"/subscriptions/{azure.subscription_id}/resourceGroups/{group}/providers/Microsoft.ContainerService/managedClusters/aks"
    pools = [{"name": "system", "mode": "System", "count": 1}]
    body = {"location": LOCATION, "identity": {"type": "SystemAssigned"}, "properties": {"agentPoolProfiles": pools}}
    assert azure.arm("PUT", id_, body, api_version="2025-09-01").is_success
    return id_


def put(azure: RunningAzure, scope: str, **properties: Any) -> httpx.Response:
    id_ = f"{scope}/providers/Microsoft.KubernetesConfiguration/extensions/ml"
    return azure.arm("PUT", id_, {"properties": properties}, api_version=VERSION)


def test_an_extension(azure: RunningAzure, cluster: str):
    made = put(
        azure,
        cluster,
        extensionType="Microsoft.AzureML.Kubernetes",
        configurationSettings={"enableTraining": "True"},
        configurationProtectedSettings={"key": "hidden-word"},
    )

    assert made.status_code == 201, made.text
    properties = made.json()["properties"]
    assert (properties["autoUpgradeMinorVersion"], properties["releaseTrain"]) == (True, "Stable")
    assert "hidden-word" not in made.text
    stem = f"{cluster}/providers/Microsoft.KubernetesConfiguration/extensions"
    assert [item["name"] for item in azure.arm("GET", stem, api_version=VERSION).json()["value"]] == ["ml"]
    assert azure.arm("DELETE", f"{stem}/ml", api_version=VERSION).is_success
    assert azure.arm("GET", f"{stem}/ml", api_version=VERSION).status_code == 404


def test_an_extension_goes_with_its_cluster(azure: RunningAzure, cluster: str):
    assert put(azure, cluster, extensionType="microsoft.flux").is_success
    azure.arm("DELETE", cluster, api_version="2025-09-01")

    found = azure.arm(
        "GET", f"{cluster}/providers/Microsoft.KubernetesConfiguration/extensions/ml", api_version=VERSION
    )
    assert found.status_code == 404


@pytest.mark.parametrize(
    ("properties", "code", "text"),
    [
        ({}, "InvalidRequestContent", "extensionType"),
        ({"extensionType": 3}, "InvalidRequestContent", "expected a text"),
        ({"extensionType": "a", "configurationSettings": {"n": 1}}, "InvalidRequestContent", "expected a text"),
        ({"extensionType": "a", "version": "1.0.0"}, "BadRequest", "autoUpgradeMinorVersion is false"),
    ],
)
def test_what_is_refused(azure: RunningAzure, cluster: str, properties: dict[str, Any], code: str, text: str):
    answer = put(azure, cluster, **properties)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code), answer.text
    assert text in answer.json()["error"]["message"]


def test_the_type_of_an_extension_is_fixed(azure: RunningAzure, cluster: str):
    put(azure, cluster, extensionType="microsoft.flux")

    answer = put(azure, cluster, extensionType="microsoft.dapr")

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "PropertyChangeNotAllowed")
