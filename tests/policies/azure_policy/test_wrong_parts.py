# SPDX-License-Identifier: Apache-2.0
"""Effects and parameters of definitions that are wrong."""

from __future__ import annotations

from typing import Any

import pytest

from tests.policies.azure_policy.definitions import RULE
from tests.policies.azure_policy.making import policy
from tests.policies.azure_policy.problems import told

_EFFECTS = "Audit, Deny, Disabled, Modify, Append, AuditIfNotExists, DeployIfNotExists, Manual, DenyAction, AddToNetworkGroup, Mutate"


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
    found = dict(told(policy(RULE["if"], effect, details=details)))
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
    assert told(document) == [(at, says)]


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
        assert not told(policy(RULE["if"], parameters={"a": {"type": type_, "defaultValue": value}}))
    for value in wrong:
        ((at, says),) = told(policy(RULE["if"], parameters={"a": {"type": type_, "defaultValue": value}}))
        assert at == "parameters.a.defaultValue"
        assert f"; {needed} is needed, the type of the parameter is {type_[0].upper()}{type_[1:]}" in says
