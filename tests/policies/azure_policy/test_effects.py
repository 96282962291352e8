# SPDX-License-Identifier: Apache-2.0
"""What each effect makes of a resource that the rule is about, and what Azure would change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from groundplan_policies.azure_policy import evaluate
from groundplan_policies.stack import Stack
from groundplan_policies.values import UNKNOWN
from tests.policies.azure_policy.asking import IS_STORAGE, asked
from tests.policies.azure_policy.making import (
    NOW,
    STORAGE,
    VAULT,
    WORKSPACE,
    assignment,
    in_memory,
    library,
    policy,
    resource,
)


def _modify(*operations: dict[str, Any], **more: Any) -> dict[str, Any]:
    return policy(IS_STORAGE, "modify", details={"operations": list(operations), **more})


def _operation(kind: str, field: str, value: Any = None, **more: Any) -> dict[str, Any]:
    return {"operation": kind, "field": field, **({} if kind == "Remove" else {"value": value}), **more}


@pytest.mark.parametrize(
    ("operation", "body", "says"),
    [
        (_operation("addOrReplace", "tags['env']", "prod"), {}, "sets tags['env'] to 'prod' (it is absent)"),
        (
            _operation("addOrReplace", "tags['env']", "prod"),
            {"tags": {"ENV": "x"}},
            "sets tags['env'] to 'prod' (it is 'x')",
        ),
        (_operation("AddOrReplace", "tags['env']", "prod"), {"tags": {"env": "Prod"}}, None),
        (
            _operation("add", "tags['env']", "prod"),
            {"tags": {"env": "x"}},
            "leaves tags['env'] alone, as it is 'x' already",
        ),
        (
            _operation("add", "tags['env']", "prod"),
            {"tags": UNKNOWN},
            "may set tags['env'] to 'prod' (it is [unknown])",
        ),
        (_operation("Remove", "tags['env']"), {"tags": {"env": "x"}}, "removes tags['env'] (it is 'x')"),
        (_operation("Remove", "tags['env']"), {}, None),
        (
            _operation("addOrReplace", f"{STORAGE}/allowBlobPublicAccess", value=False),
            {"properties": {"allowBlobPublicAccess": True}},
            "sets properties.allowBlobPublicAccess to false (it is true)",
        ),
        (
            _operation("addOrReplace", f"{STORAGE}/allowBlobPublicAccess", value=False),
            {"properties": {"allowBlobPublicAccess": "False"}},
            None,
        ),
        (
            _operation("addOrReplace", f"{STORAGE}/networkAcls.defaultAction", "Deny"),
            {"properties": {}},
            "leaves properties.networkAcls.defaultAction alone, as properties.networkAcls is absent",
        ),
        (
            _operation("add", f"{STORAGE}/networkAcls.ipRules[*]", {"value": "1"}),
            {"properties": {"networkAcls": {}}},
            "adds the item of properties.networkAcls.ipRules[*] {'value': '1'}",
        ),
        (
            _operation("addOrReplace", f"{STORAGE}/networkAcls.ipRules[*]", {"value": "1"}),
            {"properties": {"networkAcls": {"ipRules": []}}},
            "makes its only item of properties.networkAcls.ipRules[*] {'value': '1'}",
        ),
        (
            _operation("addOrReplace", f"{STORAGE}/networkAcls.ipRules[*].action", "Allow"),
            {"properties": {"networkAcls": {"ipRules": [{"action": "Allow"}, {"action": "Deny"}]}}},
            "sets properties.networkAcls.ipRules[*].action to 'Allow' (it is 'Deny')",
        ),
        (
            _operation("addOrReplace", f"{STORAGE}/networkAcls.ipRules[*].action", "Allow"),
            {"properties": {"networkAcls": {"ipRules": UNKNOWN}}},
            "may set properties.networkAcls.ipRules[*].action to 'Allow' (what is there is not known)",
        ),
        (_operation("add", "tags.x", 1, condition="[equals(1, 2)]"), {}, None),
        (_operation("add", "tags.x", 1, condition="[less(1, 2)]"), {}, "sets tags['x'] to 1 (it is absent)"),
        (
            _operation("add", "tags.x", 1, condition="[equals(requestContext().identity, 1)]"),
            {},
            "may change tags['x'] to 1: whether [equals(requestContext().identity, 1)] is not known",
        ),
        (_operation("add", "identity", {"type": "None"}), {}, "sets identity to {'type': 'None'} (it is absent)"),
        (_operation("add", "location", "x"), {}, "sets location to 'x' (it is absent)"),
        (
            _operation("add", "[concat('tags[', field('kind'), ']')]", "x"),
            {"kind": "k"},
            "sets tags['k'] to 'x' (it is absent)",
        ),
        (
            _operation("add", "[concat('tags[', field('kind'), ']')]", "x"),
            {"kind": UNKNOWN},
            "changes [concat('tags[', field('kind'), ']')], which is not known before the update",
        ),
    ],
)
def test_modify(operation: dict[str, Any], body: dict[str, Any], says: str | None) -> None:
    found = asked(_modify(operation), resource(STORAGE, body))
    assert (found.state, found.effect) == ("non_compliant", "Modify")
    assert [each.says for each in found.changes] == ([] if says is None else [says])
    assert [each for each in found.reasons if each.startswith("Azure ")] == ([] if says is None else [f"Azure {says}"])


def test_modify_of_the_identity_is_for_machines() -> None:
    found = asked(_modify(_operation("add", "identity.type", "SystemAssigned")), resource(STORAGE))
    assert (found.state, found.reasons) == (
        "not_applicable",
        ("it changes the identity, which is done for virtual machines only",),
    )
    machine = "Microsoft.Compute/virtualMachines"
    document = policy(
        {"field": "type", "equals": machine},
        "modify",
        details={"operations": [_operation("add", "identity.type", "X")]},
    )
    assert asked(document, resource(machine)).state == "non_compliant"


def test_a_condition_that_is_no_boolean_fails() -> None:
    found = asked(_modify(_operation("add", "tags.x", 1, condition="yes")), resource(STORAGE))
    (reason,) = found.reasons
    assert reason.startswith(
        "the evaluation fails, which Azure takes for a denial: policyRule.then.details.operations[0].condition"
    )
    assert reason.endswith(": comes to 'yes'; true or false is needed")


@pytest.mark.parametrize(
    ("details", "body", "says", "denied"),
    [
        ([{"field": "tags.x", "value": 1}], {}, "sets tags['x'] to 1 (it is absent)", False),
        ([{"field": "tags.x", "value": "a"}], {"tags": {"x": "A"}}, None, False),
        (
            [{"field": "tags.x", "value": 1}],
            {"tags": {"x": "2"}},
            "refuses the request: tags['x'] is '2', and 1 would be appended",
            True,
        ),
        (
            [{"field": f"{STORAGE}/networkAcls.ipRules[*]", "value": {"value": "1"}}],
            {"properties": {"networkAcls": {"ipRules": [1]}}},
            "adds the item of properties.networkAcls.ipRules[*] {'value': '1'}",
            False,
        ),
    ],
)
def test_append(details: Any, body: dict[str, Any], says: str | None, *, denied: bool) -> None:
    found = asked(policy(IS_STORAGE, "append", details=details), resource(STORAGE, body))
    assert (found.state, found.effect) == ("non_compliant", "Append")
    assert [(each.says, each.denied) for each in found.changes] == ([] if says is None else [(says, denied)])


def test_conflicts_between_what_policies_set(tmp_path: Path) -> None:
    documents = [
        policy(
            IS_STORAGE,
            "modify",
            name=name,
            displayName=name,
            details={"operations": [_operation("addOrReplace", "tags.env", value)], "conflictEffect": effect},
        )
        for name, value, effect in (("one", "a", "deny"), ("two", "b", "audit"), ("three", "a", "disabled"))
    ]
    found = {
        each.policy.name: each.reasons
        for each in evaluate(library(tmp_path, documents), Stack([resource(STORAGE)]), NOW)
    }
    assert found["one"][-1] == "conflicts with 'two', which sets tags['env'] to 'b'; its conflict effect is deny"
    assert found["two"][-1] == (
        "conflicts with 'one', which sets tags['env'] to 'a', 'three', which sets tags['env'] to 'a'; its conflict effect is audit"
    )
    assert found["three"][-1] == "conflicts with 'two', which sets tags['env'] to 'b'; its conflict effect is disabled"


@pytest.mark.parametrize("effect", ["audit", "Deny", "MODIFY", "append"])
def test_states_of_plain_effects(effect: str) -> None:
    details: Any = (
        {"operations": [_operation("add", "tags.x", 1)]} if effect == "MODIFY" else [{"field": "tags.x", "value": 1}]
    )
    condition = {"allOf": [IS_STORAGE, {"field": "tags.y", "exists": False}]}
    document = policy(condition, effect, details=None if effect in ("audit", "Deny") else details)
    assert asked(document, resource(STORAGE)).state == "non_compliant"
    assert asked(document, resource(STORAGE, {"tags": {"y": "1"}})).state == "compliant"
    assert asked(document, resource(STORAGE, {"tags": UNKNOWN})).state == "undecided"
    assert asked(document, resource(VAULT)).state == "not_applicable"


def test_disabled_is_not_asked() -> None:
    found = asked(policy({"field": "tags", "exists": False}, "disabled"), resource(STORAGE))
    assert (found.state, found.reasons) == ("not_applicable", ("the effect is Disabled",))


@pytest.mark.parametrize(
    ("effect", "why"),
    [
        ("manual", "Manual is not decided here: somebody attests it in Azure"),
        ("denyAction", "DenyAction is not decided here: it refuses deletions, which are not looked at here"),
        ("addToNetworkGroup", "AddToNetworkGroup is not decided here: Azure Virtual Network Manager acts on it"),
        ("mutate", "Mutate is not decided here: it changes what a Kubernetes cluster is asked to run"),
    ],
)
def test_effects_that_are_not_decided(effect: str, why: str) -> None:
    document = policy(
        {"allOf": [IS_STORAGE, {"field": "kind", "equals": "k"}]}, effect, details={"actionNames": ["delete"]}
    )
    found = asked(document, resource(STORAGE, {"kind": "k"}))
    assert (found.state, found.reasons) == ("undecided", (f"the effect {why}",))
    assert asked(document, resource(STORAGE, {"kind": "other"})).state == "not_applicable"
    assert asked(document, resource(VAULT)).state == "not_applicable"


def test_what_is_said(tmp_path: Path) -> None:
    """The assignment's own message where it has one, otherwise the policy's name with the reasons."""
    plain = evaluate(
        in_memory(policy({"field": "tags.x", "exists": False}, "deny")), Stack([resource(WORKSPACE)]), NOW
    )[0]
    assert plain.message == "A test: tags.x is absent (exists false)"
    own = assignment("test-policy", nonComplianceMessages=[{"message": "Give it a tag."}])
    found = library(tmp_path, policy({"field": "tags.x", "exists": False}, "deny"), own)
    (one,) = evaluate(found, Stack([resource(WORKSPACE)]), NOW)
    assert (one.message, one.reasons) == ("Give it a tag.", ("tags.x is absent (exists false)",))
    (good,) = evaluate(found, Stack([resource(WORKSPACE, {"tags": {"x": "1"}})]), NOW)
    assert good.message == "A test: tags.x is '1' (exists false)"
