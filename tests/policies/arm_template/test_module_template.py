# SPDX-License-Identifier: Apache-2.0
"""A template as Bicep's compiler writes them: symbolic names, modules with outputs, a resource that exists already."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundplan_policies.arm_template import Template, load_json, read_template
from groundplan_policies.resource import Resource
from groundplan_policies.stack import Stack
from groundplan_policies.subjects.private_endpoints import endpoints_of
from groundplan_policies.values import SECRET, UNKNOWN

FILE = Path(__file__).parent / "templates" / "modules.json"
ACCOUNT = "Microsoft.Storage/storageAccounts"
IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities"
WORKSPACE = "Microsoft.MachineLearningServices/workspaces"
VAULT_ID = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/kv-dev"


def read(**parameters: object) -> Template:
    return read_template(load_json(FILE), parameters, resource_group="ml")


def one(stack: Stack, type_: str) -> Resource:
    (found,) = stack.of(type_)
    return found


@pytest.mark.parametrize("given", [{}, {"prefix": "Dev"}])
def test_modules_are_read_and_what_exists_already_is_left_out(given: dict[str, str]):
    template = read(**given)
    assert [each.type for each in template.resources] == [
        ACCOUNT,
        IDENTITY,
        IDENTITY,
        WORKSPACE,
        "Microsoft.Network/privateEndpoints",
    ]


@pytest.mark.parametrize("given", [{}, {"prefix": "Dev"}])
def test_relations_pass_through_outputs_of_modules(given: dict[str, str]):
    stack = Stack(read(**given).resources)
    workspace, account = one(stack, WORKSPACE), one(stack, ACCOUNT)
    assert stack.target(workspace, "properties.storageAccount", ACCOUNT) is account
    assert list(endpoints_of(account, stack, "blob")) == stack.of("Microsoft.Network/privateEndpoints")
    second = stack.of(IDENTITY)[1]
    assert stack.target(workspace, "properties.primaryUserAssignedIdentity", IDENTITY) is second
    assert workspace.sources_of("properties.clientId") == (second.key,)


def test_what_is_known_is_evaluated():
    stack = Stack(read(prefix="Dev").resources)
    workspace, account = one(stack, WORKSPACE), one(stack, ACCOUNT)
    first, second = stack.of(IDENTITY)
    assert (account.name, first.name, second.name) == ("stDev", "id-Dev-0", "id-Dev-1")
    assert account.node["sku"] == {"name": "Standard_GRS"}
    assert account.node["properties"]["secret"] is SECRET
    assert workspace.node == {
        "location": "westeurope",
        "zones": None,
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {first.id: {}}},
        "properties": {
            "storageAccount": account.id,
            "description": "on Standard_GRS",
            "keyVault": VAULT_ID,
            "primaryUserAssignedIdentity": second.id,
            "clientId": UNKNOWN,
        },
    }


def test_a_key_that_is_not_known_is_there_and_names_what_it_came_out_of():
    stack = Stack(read().resources)
    workspace = one(stack, WORKSPACE)
    assert len(workspace.entries("identity.userAssignedIdentities")) == 1
    assert workspace.sources_of("identity.userAssignedIdentities") == (stack.of(IDENTITY)[0].key,)


def test_a_resource_that_exists_already_is_none_of_the_template():
    stack = Stack(read().resources)
    workspace = one(stack, WORKSPACE)
    assert workspace.node["properties"]["keyVault"] is UNKNOWN
    assert not stack.refers(workspace, workspace, "properties.keyVault", one(stack, ACCOUNT))


def test_a_module_lies_in_the_group_that_it_is_deployed_to():
    stack = Stack(read(prefix="dev").resources)
    endpoint = one(stack, "Microsoft.Network/privateEndpoints")
    assert endpoint.name == "pe-network"
    assert endpoint.id is not None
    assert "/resourceGroups/network/" in endpoint.id
    account_id = one(stack, ACCOUNT).id
    assert account_id is not None
    assert "/resourceGroups/ml/" in account_id
