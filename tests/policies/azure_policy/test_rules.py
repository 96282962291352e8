# SPDX-License-Identifier: Apache-2.0
"""Policies in force as rules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from groundplan_policies.azure_policy import PolicyUndecided, rules
from groundplan_policies.evaluate import Finding, ask, ask_each
from groundplan_policies.rule import Rule
from groundplan_policies.stack import Stack
from groundplan_policies.values import SECRET, UNKNOWN
from tests.policies.azure_policy.making import (
    GROUPS,
    NOW,
    STORAGE,
    VAULT,
    WORKSPACE,
    assignment,
    in_memory,
    initiative,
    library,
    policy,
    resource,
)

DEFINITIONS = Path(__file__).parent / "definitions"
ANY = {"field": "tags.x", "exists": False}
DOCUMENT = json.loads((DEFINITIONS / "workspace_public_access.json").read_text())


def _findings(rule: Rule, body: Any, type_: str = WORKSPACE) -> list[Finding]:
    one = resource(type_, body)
    return list(ask(rule, one, Stack([one])))


def test_a_rule(tmp_path: Path) -> None:
    (rule,) = rules(library(tmp_path, DOCUMENT), NOW)
    assert (rule.id, rule.slug) == ("AZ-438C38D2", "workspaces-are-closed-to-the-public-internet")
    assert (rule.severity, rule.types) == ("medium", (WORKSPACE,))
    assert rule.controls == ("aml-ws-public-access",)
    assert rule.title == "Workspaces are closed to the public internet"
    assert rule.rationale == "Workspaces are closed to the public internet."
    assert (
        rule.remediation == "Change what the message names, so that the conditions of the policy do not hold any more."
    )
    (found,) = _findings(rule, {"properties": {"publicNetworkAccess": "Enabled"}})
    assert (found.verdict, found.path) == ("violation", "properties.publicNetworkAccess")
    assert found.message == "properties.publicNetworkAccess is 'Enabled' (notEquals 'Disabled') [effect Audit]"
    assert _findings(rule, {"properties": {"publicNetworkAccess": "Disabled"}}) == []


def test_undecided_is_undecided(tmp_path: Path) -> None:
    (rule,) = rules(library(tmp_path, DOCUMENT), NOW)
    (found,) = _findings(rule, {"properties": {"publicNetworkAccess": UNKNOWN}})
    assert (found.verdict, found.path, found.secret) == ("undecided", "properties.publicNetworkAccess", False)
    assert found.message == "can not be decided: properties.publicNetworkAccess is not known before the update"
    (hidden,) = _findings(rule, {"properties": {"publicNetworkAccess": SECRET}})
    assert hidden.secret
    (manual,) = rules(in_memory(policy(ANY, "manual")), NOW)
    with pytest.raises(PolicyUndecided, match="the effect Manual is not decided here: somebody attests it in Azure"):
        list(manual.check(resource(STORAGE), Stack([])))


def test_own_messages_come_first(tmp_path: Path) -> None:
    given = assignment(DOCUMENT["id"], {"effect": "Deny"}, nonComplianceMessages=[{"message": "Close it."}])
    (rule,) = rules(library(tmp_path, DOCUMENT, given), NOW)
    assert rule.severity == "high"
    (found,) = _findings(rule, {})
    assert found.message == "Close it. (properties.publicNetworkAccess is absent (notEquals 'Disabled')) [effect Deny]"


def test_two_assignments_of_one_definition(tmp_path: Path) -> None:
    """Each has an id and a slug of its own, which stay when a third comes."""
    rows = [assignment(DOCUMENT["id"], {"effect": effect}, name=effect.lower()) for effect in ("Audit", "Deny")]
    first = rules(library(tmp_path, DOCUMENT, *rows), NOW)
    assert len({each.id for each in first}) == len({each.slug for each in first}) == 2
    assert all(each.id.startswith("AZ-438C38D2-") for each in first)
    third = rules(library(tmp_path, DOCUMENT, *rows, assignment(DOCUMENT["id"], name="third")), NOW)
    assert {each.id for each in first} < {each.id for each in third}
    assert [each.severity for each in first] == ["medium", "high"]


def test_one_definition_twice_in_an_initiative(tmp_path: Path) -> None:
    members = [{"policyDefinitionId": DOCUMENT["id"], "policyDefinitionReferenceId": name} for name in ("a", "b")]
    found = rules(library(tmp_path, DOCUMENT, initiative(*members)), NOW)
    assert len({each.id for each in found}) == len({each.slug for each in found}) == 2


def test_one_name_for_two_definitions(tmp_path: Path) -> None:
    documents = [policy(ANY, name=name, displayName="Same name") for name in ("one", "two")]
    found = rules(library(tmp_path, *documents), NOW)
    assert len({each.slug for each in found}) == 2
    assert len({each.id for each in found}) == 2


@pytest.mark.parametrize(
    ("effect", "severity"),
    [("deny", "high"), ("audit", "medium"), ("Append", "medium"), ("manual", "low"), ("denyAction", "low")],
)
def test_severities(effect: str, severity: str) -> None:
    details = [{"field": "tags.x", "value": 1}] if effect == "Append" else None
    (rule,) = rules(in_memory(policy(ANY, effect, details=details)), NOW)
    assert rule.severity == severity


def test_what_is_not_enforced_weighs_little(tmp_path: Path) -> None:
    given = assignment("test-policy", enforcementMode="DoNotEnforce")
    (rule,) = rules(library(tmp_path, policy(ANY, "deny"), given), NOW)
    assert rule.severity == "low"


def test_disabled_policies_are_no_rules(tmp_path: Path) -> None:
    assert rules(in_memory(policy(ANY, "disabled")), NOW) == []
    off = {"kind": "policyEffect", "value": "Disabled"}
    west = [{"kind": "resourceLocation", "in": ["westeurope"]}]
    given = assignment("test-policy", overrides=[{**off, "selectors": west}], name="west")
    everywhere = assignment("test-policy", overrides=[off], name="everywhere")
    (rule,) = rules(library(tmp_path, policy(ANY, "deny"), given, everywhere), NOW)
    assert rule.severity == "high"
    assert _findings(rule, {"location": "West Europe"}) == []
    assert [each.verdict for each in _findings(rule, {"location": "eastus"})] == ["violation"]


@pytest.mark.parametrize(
    ("condition", "types"),
    [
        ({"field": "type", "equals": STORAGE}, (STORAGE,)),
        ({"allOf": [{"field": "type", "in": [VAULT, STORAGE]}, ANY]}, (VAULT, STORAGE)),
        (
            {"anyOf": [{"field": "type", "equals": VAULT}, {"allOf": [{"field": "type", "equals": STORAGE}, ANY]}]},
            (VAULT, STORAGE),
        ),
        ({"anyOf": [{"field": "type", "equals": VAULT}, ANY]}, ("*",)),
        ({"not": {"field": "type", "equals": VAULT}}, ("*",)),
        ({"field": "type", "like": "Microsoft.*"}, ("*",)),
        ({"field": "type", "equals": "[field('name')]"}, ("*",)),
        ({"field": "type", "equals": "Microsoft.Resources/subscriptions/resourceGroups"}, (GROUPS,)),
        (ANY, ("*",)),
    ],
)
def test_types(condition: Any, types: tuple[str, ...]) -> None:
    (rule,) = rules(in_memory(policy(condition)), NOW)
    assert rule.types == types


def test_types_out_of_parameters() -> None:
    parameters = {"types": {"type": "Array", "defaultValue": [VAULT]}}
    (rule,) = rules(in_memory(policy({"field": "type", "in": "[parameters('types')]"}, parameters=parameters)), NOW)
    assert rule.types == (VAULT,)


def test_names(tmp_path: Path) -> None:
    titles = {
        "Should be 1st.": "should-be-1st",
        "3 tags": "policy-3-tags",
        "Ünsichtbar": "nsichtbar",
        "": "some-name",
        "!": "policy",
        "word " * 40: "-".join(["word"] * 14),
        "x" * 200: "x" * 72,
    }
    for title, slug in titles.items():
        (rule,) = rules(in_memory(policy(ANY, name="some-name", displayName=title)), NOW)
        assert rule.slug == slug
        assert rule.id == rules(in_memory(policy(ANY, name="SOME-NAME")), NOW)[0].id
        assert not rule.title.endswith((".", " "))


def test_where_it_comes_from(tmp_path: Path) -> None:
    row = policy(ANY)
    assert rules(in_memory(row), NOW)[0].rationale == "Azure Policy asks for it: the policy 'test-policy'."
    found = rules(library(tmp_path, row, initiative({"policyDefinitionId": "test-policy"})), NOW)
    assert found[0].rationale == "Azure Policy asks for it: the initiative 'A set'."
    found = rules(library(tmp_path, row, assignment("test-policy", displayName="All of us")), NOW)
    assert found[0].rationale == "Azure Policy asks for it: the assignment 'All of us'."
    modify = policy(ANY, "modify", details={"operations": [{"operation": "add", "field": "tags.x", "value": "1"}]})
    assert rules(in_memory(modify), NOW)[0].remediation.startswith("Write into the program what Azure would change")


def test_with_other_rules_over_a_stack(tmp_path: Path) -> None:
    found = rules(library(tmp_path, DOCUMENT, policy(ANY, "deny")), NOW)
    stack = Stack([resource(WORKSPACE), resource(STORAGE, {"tags": {"x": "1"}})])
    told = [(each.rule.id, each.resource.type, each.verdict) for each in ask_each(found, stack)]
    assert told == [("AZ-438C38D2", WORKSPACE, "violation"), (found[1].id, WORKSPACE, "violation")]
