# SPDX-License-Identifier: Apache-2.0
"""Deployments inside of templates, and templates that are not deployed to a resource group."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from groundplan_policies.arm_template import TemplateError, load_json, read_template
from groundplan_policies.stack import Stack
from groundplan_policies.values import UNKNOWN

SCHEMAS = "https://schema.management.azure.com/schemas"
FILE = Path(__file__).parent / "templates" / "landing_zone.json"
VAULT = "Microsoft.KeyVault/vaults"
ONE = "/subscriptions/00000000-0000-0000-0000-000000000000"
TWO = "/subscriptions/22222222-2222-2222-2222-222222222222"


def deployment(template: dict[str, Any], **more: Any) -> dict[str, Any]:
    properties = {"mode": "Incremental", "template": template, **more.pop("properties", {})}
    return {
        "type": "Microsoft.Resources/deployments",
        "apiVersion": "2022-09-01",
        "properties": properties,
        "name": "inside",
        **more,
    }


def vault(**more: Any) -> dict[str, Any]:
    return {"type": VAULT, "apiVersion": "2023-07-01", "name": "kv", "properties": {}, **more}


def test_a_template_for_a_subscription():
    template = read_template(load_json(FILE))
    assert [(each.type.rsplit("/", 1)[1], each.id) for each in template.resources] == [
        ("resourceGroups", f"{ONE}/resourceGroups/ml"),
        ("policyAssignments", f"{ONE}/providers/Microsoft.Authorization/policyAssignments/allowed"),
        ("vaults", f"{ONE}/resourceGroups/ml/providers/{VAULT}/outer-vault"),
        ("vaults", f"{TWO}/resourceGroups/ml/providers/{VAULT}/inner-vault"),
        ("locks", f"{TWO}/resourceGroups/ml/providers/Microsoft.Authorization/locks/keep"),
        ("deployments", f"{ONE}/providers/Microsoft.Resources/deployments/elsewhere"),
    ]
    assert template.resources[1].scope == ONE
    assert template.resources[1].text("properties.policyDefinitionId").startswith("/providers/")
    assert template.resources[3].text("properties.group") == f"{TWO}/resourceGroups/ml"
    assert template.resources[4].scope == f"{TWO}/resourceGroups/ml"
    stack = Stack(template.resources)
    outer, inner = stack.of(VAULT)
    (lock,) = stack.of("Microsoft.Authorization/locks")
    assert stack.covers(lock, inner)
    assert [str(each) for each in template.notes] == [
        "$.resources[4].properties: the template that it deploys is in another file, which is not read"
    ]
    assert outer.sources_of("group") == (template.resources[0].key,)


def test_inner_parameters_are_outer_expressions_and_defaults():
    inner = {
        "parameters": {
            "name": {"type": "string"},
            "sku": {"type": "string", "defaultValue": "[concat('prem', 'ium')]"},
            "password": {"type": "secureString"},
        },
        "resources": [
            vault(
                name="[parameters('name')]", properties={"sku": "[parameters('sku')]", "p": "[parameters('password')]"}
            )
        ],
    }
    reference = {"reference": {"keyVault": {"id": "x"}, "secretName": "y"}}
    given = {"name": {"value": "[concat('kv-', copyIndex())]"}, "password": reference}
    options = {"expressionEvaluationOptions": {"scope": "inner"}, "parameters": given}
    document = {
        "resources": [
            deployment(inner, properties=options, name="[concat('d', copyIndex())]", copy={"name": "all", "count": 2})
        ]
    }
    found = read_template(document).resources
    assert [each.name for each in found] == ["kv-0", "kv-1"]
    assert repr(found[0].node) == "{'properties': {'sku': 'premium', 'p': [secret]}}"


def test_an_outer_expression_may_be_in_a_loop():
    inner = {"resources": [vault(name="[concat('kv-', copyIndex('all'))]")]}
    found = read_template({"resources": [deployment(inner, copy={"name": "all", "count": 2})]}).resources
    assert [each.name for each in found] == ["kv-0", "kv-1"]


def test_outputs_of_a_deployment_are_told_by_its_id_too():
    inner = {
        "resources": [vault(name="[parameters('name')]")],
        "parameters": {"name": {"type": "string"}},
        "outputs": {"id": {"type": "string", "value": "[resourceId('Microsoft.KeyVault/vaults', parameters('name'))]"}},
    }
    options = {
        "expressionEvaluationOptions": {"scope": "inner"},
        "parameters": {"name": {"value": "[parameters('vault')]"}},
    }
    output = "reference(resourceId('net', 'Microsoft.Resources/deployments', 'inside'), '2022-09-01').outputs"
    workspace = {
        "type": "Microsoft.MachineLearningServices/workspaces",
        "name": "w",
        "properties": {
            "keyVault": f"[{output}.id.value]",
            "other": f"[{output}['id'].value]",
            "wrong": f"[{output}.no.value]",
        },
    }
    document = {
        "parameters": {"vault": {"type": "string"}},
        "resources": [workspace, deployment(inner, properties=options, resourceGroup="net")],
    }
    template = read_template(document)
    stack = Stack(template.resources)
    (found,) = stack.of("Microsoft.MachineLearningServices/workspaces")
    (target,) = stack.of(VAULT)
    assert target.key.endswith("/resourceGroups/net/providers/Microsoft.KeyVault/vaults/{parameters('vault')}")
    assert stack.target(found, "properties.keyVault", VAULT) is target
    assert stack.target(found, "properties.other", VAULT) is target
    assert found.node["properties"]["wrong"] is UNKNOWN
    assert any("there is no property 'no'; there are: id" in each.message for each in template.notes)


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("/", f"/providers/{VAULT}/kv"),
        ("/subscriptions/s", f"/subscriptions/s/providers/{VAULT}/kv"),
        ("[subscription().id]", f"{ONE}/providers/{VAULT}/kv"),
        (
            "Microsoft.Management/managementGroups/mg",
            f"/providers/Microsoft.Management/managementGroups/mg/providers/{VAULT}/kv",
        ),
        ("/subscriptions/s/resourceGroups/g", f"/subscriptions/s/resourceGroups/g/providers/{VAULT}/kv"),
    ],
)
def test_the_scope_of_a_deployment(scope: str, expected: str):
    (found,) = read_template({"resources": [deployment({"resources": [vault()]}, scope=scope)]}).resources
    assert found.id == expected


def test_a_scope_that_nothing_can_be_deployed_to():
    document = {"resources": [deployment({"resources": []}, scope="Microsoft.KeyVault/vaults/kv")]}
    with pytest.raises(TemplateError, match=r"\$\.resources\[0\]\.scope: .* no place that can be deployed to"):
        read_template(document)


@pytest.mark.parametrize(
    ("schema", "text", "expected"),
    [
        ("2019-04-01/deploymentTemplate.json#", "[resourceGroup().id]", f"{ONE}/resourceGroups/rg"),
        (
            "2019-04-01/deploymentTemplate.json#",
            "[resourceId('x', 'A.B/c', 'd')]",
            f"{ONE}/resourceGroups/x/providers/A.B/c/d",
        ),
        ("2018-05-01/subscriptionDeploymentTemplate.json#", "[subscription().subscriptionId]", ONE.rsplit("/", 1)[1]),
        ("2018-05-01/subscriptionDeploymentTemplate.json#", "[resourceId('A.B/c', 'd')]", f"{ONE}/providers/A.B/c/d"),
        (
            "2018-05-01/subscriptionDeploymentTemplate.json#",
            f"[resourceId('{TWO.rsplit('/', 1)[1]}', 'A.B/c', 'd')]",
            f"{TWO}/providers/A.B/c/d",
        ),
        (
            "2019-08-01/managementGroupDeploymentTemplate.json#",
            "[managementGroup().id]",
            "/providers/Microsoft.Management/managementGroups/top",
        ),
        ("2019-08-01/managementGroupDeploymentTemplate.json#", "[managementGroup().name]", "top"),
        (
            "2019-08-01/managementGroupDeploymentTemplate.json#",
            "[managementGroupResourceId('A.B/c', 'd')]",
            "/providers/Microsoft.Management/managementGroups/top/providers/A.B/c/d",
        ),
        ("2019-08-01/tenantDeploymentTemplate.json#", "[tenantResourceId('A.B/c', 'd')]", "/providers/A.B/c/d"),
        ("2019-08-01/tenantDeploymentTemplate.json#", "[resourceId('A.B/c', 'd')]", "/providers/A.B/c/d"),
        ("2019-08-01/tenantDeploymentTemplate.json#", "[tenant().tenantId]", UNKNOWN),
    ],
)
def test_what_a_template_is_deployed_to_is_told_by_its_schema(schema: str, text: str, expected: object):
    document = {
        "$schema": f"{SCHEMAS}/{schema}",
        "resources": [{"type": "A.B/c", "name": "n", "properties": {"x": text}}],
    }
    template = read_template(document, management_group="top")
    assert template.resources[0].node["properties"]["x"] == expected
    assert template.notes == []


def test_asking_for_a_place_that_is_not_there_is_noted():
    schema = f"{SCHEMAS}/2018-05-01/subscriptionDeploymentTemplate.json#"
    row = {"type": "A.B/c", "name": "n", "properties": {"x": "[resourceGroup().id]", "y": "[managementGroup().id]"}}
    template = read_template({"$schema": schema, "resources": [row]})
    assert template.resources[0].node["properties"] == {"x": UNKNOWN, "y": UNKNOWN}
    assert [each.steps[-1] for each in template.notes] == ["x", "y"]
