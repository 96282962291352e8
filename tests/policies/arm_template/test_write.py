# SPDX-License-Identifier: Apache-2.0
"""Resources written as a template, and read again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundplan_arm import load
from groundplan_policies.arm_template import load_json, read_json, read_template, write_template
from groundplan_policies.resource import Resource
from groundplan_policies.values import SECRET, UNKNOWN

TEMPLATES = sorted((Path(__file__).parent / "templates").glob("*.json"))

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=8),
    st.text(alphabet="[]'a(", max_size=6),
    st.sampled_from([UNKNOWN, SECRET, "[[a]", "[a]", "[]", "[resourceGroup().id]"]),
)
names = st.one_of(st.text(max_size=6), st.sampled_from(["copy", "scope", "name", "[a]", "[[b]", "condition", "it's"]))
loops = st.just([{"name": "l", "count": 2, "input": 1}])
bodies = st.dictionaries(
    names,
    st.recursive(
        st.one_of(scalars, loops),
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=3)),
        max_leaves=10,
    ),
    max_size=5,
)


@given(st.lists(bodies, max_size=3))
def test_bodies_are_read_as_they_were_written(nodes: list[dict[str, Any]]):
    resources = [
        Resource(node=node, type="Microsoft.KeyVault/vaults", name=f"kv{index}", label=f"kv{index}")
        for index, node in enumerate(nodes)
    ]
    text = json.dumps(write_template(resources))
    found = read_template(read_json(text)).resources
    assert [each.node for each in found] == nodes
    assert [each.name for each in found] == [each.name for each in resources]


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.stem)
def test_what_was_read_is_read_again(file: Path):
    before = read_template(load_json(file)).resources
    after = read_template(write_template(before)).resources
    assert [(each.type, each.name, each.node) for each in after] == [
        (each.type, each.name, each.node) for each in before
    ]


def test_a_template_that_checkers_can_read():
    account = Resource(
        node={"location": "westeurope", "properties": {"key": SECRET, "list": [UNKNOWN, UNKNOWN], "text": "[a]"}},
        type="Microsoft.Storage/storageAccounts",
        name="st",
        label="data",
    )
    lock = Resource(
        node={"properties": {"level": "CanNotDelete"}},
        type="Microsoft.Authorization/locks",
        name="keep",
        label="lock",
        scope="/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/st",
    )
    unnamed = Resource(node={"x": 1}, type="Own.Provider/things", label="thing", scope=UNKNOWN)
    catalog = load()
    account_type, lock_type = catalog.by_arm_type(account.type), catalog.by_arm_type(lock.type)
    assert account_type is not None
    assert lock_type is not None
    assert write_template([account, lock, unnamed]) == {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {
            "dataPropertiesKey": {"type": "securestring"},
            "dataPropertiesList0": {"type": "string"},
            "dataPropertiesList1": {"type": "string"},
            "thingName": {"type": "string"},
            "thingScope": {"type": "string"},
        },
        "resources": [
            {
                "type": account.type,
                "apiVersion": account_type.api_version,
                "name": "st",
                "location": "westeurope",
                "properties": {
                    "key": "[parameters('dataPropertiesKey')]",
                    "list": ["[parameters('dataPropertiesList0')]", "[parameters('dataPropertiesList1')]"],
                    "text": "[[a]",
                },
            },
            {
                "type": lock.type,
                "apiVersion": lock_type.api_version,
                "name": "keep",
                "scope": lock.scope,
                "properties": {"level": "CanNotDelete"},
            },
            {
                "type": "Own.Provider/things",
                "name": "[parameters('thingName')]",
                "scope": "[parameters('thingScope')]",
                "x": 1,
            },
        ],
    }


def test_parameters_have_names_of_their_own():
    nodes = [
        Resource(node={"a": UNKNOWN, "A": UNKNOWN, "é": UNKNOWN}, type="A.B/c", name="n", label="") for _ in range(2)
    ]
    parameters = write_template(nodes)["parameters"]
    assert len(parameters) == len({each.casefold() for each in parameters}) == 6


def test_the_scope_that_was_written_is_read():
    scope = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/st"
    lock = Resource(node={}, type="Microsoft.Authorization/locks", name="keep", scope=scope)
    (found,) = read_template(write_template([lock])).resources
    assert (found.scope, found.id) == (scope, f"{scope}/providers/Microsoft.Authorization/locks/keep")
