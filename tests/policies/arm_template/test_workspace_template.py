# SPDX-License-Identifier: Apache-2.0
"""A template in the older way of writing: a workspace with storage, vault, endpoint, role and lock."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundplan_policies.arm_template import Template, load_json, read_template
from groundplan_policies.resource import Resource
from groundplan_policies.stack import Stack
from groundplan_policies.subjects.private_endpoints import endpoints_of
from groundplan_policies.values import SECRET, UNKNOWN, Undecided

FILE = Path(__file__).parent / "templates" / "workspace.json"
GROUP = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg"
ACCOUNT = "Microsoft.Storage/storageAccounts"
VAULT = "Microsoft.KeyVault/vaults"
WORKSPACE = "Microsoft.MachineLearningServices/workspaces"


@pytest.fixture(scope="module")
def template() -> Template:
    return read_template(load_json(FILE))


@pytest.fixture(scope="module")
def stack(template: Template) -> Stack:
    return Stack(template.resources)


@pytest.fixture(scope="module")
def named() -> Template:
    """The same, with a name for the workspace."""
    return read_template(load_json(FILE), {"workspaceName": "mlw", "withRegistry": True}, location="westeurope")


def one(stack: Stack, type_: str) -> Resource:
    (found,) = stack.of(type_)
    return found


def test_every_resource_is_there_but_the_one_whose_condition_does_not_hold(template: Template):
    assert [each.type for each in template.resources] == [
        ACCOUNT,
        f"{ACCOUNT}/blobServices",
        f"{ACCOUNT}/blobServices/containers",
        f"{ACCOUNT}/blobServices/containers",
        VAULT,
        "Microsoft.Insights/diagnosticSettings",
        WORKSPACE,
        f"{WORKSPACE}/connections",
        "Microsoft.Network/privateEndpoints",
        "Microsoft.Authorization/roleAssignments",
        "Microsoft.Authorization/locks",
    ]


def test_the_body_is_what_would_be_sent(stack: Stack):
    assert one(stack, ACCOUNT).node == {
        "location": UNKNOWN,
        "tags": {"owner": "data", "costCenter": "42", "tier": "data"},
        "sku": {"name": "Standard_ZRS"},
        "kind": "StorageV2",
        "properties": {
            "minimumTlsVersion": "TLS1_2",
            "allowBlobPublicAccess": False,
            "networkAcls": {"defaultAction": "Deny", "bypass": "AzureServices"},
        },
    }
    assert one(stack, WORKSPACE).text("properties.friendlyName") == "[not an expression]"


def test_names_and_ids_that_can_be_computed_are(stack: Stack):
    account = one(stack, ACCOUNT)
    assert account.name is not None
    assert account.name.startswith("st")
    assert len(account.name) == 15
    assert account.id == account.key == f"{GROUP}/providers/{ACCOUNT}/{account.name}"
    assert one(stack, f"{ACCOUNT}/blobServices").name == f"{account.name}/default"


def test_a_name_that_is_not_known_is_told_by_its_expression(stack: Stack):
    vault = one(stack, VAULT)
    assert (vault.name, vault.id) == (None, None)
    assert vault.label == "kv-{parameters('workspaceName')}"
    assert vault.key == f"{GROUP}/providers/{VAULT}/kv-{{parameters('workspaceName')}}"


def test_a_loop_makes_one_resource_a_round(stack: Stack):
    containers = stack.of(f"{ACCOUNT}/blobServices/containers")
    assert [each.short_name for each in containers] == ["c-raw", "c-models"]
    assert [each.text("properties.metadata.index") for each in containers] == ["1", "2"]
    service = one(stack, f"{ACCOUNT}/blobServices")
    assert all(stack.parent(each) is service for each in containers)


def test_children_know_their_parent_whether_names_are_known_or_not(stack: Stack):
    assert stack.parent(one(stack, f"{ACCOUNT}/blobServices")) is one(stack, ACCOUNT)
    assert stack.parent(one(stack, f"{WORKSPACE}/connections")) is one(stack, WORKSPACE)


def test_what_refers_to_what_is_found_without_ids(stack: Stack):
    workspace, vault = one(stack, WORKSPACE), one(stack, VAULT)
    assert workspace.node["properties"]["keyVault"] is UNKNOWN
    assert stack.target(workspace, "properties.keyVault", VAULT) is vault
    assert stack.target(workspace, "properties.storageAccount", ACCOUNT) is one(stack, ACCOUNT)
    assert list(endpoints_of(workspace, stack)) == stack.of("Microsoft.Network/privateEndpoints")
    assert list(endpoints_of(one(stack, ACCOUNT), stack)) == []


def test_extensions_know_their_scope(stack: Stack):
    vault, account = one(stack, VAULT), one(stack, ACCOUNT)
    setting = one(stack, "Microsoft.Insights/diagnosticSettings")
    assert stack.attached(vault, setting.type) == [setting]
    assert setting.name == "audit"
    role = one(stack, "Microsoft.Authorization/roleAssignments")
    assert role.scope == account.id
    assert stack.attached(account, role.type) == [role]
    assert stack.attached(vault, role.type) == []
    lock = one(stack, "Microsoft.Authorization/locks")
    assert lock.scope == GROUP
    assert stack.covers(lock, account)


def test_the_identity_of_another_resource_is_known_to_come_out_of_it(stack: Stack):
    role = one(stack, "Microsoft.Authorization/roleAssignments")
    assert role.sources_of("properties.principalId") == (one(stack, WORKSPACE).key,)


def test_a_parameter_that_nobody_gave_may_be_the_id_of_anything(stack: Stack):
    endpoint = one(stack, "Microsoft.Network/privateEndpoints")
    with pytest.raises(Undecided, match=r"properties\.subnet\.id is not known"):
        stack.refers(endpoint, endpoint, "properties.subnet.id", one(stack, VAULT))


def test_secrets_are_secret(stack: Stack):
    credentials = one(stack, f"{WORKSPACE}/connections").node["properties"]["credentials"]
    assert credentials == {"username": "reader", "password": SECRET, "key": SECRET}


def test_notes_say_what_is_missing(template: Template):
    assert [str(each) for each in template.notes] == [
        "$.parameters.workspaceName: it has no value and no default; what depends on it is unknown",
        "$.parameters.subnetId: it has no value and no default; what depends on it is unknown",
    ]


def test_given_parameters_make_names_known(named: Template):
    stack = Stack(named.resources)
    workspace, vault = one(stack, WORKSPACE), one(stack, VAULT)
    assert (workspace.name, vault.name) == ("mlw", "kv-mlw")
    assert workspace.node["properties"]["keyVault"] == vault.id
    assert workspace.node["location"] == "westeurope"
    assert stack.target(workspace, "properties.containerRegistry", "Microsoft.ContainerRegistry/registries")
    role = one(stack, "Microsoft.Authorization/roleAssignments")
    assert role.name is not None
    assert len(role.name) == 36


def test_the_place_in_the_file(template: Template):
    lines = FILE.read_text().splitlines()
    for resource in template.resources:
        line, column = template.locate(resource) or (0, 0)
        assert lines[line - 1][column - 1] == "{"
    account = template.resources[0]
    line, column = template.locate(account, "properties.networkAcls.defaultAction") or (0, 0)
    assert lines[line - 1][column - 1 :].startswith('"Deny"')
    line, _ = template.locate(account, "properties.networkAcls.nowhere") or (0, 0)
    assert "networkAcls" in lines[line - 1]
    assert template.locate(Resource(node={})) is None


def test_a_document_that_is_no_text_has_no_lines():
    template = read_template(load_json(FILE).content)
    assert template.locate(template.resources[0]) is None
