# SPDX-License-Identifier: Apache-2.0
"""Parameters of a template, and functions of its own."""

from __future__ import annotations

from typing import Any

import pytest

from groundplan_policies.arm_template import ParametersError, TemplateError, read_json, read_template
from groundplan_policies.values import SECRET, UNKNOWN
from tests.policies.arm_template.reading_templates import read, value


def test_functions_of_ones_own():
    functions = [
        {
            "namespace": "own",
            "members": {
                "twice": {
                    "parameters": [{"name": "text", "type": "string"}],
                    "output": {"type": "string", "value": "[concat(parameters('TEXT'), parameters('text'))]"},
                },
                "row": {
                    "parameters": [{"name": "text", "type": "string"}],
                    "output": {"type": "object", "value": {"a": "[own.twice(parameters('text'))]", "b": 1}},
                },
            },
        }
    ]
    assert value("[Own.Twice('ab')]", functions=functions) == "abab"
    assert value("[own.row('x')]", functions=functions) == {"a": "xx", "b": 1}
    template = read({"x": "[own.twice()]"}, functions=functions)
    assert template.resources[0].node["properties"]["x"] is UNKNOWN
    assert "own.twice is given 0 arguments; 1 are expected" in str(template.notes[0])


def test_secure_parameters_are_secret_whatever_their_default():
    parameters = {
        "a": {"type": "securestring", "defaultValue": "plain"},
        "b": {"type": "secureObject"},
        "c": {"$ref": "#/definitions/pair", "defaultValue": {"user": "u", "key": "k", "more": [{"token": "t"}]}},
    }
    pair = {
        "type": "object",
        "properties": {
            "key": {"type": "secureString"},
            "more": {"type": "array", "items": {"$ref": "#/definitions/inner"}},
        },
    }
    inner = {"type": "object", "properties": {"token": {"type": "securestring"}}}
    sections = {"parameters": parameters, "definitions": {"pair": pair, "inner": inner}}
    assert value("[parameters('a')]", **sections) is SECRET
    assert value("[parameters('b').key]", **sections) is SECRET
    assert value("[parameters('c')]", **sections) == {"user": "u", "key": SECRET, "more": [{"token": SECRET}]}


def test_nullable_parameters_are_null():
    parameters = {"a": {"type": "array", "nullable": True}}
    assert value("[length(coalesce(parameters('a'), createArray(1)))]", parameters=parameters) == 1


@pytest.mark.parametrize(
    "given",
    [
        {"name": "mine", "count": 3},
        {"NAME": "mine", "count": 3},
        {"$schema": "s/deploymentParameters.json#", "parameters": {"name": {"value": "mine"}, "count": {"value": 3}}},
        {"contentVersion": "1.0.0.0", "parameters": {"name": {"value": "mine"}, "count": {"value": 3}}},
    ],
)
def test_parameters_are_given_by_name_or_as_a_file(given: dict[str, Any]):
    parameters = {"name": {"type": "string"}, "count": {"type": "int", "allowedValues": [1, 3]}}
    assert value("[format('{0}{1}', parameters('name'), parameters('count'))]", given, parameters=parameters) == "mine3"


def test_a_secret_of_a_vault_in_a_file_of_parameters():
    given = {"contentVersion": "1", "parameters": {"key": {"reference": {"keyVault": {"id": "x"}, "secretName": "y"}}}}
    assert value("[parameters('key')]", given, parameters={"key": {"type": "string"}}) is SECRET


def test_an_error_in_a_file_of_parameters_has_its_place_there():
    text = read_json('{"contentVersion": "1",\n "parameters": {\n  "nme": {"value": 1}}}')
    template = read_json('{"parameters": {"name": {"type": "string"}}, "resources": []}')
    with pytest.raises(ParametersError, match="no parameter 'nme'; did you mean 'name'") as caught:
        read_template(template, text)
    assert (caught.value.line, caught.value.column) == (3, 10)


@pytest.mark.parametrize(
    ("declared", "given", "says"),
    [
        ({"type": "string"}, 1, "the int 1 is given; a string is expected"),
        ({"type": "int"}, True, "the bool true is given; an int is expected"),
        ({"type": "bool"}, "true", "the string 'true' is given; a bool is expected"),
        ({"type": "array"}, {}, "an array is expected"),
        ({"type": "object"}, [], "an object is expected"),
        ({"type": "string", "allowedValues": ["a", "b"]}, "c", "the string 'c' is given; one of a, b is expected"),
        ({"$ref": "#/definitions/none"}, "c", "there is no type '#/definitions/none' to be found"),
    ],
)
def test_a_parameter_that_does_not_fit(declared: dict[str, Any], given: Any, says: str):
    with pytest.raises(TemplateError, match=r"^\$\.parameters\.p[.:]") as caught:
        value("[parameters('p')]", {"p": given}, parameters={"p": declared})
    assert says in str(caught.value)


def test_functions_of_ones_own_may_ask_for_keys():
    members: dict[str, Any] = {
        "key": {"parameters": [], "output": {"type": "string", "value": "[listKeys('a', 'b').key]"}}
    }
    assert value("[own.key()]", functions=[{"namespace": "own", "members": members}]) is SECRET
    members["key"]["output"]["value"] = "[parameters('x')]"
    template = read({"x": "[own.key()]"}, functions=[{"namespace": "own", "members": members}])
    assert "own.key has no parameter 'x'" in str(template.notes[0])
