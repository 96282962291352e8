# SPDX-License-Identifier: Apache-2.0
"""Which resources belong to each other: by ids, by what the program passes, and undecided where nobody can tell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from groundplan_policies.arm_template import read_template
from groundplan_policies.resource import Resource
from groundplan_policies.stack import Stack
from groundplan_policies.values import UNKNOWN, Undecided

GROUP = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers"
ENDPOINTS, LOCKS = "Microsoft.Network/privateEndpoints", "Microsoft.Authorization/locks"
SETTINGS = "Microsoft.Insights/diagnosticSettings"
CONTAINERS = "Microsoft.Storage/storageAccounts/blobServices/containers"
TARGET = "properties.privateLinkServiceConnections[].properties.privateLinkServiceId"


def resource(type_: str, name: str, node: Any = None, *, known: bool = True, **more: Any) -> Resource:
    namespace, _, kind = type_.partition("/")
    identity = f"{GROUP}/{namespace}/{kind}/{name}" if known else None
    given: dict[str, Any] = {"references": {}, **more}
    return Resource(node or {}, type=type_, name=name, key=name, id=identity, **given)


def endpoint(name: str, *targets: object, **more: Any) -> Resource:
    connections = [{"properties": {"privateLinkServiceId": each}} for each in targets]
    return resource(ENDPOINTS, name, {"properties": {"privateLinkServiceConnections": connections}}, **more)


def vault(name: str = "kv", *, known: bool = True) -> Resource:
    return resource("Microsoft.KeyVault/vaults", name, known=known)


def keys(found: Iterable[Resource]) -> list[str]:
    return [each.key for each in found]


def test_referring_by_id_in_any_case() -> None:
    kv, other = vault(), vault("other")
    rows = [endpoint("a", str(other.id)), endpoint("b", str(other.id), str(kv.id).upper()), endpoint("c", str(kv.id))]
    stack = Stack([kv, *rows])

    assert keys(stack.referring(kv, ENDPOINTS.upper(), TARGET)) == ["b", "c"]


def test_referring_by_what_the_program_passes() -> None:
    kv, other = vault(known=False), vault("other", known=False)
    one = endpoint("a", UNKNOWN, references={"properties.privateLinkServiceConnections": frozenset({"kv"})})
    two = endpoint("b", UNKNOWN, references={"properties.privateLinkServiceConnections[0]": frozenset({"other"})})
    stack = Stack([kv, other, two, one])

    assert keys(stack.referring(kv, ENDPOINTS, TARGET)) == ["a"]
    assert keys(stack.referring(other, ENDPOINTS, TARGET)) == ["b"]


def test_referring_is_undecided_where_nobody_recorded_it() -> None:
    """One that refers for sure decides it."""
    kv = vault()
    unrecorded, sure = endpoint("a", UNKNOWN, references=None), endpoint("b", str(kv.id))

    with pytest.raises(Undecided, match=r"Connections\[0\]"):
        list(Stack([kv, unrecorded]).referring(kv, ENDPOINTS, TARGET))
    assert keys(Stack([kv, unrecorded, sure]).referring(kv, ENDPOINTS, TARGET)) == ["b"]


def test_referring_is_undecided_for_a_parameter_that_nobody_gave() -> None:
    """A template's unknown value may be any id, though its references are recorded."""
    name = "[parameters('target')]"
    template = {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {"target": {"type": "string"}},
        "resources": [
            {"type": "Microsoft.KeyVault/vaults", "apiVersion": "2023-07-01", "name": "kv", "properties": {}},
            {
                "type": ENDPOINTS,
                "apiVersion": "2023-11-01",
                "name": "pe",
                "properties": {"privateLinkServiceConnections": [{"properties": {"privateLinkServiceId": name}}]},
            },
        ],
    }
    stack = Stack(read_template(template).resources)

    with pytest.raises(Undecided):
        list(stack.referring(stack.of("Microsoft.KeyVault/vaults")[0], ENDPOINTS, TARGET))


def test_attached_to_this_very_resource() -> None:
    kv, other = vault(), vault("other")
    on = resource(LOCKS, "on", scope=str(kv.id).lower())
    passed = resource(LOCKS, "passed", scope=UNKNOWN, references={"scope": frozenset({"kv"})})
    stack = Stack([kv, other, passed, on, resource(LOCKS, "off", scope=str(other.id)), resource(SETTINGS, "s")])

    assert keys(stack.attached(kv, LOCKS)) == ["passed", "on"]
    assert keys(stack.attached(kv, SETTINGS)) == []


def test_attached_is_undecided_where_nobody_recorded_it() -> None:
    kv = vault()

    with pytest.raises(Undecided, match="scope"):
        Stack([kv, resource(LOCKS, "lock", scope=UNKNOWN, references=None)]).attached(kv, LOCKS)


def test_children_by_id_and_by_what_the_program_passes() -> None:
    accounts = [resource("Microsoft.Storage/storageAccounts", name, known=name == "known") for name in ("known", "new")]
    service = "Microsoft.Storage/storageAccounts/blobServices"
    by_id = Resource({}, type=service, key="by id", id=f"{accounts[0].id}/blobServices/default", references={})
    passed = Resource({}, type=service, key="passed", references={"parent": frozenset({"new"})})
    stack = Stack([*accounts, passed, by_id])

    assert keys(stack.children(accounts[0], service)) == ["by id"]
    assert keys(stack.children(accounts[1], service.lower())) == ["passed"]
    assert keys(stack.children(accounts[1], CONTAINERS)) == []
    assert stack.parent(by_id) is accounts[0]
    assert stack.parent(accounts[0]) is None
