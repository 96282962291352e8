# SPDX-License-Identifier: Apache-2.0
"""Which resources a policy is about: by the conditions on type, name and kind, by mode, by the special cases of the documentation."""

from __future__ import annotations

from typing import Any

import pytest

from groundplan_policies.azure_policy import evaluate
from groundplan_policies.stack import Stack
from groundplan_policies.values import UNKNOWN
from tests.policies.azure_policy.making import GROUPS, NOW, STORAGE, VAULT, WORKSPACE, in_memory, policy, resource

IS_STORAGE = {"field": "type", "equals": STORAGE}
OTHER = {"field": "tags.x", "exists": True}
KIND = {"field": "kind", "equals": "k"}
NAME = {"field": "name", "like": "x*"}
OUT, GOOD, BAD, OPEN = "not_applicable", "compliant", "non_compliant", "undecided"


def _state(condition: Any, type_: str = STORAGE, body: Any = None, *, mode: str = "All", **more: Any) -> str:
    return evaluate(in_memory(policy(condition, mode=mode)), Stack([resource(type_, body, **more)]), NOW)[0].state


@pytest.mark.parametrize(
    ("conditions", "type_", "body", "state"),
    [
        # nothing but type: it is what the policy is about
        ([IS_STORAGE], STORAGE, {}, BAD),
        ([IS_STORAGE], VAULT, {}, OUT),
        # others are taken to hold
        ([IS_STORAGE, OTHER], STORAGE, {}, GOOD),
        ([IS_STORAGE, OTHER], VAULT, {}, OUT),
        ([OTHER], VAULT, {}, GOOD),
        ([{"not": OTHER}], VAULT, {"tags": {"x": "1"}}, GOOD),
        ([{"not": {"not": {"not": OTHER}}}], VAULT, {"tags": {"x": "1"}}, GOOD),
        # kind alone, name alone: about everything
        ([KIND], STORAGE, {}, GOOD),
        ([NAME], STORAGE, {}, GOOD),
        ([KIND, NAME], STORAGE, {}, GOOD),
        # type with kind, type with name: the type decides
        ([IS_STORAGE, KIND], STORAGE, {}, GOOD),
        ([IS_STORAGE, KIND], VAULT, {"kind": "k"}, OUT),
        ([IS_STORAGE, NAME], STORAGE, {}, GOOD),
        ([IS_STORAGE, NAME], VAULT, {}, OUT),
        # with others besides they decide too
        ([IS_STORAGE, KIND, OTHER], STORAGE, {}, OUT),
        ([IS_STORAGE, KIND, OTHER], STORAGE, {"kind": "K"}, GOOD),
        ([IS_STORAGE, NAME, OTHER], STORAGE, {}, OUT),
        ([KIND, OTHER], STORAGE, {}, OUT),
        ([{"not": KIND}, OTHER], STORAGE, {"kind": "k"}, OUT),
        ([{"not": {"anyOf": [KIND, OTHER]}}, IS_STORAGE], STORAGE, {"kind": "k"}, OUT),
        ([{"anyOf": [KIND, OTHER]}, IS_STORAGE], STORAGE, {}, GOOD),
        # what is not a field of that name tells nothing
        ([{"value": "[field('type')]", "equals": STORAGE}, OTHER], VAULT, {}, GOOD),
        ([{"field": "fullName", "equals": "x"}, OTHER], VAULT, {}, GOOD),
        ([{"count": {"value": [1], "where": IS_STORAGE}, "equals": 1}, OTHER], VAULT, {}, GOOD),
        # a condition on them that fails does not put the policy out of play
        ([{"field": "name", "less": 5}, OTHER], STORAGE, {}, BAD),
        ([{"field": "[concat('k', 'ind')]", "equals": "k"}, OTHER], STORAGE, {}, GOOD),
    ],
)
def test_conditions(conditions: list[Any], type_: str, body: Any, state: str) -> None:
    assert _state({"allOf": conditions}, type_, body) == state


