# SPDX-License-Identifier: Apache-2.0
"""Names that Azure keeps: what Create and Delete do about them."""

from typing import Any

import grpc
import pytest

from groundplan_provider.values import Properties
from tests.fixtures.azure import RunningAzure
from tests.provider.plugin import Plugin, plugin

VAULT = "azure-native:keyvault:Vault"
SECRET = "azure-native:keyvault:Secret"
WORKSPACE = "azure-native:machinelearningservices:Workspace"


def deleted(azure: RunningAzure) -> set[str]:
    return {id_.rpartition("/")[2] for id_ in azure.status()["soft_deleted"]}


def vault(azure: RunningAzure, name: str, **tags: str) -> Properties:
    azure.group("buried")
    properties = {
        "tenantId": azure.tenant_id,
        "sku": {"family": "A", "name": "standard"},
        "enableRbacAuthorization": True,
    }
    return {"resourceGroupName": "buried", "vaultName": name, "properties": properties, "tags": tags}


def make_again(provider: Plugin, token: str, inputs: Properties) -> tuple[str, Properties]:
    """Make, delete, make once more with another tag."""
    first, checked, outputs = provider.make(token, inputs)
    provider.delete(token, first, checked, outputs)
    second, _, outputs = provider.make(token, {**inputs, "tags": {"round": "2"}})
    assert first == second
    return second, outputs


def test_a_vault_is_recovered_by_default(azure: RunningAzure) -> None:
    """The name comes back, with the program's settings on top of the old ones, and the secrets inside come back too."""
    with plugin(azure.env) as provider:
        id_, outputs = make_again(provider, VAULT, vault(azure, "recovered", round="1"))
        assert outputs["tags"] == {"round": "2"}
        secret = {
            "resourceGroupName": "buried",
            "vaultName": "recovered",
            "secretName": "s",
            "properties": {"value": "v"},
        }
        make_again(provider, SECRET, secret)
        provider.delete(VAULT, id_, {}, outputs)

    assert "recovered" in deleted(azure)


def test_a_delete_can_purge(azure: RunningAzure) -> None:
    """The option is an environment variable: a program must not know its target."""
    with plugin({**azure.env, "GROUNDPLAN_ON_DELETE": "purge"}) as provider:
        id_, outputs = make_again(provider, VAULT, vault(azure, "purged"))
        provider.delete(VAULT, id_, {}, outputs)

    assert "purged" not in deleted(azure)


def test_purge_protection_does_not_fail_a_delete(azure: RunningAzure) -> None:
    """The vault is deleted; that Azure keeps it for its time is what the program asked for."""
    inputs = vault(azure, "protected")
    inputs["properties"]["enablePurgeProtection"] = True
    with plugin({**azure.env, "GROUNDPLAN_ON_DELETE": "purge"}) as provider:
        id_, checked, outputs = provider.make(VAULT, inputs)
        provider.delete(VAULT, id_, checked, outputs)
        assert provider.read(VAULT, id_)[0] == ""

    assert "protected" in deleted(azure)


def test_a_create_can_purge(azure: RunningAzure) -> None:
    """What was deleted is forgotten, and a fresh vault takes the name."""
    with plugin({**azure.env, "GROUNDPLAN_ON_SOFT_DELETED": "purge"}) as provider:
        make_again(provider, VAULT, vault(azure, "freshly"))

    assert "freshly" not in deleted(azure)


def test_a_create_can_refuse(azure: RunningAzure) -> None:
    """With Azure's words and ours."""
    with plugin({**azure.env, "GROUNDPLAN_ON_SOFT_DELETED": "refuse"}) as provider:
        with pytest.raises(grpc.RpcError) as call:
            make_again(provider, VAULT, vault(azure, "refused"))

    said = str(call.value.details())  # pyright: ignore[reportAttributeAccessIssue]
    assert 'Code="ConflictError"' in said
    assert "GROUNDPLAN_ON_SOFT_DELETED is 'refuse'" in said


def linked(provider: Plugin, azure: RunningAzure, name: str) -> dict[str, Any]:
    """A workspace's inputs, with the resources that it needs."""
    group = {"resourceGroupName": "buried"}
    keys, _, _ = provider.make(VAULT, vault(azure, name))
    account = {**group, "accountName": name, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    storage, _, _ = provider.make("azure-native:storage:StorageAccount", account)
    insights = {
        **group,
        "resourceName": name,
        "kind": "web",
        "applicationType": "web",
        "ingestionMode": "ApplicationInsights",
    }
    component, _, _ = provider.make("azure-native:applicationinsights:Component", insights)
    return {
        **group,
        "workspaceName": name,
        "identity": {"type": "SystemAssigned"},
        "storageAccount": storage,
        "keyVault": keys,
        "applicationInsights": component,
    }


@pytest.mark.parametrize(("option", "kept"), [({}, True), ({"GROUNDPLAN_ON_DELETE": "purge"}, False)])
def test_a_workspace(azure: RunningAzure, option: dict[str, str], kept: bool) -> None:
    """Kept and recovered, or purged with the delete."""
    name = "work" + ("kept" if kept else "gone")
    with plugin({**azure.env, **option}) as provider:
        id_, outputs = make_again(provider, WORKSPACE, linked(provider, azure, name))
        provider.delete(WORKSPACE, id_, {}, outputs)
    buried = [found for found in azure.status()["soft_deleted"] if "/workspaces/" in found and found.endswith(name)]

    assert kept == bool(buried)
