# SPDX-License-Identifier: Apache-2.0
"""Initiatives, assignments and exemptions: what is in force where, with which values and which effect."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from groundplan_policies.azure_policy.effects import EFFECTS
from groundplan_policies.resource import Resource
from groundplan_policies.values import UNKNOWN
from tests.policies.azure_policy.assigning import ANY, LIST, TAGGED, asked, member, problems
from tests.policies.azure_policy.making import (
    GROUP,
    GROUPS,
    STORAGE,
    SUBSCRIPTION,
    VAULT,
    assignment,
    initiative,
    policy,
    resource,
)

MANAGEMENT = "/providers/Microsoft.Management/managementGroups/root"
BLOBS = f"{STORAGE}/blobServices"
_KINDS = "resourceLocation, resourceType, resourceWithoutLocation, userPrincipalId, groupPrincipalId"


def _state(folder: Path, given: dict[str, Any], *resources: Resource) -> str:
    (found,) = asked(folder, [policy(ANY, "deny"), given], *resources)
    return found.state


def test_assignments_that_are_wrong(tmp_path: Path) -> None:
    row = policy(TAGGED, name="p", parameters={"wanted": LIST})
    missing = assignment("/x/policyDefinitions/pp", name="a")
    unfit = assignment("p", {"wanted": "a", "other": 1}, name="b")
    assert problems(tmp_path, row, missing, unfit) == [
        (
            "policyDefinitionId",
            "is '/x/policyDefinitions/pp', which is not among the loaded files; did you mean 'p'?",
        ),
        ("parameters.wanted.value", "is 'a'; an array is needed, the type of the parameter is Array"),
        ("parameters.other", "is no parameter of the policy 'A test'; there are: wanted"),
    ]
    crooked = assignment(
        "p",
        name="c",
        enforcementMode="Never",
        notScopes="x",
        nonComplianceMessages=[{"text": 1}],
        resourceSelectors=[{"selectors": [{"kind": "location", "in": ["x"]}, {"kind": "resourceType"}, "x"]}, "x"],
        overrides=[{"kind": "effect", "value": "audt", "selectors": {}}],
    )
    assert problems(tmp_path, row, crooked, assignment("p", {"wanted": ["a"]}, name="b")) == [
        ("notScopes", "is 'x'; an array of texts is needed"),
        ("enforcementMode", "is 'Never'; one of Default, DoNotEnforce, Enroll is needed"),
        (
            "nonComplianceMessages[0]",
            "has 'text', which is not known here; there are: message, policyDefinitionReferenceId",
        ),
        ("nonComplianceMessages[0].message", "is absent; a text is needed"),
        (
            "overrides[0].kind",
            "is 'effect'; one of policyEffect, policyVersion is needed; did you mean 'policyEffect'?",
        ),
        (
            "overrides[0].value",
            f"is 'audt'; one of {', '.join(EFFECTS)} is needed; did you mean 'Audit'?",
        ),
        ("overrides[0].selectors", "is {}; an array is needed"),
        (
            "resourceSelectors[0].selectors[0].kind",
            f"is 'location'; one of {_KINDS} is needed; did you mean 'resourceLocation'?",
        ),
        ("resourceSelectors[0].selectors[1]", "has kind; kind and an array, either in or notIn, are needed"),
        (
            "resourceSelectors[0].selectors[2].kind",
            f"is None; one of {_KINDS} is needed",
        ),
        ("resourceSelectors[1]", "is 'x'; an object with selectors is needed"),
    ]


def test_parts_that_are_no_lists(tmp_path: Path) -> None:
    row = policy(ANY)
    assert problems(tmp_path, row, assignment("test-policy", resourceSelectors="x")) == [
        ("resourceSelectors", "is 'x'; an array is needed")
    ]
    assert problems(tmp_path, row, assignment(None)) == [  # type: ignore[arg-type]
        ("policyDefinitionId", "is absent; the id of a policy or of an initiative is needed")
    ]
    needed = initiative(member("test-policy"), parameters={"one": {"type": "String"}})
    assert problems(tmp_path, row, needed, assignment("test-set")) == [
        ("parameters", "the parameter 'one' of the initiative 'A set' is missing; it has no default")
    ]


def test_the_effect_of_an_assignment_has_to_be_one(tmp_path: Path) -> None:
    row = policy(
        ANY, "[parameters('what')]", name="p", parameters={"what": {"type": "String", "defaultValue": "audit"}}
    )
    ((at, says),) = problems(tmp_path, row, assignment("p", {"what": "modify"}))
    assert (at, says) == ("parameters", "is 'modify', which needs details.operations in policyRule.then")
    open_ = policy(ANY, "[if(empty(field('name')), 'audit', 'deny')]", name="p")
    ((at, says),) = problems(tmp_path, open_, assignment("p"))
    assert (at, says.split(":")[0]) == ("parameters", "the effect of the policy 'A test' can not be told")
    assert problems(tmp_path, row, assignment("p", {"what": "forbid"}))[0][1].startswith(
        "is 'forbid'; one of Audit, Deny, "
    )


@pytest.mark.parametrize(
    ("scope", "state"),
    [
        ("", "non_compliant"),
        (MANAGEMENT, "non_compliant"),
        (f"/subscriptions/{SUBSCRIPTION}", "non_compliant"),
        ("/subscriptions/22222222-2222-2222-2222-222222222222", "not_applicable"),
        (GROUP.upper(), "non_compliant"),
        (f"{GROUP}/", "non_compliant"),
        (f"{GROUP}-2", "not_applicable"),
        (f"{GROUP}/providers/{STORAGE}/one", "non_compliant"),
        (f"{GROUP}/providers/{STORAGE}/on", "not_applicable"),
        (f"{GROUP}/providers/{VAULT}/one", "not_applicable"),
    ],
)
def test_scopes(scope: str, state: str, tmp_path: Path) -> None:
    """Of a resource whose id is known; given as `scope` or in the assignment's own id; the other way round for what is left out."""
    one = resource(STORAGE)
    assert _state(tmp_path, assignment("test-policy", scope=scope or MANAGEMENT), one) == state
    given = assignment("test-policy")
    given["id"] = f"{scope.rstrip('/')}/providers/Microsoft.Authorization/policyAssignments/a"
    assert _state(tmp_path, given, one) == state
    contrary = {"non_compliant": "not_applicable", "not_applicable": "non_compliant"}[state]
    if scope == MANAGEMENT:  # nobody knows what lies in it
        contrary = "undecided"
    assert _state(tmp_path, assignment("test-policy", scope=MANAGEMENT, notScopes=[scope]), one) == contrary


