# SPDX-License-Identifier: Apache-2.0
"""Schemas and what they refuse: hand-written cases, and mutations of generated inputs of every type."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest

from groundplan_arm import body, load, schema
from groundplan_arm.model import ModuleTypes, Properties
from groundplan_arm.notation import Kind
from groundplan_arm.schema.validation import Failure, written

CATALOG = load()
MODULES = sorted({found.module.name for found in CATALOG.types()})
VAULT = CATALOG.by_token("azure-native:keyvault:Vault")
GOOD_VAULT: dict[str, Any] = {
    "resourceGroupName": "rg",
    "vaultName": "kv",
    "properties": {"tenantId": "t", "sku": {"family": "A", "name": "standard"}},
}


def failures(token: str, inputs: dict[str, Any]) -> list[tuple[str, str]]:
    found = schema.validate_inputs(CATALOG.by_token(f"azure-native:{token}"), inputs)
    return [(failure.property_path, failure.reason) for failure in found]


def test_good_inputs_have_no_failures() -> None:
    assert failures("keyvault:Vault", GOOD_VAULT) == []


@pytest.mark.parametrize(
    ("change", "path", "reason"),
    [
        ({"tags": {"a b": 3}}, 'tags["a b"]', "expected a text, not the number 3"),
        ({"tags": ["x"]}, "tags", "expected an object, not a list"),
        ({"locaton": "x"}, "locaton", "unknown property 'locaton'; did you mean 'location'?"),
        (
            {"properties": {"tenantId": "t", "sku": {"family": "A", "name": "Standard"}}},
            "properties.sku.name",
            "'Standard' is not allowed; allowed: 'standard', 'premium'; did you mean 'standard'?",
        ),
        (
            {"properties": {"tenantId": "t", "sku": {"family": "A"}}},
            "properties.sku.name",
            "missing required property 'name'",
        ),
        (
            {"properties": {**GOOD_VAULT["properties"], "enabledForDeployment": "yes"}},
            "properties.enabledForDeployment",
            "expected true or false, not a text",
        ),
        (
            {"properties": {**GOOD_VAULT["properties"], "accessPolicies": [{"tenantId": "t", "objectId": "o"}]}},
            "properties.accessPolicies[0].permissions",
            "missing required property 'permissions'",
        ),
        (
            {"properties": {**GOOD_VAULT["properties"], "softDeleteRetentionInDays": 7.5}},
            "properties.softDeleteRetentionInDays",
            "expected a whole number, not the number 7.5",
        ),
    ],
)
def test_each_mistake_is_named_at_its_place(change: dict[str, Any], path: str, reason: str) -> None:
    assert failures("keyvault:Vault", {**GOOD_VAULT, **change}) == [(path, reason)]


def test_all_mistakes_are_told_at_once_in_the_order_of_their_paths() -> None:
    found = failures("keyvault:Vault", {"properties": {"tenantId": 1, "sku": {}}, "x": 1})
    assert [path for path, _ in found] == [
        "properties.sku.family",
        "properties.sku.name",
        "properties.tenantId",
        "resourceGroupName",
        "x",
    ]


def test_a_wrong_discriminator_lists_the_right_ones() -> None:
    inputs = {
        "resourceGroupName": "rg",
        "workspaceName": "ws",
        "endpointName": "e",
        "properties": {"endpointComputeType": "Managd", "instanceType": "x"},
    }
    assert failures("machinelearningservices:OnlineDeployment", inputs) == [
        (
            "properties.endpointComputeType",
            "'Managd' is not allowed; allowed: 'Kubernetes', 'Managed'; did you mean 'Managed'?",
        )
    ]


def test_the_discriminator_decides_what_is_allowed_beside_it() -> None:
    inputs = {
        "resourceGroupName": "rg",
        "workspaceName": "ws",
        "properties": {"computeType": "AmlCompute", "properties": {"vmSze": "x", "scaleSettings": {"minNodeCount": 0}}},
    }
    assert failures("machinelearningservices:Compute", inputs) == [
        ("properties.properties.scaleSettings.maxNodeCount", "missing required property 'maxNodeCount'"),
        ("properties.properties.vmSze", "unknown property 'vmSze'; did you mean 'vmSize'?"),
    ]


def test_an_unknown_value_counts_as_present_and_is_not_judged() -> None:
    unknown = object()
    inputs = {
        "resourceGroupName": unknown,
        "properties": {"tenantId": unknown, "sku": unknown, "accessPolicies": [unknown, {"objectId": unknown}]},
    }
    found = schema.validate_inputs(VAULT, inputs, is_unknown=lambda value: value is unknown)
    assert [failure.property_path for failure in found] == [
        "properties.accessPolicies[1].permissions",
        "properties.accessPolicies[1].tenantId",
    ]


def test_a_secret_is_not_repeated() -> None:
    inputs = {
        "resourceGroupName": "rg",
        "workspaceName": "ws",
        "properties": {"authType": "ApiKey", "category": "x", "credentials": {"key": ["hunter2"]}},
    }
    found = failures("machinelearningservices:WorkspaceConnection", inputs)
    assert ("properties.credentials.key", "expected a text, not a list") in found
    assert "hunter2" not in str(found)


def test_a_request_may_echo_what_only_azure_fills() -> None:
    request = body.to_arm(VAULT, GOOD_VAULT)
    echoed = {
        **request,
        "id": "/v",
        "name": "v",
        "type": "Microsoft.KeyVault/vaults",
        "systemData": {"createdBy": "me"},
        "properties": {
            **request["properties"],
            "provisioningState": "Succeeded",
            "vaultUri": "u",
            "hsmPoolResourceId": "h",
        },
    }
    assert schema.validate_request(VAULT, echoed) == []
    assert schema.strip_read_only(VAULT, echoed) == request
    assert {"id", "systemData", "properties.provisioningState"} <= schema.read_only_paths(VAULT)


def test_read_only_places_inside_lists_and_unions_are_known() -> None:
    compute = CATALOG.by_token("azure-native:machinelearningservices:Compute")
    sent = {"properties": {"computeType": "AmlCompute", "properties": {"vmSize": "S"}}}
    filled = {"vmSize": "S", "currentNodeCount": 0, "nodeStateCounts": {}}
    answered = {
        "properties": {
            "computeType": "AmlCompute",
            "properties": filled,
            "provisioningState": "Succeeded",
            "createdOn": "now",
        }
    }
    assert schema.validate_request(compute, answered) == []
    assert schema.strip_read_only(compute, answered) == sent
    vnet = CATALOG.by_token("azure-native:network:VirtualNetwork")
    echo = {
        "properties": {
            "subnets": [{"name": "s", "properties": {"addressPrefix": "p", "privateEndpoints": [{"id": "/pe"}]}}]
        }
    }
    assert schema.validate_request(vnet, echo) == []
    assert schema.strip_read_only(vnet, echo) == {
        "properties": {"subnets": [{"name": "s", "properties": {"addressPrefix": "p"}}]}
    }


def test_what_azure_adds_to_an_assigned_identity_is_read_only() -> None:
    workspace = CATALOG.by_token("azure-native:machinelearningservices:Workspace")
    sent = {"identity": {"type": "UserAssigned", "userAssignedIdentities": {"/id": {}}}}
    echo = {
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {"/id": {"principalId": "p"}}, "tenantId": "t"}
    }
    assert schema.validate_request(workspace, echo) == []
    assert schema.strip_read_only(workspace, echo) == sent


def test_a_lenient_schema_lets_later_versions_pass_but_keeps_types() -> None:
    request = {"properties": {"tenantId": "t", "sku": {"family": "A", "name": "ultra"}, "brandNew": 1}}
    assert schema.validate_request(VAULT, request, strict=False) == []
    assert [found.property_path for found in schema.validate_request(VAULT, request)] == [
        "properties.brandNew",
        "properties.sku.name",
    ]
    assert schema.validate_request(VAULT, {"properties": {"tenantId": 1}}, strict=False) == [
        Failure("properties.sku", "missing required property 'sku'"),
        Failure("properties.tenantId", "expected a text, not the number 1"),
    ]


# --- mutations: one wrong thing in generated inputs of every type, refused at its path in both shapes


@pytest.mark.parametrize("module", MODULES)
def test_mutations_are_refused_at_their_place(module: str) -> None:
    tried = 0
    for resource_type in (found for found in CATALOG.types() if found.module.name == module):
        inputs = minimal(resource_type.module, resource_type.inputs)
        assert schema.validate_inputs(resource_type, inputs) == []
        assert schema.validate_request(resource_type, body.to_arm(resource_type, inputs)) == []
        mutations = list(mutate(resource_type.module, resource_type.inputs, inputs, ()))
        for path, wrong in random.Random(resource_type.token).sample(mutations, min(len(mutations), 8)):
            found = [failure.property_path for failure in schema.validate_inputs(resource_type, wrong(inputs))]
            assert written(path) in found, f"{resource_type.token}: {path} not among {found}"
            tried += 1
    assert tried >= 3


def minimal(module: ModuleTypes, properties: Properties) -> dict[str, Any]:
    """The least valid inputs."""
    return {
        name: known.const if known.const is not None else least(module, known.kind)
        for name, known in properties.items()
        if known.required or known.const is not None
    }


def least(module: ModuleTypes, kind: Kind) -> Any:
    if isinstance(kind, dict):
        mark, options = next(iter(kind.items()))
        return least(module, options[0]) if mark == "|" else [] if mark == "[]" else {}
    if kind[:2] in ("[]", "{}"):
        return [] if kind[0] == "[" else {}
    if kind[0] in "!?":
        return module.enums[kind[1:]][0]
    if kind[0] == "#":
        return minimal(module, module.nested(kind[1:]))
    return {"s": "x", "i": 1, "n": 1.5, "b": True, "*": {}}[kind]


def mutate(
    module: ModuleTypes, properties: Properties, value: dict[str, Any], at: tuple[str, ...]
) -> Iterator[tuple[Any, Any]]:
    """Ways to make a valid object wrong: (path of the failure, function that makes a wrong copy of the whole)."""
    yield (*at, "noSuchProperty"), setting((*at, "noSuchProperty"), 1)
    for name, known in properties.items():
        place = (*at, name)
        if known.const is not None:
            continue  # its union decides: covered by the hand-written cases
        if known.required:
            yield place, removing(place)
        if isinstance(known.kind, str) and known.kind[0] in "!?":
            yield place, setting(place, "no such value")
        elif known.kind in ("s", "b", "i", "n"):
            yield place, setting(place, ["no", "list"])
        if isinstance(known.kind, str) and known.kind[0] == "#" and name in value:
            yield from mutate(module, module.nested(known.kind[1:]), value[name], place)


def setting(path: tuple[str, ...], value: Any) -> Any:
    def change(inputs: dict[str, Any]) -> dict[str, Any]:
        changed = copy.deepcopy(inputs)
        holder = changed
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = value
        return changed

    return change


def removing(path: tuple[str, ...]) -> Any:
    def change(inputs: dict[str, Any]) -> dict[str, Any]:
        changed = copy.deepcopy(inputs)
        holder = changed
        for step in path[:-1]:
            holder = holder[step]
        del holder[path[-1]]
        return changed

    return change
