# SPDX-License-Identifier: Apache-2.0
"""What nobody can know before the update, or what a file says in a wrong word, never lets a resource through without a word."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from groundplan_policies.arm_template import read_template
from groundplan_policies.azure_policy import evaluate, load, rules
from groundplan_policies.azure_policy.errors import PolicyError
from groundplan_policies.resource import Resource
from groundplan_policies.stack import Stack
from groundplan_policies.values import Undecided
from tests.policies.azure_policy.assigning import ANY, problems
from tests.policies.azure_policy.making import (
    GROUP,
    NOW,
    STORAGE,
    SUBSCRIPTION,
    assignment,
    initiative,
    library,
    policy,
    resource,
)

ROOT = "/providers/Microsoft.Management/managementGroups/root"
OTHER = "/providers/Microsoft.Management/managementGroups/other"


def _state(folder: Path, *documents: Any, one: Resource | None = None) -> str:
    (found,) = evaluate(library(folder, policy(ANY), *documents), Stack((one or resource(STORAGE),)), NOW)
    return found.state


def _exemption(scope: str, of: str, **more: Any) -> dict[str, Any]:
    return {
        "id": f"{scope}/providers/Microsoft.Authorization/policyExemptions/e",
        "name": "e",
        "properties": {"policyAssignmentId": of, "exemptionCategory": "Waiver", **more},
    }


@pytest.mark.parametrize(
    ("scope", "known", "state"),
    [
        (OTHER, True, "undecided"),
        (OTHER, False, "undecided"),
        (f"/subscriptions/{SUBSCRIPTION}", True, "not_applicable"),
        (f"/subscriptions/{SUBSCRIPTION}", False, "undecided"),
        ("/subscriptions/22222222-2222-2222-2222-222222222222", True, "non_compliant"),
        (GROUP, True, "not_applicable"),
    ],
)
def test_what_takes_out_needs_to_be_known(scope: str, known: bool, state: str, tmp_path: Path) -> None:
    """A management group or a subscription that nobody can compare takes nothing out of an assignment."""
    one = resource(STORAGE, known=known)
    given = assignment("test-policy", scope=ROOT, notScopes=[scope])
    assert _state(tmp_path, given, one=one) == state
    exempt = _exemption(scope, assignment("test-policy")["id"])
    assert _state(tmp_path, assignment("test-policy", scope=ROOT), exempt, one=one) == state


def test_what_complies_needs_no_scope(tmp_path: Path) -> None:
    """However it lies, there is nothing to tell."""
    fine = resource(STORAGE, {"tags": {"x": "1"}})
    assert _state(tmp_path, assignment("test-policy", scope=ROOT, notScopes=[OTHER]), one=fine) == "compliant"


def test_an_exemption_is_for_one_assignment(tmp_path: Path) -> None:
    """Assignments of the same name at two management groups are two."""
    ids = [f"{each}/providers/Microsoft.Authorization/policyAssignments/a" for each in (ROOT, OTHER)]
    rows = [assignment("test-policy", name="a") | {"id": each} for each in ids]
    exempt = _exemption(GROUP, ids[1].upper())
    found = evaluate(library(tmp_path, policy(ANY), *rows, exempt), Stack((resource(STORAGE),)), NOW)
    assert {each.assignment.id: each.state for each in found} == {ids[0]: "non_compliant", ids[1]: "not_applicable"}


@pytest.mark.parametrize(
    "value",
    [
        "[subscription().tags['env']]",
        "[subscription().tags.env]",
        "[contains(subscription().tags, 'env')]",
        "[subscription().state]",
        "[subscription().displayName]",
    ],
)
def test_the_subscription_is_not_known(value: str, tmp_path: Path) -> None:
    """Its tags and its state are neither absent nor a reason to fail."""
    condition = {"allOf": [{"field": "type", "equals": STORAGE}, {"value": value, "notEquals": "x"}]}
    (found,) = evaluate(library(tmp_path, policy(condition)), Stack((resource(STORAGE),)), NOW)
    assert found.state == "undecided"


def _template(**more: Any) -> dict[str, Any]:
    row = {"type": STORAGE, "apiVersion": "2018-07-01", "name": "st", "location": "westeurope", **more}
    schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
    parameters = {"version": {"type": "string"}, "known": {"type": "string", "defaultValue": "2017-01-01"}}
    return {"$schema": schema, "contentVersion": "1.0.0.0", "parameters": parameters, "resources": [row]}


@pytest.mark.parametrize(
    ("version", "state"),
    [
        ("2018-07-01", "non_compliant"),
        ("2024-01-01", "compliant"),
        ("[parameters('known')]", "non_compliant"),
        ("[parameters('version')]", "undecided"),
    ],
)
def test_a_template_names_its_api_version(version: str, state: str, tmp_path: Path) -> None:
    """`requestContext().apiVersion` is the one that the request is made with, not the newest."""
    old = {"value": "[requestContext().apiVersion]", "less": "2019-04-01"}
    condition = {"allOf": [{"field": "type", "equals": STORAGE}, old]}
    found = read_template(_template(apiVersion=version)).resources
    (one,) = evaluate(library(tmp_path, policy(condition)), Stack(tuple(found)), NOW)
    assert one.state == state


@pytest.mark.parametrize(
    "condition",
    [
        {"value": "[resourceGroup().name]", "like": "*netrg"},
        {"value": "[resourceGroup().id]", "like": "*netrg"},
        {"field": "id", "like": "/subscriptions/1*"},
        {"field": "id", "contains": "/resourceGroups/rg"},
    ],
)
def test_a_template_has_no_resource_group_of_its_own(condition: dict[str, Any], tmp_path: Path) -> None:
    """Where nobody says which it is deployed to; what is known is decided."""
    made = policy({"allOf": [{"field": "type", "equals": STORAGE}, condition]})
    (nowhere,) = evaluate(library(tmp_path, made), Stack(tuple(read_template(_template()).resources)), NOW)
    assert nowhere.state == "undecided"
    (somewhere,) = evaluate(
        library(tmp_path, made), Stack(tuple(read_template(_template(), subscription=SUBSCRIPTION).resources)), NOW
    )
    assert somewhere.state == "undecided"
    given = read_template(_template(), subscription=SUBSCRIPTION, resource_group="rg-netrg").resources
    (there,) = evaluate(library(tmp_path, made), Stack(tuple(given)), NOW)
    assert there.state == "non_compliant"


def test_an_assignment_to_a_group_over_a_template(tmp_path: Path) -> None:
    """It may be for the template's resources, and may not."""
    found = read_template(_template()).resources
    assert _state(tmp_path, assignment("test-policy", scope=GROUP), one=found[0]) == "undecided"


