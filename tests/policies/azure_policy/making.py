# SPDX-License-Identifier: Apache-2.0
"""Makes policies, resources and stacks for the tests."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from groundplan_policies.azure_policy import Assignment, Library, Outcome, evaluate, load
from groundplan_policies.azure_policy.assigned import AssignedPolicy
from groundplan_policies.azure_policy.definition import read_definition
from groundplan_policies.azure_policy.effects import effect_named
from groundplan_policies.azure_policy.errors import Problem, Problems
from groundplan_policies.resource import Resource
from groundplan_policies.stack import Stack

SUBSCRIPTION = "11111111-1111-1111-1111-111111111111"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-ml"
VAULT = "Microsoft.KeyVault/vaults"
WORKSPACE = "Microsoft.MachineLearningServices/workspaces"
STORAGE = "Microsoft.Storage/storageAccounts"
GROUPS = "Microsoft.Resources/resourceGroups"
NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def resource(type_: str, body: Any = None, *, name: str | None = "one", known: bool = True, **more: Any) -> Resource:
    """A resource in the group; with `known=False` one that does not exist yet, so that nobody knows its id."""
    identifier = None
    if known and name is not None:
        identifier = more.pop("id", None) or _id(type_, name)
    key = more.pop("key", f"{type_}/{name}")
    return Resource(
        node={} if body is None else body, type=type_, name=name, key=key, id=identifier, label=name or "", **more
    )


def _id(type_: str, name: str) -> str:
    if type_ == GROUPS:
        return f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{name}"
    namespace, *kinds = type_.split("/")
    pairs = "".join(f"/{kind}/{part}" for kind, part in zip(kinds, name.split("/"), strict=True))
    return f"{GROUP}/providers/{namespace}{pairs}"


def policy(
    condition: Any,
    effect: str = "audit",
    *,
    mode: str = "All",
    details: Any = None,
    parameters: Mapping[str, Any] | None = None,
    name: str = "test-policy",
    **more: Any,
) -> dict[str, Any]:
    """The JSON of a definition."""
    then = {"effect": effect, **({} if details is None else {"details": details})}
    return {
        "id": f"/providers/Microsoft.Authorization/policyDefinitions/{name}",
        "name": name,
        "properties": {
            "displayName": more.pop("displayName", "A test"),
            "mode": mode,
            "parameters": parameters or {},
            "policyRule": {"if": condition, "then": then},
            **more,
        },
    }


def assignment(
    definition: str, values: Mapping[str, Any] | None = None, *, name: str = "assigned", **more: Any
) -> dict[str, Any]:
    """The JSON of an assignment to the subscription."""
    return {
        "id": f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/policyAssignments/{name}",
        "name": name,
        "properties": {
            "policyDefinitionId": definition,
            "parameters": {key: {"value": value} for key, value in (values or {}).items()},
            **more,
        },
    }


def initiative(*members: Mapping[str, Any], name: str = "test-set", **more: Any) -> dict[str, Any]:
    """The JSON of an initiative."""
    return {
        "id": f"/providers/Microsoft.Authorization/policySetDefinitions/{name}",
        "name": name,
        "properties": {"displayName": "A set", "policyDefinitions": list(members), **more},
    }


def library(folder: Path, *documents: Any) -> Library:
    """Documents written to files and loaded."""
    for index, document in enumerate(documents):
        (folder / f"{index:03}.json").write_text(json.dumps(document), encoding="utf-8")
    return load(folder)


def in_memory(document: Mapping[str, Any], parameters: Mapping[str, Any] | None = None) -> Library:
    """A library of one definition, without a file."""
    problems = Problems()
    content = {**document, **document["properties"]}
    definition = read_definition(content, document["name"], problems)
    assert not problems.found, [str(each) for each in problems.found]
    assert definition is not None
    values = {each.name.casefold(): each.default for each in definition.parameters.values()} | dict(parameters or {})
    effect = document["properties"]["policyRule"]["then"]["effect"]
    implied = Assignment(name=document["name"], implied=True)
    assigned = AssignedPolicy(definition, implied, None, "", (), values, effect_named(effect) or "")
    return Library((definition,), (), (implied,), (), (assigned,))


def problems_of(document: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with a definition."""
    problems = Problems()
    read_definition({**document, **document["properties"]}, document["name"], problems)
    return problems.found


def asked(condition: Any, body: Any, type_: str = VAULT, others: Sequence[Resource] = (), **more: Any) -> Outcome:
    """What a policy with this condition makes of a resource with this body."""
    one = resource(type_, body, **more)
    (found, *_) = evaluate(in_memory(policy(condition)), Stack([one, *others]), NOW)
    return found


def holds(condition: Any, body: Any, type_: str = VAULT, **more: Any) -> bool | None:
    """Whether a condition holds for a resource with this body; None where that is undecided."""
    found = asked(condition, body, type_, **more)
    assert not any("the evaluation fails" in each for each in found.reasons), found.reasons
    return {"non_compliant": True, "compliant": False, "undecided": None}[found.state]


def fails(condition: Any, body: Any, type_: str = VAULT) -> bool:
    """Whether the evaluation of a condition fails, as it does in Azure too."""
    return any("the evaluation fails" in each for each in asked(condition, body, type_).reasons)


def states(found: Sequence[Outcome]) -> dict[str, str]:
    """States by name of the resource."""
    return {each.resource.label: each.state for each in found}