def test_scopes_of_what_is_new(tmp_path: Path) -> None:
    """The group is known from the stack, the subscription is taken to be the assignment's."""
    group = resource(GROUPS, name="rg-ml")
    inside = {"group": frozenset({group.key})}
    new = resource(STORAGE, known=False, references=inside)
    child = resource(BLOBS, name="one/default", known=False, references={"parent": frozenset({new.key})})
    lost = resource(STORAGE, known=False, references={})
    for scope, states in {
        f"/subscriptions/{SUBSCRIPTION}": ["non_compliant"] * 3,
        GROUP: ["non_compliant", "non_compliant", "undecided"],
        f"{GROUP}-2": ["not_applicable", "not_applicable", "undecided"],
        f"{GROUP}/providers/{STORAGE}/one": ["undecided", "undecided", "undecided"],
        f"{GROUP}/providers/{STORAGE}/two": ["not_applicable", "not_applicable", "not_applicable"],
        f"{GROUP}/providers/{VAULT}/one": ["not_applicable"] * 3,
    }.items():
        given = assignment("test-policy", scope=scope)
        others = {id(new): [group], id(child): [group, new], id(lost): [group, new]}
        found = [_state(tmp_path, given, each, *others[id(each)]) for each in (new, child, lost)]
        assert found == states, scope
    attached = resource(
        "Microsoft.Authorization/locks", name="l", known=False, scope=f"{GROUP}/providers/{STORAGE}/one"
    )
    assert (
        _state(tmp_path, assignment("test-policy", scope=f"{GROUP}/providers/{STORAGE}/one"), attached)
        == "non_compliant"
    )
    assert (
        _state(tmp_path, assignment("test-policy", scope=f"{GROUP}/providers/{STORAGE}/two"), attached)
        == "not_applicable"
    )
    assert _state(tmp_path, assignment("test-policy", scope=GROUP), attached) == "non_compliant"
    (open_,) = asked(tmp_path, [policy(ANY, "deny"), assignment("test-policy", scope=GROUP)], lost)
    assert open_.reasons == (
        "whether it lies in the assignment's scope, or is exempt, is not known before the update",
        "tags.x is absent (exists false)",
    )
    fine = resource(STORAGE, {"tags": {"x": "1"}}, known=False, references={})
    assert _state(tmp_path, assignment("test-policy", scope=GROUP), fine) == "compliant"


