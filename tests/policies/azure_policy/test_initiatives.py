# SPDX-License-Identifier: Apache-2.0
"""Initiatives: what they pass on to their policies, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

from tests.policies.azure_policy.assigning import ANY, LIST, TAGGED, asked, member, problems
from tests.policies.azure_policy.making import (
    STORAGE,
    assignment,
    initiative,
    library,
    policy,
    resource,
)


def test_values_go_through_an_initiative(tmp_path: Path) -> None:
    two = initiative(
        member("p", "first", wanted="[parameters('tags')]"),
        member("p", "second", wanted=["[concat('', parameters('one'))]", "[[c]"]),
        parameters={"tags": {"type": "Array", "defaultValue": ["a"]}, "one": {"type": "String"}},
    )
    row = policy(TAGGED, "deny", name="p", parameters={"wanted": {"type": "Array"}})
    given = assignment("test-set", {"one": "b"})
    found = asked(tmp_path, [row, two, given], resource(STORAGE, {"tags": {"x": "b"}}))
    assert [(each.reference, each.state) for each in found] == [("first", "non_compliant"), ("second", "compliant")]
    (one,) = [
        each for each in asked(tmp_path, [], resource(STORAGE, {"tags": {"x": "[c]"}})) if each.reference == "second"
    ]
    assert one.state == "compliant"


def test_values_of_an_initiative_are_computed(tmp_path: Path) -> None:
    condition = {"field": "tags.x", "equals": "[parameters('wanted').name]"}
    row = policy(condition, "deny", name="p", parameters={"wanted": {"type": "Object"}})
    two = initiative(
        member("p", "first", wanted={"name": "[parameters('one')]", "more": 1}),
        member("p", "second", wanted={"name": "[[b]"}),
        parameters={"one": {"type": "String"}},
    )
    found = asked(tmp_path, [row, two, assignment("test-set", {"one": "b"})], resource(STORAGE, {"tags": {"x": "b"}}))
    assert [(each.reference, each.state) for each in found] == [("first", "non_compliant"), ("second", "compliant")]
    missing = initiative(member("p", "a", wanted="[parameters(concat('on', 'e'))]"))
    ((at, says),) = problems(tmp_path, row, missing, assignment("test-set"))
    assert at == "policyDefinitions[0].parameters.wanted.value"
    assert "there is no parameter 'one'" in says


def test_groups_of_an_initiative(tmp_path: Path) -> None:
    grouped = {**member("p"), "groupNames": ["ns-1"]}
    row = policy(ANY, name="p")
    found = library(tmp_path, row, initiative(grouped, policyDefinitionGroups=[{"name": "ns-1"}]))
    assert [each.groups for each in found.policies] == [("ns-1",)]
    broken = initiative({**grouped, "groupNames": ["ns-2"]}, policyDefinitionGroups=[{"name": "ns-1"}, {"title": "x"}])
    assert problems(tmp_path, row, broken) == [
        ("policyDefinitionGroups[1]", "is {'title': 'x'}; an object with a name is needed"),
        (
            "policyDefinitions[0].groupNames[0]",
            "is 'ns-2', which policyDefinitionGroups does not have; there are: ns-1; did you mean 'ns-1'?",
        ),
    ]


def test_initiatives_that_are_wrong(tmp_path: Path) -> None:
    row = policy(TAGGED, name="p", parameters={"wanted": LIST})
    assert problems(tmp_path, row, initiative())[0] == (
        "policyDefinitions",
        "is []; an array with one policy or more is needed",
    )
    members = [
        member("p", "a", wanted=["a"]),
        member("p", "A", wanted=["a"]),
        {"policyDefinitionId": ""},
        {**member("p", "c"), "parameters": {"wanted": ["a"]}},
        {**member("p", "d"), "parameters": "x"},
        member("p", "e", wanted="[field('name')]"),
    ]
    assert problems(tmp_path, row, initiative(*members)) == [
        ("policyDefinitions[2].policyDefinitionId", "is ''; the id of a policy is needed"),
        ("policyDefinitions[3].parameters.wanted", "is ['a']; an object with a value is needed"),
        ("policyDefinitions[4].parameters", "is 'x'; an object with a value by name of the parameter is needed"),
        ("policyDefinitions[5].parameters.wanted.value", "calls 'field', which can not be called here"),
        (
            "policyDefinitions[1].policyDefinitionReferenceId",
            "is 'A', as that of policyDefinitions[0]; each policy needs one of its own",
        ),
    ]
    unfit = initiative(
        member("p", "a", wanted=["d"]),
        member("q", "b"),
        member("p", "c", wnted=["a"]),
        member("p", "d", wanted="[first(1)]"),
    )
    assert problems(tmp_path, row, unfit) == [
        (
            "policyDefinitions[0].parameters.wanted.value",
            "is 'd'; one of 'a', 'b', 'c' is needed, in that letter case",
        ),
        (
            "policyDefinitions[1].policyDefinitionId",
            "is '/providers/Microsoft.Authorization/policyDefinitions/q', which is not among the loaded files",
        ),
        (
            "policyDefinitions[2].parameters.wnted",
            "is no parameter of the policy 'A test'; there are: wanted; did you mean 'wanted'?",
        ),
        (
            "policyDefinitions[2].parameters",
            "the parameter 'wanted' of the policy 'A test' is missing; it has no default",
        ),
        (
            "policyDefinitions[3].parameters.wanted.value",
            "column 2: argument 1 of first is the int 1; string or array is expected (in first(1))",
        ),
    ]
