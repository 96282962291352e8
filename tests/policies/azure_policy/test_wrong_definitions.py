# SPDX-License-Identifier: Apache-2.0
"""Definitions that are wrong are refused with every problem at once, each with its path in the document."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from groundplan_policies.azure_policy import PolicyError, load
from tests.policies.azure_policy.definitions import RULE, write
from tests.policies.azure_policy.making import VAULT, policy
from tests.policies.azure_policy.problems import told


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
    assert [at for at, _ in told(document)] == [
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
    found = told(policy(condition))
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
    ((at, says),) = told(policy({"value": f"[{name}()]", "equals": "x"}))
    assert at == "policyRule.if.value"
    assert says.startswith(f"calls '{name}', which templates have and policies do not")


def test_definitions_without_a_rule() -> None:
    for rule, there in ((None, "absent"), ("x", "'x'"), ({"if": {}}, "if"), ({}, "empty")):
        document = policy(RULE["if"])
        document["properties"]["policyRule"] = rule
        assert ("policyRule", f"is {there}; an object with if and then is needed") in told(document)
    document["properties"]["policyRule"] = {"if": RULE["if"], "then": {}}
    assert told(document) == [("policyRule.then", "is {}; an object with effect is needed")]


def test_one_error_or_several(tmp_path: Path) -> None:
    one = write(tmp_path / "a.json", policy({"field": "nam", "equals": 1}))
    with pytest.raises(PolicyError) as error:
        load(one)
    assert str(error.value).startswith(f"{one}: policyRule.if.field: is 'nam', which is no field")
    other = write(tmp_path / "b.json", policy({"field": "typ", "equals": 1}, name="other"))
    with pytest.raises(PolicyError) as error:
        load([one, other])
    lines = str(error.value).splitlines()
    assert lines[0] == "2 problems:"
    assert [line.split(":")[0] for line in lines[1:]] == [str(one), str(other)]