def _selecting(*groups: list[dict[str, Any]]) -> dict[str, Any]:
    return assignment("test-policy", resourceSelectors=[{"name": "s", "selectors": list(group)} for group in groups])


@pytest.mark.parametrize(
    ("groups", "body", "state"),
    [
        ([[{"kind": "resourceLocation", "in": ["westeurope"]}]], {"location": "West Europe"}, "non_compliant"),
        ([[{"kind": "resourceLocation", "in": ["westeurope"]}]], {"location": "eastus"}, "not_applicable"),
        ([[{"kind": "resourceLocation", "notIn": ["westeurope"]}]], {"location": "eastus"}, "non_compliant"),
        ([[{"kind": "resourceLocation", "in": ["westeurope"]}]], {}, "not_applicable"),
        ([[{"kind": "resourceLocation", "in": ["westeurope"]}]], {"location": UNKNOWN}, "undecided"),
        ([[{"kind": "resourceType", "in": [VAULT]}]], {}, "not_applicable"),
        ([[{"kind": "ResourceType", "in": [STORAGE.upper()]}]], {}, "non_compliant"),
        (
            [[{"kind": "resourceType", "in": [STORAGE]}, {"kind": "resourceLocation", "in": ["a"]}]],
            {"location": "b"},
            "not_applicable",
        ),
        (
            [[{"kind": "resourceType", "in": [VAULT]}], [{"kind": "resourceLocation", "in": ["b"]}]],
            {"location": "b"},
            "non_compliant",
        ),
        ([[{"kind": "resourceWithoutLocation", "in": ["subscriptionLevelResources"]}]], {}, "not_applicable"),
        ([[{"kind": "userPrincipalId", "in": ["x"]}]], {}, "undecided"),
        ([[]], {}, "non_compliant"),
    ],
)
def test_resource_selectors(
    groups: list[list[dict[str, Any]]], body: dict[str, Any], state: str, tmp_path: Path
) -> None:
    assert _state(tmp_path, _selecting(*groups), resource(STORAGE, body)) == state


def test_selectors_for_what_lies_in_no_place(tmp_path: Path) -> None:
    given = _selecting([{"kind": "resourceWithoutLocation", "in": ["subscriptionLevelResources"]}])
    type_ = "Microsoft.Consumption/budgets"
    row = resource("Microsoft.Resources/resourceGroups", {"location": "x"}, name="rg-ml")
    assert _state(tmp_path, given, row) == "not_applicable"
    assert _state(tmp_path, given, resource(type_)) == "not_applicable"  # budgets hang on any scope
    roles = resource("Microsoft.Authorization/privateLinkAssociations")
    assert _state(tmp_path, given, roles) == "not_applicable"
    management = resource("Microsoft.Portal/tenantConfigurations")
    assert _state(tmp_path, given, management) == "not_applicable"


def _overriding(*overrides: tuple[str, list[dict[str, Any]]]) -> dict[str, Any]:
    rows = [{"kind": "policyEffect", "value": value, "selectors": selectors} for value, selectors in overrides]
    return assignment("test-set", overrides=rows)


