# SPDX-License-Identifier: Apache-2.0
"""What a workspace does in time: waits for its identity's roles, one outbound rule after the other, replacement by a looser mode."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from groundplan.propagation import settled
from tests.fixtures.azure import RunningAzure
from tests.modules.declared import Declared
from tests.provider.conftest import Stack

PROGRAM = """
import groundplan as gp
import groundplan.propagation
import pulumi
from pulumi_azure_native import authorization, resources

config = pulumi.Config()
groundplan.propagation.PATIENCE = config.get_float("patience") or groundplan.propagation.PATIENCE
client = authorization.get_client_config()
names = gp.Names(project="vision", environment="time", subscription_id=client.subscription_id)
group = resources.ResourceGroup("group", resource_group_name="rg-time", location="westeurope")
place = {"resource_group_name": group.name, "public_network_access": True}
data = gp.Storage("data", gp.StorageArgs(account_name=names("storage_account"), **place))
vault = gp.KeyVault("vault", gp.KeyVaultArgs(vault_name=names("key_vault"), tenant_id=client.tenant_id, **place))
identity = gp.Identity("identity", gp.IdentityArgs(resource_group_name=group.name))
rules = {
    "data": gp.PrivateEndpointRule(resource_id=data.id, subresources=("queue", "table")),
    "factory": gp.ServiceTagRule(tag="DataFactory"),
}
mode = config.get("mode")
gp.Workspace(
    "hub",
    gp.WorkspaceArgs(
        key_vault_id=vault.id,
        storage_account_id=data.id,
        identity_id=identity.id,
        identity_principal_id=identity.principal_id,
        managed_network=gp.ManagedNetwork(isolation=mode, rules={} if mode == "Disabled" else rules) if mode else None,
        description=config.get("description"),
        **place,
    ),
)
"""
SHOWN = {
    "path": "/roleAssignments/",
    "method": "GET",
    "status": 404,
    "code": "RoleAssignmentNotFound",
    "message": "The role assignment is not found.",
}


def planned(stack: Stack, mode: str) -> dict[str, str]:
    """What a preview with that isolation would do, by logical name."""
    stack.pulumi("config", "set", "mode", mode)
    said = stack.pulumi("preview", "--json")
    steps = json.loads(said[said.index("{") :])["steps"]
    return {step["urn"].rpartition("::")[2]: step["op"] for step in steps if step["op"] != "same"}


@pytest.mark.timeout(240)
def test_over_time(stack: Stack, azure: RunningAzure) -> None:
    (stack.folder / "__main__.py").write_text(PROGRAM)
    stack.up()

    # a network that appears replaces nothing
    assert planned(stack, "AllowInternetOutbound")["hub"] == "update"
    stack.up()
    rules = ["hub-out-data-queue", "hub-out-data-table", "hub-out-factory"]
    for before, rule in pairwise(rules):
        assert any(urn.endswith(f"::{before}") for urn in stack.resource(rule)["dependencies"])
    assert any(urn.endswith("::hub-approves-data") for urn in stack.resource(rules[0])["dependencies"])

    # tightening is an update, loosening another workspace
    assert planned(stack, "AllowOnlyApprovedOutbound") == {"hub": "update"}
    assert planned(stack, "Disabled")["hub"] == "replace"
    stack.pulumi("config", "set", "mode", "AllowInternetOutbound")

    # a preview asks for no assignment; an up waits for all that are young
    number = azure.fault(times=None, **SHOWN)
    stack.unchanged()
    stack.pulumi("config", "set", "description", "late")
    stack.pulumi("config", "set", "patience", "2")
    said = stack.up(code=1)
    assert "Azure does not show it after 2 seconds; run the update again" in said
    assert "description" not in Declared(stack.state()).one("machinelearningservices:Workspace", "hub")
    azure.control("DELETE", f"faults/{number}")

    azure.fault(times=6, **SHOWN)
    stack.pulumi("config", "rm", "patience")
    stack.up()
    assert azure.control("GET", "faults") == {"value": []}
    assert Declared(stack.state()).one("machinelearningservices:Workspace", "hub")["description"] == "late"

    # anything but "not found" is told at once
    azure.fault(**SHOWN | {"status": 403, "code": "AuthorizationFailed", "message": "may not read"})
    assert "may not read" in stack.up(code=1)
    stack.destroy()


def test_old_assignments_are_not_asked_for() -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)

    assert settled((now - timedelta(minutes=16)).isoformat(), now)
    assert settled("2026-11-23T11:00:00.1234567Z", now)
    assert not settled((now - timedelta(minutes=14)).isoformat(), now)
    assert not settled("2026-11-23T11:59:00", now)
    assert not settled("", now)
