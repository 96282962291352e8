# SPDX-License-Identifier: Apache-2.0
"""Locks, policy definitions, initiatives and assignments, over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.fixtures.azure import RunningAzure

POLICY = "2025-01-01"
RULE = {
    "if": {"field": "type", "equals": "Microsoft.Storage/storageAccounts"},
    "then": {"effect": "[parameters('effect')]"},
}
BUILT_IN = "/providers/Microsoft.Authorization/policyDefinitions/438c38d2-3772-465a-a9cc-7a6666a275ce"


def error(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


@pytest.mark.azure_spec
def test_a_lock_holds_until_it_is_removed(azure: RunningAzure, group: str):
    lock = f"/resourceGroups/{group}/providers/Microsoft.Authorization/locks/keep"
    made = azure.arm(
        "PUT", lock, {"properties": {"level": "CanNotDelete", "notes": "keep it"}}, api_version="2020-05-01"
    )

    held = azure.arm("DELETE", f"/resourceGroups/{group}")
    listed = azure.arm(
        "GET",
        f"/subscriptions/{azure.subscription_id}/providers/Microsoft.Authorization/locks",
        api_version="2020-05-01",
    )
    azure.arm("DELETE", lock, api_version="2020-05-01")

    assert (made.status_code, made.json()["properties"]["level"]) == (201, "CanNotDelete")
    assert error(held) == (409, "ScopeLocked")
    assert any(found["id"].endswith(lock) for found in listed.json()["value"])
    assert azure.arm("DELETE", f"/resourceGroups/{group}").status_code == 200


@pytest.mark.azure_spec
def test_a_read_only_lock_stops_writes(azure: RunningAzure, group: str):
    lock = f"/resourceGroups/{group}/providers/Microsoft.Authorization/locks/frozen"
    azure.arm("PUT", lock, {"properties": {"level": "ReadOnly"}}, api_version="2020-05-01")
    path = f"/resourceGroups/{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/one"

    answer = azure.arm("PUT", path, {"location": "westeurope"}, api_version="2023-01-31")
    azure.arm("DELETE", lock, api_version="2020-05-01")

    assert error(answer) == (409, "ScopeLocked")


@pytest.mark.azure_spec
def test_a_lock_of_an_unknown_level(azure: RunningAzure, group: str):
    lock = f"/resourceGroups/{group}/providers/Microsoft.Authorization/locks/odd"

    answer = azure.arm("PUT", lock, {"properties": {"level": "Sometimes"}}, api_version="2020-05-01")

    assert answer.status_code == 400


@pytest.fixture
def definition(azure: RunningAzure, name: str) -> str:
    path = f"/subscriptions/{azure.subscription_id}/providers/Microsoft.Authorization/policyDefinitions/{name}"
    properties = {"policyRule": RULE, "mode": "Indexed", "parameters": {"effect": {"type": "String"}}}
    answer = azure.arm("PUT", path, {"properties": properties}, api_version=POLICY)
    assert answer.status_code == 201, answer.text
    assert answer.json()["properties"]["policyType"] == "Custom"
    return path


def assign(azure: RunningAzure, group: str, **properties: Any) -> httpx.Response:
    path = f"/resourceGroups/{group}/providers/Microsoft.Authorization/policyAssignments/secure"
    return azure.arm("PUT", path, {"properties": properties}, api_version=POLICY)


@pytest.mark.azure_spec
def test_an_assignment_of_a_custom_definition(azure: RunningAzure, group: str, definition: str):
    made = assign(azure, group, policyDefinitionId=definition, parameters={"effect": {"value": "Audit"}})
    path = f"/resourceGroups/{group}/providers/Microsoft.Authorization/policyAssignments"

    listed = azure.arm("GET", path, api_version=POLICY).json()["value"]
    in_use = azure.arm("DELETE", definition, api_version=POLICY)
    azure.arm("DELETE", f"{path}/secure", api_version=POLICY)

    assert (made.status_code, made.json()["properties"]["enforcementMode"]) == (201, "Default")
    assert made.json()["properties"]["scope"].endswith(f"/resourceGroups/{group}")
    assert [found["name"] for found in listed] == ["secure"]
    assert in_use.status_code == 409
    assert azure.arm("DELETE", definition, api_version=POLICY).status_code == 200


@pytest.mark.azure_spec
def test_parameters_are_checked(azure: RunningAzure, group: str, definition: str):
    missing = assign(azure, group, policyDefinitionId=definition)
    unknown = assign(
        azure, group, policyDefinitionId=definition, parameters={"effect": {"value": "Deny"}, "other": {"value": 1}}
    )

    assert error(missing) == (400, "MissingPolicyParameter")
    assert error(unknown) == (400, "UndefinedPolicyParameter")


@pytest.mark.azure_spec
def test_a_definition_that_is_not_there(azure: RunningAzure, group: str):
    path = f"/subscriptions/{azure.subscription_id}/providers/Microsoft.Authorization/policyDefinitions/no-such"

    assert error(assign(azure, group, policyDefinitionId=path)) == (404, "PolicyDefinitionNotFound")
    assert assign(azure, group, policyDefinitionId=BUILT_IN).status_code == 201


@pytest.mark.azure_spec
def test_an_initiative(azure: RunningAzure, group: str, name: str, definition: str):
    path = f"/subscriptions/{azure.subscription_id}/providers/Microsoft.Authorization/policySetDefinitions/{name}"
    members = [
        {"policyDefinitionId": definition, "parameters": {"effect": {"value": "Audit"}}},
        {"policyDefinitionId": BUILT_IN},
    ]

    made = azure.arm("PUT", path, {"properties": {"policyDefinitions": members}}, api_version=POLICY)
    assigned = assign(azure, group, policyDefinitionId=path)

    assert made.status_code == 201, made.text
    references = [item["policyDefinitionReferenceId"] for item in made.json()["properties"]["policyDefinitions"]]
    assert len(set(references)) == 2
    assert assigned.status_code == 201
