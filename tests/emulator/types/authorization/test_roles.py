# SPDX-License-Identifier: Apache-2.0
"""Role definitions and assignments, driven by azure-mgmt-authorization."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from azure.core.exceptions import ResourceNotFoundError
from azure.mgmt.authorization import AuthorizationManagementClient

from tests.fixtures.azure import RunningAzure
from tests.fixtures.azure_sdk import client, refused

READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"


@pytest.fixture
def roles(azure: RunningAzure) -> Any:
    return client(azure, AuthorizationManagementClient)


@pytest.fixture
def scope(azure: RunningAzure, group: str) -> str:
    return f"/subscriptions/{azure.subscription_id}/resourceGroups/{group}"


def body(azure: RunningAzure, principal: str, role: str = READER, **more: Any) -> dict[str, Any]:
    definition = f"/subscriptions/{azure.subscription_id}/providers/Microsoft.Authorization/roleDefinitions/{role}"
    return {"properties": {"principalId": principal, "roleDefinitionId": definition, **more}}


def guid() -> str:
    return str(uuid.uuid4())


def identity(azure: RunningAzure, scope: str, name: str) -> str:
    path = f"{scope}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
    return azure.arm("PUT", path, {"location": "westeurope"}, api_version="2023-01-31").json()["properties"][
        "principalId"
    ]


@pytest.mark.azure_spec
def test_create_get_list_delete(azure: RunningAzure, roles: Any, scope: str):
    name, principal = guid(), guid()

    made = roles.role_assignments.create(
        scope, name, body(azure, principal, principalType="ServicePrincipal", description="for tests")
    )
    again = roles.role_assignments.create(
        scope, name, body(azure, principal, principalType="ServicePrincipal", description="changed")
    )
    listed = [
        found.name for found in roles.role_assignments.list_for_scope(scope, filter=f"principalId eq '{principal}'")
    ]
    by_id = roles.role_assignments.get_by_id(made.id)
    roles.role_assignments.delete(scope, name)

    assert (made.scope, made.principal_type) == (scope, "ServicePrincipal")
    assert made.created_on is not None
    assert (again.description, again.created_on, by_id.name) == ("changed", made.created_on, name)
    assert listed == [name]
    with pytest.raises(ResourceNotFoundError):
        roles.role_assignments.get(scope, name)


@pytest.mark.azure_spec
def test_one_principal_one_role_one_scope_once(azure: RunningAzure, roles: Any, scope: str):
    principal, first = guid(), guid()
    roles.role_assignments.create(scope, first, body(azure, principal))

    with refused(409, "RoleAssignmentExists", first.replace("-", "")):
        roles.role_assignments.create(scope, guid(), body(azure, principal))
    roles.role_assignments.create(scope, guid(), body(azure, principal, CONTRIBUTOR))
    with refused(400, "RoleAssignmentUpdateNotPermitted"):
        roles.role_assignments.create(scope, first, body(azure, guid()))


@pytest.mark.azure_spec
def test_wrong_input(azure: RunningAzure, roles: Any, scope: str):
    with refused(400, "InvalidRoleAssignmentId"):
        roles.role_assignments.create(scope, "not-a-guid", body(azure, guid()))
    missing = guid()
    with refused(404, "RoleDefinitionDoesNotExist", missing):
        roles.role_assignments.create(scope, guid(), body(azure, guid(), missing))
    with refused(404, "ResourceGroupNotFound"):
        roles.role_assignments.create(f"{scope}-not", guid(), body(azure, guid()))


@pytest.mark.azure_assumed
def test_a_new_principal_is_unknown_for_a_while(fresh_azure: RunningAzure):
    azure = fresh_azure
    azure.control("POST", "settings", {"principal_propagation": 30})
    scope = azure.group("rg")
    principal = identity(azure, scope, "one")
    roles: Any = client(azure, AuthorizationManagementClient)

    with refused(400, "PrincipalNotFound", principal.replace("-", "")):
        roles.role_assignments.create(scope, guid(), body(azure, principal))
    with refused(400, "PrincipalNotFound"):
        roles.role_assignments.create(scope, guid(), body(azure, principal, principalType="User"))
    sure = roles.role_assignments.create(scope, guid(), body(azure, principal, principalType="ServicePrincipal"))
    azure.clock(advance=31)
    later = roles.role_assignments.create(scope, guid(), body(azure, principal, CONTRIBUTOR))

    assert (sure.principal_type, later.principal_type) == ("ServicePrincipal", "ServicePrincipal")
    answer = azure.client.post(
        f"{azure.http}/_groundplan/settings",
        json={"principal_propagation": -1},
        headers={"X-IDENTITY-HEADER": azure.identity_header},
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "InvalidSetting")


@pytest.mark.azure_spec
def test_lists_know_what_is_above_and_below(azure: RunningAzure, roles: Any, scope: str):
    principal = guid()
    subscription = f"/subscriptions/{azure.subscription_id}"
    vnet = f"{scope}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/below"
    identity(azure, scope, "below")
    names = {
        at: roles.role_assignments.create(at, guid(), body(azure, principal)).name for at in (subscription, scope, vnet)
    }

    def listed(at: str, filter_: str | None = None) -> set[str]:
        found = roles.role_assignments.list_for_scope(at, filter=filter_)
        return {item.name for item in found if item.principal_id == principal}

    assert listed(scope) == set(names.values())
    assert listed(scope, "atScope()") == {names[subscription], names[scope]}
    assert listed(scope, f"assignedTo('{principal}')") == set(names.values())
    assert {
        item.name for item in roles.role_assignments.list_for_subscription(filter=f"principalId eq '{principal}'")
    } == set(names.values())
    roles.role_assignments.delete(subscription, names[subscription])


@pytest.mark.azure_spec
def test_built_in_roles(azure: RunningAzure, roles: Any, scope: str):
    definitions = roles.role_definitions

    by_name = list(definitions.list(scope, filter="roleName eq 'AzureML Data Scientist'"))
    reader = definitions.get(scope, READER)

    assert [found.name for found in by_name] == ["f6c7c914-8db3-469d-8ca1-694a8f32e121"]
    assert (reader.role_name, reader.role_type, reader.permissions[0].actions) == ("Reader", "BuiltInRole", ["*/read"])
    assert len(list(definitions.list(scope, filter="type eq 'BuiltInRole'"))) > 100
    with pytest.raises(ResourceNotFoundError):
        definitions.get(scope, guid())


@pytest.mark.azure_spec
def test_custom_roles(azure: RunningAzure, roles: Any, scope: str):
    definitions, name = roles.role_definitions, guid()
    said = {
        "properties": {
            "roleName": f"Trainer {name}",
            "description": "may train",
            "type": "CustomRole",
            "permissions": [{"actions": ["Microsoft.MachineLearningServices/workspaces/jobs/*"]}],
            "assignableScopes": [scope],
        }
    }

    made = definitions.create_or_update(scope, name, said)
    again = definitions.create_or_update(scope, name, said)
    assignment = roles.role_assignments.create(scope, guid(), body(azure, guid(), name))

    assert (made.role_type, made.permissions[0].not_actions) == ("CustomRole", [])
    assert again.name == name
    assert name in [found.name for found in definitions.list(scope, filter="type eq 'CustomRole'")]
    with refused(409, "RoleDefinitionWithSameNameExists"):
        definitions.create_or_update(scope, guid(), said)
    with refused(400, "RoleDefinitionUpdateNotPermitted"):
        definitions.create_or_update(scope, READER, said)
    with refused(400, "RoleDefinitionHasAssignments"):
        definitions.delete(scope, name)
    roles.role_assignments.delete(scope, assignment.name)
    definitions.delete(scope, name)
    with pytest.raises(ResourceNotFoundError):
        definitions.get(scope, name)
