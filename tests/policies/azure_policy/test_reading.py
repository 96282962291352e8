# SPDX-License-Identifier: Apache-2.0
"""Policies are found in the forms in which people keep them, and problems are told with their place, all at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from groundplan_policies.azure_policy import PolicyError, load
from tests.policies.azure_policy.making import VAULT, assignment, initiative, library, policy, problems_of

RULE = {"if": {"field": "type", "equals": VAULT}, "then": {"effect": "audit"}}
BARE = {"displayName": "Bare", "mode": "All", "policyRule": RULE}


def _write(path: Path, content: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (BARE, ["some"]),
        ({"properties": BARE}, ["some"]),
        ({"properties": BARE, "name": "n"}, ["n"]),
        ({"properties": BARE, "id": "/providers/Microsoft.Authorization/policyDefinitions/i"}, ["i"]),
        ({**BARE, "id": "/x/y", "name": "shown", "type": "t", "policyType": "Custom", "systemData": {}}, ["shown"]),
        ([BARE, {**BARE, "name": "second"}], ["some-1", "second"]),
        ({"value": [{"properties": BARE, "name": "a"}, {"properties": BARE, "name": "b"}]}, ["a", "b"]),
        ([], []),
    ],
)
def test_forms(content: Any, names: list[str], tmp_path: Path) -> None:
    path = _write(tmp_path / "some.json", content)
    for asked in (path, [path], str(path), [tmp_path]):
        assert [each.name for each in load(asked).definitions] == names


def test_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "bom.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(BARE).encode())
    assert load(path).definitions[0].title == "Bare"


def test_samples(tmp_path: Path) -> None:
    """A folder for each, with the rule and the parameters once more beside the whole."""
    _write(tmp_path / "whole/azurepolicy.json", {"properties": BARE})
    _write(tmp_path / "whole/azurepolicy.rules.json", RULE)
    _write(tmp_path / "whole/azurepolicy.parameters.json", {})
    parts = {"if": {"field": "name", "equals": "[parameters('wanted')]"}, "then": {"effect": "deny"}}
    _write(tmp_path / "parts/azurepolicy.rules.json", parts)
    _write(tmp_path / "parts/azurepolicy.parameters.json", {"wanted": {"type": "String", "defaultValue": "x"}})
    found = load(tmp_path)
    assert [(each.name, each.title, list(each.parameters)) for each in found.definitions] == [
        ("parts", "parts", ["wanted"]),
        ("whole", "Bare", []),
    ]
    assert found.skipped == ()


def test_other_files_of_folders_are_skipped_and_named(tmp_path: Path) -> None:
    other = _write(tmp_path / "package.json", {"name": "x"})
    _write(tmp_path / "policy.json", BARE)
    assert load(tmp_path).skipped == (str(other),)
    with pytest.raises(PolicyError) as error:
        load(other)
    assert str(error.value) == (
        f"{other}: has name; a policy definition (policyRule), initiative (policyDefinitions), assignment (policyDefinitionId) "
        "or exemption (policyAssignmentId) is needed"
    )


def test_files_that_can_not_be_read(tmp_path: Path) -> None:
    broken = _write(tmp_path / "broken.json", '{\n  "a": }')
    text = _write(tmp_path / "text.json", '["x"]')
    latin = tmp_path / "latin.json"
    latin.write_bytes(b'{"a": "\xff"}')
    with pytest.raises(PolicyError) as error:
        load([broken, text, latin, tmp_path / "none.json"])
    assert [(Path(each.file).name, each.at, each.says.split(";")[0]) for each in error.value.problems] == [
        ("broken.json", "", "is not valid JSON: line 2, column 8: Expecting value"),
        ("text.json", "[0]", "is 'x'"),
        ("latin.json", "", "is not UTF-8"),
        ("none.json", "", "can not be read: No such file or directory"),
    ]


def test_two_with_one_name(tmp_path: Path) -> None:
    one, other = _write(tmp_path / "a.json", policy(RULE["if"])), _write(tmp_path / "b.json", policy(RULE["if"]))
    with pytest.raises(
        PolicyError, match=f"{other}: the definition .*test-policy is in {one} too; one of the two has to go"
    ):
        load(tmp_path)


def test_versions(tmp_path: Path) -> None:
    """Several of one definition: the newest that an assignment takes."""
    rows = [
        policy(RULE["if"], version=version, displayName=version) for version in ("1.2.0", "1.10.1", "2.0.0-preview")
    ]
    for index, row in enumerate(rows):
        _write(tmp_path / f"v{index}.json", row)
    names = ("any", "first", "exact", "second")
    wanted = ("", "1.*.*", "1.2.*", "2.*.*-preview")
    for name, version in zip(names, wanted, strict=True):
        _write(tmp_path / f"{name}.json", assignment("test-policy", name=name, definitionVersion=version))
    found = {each.assignment.name: each.definition.version for each in load(tmp_path).policies}
    assert found == {"any": "2.0.0-preview", "first": "1.10.1", "exact": "1.2.0", "second": "2.0.0-preview"}
    _write(tmp_path / "none.json", assignment("test-policy", name="none", definitionVersion="3.*.*"))
    with pytest.raises(
        PolicyError,
        match=r"policyDefinitionId: is 'test-policy' in version 3\.\*\.\*; loaded is 1\.2\.0, 1\.10\.1, 2\.0\.0",
    ):
        load(tmp_path)


def test_what_is_not_assigned_is_in_force_once(tmp_path: Path) -> None:
    members = [{"policyDefinitionId": "/x/inside"}]
    found = library(
        tmp_path,
        policy(RULE["if"], name="alone"),
        policy(RULE["if"], name="inside"),
        policy(RULE["if"], name="given"),
        initiative(*members, name="set"),
        assignment("/providers/Microsoft.Authorization/policyDefinitions/given", name="one"),
    )
    named = [(each.definition.name, each.assignment.name, each.assignment.implied) for each in found.policies]
    assert named == [("given", "one", False), ("inside", "set", True), ("alone", "alone", True)]


def _told(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each.at, each.says) for each in problems_of(document)]


def test_all_problems_of_a_definition_at_once() -> None:
    document = policy(
        {
            "allOf": [
                {"field": "typ", "equals": VAULT},
                {"field": "name", "eqals": "x"},
                {"anyOf": []},
                {"not": {"field": "location", "in": "westeurope"}},
                {"count": {"field": f"{VAULT}/networkAcls.ipRules"}, "less": 1},
                {"value": "[concat('a']", "equals": "b"},
                {"value": "[parameters('efect')]", "equals": "[reference('x').y]"},
                {"value": "[tolowr('A')]", "equals": "[contoso.mine()]"},
            ]
        },
        "deni",
        mode="Index",
        parameters={"effect": {"type": "Strng"}, "limit": {"type": "Integer", "defaultValue": "many"}},
    )
    assert [at for at, _ in _told(document)] == [
        "parameters.effect.type",
        "parameters.limit.defaultValue",
        "mode",
        "policyRule.if.allOf[0].field",
        "policyRule.if.allOf[1].eqals",
        "policyRule.if.allOf[2].anyOf",
        "policyRule.if.allOf[3].not.in",
        "policyRule.if.allOf[4].count.field",
        "policyRule.if.allOf[5].value",
        "policyRule.if.allOf[6].value",
        "policyRule.if.allOf[6].equals",
        "policyRule.if.allOf[7].value",
        "policyRule.if.allOf[7].equals",
        "policyRule.then.effect",
    ]


_OPERATORS = (
    "equals, like, match, matchInsensitively, contains, in, containsKey, notEquals, notLike, notMatch, notMatchInsensitively, "
    "notContains, notIn, notContainsKey, less, lessOrEquals, greater, greaterOrEquals, exists"
)
_EFFECTS = "Audit, Deny, Disabled, Modify, Append, AuditIfNotExists, DeployIfNotExists, Manual, DenyAction, AddToNetworkGroup, Mutate"
_FIELDS = (
    "name, fullName, kind, type, location, id, identity.type, tags, tags['name'] or an alias such as "
    "'Microsoft.KeyVault/vaults/sku.name'"
)
_ALIAS = "'<namespace>/<type>/<property>' is needed, such as 'Microsoft.KeyVault/vaults/sku.name'"
_SIGHT = "a policy sees the resource that it is asked about, and nothing else"
_LOGIC = "exactly one of allOf, anyOf, not, field, value, count is needed"


@pytest.mark.parametrize(
    ("condition", "at", "says"),
    [
        ("x", "", "is 'x'; an object with a condition is needed"),
        ({}, "", f"has nothing; {_LOGIC}"),
        ({"allof ": []}, "", f"has allof ; {_LOGIC}; did you mean 'allOf'?"),
        ({"field": "name", "value": "x", "equals": "y"}, "", f"has field, value, equals; {_LOGIC}"),
        (
            {"source": "action", "like": "x"},
            "",
            "has 'source', which Azure no longer takes; a condition on the field 'type' is needed in its place",
        ),
        ({"allOf": {"field": "name"}}, ".allOf", "is {'field': 'name'}; an array with one condition or more is needed"),
        ({"not": {"field": "kind", "exists": True}, "alOf": 1}, ".alOf", "is not expected beside not"),
        ({"field": "name"}, "", "has none beside 'field'; exactly one condition such as equals is needed"),
        (
            {"field": "name", "equals": 1, "in": []},
            "",
            "has equals, in beside 'field'; exactly one condition such as equals is needed",
        ),
        (
            {"field": "name", "equal": 1},
            ".equal",
            f"is no condition; one of {_OPERATORS} is needed; did you mean 'equals'?",
        ),
        (
            {"field": "fullname2", "equals": 1},
            ".field",
            f"is 'fullname2', which is no field; {_FIELDS} is needed; did you mean 'fullName'?",
        ),
        (
            {"field": "vaults/sku", "equals": 1},
            ".field",
            f"is 'vaults/sku', which is no alias; {_ALIAS}",
        ),
        ({"field": 5, "equals": 1}, ".field", "is 5; the name of a field is needed"),
        ({"field": "name", "exists": "maybe"}, ".exists", "is 'maybe'; true or false is needed"),
        ({"field": "name", "notIn": {"a": 1}}, ".notIn", "is {'a': 1}; an array is needed"),
        ({"count": "x", "equals": 1}, ".count", "is 'x'; an object with field or value, and where, is needed"),
        ({"count": {}, "equals": 1}, ".count", "has nothing; exactly one of field, value is needed"),
        (
            {"count": {"field": "[field('x')]"}, "equals": 1},
            ".count.field",
            "is \"[field('x')]\"; an alias that ends with '[*]' is needed",
        ),
        (
            {"count": {"value": "x"}, "equals": 1},
            ".count.value",
            "is 'x'; an array, or an expression for one, is needed",
        ),
        (
            {"count": {"value": [], "name": "a-b"}, "equals": 1},
            ".count.name",
            "is 'a-b'; a name of letters and digits is needed",
        ),
        (
            {"count": {"value": [], "name": "a", "where": {"count": {"value": []}, "equals": 1}}, "equals": 1},
            ".count.where.count",
            "has no name; a count inside of another needs one",
        ),
        (
            {
                "count": {"value": [], "name": "a", "where": {"count": {"value": [], "name": "A"}, "equals": 1}},
                "equals": 1,
            },
            ".count.where.count.name",
            "is 'A', the name of a count around it; another one is needed",
        ),
        (
            {"count": {"value": [], "were": {}}, "equals": 1},
            ".count.were",
            "is not expected beside name, value, where; did you mean 'where'?",
        ),
        ({"value": "[current('x')]", "equals": 1}, ".value", "calls 'current' outside of the where of a count"),
        (
            {"count": {"value": [], "name": "a", "where": {"value": "[current('b')]", "equals": 1}}, "equals": 1},
            ".count.where.value",
            "calls 'current' with 'b', which is none of the counts around it: 'a'",
        ),
        (
            {
                "count": {
                    "value": [],
                    "name": "a",
                    "where": {
                        "count": {"value": [], "name": "b", "where": {"value": "[current()]", "equals": 1}},
                        "equals": 1,
                    },
                },
                "equals": 1,
            },
            ".count.where.count.where.value",
            "calls 'current' without saying of which count; 'a' or 'b' is needed",
        ),
        (
            {"value": "[parameters('x')]", "equals": 1},
            ".value",
            "names the parameter 'x', which is not declared; there are: none",
        ),
        (
            {"value": "[listKeys('x')]", "equals": 1},
            ".value",
            f"calls 'listKeys', which templates have and policies do not: {_SIGHT}",
        ),
        (
            {"value": "[lenght('x')]", "equals": 1},
            ".value",
            "calls 'lenght', which is no function; did you mean 'length'?",
        ),
        ({"value": "[field('typ')]", "equals": 1}, ".value", None),
        ({"value": ["[concat(]"], "equals": 1}, ".value[0]", None),
        ({"value": {"a": "[nope()]"}, "equals": 1}, ".value.a", None),
    ],
)
def test_conditions_that_are_wrong(condition: Any, at: str, says: str | None) -> None:
    found = _told(policy(condition))
    assert found
    assert found[0][0] == f"policyRule.if{at}"
    if says is not None:
        assert found[0][1] == says


@pytest.mark.parametrize(
    "name",
    [
        *(
            "copyIndex",
            "dateTimeAdd",
            "dateTimeFromEpoch",
            "dateTimeToEpoch",
            "deployment",
            "environment",
            "lambda",
            "newGuid",
        ),
        *(
            "extensionResourceId",
            "listAccountSas",
            "listSecrets",
            "managementGroup",
            "pickZones",
            "providers",
            "reference",
        ),
        *("resourceId", "subscriptionResourceId", "tenantResourceId", "tenant", "variables"),
    ],
)
def test_functions_that_policies_do_not_have(name: str) -> None:
    ((at, says),) = _told(policy({"value": f"[{name}()]", "equals": "x"}))
    assert at == "policyRule.if.value"
    assert says.startswith(f"calls '{name}', which templates have and policies do not")


@pytest.mark.parametrize(
    ("effect", "details", "at", "says"),
    [
        ("audt", None, "effect", f"is 'audt'; one of {_EFFECTS} is needed; did you mean 'Audit'?"),
        (["audit"], None, "effect", f"is ['audit']; one of {_EFFECTS} is needed"),
        ("modify", None, "effect", "is 'modify', which needs details.operations in policyRule.then"),
        (
            "append",
            {"type": "a/b"},
            "effect",
            "is 'append', which needs details, an array of field and value in policyRule.then",
        ),
        ("auditIfNotExists", [], "effect", "is 'auditIfNotExists', which needs details.type in policyRule.then"),
        ("modify", {"operations": []}, "details.operations", "is []; an array with one operation or more is needed"),
        (
            "modify",
            {"operations": ["x"]},
            "details.operations[0]",
            "is 'x'; an object with operation, field and value is needed",
        ),
        (
            "modify",
            {"operations": [{"operation": "ad", "field": "tags.x", "value": 1}]},
            "details.operations[0].operation",
            "is 'ad'; one of add, addOrReplace, remove is needed; did you mean 'add'?",
        ),
        (
            "modify",
            {"operations": [{"operation": "add", "value": 1}]},
            "details.operations[0].field",
            "is absent; the name of a field is needed",
        ),
        (
            "modify",
            {"operations": [{"operation": "add", "field": "tags.x"}]},
            "details.operations[0]",
            "has no value, which 'add' needs",
        ),
        (
            "modify",
            {"operations": [{"operation": "Remove", "field": "identity.type"}]},
            "details.operations[0].field",
            "is 'identity.type'; only tags can be removed",
        ),
        (
            "modify",
            {
                "operations": [
                    {"operation": "add", "field": "tags.x", "value": 1, "condition": "[empty(field('name'))]"}
                ]
            },
            "details.operations[0].condition",
            "calls 'field', which can not be called here",
        ),
        (
            "modify",
            {"conflictEffect": "denny", "operations": [{"operation": "add", "field": "tags.x", "value": 1}]},
            "details.conflictEffect",
            "is 'denny'; one of audit, deny, disabled is needed; did you mean 'deny'?",
        ),
        ("append", ["x"], "details[0]", "is 'x'; an object with field and value is needed"),
        ("auditIfNotExists", {"type": "x"}, "details.type", "is 'x'; a resource type is needed"),
        (
            "auditIfNotExists",
            {"type": "a.b/c", "existenceScope": "Group"},
            "details.existenceScope",
            "is 'Group'; one of ResourceGroup, Subscription is needed",
        ),
        (
            "auditIfNotExists",
            {"type": "a.b/c", "existenceCondition": {"field": "kind"}},
            "details.existenceCondition",
            None,
        ),
        ("audit", "x", "details", "is 'x'; an object, or for Append an array, is needed"),
    ],
)
def test_effects_that_are_wrong(effect: Any, details: Any, at: str, says: str | None) -> None:
    found = dict(_told(policy(RULE["if"], effect, details=details)))
    assert f"policyRule.then.{at}" in found, found
    if says is not None:
        assert found[f"policyRule.then.{at}"] == says


@pytest.mark.parametrize(
    ("parameters", "at", "says"),
    [
        ("x", "parameters", "is 'x'; an object with a declaration by name of the parameter is needed"),
        ({"a": "String"}, "parameters.a", "is 'String'; an object with a type is needed"),
        (
            {"a": {"type": "Bool"}},
            "parameters.a.type",
            "is 'Bool'; one of String, Array, Object, Boolean, Integer, Float, DateTime is needed; did you mean 'Boolean'?",
        ),
        ({"a": {"type": "String", "allowedValues": "x"}}, "parameters.a.allowedValues", "is 'x'; an array is needed"),
        (
            {"a": {"type": "String", "allowedValues": ["Yes", "No"], "defaultValue": "yes"}},
            "parameters.a.defaultValue",
            "is 'yes'; one of 'Yes', 'No' is needed, in that letter case; did you mean 'Yes'?",
        ),
        (
            {"a": {"type": "Array", "allowedValues": [1, 2], "defaultValue": [1, 3]}},
            "parameters.a.defaultValue",
            "is 3; one of 1, 2 is needed, in that letter case",
        ),
        (
            {"Effect": {"type": "String", "allowedValues": ["Audit", "Modify"], "defaultValue": "Audit"}},
            "parameters.Effect.allowedValues[1]",
            "is 'Modify', which needs details.operations in policyRule.then",
        ),
    ],
)
def test_parameters_that_are_wrong(parameters: Any, at: str, says: str) -> None:
    document = policy(RULE["if"])
    document["properties"]["parameters"] = parameters
    assert _told(document) == [(at, says)]


@pytest.mark.parametrize(
    ("type_", "good", "wrong", "needed"),
    [
        ("String", ["", "x"], [1, None], "a text"),
        ("array", [[], ["x"]], ["x"], "an array"),
        ("Object", [{}], [[]], "an object"),
        ("boolean", [True, "false"], ["yes", 1], "true or false"),
        ("Integer", [1, "2", 3.0], [1.5, "x", True], "an integer"),
        ("Float", [1, 1.5, "2.5"], ["x", False], "a number"),
        (
            "dateTime",
            ["2026-01-02T03:04:05.0000000Z"],
            ["2026-01-02", "soon", 1],
            "a time such as '2030-01-31T12:00:00.0000000Z'",
        ),
    ],
)
def test_types_of_parameters(type_: str, good: list[Any], wrong: list[Any], needed: str) -> None:
    for value in good:
        assert not _told(policy(RULE["if"], parameters={"a": {"type": type_, "defaultValue": value}}))
    for value in wrong:
        ((at, says),) = _told(policy(RULE["if"], parameters={"a": {"type": type_, "defaultValue": value}}))
        assert at == "parameters.a.defaultValue"
        assert f"; {needed} is needed, the type of the parameter is {type_[0].upper()}{type_[1:]}" in says


def test_definitions_without_a_rule() -> None:
    for rule, there in ((None, "absent"), ("x", "'x'"), ({"if": {}}, "if"), ({}, "empty")):
        document = policy(RULE["if"])
        document["properties"]["policyRule"] = rule
        assert ("policyRule", f"is {there}; an object with if and then is needed") in _told(document)
    document["properties"]["policyRule"] = {"if": RULE["if"], "then": {}}
    assert _told(document) == [("policyRule.then", "is {}; an object with effect is needed")]


def test_one_error_or_several(tmp_path: Path) -> None:
    one = _write(tmp_path / "a.json", policy({"field": "nam", "equals": 1}))
    with pytest.raises(PolicyError) as error:
        load(one)
    assert str(error.value).startswith(f"{one}: policyRule.if.field: is 'nam', which is no field")
    other = _write(tmp_path / "b.json", policy({"field": "typ", "equals": 1}, name="other"))
    with pytest.raises(PolicyError) as error:
        load([one, other])
    lines = str(error.value).splitlines()
    assert lines[0] == "2 problems:"
    assert [line.split(":")[0] for line in lines[1:]] == [str(one), str(other)]