def test_what_is_denied_in_one_place_is_told_in_others(tmp_path: Path) -> None:
    """A level is that of a rule: only what Azure would deny stops an update."""
    effects = {"effect": {"type": "String", "defaultValue": "Audit"}}
    made = policy(ANY, then={"effect": "[parameters('effect')]"}, parameters=effects)
    north = {"kind": "resourceLocation", "in": ["northeurope"]}
    override = {"kind": "policyEffect", "value": "Deny", "selectors": [north]}
    deny, audit = rules(library(tmp_path, made, assignment("test-policy", overrides=[override])), NOW)
    assert (deny.severity, audit.severity) == ("high", "medium")
    assert (audit.id, audit.slug) == (f"{deny.id}-AUDIT", f"{deny.slug}-audit")
    for location, denied, told in (("northeurope", 1, 0), ("westeurope", 0, 1)):
        stack = Stack((resource(STORAGE, {"location": location}),))
        counts = [len(list(each.check(stack.resources[0], stack))) for each in (deny, audit)]  # type: ignore[call-arg]
        assert counts == [denied, told]
    nowhere = Stack((resource(STORAGE, {}, known=False),))
    unknown = read_template(_template(location="[parameters('version')]")).resources[0]
    assert list(audit.check(unknown, nowhere)) == []  # type: ignore[call-arg]
    with pytest.raises(Undecided):
        list(deny.check(unknown, nowhere))  # type: ignore[call-arg]