def test_overrides(tmp_path: Path) -> None:
    """The first whose selectors fit decides."""
    documents = [policy(ANY, "audit"), initiative(member("test-policy", "a"), member("test-policy", "b"))]
    named = [{"kind": "policyDefinitionReferenceId", "in": ["A"]}]
    west = [{"kind": "resourceLocation", "in": ["westeurope"]}]
    there, elsewhere = resource(STORAGE, {"location": "West Europe"}), resource(STORAGE, {"location": "eastus"})
    unknown = resource(STORAGE, {"location": UNKNOWN})

    def effects(given: dict[str, Any], one: Resource) -> list[tuple[str, str]]:
        return [(each.effect, each.state) for each in asked(tmp_path, [*documents, given], one)]

    assert effects(_overriding(("disabled", named)), there) == [
        ("Disabled", "not_applicable"),
        ("Audit", "non_compliant"),
    ]
    assert effects(_overriding(("deny", [])), there) == [("Deny", "non_compliant")] * 2
    assert effects(_overriding(("deny", west), ("disabled", [])), there) == [("Deny", "non_compliant")] * 2
    assert effects(_overriding(("deny", west), ("disabled", [])), elsewhere) == [("Disabled", "not_applicable")] * 2
    assert effects(_overriding(("disabled", west)), unknown) == [("", "undecided")] * 2
    other = [{"kind": "policyDefinitionReferenceId", "notIn": ["a"]}]
    assert effects(_overriding(("deny", other)), there) == [("Audit", "non_compliant"), ("Deny", "non_compliant")]
    assert problems(tmp_path, *documents, _overriding(("modify", named))) == [
        (
            "overrides",
            "an override makes the effect of 'A test' Modify, which needs details.operations in policyRule.then",
        )
    ]


def test_overrides_of_the_version_are_not_followed(tmp_path: Path) -> None:
    rows = [{"kind": "policyVersion", "value": "2.0.0", "selectors": [{"kind": "resourceLocation", "in": ["a"]}]}]
    given = assignment("test-policy", overrides=rows)
    (one,) = asked(tmp_path, [policy(ANY), given], resource(STORAGE, {"location": "a"}))
    assert (one.state, one.reasons) == (
        "undecided",
        ("the assignment wants version 2.0.0 of the policy here, which is not looked at",),
    )
    assert _state(tmp_path, given, resource(STORAGE, {"location": "b"})) == "non_compliant"


def test_messages_by_reference(tmp_path: Path) -> None:
    messages = [{"message": "All."}, {"message": "That one.", "policyDefinitionReferenceId": "B"}]
    documents = [policy(ANY), initiative(member("test-policy", "a"), member("test-policy", "b"))]
    found = asked(tmp_path, [*documents, assignment("test-set", nonComplianceMessages=messages)], resource(STORAGE))
    assert [each.message for each in found] == ["All.", "That one."]


@pytest.mark.parametrize("mode", ["DoNotEnforce", "Enroll"])
def test_what_is_not_enforced_says_so(mode: str, tmp_path: Path) -> None:
    (found,) = asked(tmp_path, [policy(ANY), assignment("test-policy", enforcementMode=mode)], resource(STORAGE))
    assert found.state == "non_compliant"
    assert found.reasons == ("tags.x is absent (exists false)", f"the assignment does not enforce it ({mode})")


def test_as_the_command_line_prints_them(tmp_path: Path) -> None:
    """`az policy assignment list` puts everything on one level."""
    flat = assignment("test-policy", {"wanted": ["b"]})
    row = {**flat["properties"], "id": flat["id"], "name": flat["name"], "scope": GROUP, "type": "x", "identity": None}
    document = policy(TAGGED, name="test-policy", parameters={"wanted": LIST})
    found = asked(tmp_path, [document, [row]], resource(STORAGE, {"tags": {"x": "b"}}))
    assert [(each.assignment.scope, each.state) for each in found] == [(GROUP, "compliant")]