def test_what_is_not_known_of_them() -> None:
    """Decided where it makes no difference."""
    assert _state({"allOf": [IS_STORAGE, KIND, OTHER]}, STORAGE, {"kind": UNKNOWN}) == OPEN
    assert _state({"allOf": [IS_STORAGE, KIND, OTHER]}, VAULT, {"kind": UNKNOWN}) == OUT
    assert (
        _state({"anyOf": [KIND, {"field": "tags.x", "equals": "1"}]}, STORAGE, {"kind": UNKNOWN, "tags": {"x": "1"}})
        == BAD
    )


@pytest.mark.parametrize(
    ("mode", "type_", "body", "state"),
    [
        ("All", f"{STORAGE}/blobServices", {}, BAD),
        ("Indexed", f"{STORAGE}/blobServices", {}, OUT),
        ("indexed", STORAGE, {}, BAD),
        ("Indexed", f"{WORKSPACE}/computes", {}, BAD),
        ("All", GROUPS, {}, BAD),
        ("Indexed", GROUPS, {"location": "x", "tags": {}}, OUT),
        ("Indexed", "Contoso.Things/things", {"location": "x"}, BAD),
        ("Indexed", "Contoso.Things/things", {}, OPEN),
        ("All", "Contoso.Things/things", {}, BAD),
        ("All", "Microsoft.Resources/deployments", {}, OUT),
        ("All", "Microsoft.Resources/deploymentScripts", {"location": "x"}, OUT),
    ],
)
def test_modes(mode: str, type_: str, body: Any, state: str) -> None:
    name = "one/two" if type_.count("/") == 2 else "one"
    assert _state({"field": "tags.x", "exists": False}, type_, body, mode=mode, name=name) == state


def test_types_that_nobody_knows_comply_all_the_same() -> None:
    """Whether mode Indexed is about them makes no difference then."""
    assert _state(OTHER, "Contoso.Things/things", mode="Indexed") == GOOD


def test_a_definition_without_a_mode_is_indexed() -> None:
    document = policy({"field": "tags.x", "exists": False})
    del document["properties"]["mode"]
    found = evaluate(in_memory(document), Stack([resource(f"{STORAGE}/blobServices", name="a/default")]), NOW)
    assert found[0].reasons == ("mode Indexed leaves out types without tags and location, and resource groups",)


@pytest.mark.parametrize(
    ("mode", "about"),
    [
        ("Microsoft.KeyVault.Data", VAULT),
        ("Microsoft.ManagedHSM.Data", "Microsoft.KeyVault/managedHSMs"),
        ("Microsoft.Kubernetes.Data", "Microsoft.ContainerService/managedClusters"),
        ("Microsoft.Kubernetes.Data", "Microsoft.Kubernetes/connectedClusters"),
        ("Microsoft.MachineLearningServices.v2.Data", WORKSPACE),
        ("Microsoft.MachineLearningServices.Data", WORKSPACE),
        ("Microsoft.DataFactory.Data", "Microsoft.DataFactory/factories"),
        ("Microsoft.CognitiveServices.Data", "Microsoft.CognitiveServices/accounts"),
        ("Microsoft.Network.Data", "Microsoft.Network/virtualNetworks"),
    ],
)
def test_modes_of_resource_providers(mode: str, about: str) -> None:
    """Their rules are about data that is not in the program, in a language of their own, so nobody reads them here."""
    document = policy({"field": "Contoso", "whatever": 1}, "audit", mode=mode)
    stack = Stack([resource(about), resource(STORAGE), resource(f"{about}/children", name="a/b")])
    found = evaluate(in_memory(document), stack, NOW)
    assert [each.state for each in found] == [OPEN, OUT, OUT]
    assert found[0].reasons == (
        f"mode {mode} is evaluated by the resource provider, over data that is not in the program",
    )
    assert found[1].reasons == (f"mode {mode} is about other resources",)


def test_older_effects_of_resource_providers() -> None:
    document = policy({}, "enforceSetting", mode="Microsoft.MachineLearningServices.Data", details={"setting": {}})
    (found,) = evaluate(in_memory(document), Stack([resource(WORKSPACE)]), NOW)
    assert (found.state, found.effect) == (OPEN, "EnforceSetting")
