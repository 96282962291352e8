# SPDX-License-Identifier: Apache-2.0
"""Template deployments: order, conditions, copies, nesting, outputs, failures, refusals."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest

from tests.fixtures.azure import RunningAzure

pytestmark = pytest.mark.azure_assumed
VERSION = "2024-03-01"
STORE_VERSION = "2024-01-01"


def template(*resources: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return {"contentVersion": "1.0.0.0", "resources": list(resources), **parts}


def identity(name: str, **more: Any) -> dict[str, Any]:
    resource = {"type": "Microsoft.ManagedIdentity/userAssignedIdentities", "apiVersion": "2023-01-31", "name": name}
    return {**resource, "location": "[resourceGroup().location]", **more}


def deploy(azure: RunningAzure, group: str, body: dict[str, Any], name: str = "run", **given: Any) -> httpx.Response:
    parameters = {key: {"value": value} for key, value in given.items()}
    properties = {"mode": "Incremental", "template": body, "parameters": parameters}
    path = f"/resourceGroups/{group}/providers/Microsoft.Resources/deployments/{name}"
    return azure.arm("PUT", path, {"properties": properties}, api_version=VERSION)


def ended(azure: RunningAzure, answer: httpx.Response) -> dict[str, Any]:
    """The error that polling ends with; {} for a success."""
    for _ in range(200):
        status = azure.client.get(
            answer.headers["Azure-AsyncOperation"], headers={"Authorization": f"Bearer {azure.token}"}
        ).json()
        if status["status"] != "InProgress":
            return status.get("error", {})
        time.sleep(0.05)
    raise AssertionError("the deployment did not end in 10 s")


def names(azure: RunningAzure, group: str) -> set[str]:
    return {item["name"] for item in azure.arm("GET", f"/resourceGroups/{group}/resources").json()["value"]}


def test_resources_are_made_in_the_order_of_their_dependencies(azure: RunningAzure, group: str, name: str):
    """A container is written first in the template, its account last; an output reads what exists in the end."""
    service = "[resourceId('Microsoft.Storage/storageAccounts', parameters('account'))]"
    body = template(
        {
            "type": "Microsoft.Storage/storageAccounts/blobServices/containers",
            "apiVersion": STORE_VERSION,
            "name": "[concat(parameters('account'), '/default/', variables('container'))]",
            "dependsOn": [service],
        },
        {
            "type": "Microsoft.Storage/storageAccounts",
            "apiVersion": STORE_VERSION,
            "name": "[parameters('account')]",
            "location": "[parameters('location')]",
            "sku": {"name": "Standard_LRS"},
            "kind": "StorageV2",
            "properties": {"networkAcls": "[json('null')]"},
        },
        parameters={
            "account": {"type": "string"},
            "location": {"type": "string", "defaultValue": "[resourceGroup().location]"},
        },
        variables={"container": "[toLower('DATA')]"},
        outputs={"tier": {"type": "string", "value": f"[reference({service[1:-1]}).primaryLocation]"}},
    )

    answer = deploy(azure, group, body, account=name)

    assert answer.status_code == 201, answer.text
    properties = answer.json()["properties"]
    assert properties["provisioningState"] == "Succeeded"
    assert [item["id"].rsplit("/", 1)[1] for item in properties["outputResources"]] == [name, "data"]
    assert properties["outputs"]["tier"]["value"] == "westeurope"
    assert properties["parameters"]["location"] == {"type": "string", "value": "westeurope"}
    assert deploy(azure, group, body, account=name).status_code == 200


def test_reference_waits_for_its_resource(azure: RunningAzure, group: str):
    """`reference` is a dependency even where `dependsOn` does not say so."""
    first = "resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'first')"
    body = template(
        identity("second", tags={"of": f"[reference({first}).principalId]"}),
        identity("first"),
    )

    assert deploy(azure, group, body).json()["properties"]["provisioningState"] == "Succeeded"

    items = azure.arm("GET", f"/resourceGroups/{group}/resources").json()["value"]
    tags = {item["name"]: item.get("tags") for item in items}
    assert len(tags["second"]["of"]) == 36


def test_conditions_and_copies(azure: RunningAzure, group: str):
    body = template(
        identity("[concat('copy-', copyIndex(1))]", copy={"name": "loop", "count": "[parameters('count')]"}),
        identity("never", condition="[equals(parameters('count'), 0)]"),
        identity("after", dependsOn=["loop", "never"]),
        parameters={"count": {"type": "int", "defaultValue": 1}},
    )

    assert deploy(azure, group, body, count=3).is_success
    assert names(azure, group) == {"copy-1", "copy-2", "copy-3", "after"}


@pytest.mark.parametrize("inner", [False, True])
def test_nested_templates(azure: RunningAzure, group: str, inner: bool):
    nested: dict[str, Any] = {
        "mode": "Incremental",
        "template": template(identity("[parameters('called')]"), parameters={"called": {"type": "string"}}),
        "parameters": {"called": {"value": "[concat(parameters('called'), '-inner')]"}},
        "expressionEvaluationOptions": {"scope": "Inner"},
    }
    if not inner:
        nested = {"mode": "Incremental", "template": template(identity("[concat(parameters('called'), '-outer')]"))}
    resource = {
        "type": "Microsoft.Resources/deployments",
        "apiVersion": "2022-09-01",
        "name": "within",
        "properties": nested,
    }
    body = template(resource, parameters={"called": {"type": "string"}})

    answer = deploy(azure, group, body, called="it")

    assert answer.json()["properties"]["provisioningState"] == "Succeeded", answer.text
    assert names(azure, group) == {"it-inner" if inner else "it-outer"}


def test_a_failure_keeps_what_was_made_and_says_why(azure: RunningAzure, group: str):
    vault = {
        "type": "Microsoft.KeyVault/vaults",
        "apiVersion": "2024-11-01",
        "name": "1-wrong",
        "location": "westeurope",
    }
    sku = {"tenantId": "[subscription().tenantId]", "sku": {"family": "A", "name": "standard"}}
    body = template(
        identity("made"),
        {**vault, "properties": sku},
        identity("late", dependsOn=["[resourceId('Microsoft.KeyVault/vaults', '1-wrong')]"]),
    )

    answer = deploy(azure, group, body)
    error = ended(azure, answer)

    assert (error["code"], error["details"][0]["target"]) == ("DeploymentFailed", "name")
    assert names(azure, group) == {"made"}
    path = f"/resourceGroups/{group}/deployments/run/operations"
    found = azure.arm("GET", path, api_version=VERSION).json()["value"]
    states = {
        item["properties"]["targetResource"]["resourceName"]: item["properties"]["provisioningState"] for item in found
    }
    assert states == {"made": "Succeeded", "1-wrong": "Failed"}
    kept = azure.arm(
        "GET", f"/resourceGroups/{group}/providers/Microsoft.Resources/deployments/run", api_version=VERSION
    )
    assert kept.json()["properties"]["provisioningState"] == "Failed"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (template(identity("[parameters('nope')]")), "the template parameter 'nope' is not found"),
        (
            template(identity("[dance('a')]")),
            "expression '[dance('a')]': the template function 'dance' is not supported",
        ),
        (template(identity("[concat('a', ]")), "the expression ends too early"),
        (template({"type": "a/b", "name": "x"}), "has no 'apiVersion'"),
        (template(identity("a/b")), "incorrect segment length"),
        (template(identity("one-x"), functions=[{"namespace": "a"}]), "User-defined functions"),
        (template(parameters={"p": {"type": "string"}}), "The value for the template parameter 'p' is not provided"),
        (template(parameters={"p": {"type": "int", "defaultValue": "x"}}), "must be of type 'int'"),
        (
            template(parameters={"p": {"type": "string", "defaultValue": "x", "allowedValues": ["y"]}}),
            "The value 'x' of parameter 'p' is not one of the allowed values 'y'",
        ),
        ({"resources": "none"}, "The template needs a list 'resources'"),
        (template(identity("one-x"), extra=1), "unknown elements: 'extra'"),
    ],
)
def test_templates_that_are_refused(azure: RunningAzure, group: str, body: dict[str, Any], text: str):
    answer = deploy(azure, group, body)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "InvalidTemplate"), answer.text
    assert text in answer.json()["error"]["message"]
    assert names(azure, group) == set()


def test_circular_dependencies_are_refused(azure: RunningAzure, group: str):
    body = template(identity("one-a", dependsOn=["one-b"]), identity("one-b", dependsOn=["one-a"]), identity("one-c"))

    answer = deploy(azure, group, body)

    assert "Circular dependency detected on resources: 'one-a, one-b'" in answer.json()["error"]["message"]
    assert names(azure, group) == set()


def test_what_the_emulator_does_not_run(azure: RunningAzure, group: str):
    path = f"/resourceGroups/{group}/providers/Microsoft.Resources/deployments/run"
    complete = {"properties": {"mode": "Complete", "template": template()}}
    link = {"properties": {"mode": "Incremental", "templateLink": {"uri": "https://example.org/t.json"}}}
    subscription = {"location": "westeurope", "properties": {"mode": "Incremental", "template": template()}}

    for where, body, text in (
        (path, complete, "in 'Incremental' mode only"),
        (path, link, "links are not followed"),
        ("/providers/Microsoft.Resources/deployments/run", subscription, "in resource groups only"),
    ):
        answer = azure.arm("PUT", where, body, api_version=VERSION)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "InvalidTemplate"), answer.text
        assert text in answer.json()["error"]["message"]


def test_validate_makes_nothing_and_a_deployment_is_deleted_alone(azure: RunningAzure, group: str):
    path = f"/resourceGroups/{group}/providers/Microsoft.Resources/deployments/run"
    body = {"properties": {"mode": "Incremental", "template": template(identity("one-x"))}}

    checked = azure.arm("POST", f"{path}/validate", body, api_version=VERSION)
    before = names(azure, group)
    assert deploy(azure, group, template(identity("one-x"))).is_success
    exported = azure.arm("POST", f"{path}/exportTemplate", api_version=VERSION).json()
    deleted = azure.arm("DELETE", path, api_version=VERSION)

    assert checked.json()["properties"]["validatedResources"][0]["id"].endswith("/userAssignedIdentities/one-x")
    assert before == set()
    assert exported == {"template": template(identity("one-x"))}
    assert deleted.status_code == 204
    assert azure.arm("GET", path, api_version=VERSION).status_code == 404
    assert names(azure, group) == {"one-x"}


def test_secure_parameters_are_not_answered(azure: RunningAzure, group: str):
    body = template(parameters={"word": {"type": "securestring"}})

    assert deploy(azure, group, body, word="hidden-word").is_success

    path = f"/resourceGroups/{group}/providers/Microsoft.Resources/deployments/run"
    assert "hidden-word" not in azure.arm("GET", path, api_version=VERSION).text


def test_a_deployment_takes_as_long_as_its_slowest_resource(fresh_azure: RunningAzure):
    fresh_azure.group("slow", "westeurope")
    fresh_azure.clock(mode="manual")
    pools = [{"name": "system", "mode": "System", "count": 1}]
    cluster = {"type": "Microsoft.ContainerService/managedClusters", "apiVersion": "2025-09-01", "name": "aks"}
    more = {
        "location": "westeurope",
        "identity": {"type": "SystemAssigned"},
        "properties": {"agentPoolProfiles": pools},
    }

    answer = deploy(fresh_azure, "slow", template({**cluster, **more}))

    path = "/resourceGroups/slow/providers/Microsoft.Resources/deployments/run"
    assert answer.json()["properties"]["provisioningState"] == "Running"
    fresh_azure.clock(advance=5)
    assert fresh_azure.arm("GET", path, api_version=VERSION).json()["properties"]["provisioningState"] == "Running"
    fresh_azure.clock(advance=600)
    assert fresh_azure.arm("GET", path, api_version=VERSION).json()["properties"]["provisioningState"] == "Succeeded"
    assert ended(fresh_azure, answer) == {}
