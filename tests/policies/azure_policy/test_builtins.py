# SPDX-License-Identifier: Apache-2.0
"""Definitions in the style of Microsoft's built-in ones, with their GUIDs, over resources of ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from groundplan_policies.azure_policy import evaluate
from groundplan_policies.stack import Stack
from groundplan_policies.values import UNKNOWN
from tests.policies.azure_policy.making import (
    GROUPS,
    NOW,
    STORAGE,
    VAULT,
    WORKSPACE,
    assignment,
    library,
    resource,
)
from tests.policies.azure_policy.published import BAD, FOLDER, GOOD, OPEN, OUT, Body, load, props

COMPUTE = f"{WORKSPACE}/computes"
CLUSTER = "Microsoft.ContainerService/managedClusters"
NETWORK = "Microsoft.Network/virtualNetworks"
INTERFACE = "Microsoft.Network/networkInterfaces"


def _acls(action: str, *addresses: str) -> Body:
    return props(networkAcls={"defaultAction": action, "ipRules": [{"value": each} for each in addresses]})


def _instance(**values: Any) -> Body:
    return props(computeType="ComputeInstance", properties=values)


def _pools(*encrypted: Any) -> Body:
    return props(agentPoolProfiles=[{"name": "p", "enableEncryptionAtHost": each} for each in encrypted])


def _configurations(*addresses: Any) -> Body:
    return props(
        ipConfigurations=[
            {"properties": {} if each is None else {"publicIPAddress": {"id": each}}} for each in addresses
        ]
    )


def _subnets(*rows: tuple[str, Any]) -> Body:
    return props(
        subnets=[
            {"name": name, "properties": {} if out is None else {"defaultOutboundAccess": out}} for name, out in rows
        ]
    )


def _connections(*states: Any) -> Body:
    return props(
        privateEndpointConnections=[
            {"properties": {"privateLinkServiceConnectionState": {"status": each}}} for each in states
        ]
    )


CASES: dict[str, list[tuple[str, Body, str]]] = {
    "workspace_public_access": [
        (WORKSPACE, props(publicNetworkAccess="Enabled"), BAD),
        (WORKSPACE, {}, BAD),
        (WORKSPACE, props(publicNetworkAccess="disabled"), GOOD),
        (WORKSPACE, props(publicNetworkAccess=UNKNOWN), OPEN),
        (VAULT, props(publicNetworkAccess="Enabled"), OUT),
    ],
    "workspace_public_access_modify": [
        (WORKSPACE, props(publicNetworkAccess="Enabled"), BAD),
        (WORKSPACE, props(publicNetworkAccess="Disabled"), GOOD),
    ],
    "workspace_private_link": [
        (WORKSPACE, _connections("Approved"), GOOD),
        (WORKSPACE, _connections("Pending", "approved"), GOOD),
        (WORKSPACE, _connections("Pending"), BAD),
        (WORKSPACE, {}, BAD),
        (WORKSPACE, _connections("Pending", UNKNOWN), OPEN),
        (WORKSPACE, props(privateEndpointConnections=UNKNOWN), OPEN),
    ],
    "workspace_isolation": [
        (WORKSPACE, props(managedNetwork={"isolationMode": "AllowOnlyApprovedOutbound"}), GOOD),
        (WORKSPACE, props(managedNetwork={"isolationMode": "Disabled"}), BAD),
        (WORKSPACE, {}, BAD),
    ],
    "workspace_customer_key": [
        (WORKSPACE, props(encryption={"status": "Enabled"}), GOOD),
        (WORKSPACE, props(encryption={"status": "Disabled"}), BAD),
        (WORKSPACE, {}, BAD),
        (WORKSPACE, {"kind": "Project"}, OUT),
        (WORKSPACE, {"kind": UNKNOWN}, OPEN),
        (WORKSPACE, props(encryption={"status": UNKNOWN}), OPEN),
    ],
    "workspace_identity": [
        (WORKSPACE, {"identity": {"type": "SystemAssigned, UserAssigned"}}, GOOD),
        (WORKSPACE, {"identity": {"type": "SystemAssigned"}}, BAD),
        (WORKSPACE, {}, BAD),
    ],
    "compute_idle_shutdown": [
        (COMPUTE, _instance(idleTimeBeforeShutdown="PT30M"), GOOD),
        (COMPUTE, _instance(idleTimeBeforeShutdown=""), BAD),
        (COMPUTE, _instance(), BAD),
        (COMPUTE, _instance(idleTimeBeforeShutdown=UNKNOWN), OPEN),
        (COMPUTE, props(computeType="AmlCompute", properties={}), GOOD),
    ],
    "compute_local_auth": [
        (COMPUTE, props(computeType="ComputeInstance", disableLocalAuth=True), GOOD),
        (COMPUTE, props(computeType="AmlCompute", disableLocalAuth="true"), GOOD),
        (COMPUTE, props(computeType="AmlCompute", disableLocalAuth=False), BAD),
        (COMPUTE, props(computeType="AmlCompute"), BAD),
        (COMPUTE, props(computeType="Databricks"), GOOD),
    ],
    "vault_firewall": [
        (VAULT, props(publicNetworkAccess="Disabled"), GOOD),
        (VAULT, _acls("Deny"), GOOD),
        (VAULT, _acls("Deny", "1.2.3.4"), GOOD),
        (VAULT, _acls("Allow"), BAD),
        (VAULT, {}, BAD),
        (VAULT, props(createMode="recover"), GOOD),
        (VAULT, props(publicNetworkAccess=UNKNOWN, networkAcls={"defaultAction": "Deny"}), GOOD),
        (VAULT, props(publicNetworkAccess=UNKNOWN), OPEN),
    ],
    "vault_deletion_protection": [
        (VAULT, props(enableSoftDelete=True, enablePurgeProtection=True), GOOD),
        (VAULT, props(enablePurgeProtection=True), GOOD),
        (VAULT, props(enablePurgeProtection="true"), GOOD),
        (VAULT, props(enableSoftDelete=False, enablePurgeProtection=True), BAD),
        (VAULT, props(enableSoftDelete=True), BAD),
        (VAULT, props(enablePurgeProtection=None), BAD),
    ],
    "storage_network_rules": [
        (STORAGE, _acls("Deny"), GOOD),
        (STORAGE, _acls("deny", "1.2.3.4"), BAD),
        (STORAGE, _acls("Allow"), BAD),
        (STORAGE, props(networkAcls={"defaultAction": "Deny", "ipRules": UNKNOWN}), OPEN),
    ],
    "storage_tls": [
        (STORAGE, props(minimumTlsVersion="TLS1_2"), GOOD),
        (STORAGE, props(minimumTlsVersion="TLS1_0"), BAD),
        (STORAGE, {}, BAD),
    ],
    "storage_public_blobs": [
        (STORAGE, props(allowBlobPublicAccess=False), GOOD),
        (STORAGE, props(allowBlobPublicAccess=True), BAD),
        (STORAGE, {}, BAD),
    ],
    "required_group_tag": [
        (GROUPS, {"tags": {"Cost.Center": "7"}}, GOOD),
        (GROUPS, {"tags": {"cost": "7"}}, BAD),
        (GROUPS, {}, BAD),
        (STORAGE, {}, OUT),
    ],
    "private_subnets": [
        (NETWORK, _subnets(("a", False), ("GatewaySubnet", None)), GOOD),
        (NETWORK, _subnets(("a", False), ("b", None)), BAD),
        (NETWORK, {}, GOOD),
        (NETWORK, _subnets(("a", UNKNOWN)), OPEN),
        (f"{NETWORK}/subnets", props(defaultOutboundAccess=False), GOOD),
        (f"{NETWORK}/subnets", {}, BAD),
    ],
    "key_expiry": [(VAULT, {}, OPEN), (STORAGE, {}, OUT)],
    "cluster_policy_addon": [
        (CLUSTER, props(addonProfiles={"azurepolicy": {"enabled": True}}), GOOD),
        (CLUSTER, props(addonProfiles={"azurepolicy": {"enabled": False}}), BAD),
        (CLUSTER, {}, BAD),
    ],
    "cluster_host_encryption": [
        (CLUSTER, _pools(True, True), GOOD),
        (CLUSTER, _pools(True, False), BAD),
        (CLUSTER, _pools(True, None), BAD),
        (CLUSTER, _pools(UNKNOWN, False), BAD),
        (CLUSTER, _pools(UNKNOWN, True), OPEN),
    ],
    "interface_public_addresses": [
        (INTERFACE, _configurations(None, None), GOOD),
        (INTERFACE, _configurations(None, "/subscriptions/s/ip"), BAD),
        (INTERFACE, _configurations(None, UNKNOWN), OPEN),
        (INTERFACE, {}, GOOD),
    ],
    "registry_anonymous_pull": [
        ("Microsoft.ContainerRegistry/registries", props(anonymousPullEnabled=True), BAD),
        ("Microsoft.ContainerRegistry/registries", {}, GOOD),
    ],
}
GIVEN: dict[str, tuple[dict[str, Any], list[tuple[str, Body, str]]]] = {
    "allowed_locations": (
        {"listOfAllowedLocations": ["westeurope", "North Europe"]},
        [
            (STORAGE, {"location": "West Europe"}, GOOD),
            (STORAGE, {"location": "northeurope"}, GOOD),
            (STORAGE, {"location": "global"}, GOOD),
            (STORAGE, {"location": "eastus"}, BAD),
            (STORAGE, {"location": UNKNOWN}, OPEN),
            (f"{STORAGE}/blobServices", {}, OUT),
            (GROUPS, {"location": "eastus"}, OUT),
        ],
    ),
    "required_tag": (
        {"tagName": "env", "tagValue": "prod"},
        [
            (STORAGE, {"tags": {"ENV": "Prod"}}, GOOD),
            (STORAGE, {"tags": {"env": "test"}}, BAD),
            (STORAGE, {"tags": UNKNOWN}, OPEN),
            (STORAGE, {}, BAD),
            (f"{STORAGE}/blobServices", {}, OUT),
        ],
    ),
    "storage_skus": (
        {"listOfAllowedSKUs": ["Standard_ZRS"]},
        [(STORAGE, {"sku": {"name": "standard_zrs"}}, GOOD), (STORAGE, {"sku": {"name": "Standard_LRS"}}, BAD)],
    ),
}


@pytest.mark.parametrize("name", [*CASES, *GIVEN])
def test_states(name: str, tmp_path: Path) -> None:
    values, cases = GIVEN.get(name, ({}, CASES.get(name, [])))
    found = load(name, tmp_path, values)
    assert found.unknown_aliases == {}
    for type_, body, state in cases:
        full = "parent/child" if type_.count("/") == 2 else "one"
        (one,) = evaluate(found, Stack([resource(type_, body, name=full)]), NOW)
        assert one.state == state, (type_, body, one.reasons)


def test_every_definition_has_a_test() -> None:
    elsewhere = {"workspace_private_dns", "workspace_logs", "same_place_as_group"}
    assert {each.stem for each in FOLDER.glob("*.json")} == {*CASES, *GIVEN, *elsewhere}


def test_all_of_them_over_one_stack(tmp_path: Path) -> None:
    """Loaded together from the folder, with the missing parameters given by assignments."""
    documents = [json.loads(each.read_text()) for each in sorted(FOLDER.glob("*.json"))]
    given = {
        **{name: values for name, (values, _) in GIVEN.items()},
        "workspace_private_dns": {"privateDnsZoneId": "/z"},
    }
    rows = [
        assignment(json.loads((FOLDER / f"{name}.json").read_text())["id"], values, name=name.replace("_", "-"))
        for name, values in given.items()
    ]
    found = library(tmp_path, documents, rows)
    assert len(found.policies) == len(documents) == 26
    bodies = {
        WORKSPACE: props(publicNetworkAccess="Enabled"),
        STORAGE: {},
        VAULT: props(publicNetworkAccess="Disabled"),
    }
    stack = Stack([resource(type_, body) for type_, body in bodies.items()])
    outcomes = evaluate(found, stack, NOW)
    assert len(outcomes) == 3 * 26
    assert {each.state for each in outcomes} == {BAD, GOOD, OUT, OPEN}
