# SPDX-License-Identifier: Apache-2.0
"""The functions that only policies have, and the properties that a `field` can name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from groundplan_policies.azure_policy import evaluate
from groundplan_policies.resource import Resource
from groundplan_policies.stack import Stack
from groundplan_policies.values import SECRET, UNKNOWN
from tests.policies.azure_policy.making import (
    GROUP,
    GROUPS,
    NOW,
    STORAGE,
    SUBSCRIPTION,
    VAULT,
    asked,
    assignment,
    fails,
    holds,
    in_memory,
    initiative,
    library,
    policy,
    resource,
)

IPS = f"{VAULT}/networkAcls.ipRules[*]"


def _value(text: str, wanted: Any, body: Any = None, *others: Resource, **more: Any) -> bool | None:
    return holds({"value": text, "equals": wanted}, {} if body is None else body, others=others, **more)


@pytest.mark.parametrize(
    ("outer", "inner", "said"),
    [
        ("10.0.0.0/24", "10.0.0.7", True),
        ("10.0.0.0/24", "10.0.0.128/25", True),
        ("10.0.0.0/24", "10.0.0.0/24", True),
        ("10.0.0.0/24", "10.0.0.0/23", False),
        ("10.0.0.0/24", "10.0.1.0", False),
        ("10.0.0.5/24", "10.0.0.1-10.0.0.9", True),
        ("192.168.0.1-192.168.0.9", "192.168.0.1", True),
        ("192.168.0.1-192.168.0.9", "192.168.0.9 - 192.168.0.10", False),
        ("10.0.0.1", "10.0.0.1/32", True),
        ("2001:0DB8::/110", "2001:0DB8::3:FFFE", True),
        ("2001:0DB8::-2001:0DB8::3:FFFF", "2001:0DB8::4:0", False),
    ],
)
def test_ip_ranges(outer: str, inner: str, *, said: bool) -> None:
    assert _value(f"[ipRangeContains('{outer}', '{inner}')]", said) is True


@pytest.mark.parametrize(
    ("outer", "inner", "why"),
    [
        ("10.0.0.0/24", "2001:DB8::1", "two ranges of one family are expected"),
        ("10.0.0.9-10.0.0.1", "10.0.0.1", "an address, a range such as"),
        ("10.0.0.1-2001:DB8::1", "10.0.0.1", "an address, a range such as"),
        ("ten", "10.0.0.1", "an address, a range such as"),
        ("10.0.0.0/40", "10.0.0.1", "an address, a range such as"),
    ],
)
def test_ranges_that_are_none_fail(outer: str, inner: str, why: str) -> None:
    found = asked({"value": f"[ipRangeContains('{outer}', '{inner}')]", "equals": True}, {})
    assert why in found.message
    assert found.state == "non_compliant"


def test_times() -> None:
    assert _value("[utcNow()]", "2026-06-01T12:00:00.0000000Z") is True
    assert _value("[utcNow('yyyy-MM-dd')]", "2026-06-01") is True
    assert _value("[addDays('2026-02-27T10:00:00.5000000Z', 2)]", "2026-03-01T10:00:00.5000000Z") is True
    assert _value("[addDays(utcNow(), -1)]", "2026-05-31T12:00:00.0000000Z") is True
    condition = {"field": f"{VAULT}/createMode", "less": "[addDays(utcNow(), 30)]"}
    assert holds(condition, {"properties": {"createMode": "2026-06-15T00:00:00Z"}}) is True
    assert holds(condition, {"properties": {"createMode": "2026-07-15T00:00:00Z"}}) is False
    assert (
        "such as '2030-01-31T12:00:00Z' is expected"
        in asked({"value": "[addDays('soon', 1)]", "equals": 1}, {}).message
    )
    assert fails({"value": "[addDays('9999-12-31', 2)]", "equals": 1}, {})


def test_field() -> None:
    body = {"tags": {"a": "1"}, "properties": {"createMode": None, "networkAcls": {"ipRules": [{"value": "x"}, {}]}}}
    assert _value("[field('tags')]", {"A": "1"}, body) is True
    assert _value("[field('tags.a')]", "1", body) is True
    assert _value(f"[field('{VAULT}/sku.name')]", "", body) is True
    assert _value(f"[field('{VAULT}/createMode')]", "", body) is True
    assert _value(f"[length(field('{VAULT}/accessPolicies[*]'))]", 0, body) is True
    assert _value(f"[field('{IPS}.value')]", ["x", None], body) is True
    assert _value("[length(field('tags'))]", 0) is True
    assert _value("[field(concat('ta', 'gs.a'))]", "1", body) is True
    assert (
        "the argument of field is 'x', which is no field"
        in asked({"value": "[field(toLower('X'))]", "equals": 1}, {}).message
    )
    assert _value(f"[field('{IPS}.value')]", [], {"properties": SECRET}) is None
    assert asked({"value": f"[field('{IPS}.value')]", "equals": []}, {"properties": SECRET}).secret


def test_fields_of_every_resource() -> None:
    body = {
        "kind": "Hub",
        "location": "West Europe",
        "identity": {"type": "None", "userAssignedIdentities": {"/id": {}}},
        "tags": {"Acct.CostCenter": "7", "'My.Tag'": "8", "a]b": "9"},
    }
    for field, wanted in {
        "name": "one",
        "FULLNAME": "one",
        "type": VAULT.upper(),
        "Kind": "hub",
        "location": "westeurope",
        "id": f"{GROUP}/providers/{VAULT}/one",
        "identity.type": "none",
        "tags['Acct.CostCenter']": "7",
        "tags[acct.costcenter]": "7",
        "tags.Acct.CostCenter": "7",
        "tags['''My.Tag''']": "8",
        "tags['a]b']": "9",
    }.items():
        assert (
            holds({"allOf": [{"field": "tags", "exists": True}, {"field": field, "equals": wanted}]}, body) is True
        ), field
    assert holds({"field": "identity.userAssignedIdentities", "containsKey": "/ID"}, body) is True
    assert holds({"field": "tags['My.Tag']", "exists": True}, body) is False
    assert holds({"field": "[concat('tags[', field('kind'), ']')]", "exists": False}, body) is True
    group = resource(GROUPS, {"location": "x"}, name="rg-ml")
    assert holds({"field": "location", "equals": "x"}, {"location": "x"}, GROUPS, name="rg-ml") is True
    is_group = {
        "allOf": [
            {"field": "type", "equals": "Microsoft.Resources/subscriptions/resourceGroups"},
            {"field": "tags", "exists": False},
        ]
    }
    assert evaluate(in_memory(policy(is_group)), Stack([group]), NOW)[0].state == "non_compliant"


def test_fields_that_can_not_be_told() -> None:
    assert (
        "field comes to 3; the name of a field is needed"
        in asked({"field": "[length('abc')]", "equals": 1}, {}).message
    )
    assert "field is 'abc', which is no field" in asked({"field": "[concat('a', 'bc')]", "equals": 1}, {}).message
    found = asked({"field": "[concat('tags.', field('tags.which'))]", "equals": 1}, {"tags": {"which": UNKNOWN}})
    assert (found.state, found.path) == ("undecided", "tags.which")


def test_names_that_are_not_known_yet() -> None:
    condition = {"allOf": [{"field": "tags", "exists": False}, {"field": "name", "like": "x*"}]}
    assert asked(condition, {}, name=None).state == "undecided"
    child = resource(f"{STORAGE}/blobServices", name=None, last_name="xyz")
    assert evaluate(in_memory(policy(condition)), Stack([child]), NOW)[0].state == "non_compliant"
    assert asked({"field": "id", "contains": "rg"}, {}, name=None).path == "id"
    assert asked({"field": "fullName", "equals": "x"}, {}, name=None).reasons == (
        "name is not known before the update",
    )


def test_resource_group() -> None:
    group = resource(GROUPS, {"location": "westeurope", "tags": {"env": "prod"}}, name="rg-ml")
    for text, wanted in {
        "[resourceGroup().name]": "rg-ml",
        "[resourceGroup().location]": "westeurope",
        "[resourceGroup().tags.env]": "prod",
        "[resourceGroup().id]": GROUP,
        "[resourcegroup().tags['ENV']]": "prod",
    }.items():
        assert _value(text, wanted, None, group) is True
        new = {"known": False, "references": {"group": frozenset({group.key})}}
        assert _value(text, wanted, None, group, **new) is True
    bare = resource(GROUPS, {"location": UNKNOWN}, name="rg-ml")
    assert _value("[length(resourceGroup().tags)]", 0, None, bare) is True
    assert _value("[resourceGroup().location]", "x", None, bare) is None
    assert _value("[resourceGroup().name]", "rg-ml") is True
    assert _value("[resourceGroup().id]", GROUP) is True
    assert _value("[resourceGroup().tags.env]", "prod") is None
    assert _value("[resourceGroup().name]", "rg-ml", None, known=False) is None


def test_subscription() -> None:
    assert _value("[subscription().subscriptionId]", SUBSCRIPTION) is True
    assert _value("[subscription().id]", f"/subscriptions/{SUBSCRIPTION}") is True
    assert _value("[subscription().displayName]", "x") is None
    assert _value("[subscription().subscriptionId]", "x", None, known=False) is None
    nobody = f"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/providers/{VAULT}/one"
    assert _value("[subscription().id]", "x", None, id=nobody) is None


def test_request_context() -> None:
    versioned = "azure-native:keyvault/v20230701preview:Vault"
    assert _value("[requestContext().apiVersion]", "2023-07-01-preview", None, token=versioned) is True
    assert (
        _value("[requestContext().apiVersion]", "2024-11-01", None, token="azure-native:keyvault/v20241101:Vault")
        is True
    )
    assert _value("[greater(requestContext().apiVersion, '2019-01-01')]", wanted=True) is True
    assert _value("[tryGet(requestContext().identity, 'idtyp')]", "user") is None
    assert (
        asked({"value": "[requestContext().apiVersion]", "equals": 1}, {}, "Contoso.Things/things").state == "undecided"
    )


def test_policy(tmp_path: Path) -> None:
    condition = {
        "value": [
            f"[policy().{name}]"
            for name in ("assignmentId", "definitionId", "setDefinitionId", "definitionReferenceId")
        ],
        "equals": "[parameters('wanted')]",
    }
    row = policy(condition, parameters={"wanted": {"type": "Array"}})
    given = assignment("test-set")
    ids = [given["id"], row["id"], "/providers/Microsoft.Authorization/policySetDefinitions/test-set", "ref"]
    member = {
        "policyDefinitionId": row["id"],
        "policyDefinitionReferenceId": "ref",
        "parameters": {"wanted": {"value": ids}},
    }
    found = library(tmp_path, row, initiative(member), given)
    assert evaluate(found, Stack([resource(VAULT)]), NOW)[0].state == "non_compliant"


def test_parameters_ignore_letter_case() -> None:
    row = policy(
        {"value": "[PARAMETERS('WANTED').Inside[0]]", "equals": 7},
        parameters={"wanted": {"type": "Object", "defaultValue": {"inside": [7]}}},
    )
    assert evaluate(in_memory(row), Stack([resource(VAULT)]), NOW)[0].state == "non_compliant"
    assert fails({"value": "[json('{}').missing]", "equals": 1}, {})
    assert "there is no parameter 'xy'" in asked({"value": "[parameters(concat('x', 'y'))]", "equals": 1}, {}).message


def test_current() -> None:
    body = {"properties": {"networkAcls": {"ipRules": [{"value": "1"}, {"value": "2"}, {}]}}}

    def counted(where: Any, number: int, over: Any = None) -> bool | None:
        return holds({"count": {**(over or {"field": IPS}), "where": where}, "equals": number}, body)

    assert counted({"value": f"[current('{IPS}.value')]", "equals": "2"}, 1) is True
    assert counted({"value": "[tryGet(current(), 'value')]", "equals": "1"}, 1) is True
    assert counted({"value": f"[tryGet(current('{IPS.upper()}'), 'value')]", "equals": "1"}, 1) is True
    assert counted({"value": f"[first(field('{IPS}.value'))]", "equals": "1"}, 1) is True
    assert counted({"field": f"{IPS}.value", "equals": f"[field('{IPS}.value')]"}, 0) is True
    names = {"value": ["o*", "x*"], "name": "pattern"}
    assert counted({"field": "name", "like": "[current('Pattern')]"}, 1, names) is True
    assert counted({"field": "name", "like": "[current()]"}, 1, {"value": ["o*", "x*"]}) is True
    assert counted({"field": "name", "like": "[current('default')]"}, 1, {"value": ["o*", "x*"]}) is True
    assert counted({"value": "[current('o').a]", "equals": 2}, 1, {"value": [{"a": 1}, {"a": 2}], "name": "o"}) is True
    found = asked(
        {"count": {"value": [1], "where": {"value": "[current(toLower('X'))]", "equals": 1}}, "equals": 1}, body
    )
    assert "current is given 'x', which no count around it has" in found.message
    lists = f"{VAULT}/accessPolicies[*]"
    policies = {
        "properties": {"accessPolicies": [{"permissions": {"keys": ["get", "list"]}}, {"permissions": {"keys": []}}]}
    }
    where = {"value": f"[length(current('{lists}.permissions.keys[*]'))]", "equals": 2}
    assert holds({"count": {"field": lists, "where": where}, "equals": 1}, policies) is True
    unknown = {"properties": {"networkAcls": {"ipRules": [{"value": UNKNOWN}]}}}
    found = asked(
        {"count": {"field": IPS, "where": {"value": "[current().value]", "equals": "1"}}, "equals": 1}, unknown
    )
    assert (found.state, found.path) == ("undecided", "properties.networkAcls.ipRules[0].value")


def test_value_counts_over_what_is_not_known() -> None:
    over = {"value": f"[field('{VAULT}/createMode')]", "where": {"value": "[current()]", "equals": "a"}}
    condition = {"count": over, "greater": 0}
    assert holds(condition, {"properties": {"createMode": ["a"]}}) is True
    assert holds(condition, {"properties": {"createMode": [UNKNOWN, "a"]}}) is True
    assert holds(condition, {"properties": {"createMode": [UNKNOWN]}}) is None
    assert holds(condition, {"properties": {"createMode": UNKNOWN}}) is None
    assert fails(condition, {"properties": {"createMode": "a"}})


def test_expressions_inside_of_lists_and_objects() -> None:
    body = {"tags": {"a": "1", "b": "2"}}
    assert holds({"field": "tags.a", "in": ["x", "[field('tags.a')]"]}, body) is True
    assert holds({"value": {"A": "[field('tags.b')]", "c": 1}, "equals": {"a": "2", "C": 1}}, body) is True
    parameters = {"wanted": {"type": "String", "defaultValue": "1"}}
    row = policy({"field": "tags.a", "in": ["[parameters('wanted')]", "x"]}, parameters=parameters)
    assert evaluate(in_memory(row), Stack([resource(VAULT, body)]), NOW)[0].state == "non_compliant"
    found = asked({"value": ["[field('tags.b')]", {"x": "[length('ab')]"}], "equals": []}, {"tags": {"b": UNKNOWN}})
    said = "[[field('tags.b')], {x: [length('ab')]}] is [[unknown], {'x': 2}] (equals [])"
    assert (found.state, found.reasons) == ("compliant", (said,))


def test_escapes() -> None:
    assert _value("[[concat('a')]", "[concat('a')]") is False  # a text in brackets, and 'a'
    assert _value("[[a]", "[[a]") is True
    assert holds({"field": "tags.a", "equals": "[[x]"}, {"tags": {"a": "[x]"}}) is True
    assert _value("[concat('[', 'a')]", "[a") is True
    assert holds({"field": "tags.a", "in": ["[[x]", "y"]}, {"tags": {"a": "[x]"}}) is True
    assert holds({"value": {"a": ["[[x]"]}, "equals": {"a": "[array('[x]')]"}}, {}) is True
