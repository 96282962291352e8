# SPDX-License-Identifier: Apache-2.0
"""The managed network: one-way modes, rules by mode, provisioning."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Workspaces, refused

pytestmark = pytest.mark.azure_assumed
MODES = ("Disabled", "AllowInternetOutbound", "AllowOnlyApprovedOutbound")
COMPUTE = {
    "location": "westeurope",
    "properties": {"computeType": "AmlCompute", "properties": {"vmSize": "Standard_DS3_v2"}},
}


def network(mode: str, **rules: Any) -> dict[str, Any]:
    return {"isolationMode": mode, "outboundRules": rules} if rules else {"isolationMode": mode}


@pytest.mark.parametrize("before", MODES)
@pytest.mark.parametrize("after", MODES)
def test_a_mode_only_gets_stricter(workspaces: Workspaces, before: str, after: str):
    made = workspaces.made("strict", managedNetwork=network(before))
    allowed = made["properties"]["managedNetwork"]["changeableIsolationModes"]

    answer = workspaces.put("strict", managedNetwork=network(after))

    assert (after in allowed) == (MODES.index(after) >= MODES.index(before))
    if after in allowed:
        assert answer.json()["properties"]["managedNetwork"]["isolationMode"] == after
    else:
        refused(answer, "ValidationError", f"cannot change from '{before}' to '{after}'")


def test_rules_that_a_mode_does_not_take(workspaces: Workspaces):
    fqdn = {"type": "FQDN", "destination": "packages.example.com"}

    refused(
        workspaces.put("net", managedNetwork=network("Disabled", a=fqdn)), "ValidationError", "needs a managed network"
    )
    refused(
        workspaces.put("net", managedNetwork=network("AllowInternetOutbound", a=fqdn)),
        "ValidationError",
        "FQDN rule 'a'",
    )
    blob = {"type": "FQDN", "destination": "x.blob.core.windows.net"}
    refused(
        workspaces.put("net", managedNetwork=network("AllowOnlyApprovedOutbound", a=blob)),
        "ValidationError",
        "PrivateEndpoint rule",
    )


def test_the_host_of_visual_studio_code_is_no_account_of_ours(workspaces: Workspaces):
    listed = {"type": "FQDN", "destination": "vscode.blob.core.windows.net"}

    answer = workspaces.put("net", managedNetwork=network("AllowOnlyApprovedOutbound", vscode=listed))

    assert answer.is_success


def test_required_rules_follow_the_mode(workspaces: Workspaces):
    workspaces.made("net", managedNetwork=network("AllowInternetOutbound"))
    internet = {rule["name"] for rule in workspaces.call("GET", "net/outboundRules").json()["value"]}
    workspaces.made("net", managedNetwork=network("AllowOnlyApprovedOutbound"))
    approved = {rule["name"]: rule for rule in workspaces.call("GET", "net/outboundRules").json()["value"]}

    assert len(internet) == 1
    assert {name.split("_")[4] for name in internet} == {"net"}
    assert "__SYS_ST_AzureActiveDirectory_TCP" in approved
    assert {rule["properties"]["category"] for rule in approved.values()} == {"Required"}
    refused(
        workspaces.call("DELETE", "net/outboundRules/__SYS_ST_AzureActiveDirectory_TCP"),
        "ValidationError",
        "is required",
        409,
    )


def test_inline_rules_and_rules_of_their_own(workspaces: Workspaces):
    """A PUT of the workspace that says nothing about rules leaves them; one that names rules replaces the user's."""
    tag = {"type": "ServiceTag", "destination": {"serviceTag": "DataFactory", "protocol": "TCP", "portRanges": "443"}}
    workspaces.made(
        "net", managedNetwork=network("AllowOnlyApprovedOutbound", inline={"type": "FQDN", "destination": "a.org"})
    )
    assert workspaces.call("PUT", "net/outboundRules/own", {"properties": tag}).status_code == 200
    silent = workspaces.made("net", managedNetwork=network("AllowOnlyApprovedOutbound"))
    named = workspaces.made(
        "net", managedNetwork=network("AllowOnlyApprovedOutbound", other={"type": "FQDN", "destination": "b.org"})
    )

    assert users(silent) == {"inline", "own"}
    assert users(named) == {"other"}
    change = {"properties": {"managedNetwork": network("AllowOnlyApprovedOutbound", more=tag)}}
    assert users(workspaces.call("PATCH", "net", change).json()) == {"other", "more"}


def users(workspace: dict[str, Any]) -> set[str]:
    rules = workspace["properties"]["managedNetwork"]["outboundRules"]
    return {name for name, rule in rules.items() if rule["category"] == "UserDefined"}


def test_the_first_compute_provisions_the_network(workspaces: Workspaces):
    made = workspaces.made("net", managedNetwork=network("AllowInternetOutbound"))
    assert workspaces.call("PUT", "net/computes/cpu", COMPUTE).is_success

    after = workspaces.call("GET", "net").json()["properties"]["managedNetwork"]
    assert made["properties"]["managedNetwork"]["status"]["status"] == "Inactive"
    assert after["status"]["status"] == "Active"
    assert {rule["status"] for rule in after["outboundRules"].values()} == {"Active"}


def test_provisioning_needs_a_network(workspaces: Workspaces):
    workspaces.made("none")

    refused(workspaces.call("POST", "none/provisionManagedNetwork", {}), "UserError", "has no managed network")


def test_a_network_cannot_come_after_computes(workspaces: Workspaces):
    workspaces.made("late")
    assert workspaces.call("PUT", "late/computes/cpu", COMPUTE).is_success

    refused(workspaces.put("late", managedNetwork=network("AllowInternetOutbound")), "UserError", "delete cpu first")


def test_no_own_subnet_inside_a_managed_network(workspaces: Workspaces):
    workspaces.made("net", managedNetwork=network("AllowInternetOutbound"))
    vnet = f"{workspaces.group}/providers/Microsoft.Network/virtualNetworks/vnet"
    space = {
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
        "subnets": [{"name": "s", "properties": {"addressPrefix": "10.0.0.0/24"}}],
    }
    answer = workspaces.azure.arm(
        "PUT", vnet, {"location": "westeurope", "properties": space}, api_version="2024-05-01"
    )
    assert answer.is_success, answer.text
    inner = {"vmSize": "Standard_DS3_v2", "subnet": {"id": f"{vnet}/subnets/s"}}
    body = {"location": "westeurope", "properties": {"computeType": "AmlCompute", "properties": inner}}

    refused(workspaces.call("PUT", "net/computes/cpu", body), "UserError", "cannot have a subnet of its own")
    workspaces.made("open")
    assert workspaces.call("PUT", "open/computes/cpu", body).is_success
    inner["subnet"] = {"id": f"{vnet}/subnets/none"}
    refused(workspaces.call("PUT", "open/computes/other", body), "LinkedResourceNotFound", "subnet.id")
