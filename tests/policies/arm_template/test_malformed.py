# SPDX-License-Identifier: Apache-2.0
"""Documents that are no templates, and templates that are not right: where, what is there, what is expected."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundplan_policies.arm_template import TemplateError, load_json, read_json, read_template

ROW = {"type": "A.B/c", "name": "n"}


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (5, r"^\$: the int 5 is there; a template"),
        ({}, r"^\$: the object {} is there; a template"),
        ({"$schema": "x/deploymentParameters.json#"}, r"^\$\.\$schema: this is a file of parameters"),
        ({"resources": 5}, r"^\$\.resources: the int 5 is there; an array of resources"),
        ({"resources": [5]}, r"^\$\.resources\[0\]: the int 5 is there; a resource with 'type' and 'name'"),
        ({"resources": [{"name": "n"}]}, r"^\$\.resources\[0\]\.type: nothing is there; a text that is the type"),
        ({"resources": [{"type": "A.B/c"}]}, r"^\$\.resources\[0\]\.name: nothing is there"),
        ({"resources": {"a": {"type": "A.B/c", "name": ""}}}, r"^\$\.resources\.a\.name: the string '' is there"),
        ({"resources": [{**ROW, "type": "vaults"}]}, r"a type such as 'Microsoft\.KeyVault/vaults' is expected"),
        ({"resources": [{**ROW, "name": "n/m"}]}, r"'n/m' has 2 segments; the type 'A\.B/c' needs 1"),
        ({"resources": [{**ROW, "type": "A.B/c/d"}]}, r"'n' has 1 segments; the type 'A\.B/c/d' needs 2"),
        ({"resources": [{**ROW, "copy": 2}]}, r"^\$\.resources\[0\]\.copy: the int 2 is there; an object with 'name'"),
        (
            {"resources": [{**ROW, "copy": {"name": "l", "count": "x"}}]},
            r"\.copy\.count: the string 'x' is there; an int",
        ),
        ({"resources": [{**ROW, "copy": {"name": "l", "count": -1}}]}, r"\.copy\.count: the int -1 is there"),
        ({"resources": [{**ROW, "condition": "yes"}]}, r"\.condition: the string 'yes' is there; a bool is expected"),
        ({"resources": [{**ROW, "properties": "[a(]"}]}, r"\.properties: the expression is not right: column 4: "),
        ({"resources": [{**ROW, "properties": "[parameters('a')]"}]}, r"there is no parameter 'a'"),
        (
            {"variables": {"name": 1}, "resources": [{**ROW, "x": "[variables('nme')]"}]},
            r"there is no variable 'nme'; did you mean 'name'",
        ),
        ({"parameters": 5, "resources": []}, r"^\$\.parameters: the int 5 is there"),
        ({"parameters": {"a": 5}, "resources": []}, r"^\$\.parameters\.a: the int 5 is there; an object with 'type'"),
        (
            {"parameters": {"a": {"type": "text"}}, "resources": []},
            r"^\$\.parameters\.a\.type: the string 'text' is there; one of string",
        ),
        ({"variables": 5, "resources": []}, r"^\$\.variables: the int 5 is there"),
        ({"functions": 5, "resources": []}, r"^\$\.functions: the int 5 is there"),
        ({"functions": [{}], "resources": []}, r"^\$\.functions\[0\]: .*'namespace' and 'members'"),
        (
            {"functions": [{"namespace": "a", "members": {"b": 1}}], "resources": []},
            r"^\$\.functions\[0\]\.members\.b: ",
        ),
        (
            {"resources": [{"type": "Microsoft.Resources/deployments", "name": "d", "properties": {"template": 5}}]},
            r"^\$\.resources\[0\]\.properties\.template: the int 5 is there; a template is expected",
        ),
        ({"value": 5}, r"^\$\.value: the int 5 is there; an array of resources is expected"),
        ({"value": [5]}, r"^\$\.value\[0\]: the int 5 is there; a resource with 'id' is expected"),
        ([{"name": "a"}], r"^\$\[0\]\.id: nothing is there; the id that Azure gives"),
        ([{"id": "vault"}], r"^\$\[0\]\.id: 'vault' is not an Azure resource id"),
    ],
)
def test_the_place_and_what_is_expected(document: Any, says: str):
    with pytest.raises(TemplateError, match=says):
        read_template(document)


def test_parameters_of_a_deployment_inside():
    template = {"parameters": {"a": {"type": "string"}}, "resources": [{**ROW, "name": "[parameters('a')]"}]}
    properties = {"template": template, "expressionEvaluationOptions": {"scope": "inner"}, "parameters": {"a": "x"}}
    row = {"type": "Microsoft.Resources/deployments", "name": "d", "properties": properties}
    with pytest.raises(TemplateError, match=r"\.properties\.parameters\.a: the string 'x' is there; {'value': \.\.\.}"):
        read_template({"resources": [row]})
    row = {**row, "properties": {**properties, "parameters": 5}}
    with pytest.raises(TemplateError, match=r"\.properties\.parameters: the int 5 is there"):
        read_template({"resources": [row]})


def test_given_parameters_that_are_none():
    with pytest.raises(TemplateError, match=r"^in the parameters: \$: the int 5 is there"):
        read_template({"resources": []}, 5)
    with pytest.raises(TemplateError, match="the template has no parameter 'a'; it has: none"):
        read_template({"resources": []}, {"a": 1})


def test_an_error_has_line_and_column_when_read_from_a_text():
    text = '{\n  "resources": [\n    {"type": "A.B/c",\n     "name": "[a(]"}]}'
    with pytest.raises(TemplateError, match=r"^line 4, column 14, \$\.resources\[0\]\.name: ") as caught:
        read_template(read_json(text))
    assert (caught.value.line, caught.value.column) == (4, 14)
    assert caught.value.steps == ("resources", 0, "name")


def test_resources_of_another_system_are_noted_and_left_out():
    template = read_template({"resources": {"group": {"import": "graph", "type": "Microsoft.Graph/groups@v1.0"}}})
    assert template.resources == []
    assert "another system" in str(template.notes[0])


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ('{"a": }', 1, 7, "'}' is there; a value"),
        ('{"a" 1}', 1, 6, "'1' is there; ':' is expected"),
        ('{"a": 1 "b": 2}', 1, 9, "',' or '}' is expected"),
        ("[1 2]", 1, 4, "',' or ']' is expected"),
        ("{\n  a: 1}", 2, 3, "the name of a property in double quotes"),
        ('{"a": "b}', 1, 7, "the text is not right: Unterminated string"),
        ("[1]\n]", 2, 1, "nothing after the end of the document"),
        ("", 1, 1, "the end of the text is there"),
        ("[", 1, 2, "the end of the text is there"),
        ("{'a': 1}", 1, 2, "in double quotes"),
    ],
)
def test_a_text_that_is_no_json(text: str, line: int, column: int, says: str):
    with pytest.raises(TemplateError) as caught:
        read_json(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert says in str(caught.value)


def test_nesting_without_end_is_an_error_and_no_crash():
    with pytest.raises(TemplateError, match="nested too deep"):
        read_json("[" * 100_000)


def test_a_document_that_is_nested_too_deep():
    node: Any = {}
    for _ in range(5000):
        node = {"a": node}
    with pytest.raises(TemplateError, match="nested too deep"):
        read_template({"resources": [{**ROW, "properties": node}]})


def test_bicep_is_not_read_and_the_way_is_told(tmp_path: Path):
    text = "param name string\nresource kv 'Microsoft.KeyVault/vaults@2023-07-01' = {\n  name: name\n}\n"
    with pytest.raises(TemplateError, match="az bicep build"):
        read_json(text)
    for name, command in (
        ("main.bicep", "az bicep build --file main.bicep"),
        ("dev.bicepparam", "az bicep build-params"),
    ):
        file = tmp_path / name
        file.write_text(text)
        with pytest.raises(TemplateError, match=command):
            load_json(file)
    binary = tmp_path / "a.json"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TemplateError, match="no text in UTF-8"):
        load_json(binary)


def test_json_as_azures_tools_take_it():
    text = '\ufeff{ // a comment\n "a": "two\nlines", /* one\n more */ "b": [1, 2.5, -3e2, true, null,], }'
    found = read_json(text)
    assert found.content == {"a": "two\nlines", "b": [1, 2.5, -300.0, True, None]}
    assert found.locate(("a",)) == (2, 7)
    assert found.locate(("b", 1)) == (4, 19)
    assert found.locate(("b", 9, "x")) == found.locate(("b",))


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=6), inner, max_size=4)),
    max_leaves=20,
)


@given(json_values, st.sampled_from([None, 2]), st.booleans())
def test_json_is_read_as_python_reads_it(value: Any, indent: int | None, plain: bool):
    text = json.dumps(value, indent=indent, ensure_ascii=plain)
    found = read_json(text)
    assert found.content == json.loads(text)
    assert json.dumps(found.content) == json.dumps(value)
    lines = text.split("\n")
    for steps, (line, column) in found.places.items():
        part: Any = value
        for step in steps:
            part = part[step]
        assert lines[line - 1][column - 1] == json.dumps(part, ensure_ascii=plain)[0]