def test_wrong_words_in_selectors(tmp_path: Path) -> None:
    """They would select everything."""
    crooked = assignment(
        "test-policy",
        resourceSelectors=[{"selector": []}, {"name": "all"}],
        overrides={"kind": "policyEffect"},
        nonComplianceMessages="no",
    )
    assert problems(tmp_path, policy(ANY), crooked) == [
        ("nonComplianceMessages", "is 'no'; an array is needed"),
        ("overrides", "is {'kind': 'policyEffect'}; an array is needed"),
        (
            "resourceSelectors[0]",
            "has 'selector', which is not known here; there are: name, selectors; did you mean 'selectors'?",
        ),
        ("resourceSelectors[0].selectors", "is absent; an array with selectors is needed"),
        ("resourceSelectors[1].selectors", "is absent; an array with selectors is needed"),
    ]


def test_what_cannot_be_in_force_by_itself_is_told(tmp_path: Path) -> None:
    """As `az policy definition list` prints it: the rest is in force."""
    needed = policy(ANY, name="needed", displayName="Needs a tag", parameters={"tagName": {"type": "String"}})
    found = library(tmp_path, policy(ANY), needed)
    assert [each.definition.name for each in found.policies] == ["test-policy"]
    (said,) = found.idle
    assert said.startswith("'Needs a tag' of ")
    assert said.endswith("001.json is not in force: nobody assigns it, and these parameters have no default: 'tagName'")
    given = library(tmp_path, policy(ANY), needed, assignment("needed", {"tagName": "a"}))
    assert (len(given.policies), given.idle) == (2, ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 20_000, "is nested too deep"),
        (json.dumps(policy(ANY, displayName="\ud800")), "has half of a character in a text"),
    ],
)
def test_files_that_no_reader_can_take(text: str, said: str, tmp_path: Path) -> None:
    """In words, with the file."""
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError, match=rf"a\.json: {said}"):
        load(tmp_path / "a.json")


def test_group_names_that_are_no_list(tmp_path: Path) -> None:
    """Of a policy of an initiative."""
    member = {"policyDefinitionId": policy(ANY)["id"], "groupNames": 1}
    assert problems(tmp_path, policy(ANY), initiative(member)) == [
        ("policyDefinitions[0].groupNames", "is 1; an array is needed")
    ]


def test_both_halves_of_a_character_are_one(tmp_path: Path) -> None:
    """As JSON writes what is beyond 16 bits."""
    (tmp_path / "a.json").write_text(json.dumps(policy(ANY, displayName="\U0001f600 tags")), encoding="utf-8")
    assert load(tmp_path).definitions[0].title == "\U0001f600 tags"


def test_nearly_a_property(tmp_path: Path) -> None:
    """It would be left out without a word; what Azure prints beside is known."""
    wrong = assignment(
        "test-policy", notScope=[GROUP], resourceSelector=[], Overrides=[], latestDefinitionVersion="1.0.0"
    )
    exempt = _exemption(
        GROUP,
        assignment("test-policy")["id"],
        expireOn="2027-01-01",
        expiresOn=None,
        assignmentScopeValidation="Default",
    )
    right = assignment(
        "test-policy", name="right", description="x", metadata={}, instanceId="1", assignmentType="Custom"
    )
    assert problems(tmp_path, policy(ANY), wrong, right, exempt) == [
        ("notScope", "is no property that is known here; did you mean 'notScopes'?"),
        ("resourceSelector", "is no property that is known here; did you mean 'resourceSelectors'?"),
        ("Overrides", "is no property that is known here; did you mean 'overrides'?"),
        ("expireOn", "is no property that is known here; did you mean 'expiresOn'?"),
    ]
