# SPDX-License-Identifier: Apache-2.0
"""What expressions of a template may ask for: parameters, variables, loops, functions, ids and places."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from groundplan_policies.arm_template import read_template
from groundplan_policies.values import SECRET, UNKNOWN, Undecided
from tests.policies.arm_template.reading_templates import read, value

SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000"
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[resourceId('A.B/c/d', 'one', 'two')]", f"{GROUP}/providers/A.B/c/one/d/two"),
        ("[resourceId('A.B/c/d', 'one/two')]", f"{GROUP}/providers/A.B/c/one/d/two"),
        ("[resourceId('other', 'A.B/c', 'one')]", f"{SUBSCRIPTION}/resourceGroups/other/providers/A.B/c/one"),
        ("[resourceId('s', 'g', 'A.B/c', 'one')]", "/subscriptions/s/resourceGroups/g/providers/A.B/c/one"),
        ("[subscriptionResourceId('A.B/c', 'one')]", f"{SUBSCRIPTION}/providers/A.B/c/one"),
        ("[subscriptionResourceId('s', 'A.B/c', 'one')]", "/subscriptions/s/providers/A.B/c/one"),
        ("[subscriptionResourceId('Microsoft.Resources/resourceGroups', 'g')]", f"{SUBSCRIPTION}/resourceGroups/g"),
        ("[tenantResourceId('A.B/c', 'one')]", "/providers/A.B/c/one"),
        (
            "[managementGroupResourceId('m', 'A.B/c', 'one')]",
            "/providers/Microsoft.Management/managementGroups/m/providers/A.B/c/one",
        ),
        (
            "[extensionResourceId(resourceId('A.B/c', 'one'), 'E.F/g', 'two')]",
            f"{GROUP}/providers/A.B/c/one/providers/E.F/g/two",
        ),
        ("[reference('other').id]", UNKNOWN),
        ("[listKeys('other', '2020-01-01').keys[0].value]", SECRET),
        ("[concat('a', listSecrets('other', '2020-01-01').key)]", SECRET),
        ("[subscription().displayName]", UNKNOWN),
        ("[resourceGroup().name]", "rg"),
        ("[resourceGroup().location]", UNKNOWN),
        ("[environment().suffixes.keyvaultDns]", ".vault.azure.net"),
        ("[format('https://a{0}', environment().suffixes.storage)]", "https://acore.windows.net"),
        ("[deployment().name]", UNKNOWN),
        ("[deployment().properties.mode]", "Incremental"),
        ("[newGuid()]", UNKNOWN),
        ("[utcNow()]", UNKNOWN),
        ("[pickZones('A.B', 'c', 'westeurope')]", UNKNOWN),
        ("[providers('A.B')]", UNKNOWN),
        ("[[parameters('a')]", "[parameters('a')]"),
        ("[not closed", "[not closed"),
    ],
)
def test_functions_of_templates(text: str, expected: object):
    template = read({"x": text})
    assert template.resources[0].node["properties"]["x"] == expected
    assert template.notes == []


def test_the_time_can_be_given():
    document = {
        "parameters": {"until": {"type": "string", "defaultValue": "[dateTimeAdd(utcNow('u'), 'P1D', 'yyyy-MM-dd')]"}},
        "resources": [{"type": "A.B/c", "name": "n", "properties": {"x": "[parameters('until')]"}}],
    }
    found = read_template(document, now=datetime(2030, 1, 31, tzinfo=UTC)).resources[0]
    assert found.text("properties.x") == "2030-02-01"


def test_variables_with_loops():
    variables = {
        "copy": [{"name": "names", "count": 2, "input": "[concat('n', copyIndex('names', 1))]"}],
        "inner": {"copy": [{"name": "rows", "count": 2, "input": {"i": "[copyIndex('rows')]"}}], "kept": True},
        "other": "[variables('names')]",
    }
    assert value("[variables('other')]", variables=variables) == ["n1", "n2"]
    assert value("[variables('INNER')]", variables=variables) == {"rows": [{"i": 0}, {"i": 1}], "kept": True}


def test_loops_in_properties():
    properties = {
        "copy": [
            {"name": "disks", "count": "[length(createArray('a', 'b'))]", "input": {"lun": "[copyIndex('disks')]"}},
            {"name": "none", "count": 0, "input": "x"},
        ],
        "copyOf": "kept",
    }
    assert read(properties).resources[0].node["properties"] == {
        "disks": [{"lun": 0}, {"lun": 1}],
        "none": [],
        "copyOf": "kept",
    }


def test_loops_inside_of_loops():
    row = {
        "type": "A.B/c",
        "name": "[concat('n', copyIndex())]",
        "copy": {"name": "outer", "count": 2},
        "properties": {
            "copy": [
                {
                    "name": "rows",
                    "count": 2,
                    "input": "[format('{0}{1}{2}', copyIndex(), copyIndex('outer'), copyIndex('rows', 5))]",
                }
            ]
        },
    }
    found = read_template({"resources": [row]}).resources
    assert [each.node["properties"]["rows"] for each in found] == [["005", "006"], ["115", "116"]]


def test_a_loop_whose_count_is_not_known_is_one_resource_of_unknown_name():
    row = {
        "type": "A.B/c",
        "name": "[concat('n', copyIndex())]",
        "copy": {"name": "l", "count": "[parameters('count')]"},
        "properties": {"copy": [{"name": "rows", "count": "[parameters('count')]", "input": 1}], "at": "[copyIndex()]"},
    }
    template = read_template({"parameters": {"count": {"type": "int"}}, "resources": [row]})
    (found,) = template.resources
    assert found.name is None
    assert found.node == {"properties": {"rows": UNKNOWN, "at": UNKNOWN}}
    assert "the number of rounds of this loop is not known" in str(template.notes)


def test_a_condition_that_is_not_known_leaves_the_resource_in():
    row = {"type": "A.B/c", "name": "n", "condition": "[parameters('want')]"}
    template = read_template({"parameters": {"want": {"type": "bool"}}, "resources": [row]})
    assert len(template.resources) == 1
    assert "$.resources[0].condition: it is not known whether this resource is deployed" in str(template.notes[1])
    assert len(read_template({"resources": [{**row, "condition": False}]}).resources) == 0


def test_a_condition_is_not_that_of_the_children():
    child = {"type": "d", "name": "m"}
    row = {"type": "A.B/c", "name": "n", "condition": "[equals(1, 2)]", "resources": [child]}
    assert [each.name for each in read_template({"resources": [row]}).resources] == ["n/m"]


@pytest.mark.parametrize(
    "child",
    [
        {"type": "d", "name": "m"},
        {"type": "A.B/c/d", "name": "n/m"},
        {"type": "A.B/c/d", "name": "m"},
    ],
)
def test_the_names_of_children(child: dict[str, Any]):
    row = {"type": "A.B/c", "name": "n", "resources": [child]}
    parent, found = read_template({"resources": [row]}).resources
    assert (found.type, found.name, found.id) == ("A.B/c/d", "n/m", f"{parent.id}/d/m")
    assert found.sources_of("parent") == (parent.key,)


def test_an_extension_inside_of_what_it_extends():
    child = {"type": "providers/locks", "name": "Microsoft.Authorization/keep"}
    parent, found = read_template({"resources": [{"type": "A.B/c", "name": "n", "resources": [child]}]}).resources
    assert (found.type, found.name, found.scope) == ("Microsoft.Authorization/locks", "keep", parent.id)


def test_what_can_not_be_evaluated_is_unknown_and_noted():
    properties = {
        "a": "[substring('ab', 5)]",
        "b": "[noFunction('a')]",
        "c": "[createObject('k', 1).x]",
        "d": "[copyIndex()]",
        "e": "[fail('not in this region')]",
        "f": "kept",
    }
    template = read(properties)
    node = template.resources[0].node["properties"]
    assert node == {**dict.fromkeys("abcde", UNKNOWN), "f": "kept"}
    said = [str(each) for each in template.notes]
    assert len(said) == 5
    assert "$.resources[0].properties.a: can not be evaluated: column 2: substring is given start 5" in said[0]
    assert "there is no function 'noFunction'" in said[1]
    assert "copyIndex asks for a loop; around it: none" in said[3]
    assert "refuses to be deployed: not in this region" in said[4]


def test_a_variable_that_leads_back_to_itself_is_no_crash():
    variables = {"a": "[variables('b')]", "b": "[concat('x', variables('a'))]"}
    template = read({"x": "[variables('a')]"}, variables=variables)
    assert template.resources[0].node["properties"]["x"] is UNKNOWN
    assert "back to itself" in str(template.notes)


ROLES: dict[str, Any] = {
    "languageVersion": "2.0",
    "parameters": {
        "vault": {"type": "string"},
        "contentType": {"type": "securestring", "nullable": True},
        "roles": {"type": "array", "nullable": True},
    },
    "variables": {
        "copy": [
            {
                "name": "rows",
                "count": "[length(coalesce(parameters('roles'), createArray()))]",
                "input": "[union(parameters('roles')[copyIndex('rows')], createObject('definition', coalesce("
                "tryGet(variables('builtIn'), parameters('roles')[copyIndex('rows')].role), "
                "parameters('roles')[copyIndex('rows')].role)))]",
            }
        ],
        "builtIn": {"Owner": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'o')]"},
    },
    "resources": {
        "vault": {"existing": True, "type": "Microsoft.KeyVault/vaults", "name": "[parameters('vault')]"},
        "secret": {
            "type": "Microsoft.KeyVault/vaults/secrets",
            "name": "[format('{0}/{1}', parameters('vault'), 's')]",
            "properties": {"contentType": "[parameters('contentType')]"},
        },
        "roles": {
            "copy": {"name": "roles", "count": "[length(coalesce(variables('rows'), createArray()))]"},
            "type": "Microsoft.Authorization/roleAssignments",
            "scope": "[resourceId('Microsoft.KeyVault/vaults/secrets', parameters('vault'), 's')]",
            "name": "[coalesce(tryGet(variables('rows')[copyIndex()], 'name'), guid('a', variables('rows')[copyIndex()].definition))]",
            "properties": {
                "roleDefinitionId": "[variables('rows')[copyIndex()].definition]",
                "principalId": "[variables('rows')[copyIndex()].principal]",
                "condition": "[tryGet(variables('rows')[copyIndex()], 'condition')]",
            },
        },
    },
}


def test_a_module_in_the_style_of_public_registries():
    (secret,) = read_template(ROLES).resources
    assert secret.node == {"properties": {"contentType": None}}
    given = [{"role": "Owner", "principal": "p"}, {"role": "/other", "principal": UNKNOWN, "name": "mine"}]
    secret, first, second = read_template(ROLES, {"roles": given, "contentType": "x"}).resources
    assert secret.node == {"properties": {"contentType": SECRET}}
    owner = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/o"
    assert first.node == {"properties": {"roleDefinitionId": owner, "principalId": "p", "condition": None}}
    assert second.node == {"properties": {"roleDefinitionId": "/other", "principalId": UNKNOWN, "condition": None}}
    assert second.name == "mine"
    assert first.sources_of("scope") == (secret.key,)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("[concat('kv-', parameters('p'))]", "[format('{0}-{1}', 'kv', parameters('p'))]"),
        ("[toLower(concat('kv-', parameters('p')))]", "kv-[p]"),
        ("[concat('a-', resourceGroup().name, parameters('p'))]", "[format('a-rg{0}', parameters('p'))]"),
        ("[concat(subscription().subscriptionId, parameters('p'))]", "[concat(variables('v'), parameters('p'))]"),
        ("[parameters('o').name]", "[parameters('o').name]"),
        ("[format('{0:D2}', parameters('p'))]", "[format('{0:D2}', parameters('p'))]"),
    ],
)
def test_names_are_the_same_when_their_expressions_come_to_the_same(one: str, other: str):
    other = other.replace("kv-[p]", "[concat('KV-', parameters('p'))]")
    document = {
        "parameters": {"p": {"type": "string"}, "o": {"type": "object"}},
        "variables": {"v": "[subscription().subscriptionId]"},
        "resources": [
            {"type": "Microsoft.KeyVault/vaults", "name": one},
            {
                "type": "A.B/c",
                "name": "n",
                "properties": {"id": f"[resourceId('Microsoft.KeyVault/vaults', {other[1:-1]})]"},
            },
        ],
    }
    vault, found = read_template(document).resources
    assert found.sources_of("properties.id") == (vault.key,)


def test_names_are_not_the_same_when_their_expressions_differ():
    document = {
        "parameters": {"p": {"type": "string"}, "q": {"type": "string"}},
        "resources": [
            {"type": "Microsoft.KeyVault/vaults", "name": "[parameters('p')]"},
            {
                "type": "A.B/c",
                "name": "n",
                "properties": {"id": "[resourceId('Microsoft.KeyVault/vaults', parameters('q'))]"},
            },
        ],
    }
    vault, found = read_template(document).resources
    sources = found.sources_of("properties.id")
    assert len(sources) == 0
    with pytest.raises(Undecided):
        assert vault.key in sources


def test_what_a_template_in_another_file_gives_out_may_be_anything():
    linked = {"templateLink": {"uri": "https://example.com/t.json"}}
    document = {
        "resources": {
            "other": {"type": "Microsoft.Resources/deployments", "name": "other", "properties": linked},
            "mine": {"type": "A.B/c", "name": "n", "properties": {"id": "[reference('other').outputs.id.value]"}},
        }
    }
    other, found = read_template(document).resources
    with pytest.raises(Undecided):
        assert "/some/id" in found.sources_of("properties.id")
    assert other.node == {"properties": linked}


def test_resource_info_of_a_symbolic_name():
    document = {
        "languageVersion": "2.1-experimental",
        "resources": {
            "kv": {"type": "Microsoft.KeyVault/vaults", "name": "one"},
            "mine": {
                "type": "A.B/c",
                "name": "n",
                "properties": {"id": "[resourceInfo('kv').id]", "no": "[resourceInfo('none').id]"},
            },
        },
    }
    template = read_template(document)
    vault, found = template.resources
    assert found.node["properties"] == {"id": vault.id, "no": UNKNOWN}
    assert "which is the symbolic name of no resource" in str(template.notes[0])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[resourceId('vaults', 'a')]", "resourceId is given no type"),
        ("[resourceId('A.B/c')]", "resourceId is given the type 'A.B/c' and 0 names; 1 are expected"),
        ("[resourceId('a', 'b', 'c', 'A.B/c', 'd')]", "resourceId is given 3 arguments in front of the type"),
    ],
)
def test_ids_that_can_not_be_made(text: str, says: str):
    template = read({"x": text})
    assert template.resources[0].node["properties"]["x"] is UNKNOWN
    assert says in str(template.notes[0])


def test_an_id_of_a_type_that_is_not_known():
    assert value("[resourceId(concat('A.B/', parameters('t')), 'a')]", parameters={"t": {"type": "string"}}) is UNKNOWN
