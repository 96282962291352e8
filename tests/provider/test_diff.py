# SPDX-License-Identifier: Apache-2.0
"""Diff over whatever programs may write."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import groundplan_arm
from groundplan_provider.diff import CREATE_BEFORE_DELETE, diff, fixed_paths
from groundplan_provider.values import Secret
from tests.provider.test_values import PLAIN

ACCOUNT = groundplan_arm.load().by_token("azure-native:storage:StorageAccount")
NAMES = st.sampled_from(["accountName", "resourceGroupName", "location", "isHnsEnabled", "sku", "tags", "kind"])
BAGS = st.dictionaries(NAMES, PLAIN, max_size=5)


@given(BAGS, BAGS)
def test_nothing_changes_from_a_bag_to_itself(bag: dict[str, Any], outputs: dict[str, Any]) -> None:
    """Nor when it becomes secret, whatever Azure answered."""
    assert not diff(ACCOUNT, bag, bag, outputs).changes
    assert not diff(ACCOUNT, bag, {name: Secret(value) for name, value in bag.items()}, outputs).changes


@given(BAGS, BAGS)
def test_changes_at_fixed_places_replace_and_no_others(old: dict[str, Any], new: dict[str, Any]) -> None:
    """Every top-level property that is part of the id or create-only, when nothing is known of Azure's answer."""
    fixed = {path[0] for path in fixed_paths(ACCOUNT) if len(path) == 1}
    found = diff(ACCOUNT, old, new, {})

    assert {change.path for change in found.changes if change.path[0] in fixed} == {
        change.path for change in found.changes if change.replaces
    }
    assert found.replaces == found.delete_before_replace
    assert not diff(ACCOUNT, old, {**new, CREATE_BEFORE_DELETE: True}, {}).delete_before_replace


@given(BAGS, BAGS)
def test_ignoring_everything_leaves_nothing(old: dict[str, Any], new: dict[str, Any]) -> None:
    """A wildcard at the top."""
    assert not diff(ACCOUNT, old, new, {}, ["*"]).changes


def test_fixed_places_exist() -> None:
    """A create-only place that no input of its type has would never replace anything."""
    types = groundplan_arm.load().types()
    missing = {(known.token, path) for known in types for path in fixed_paths(known) if path[0] not in known.inputs}

    assert set() == missing


@pytest.mark.parametrize(
    ("old", "new", "replaces"),
    [
        ({"sku": {"name": "A"}}, {"sku": {"name": "B"}}, True),
        ({"sku": {"name": "A"}}, {"sku": {"name": "A", "tier": "T"}}, False),
        ({}, {"sku": {"name": "A"}}, True),
        ({}, {"sku": {"name": "Now"}}, False),
        ({"sku": {"name": "A"}}, {}, True),
        ({}, {"sku": {"tier": "T"}}, False),
        ({"sku": {"name": "A"}}, {"sku": "A"}, True),
    ],
)
def test_a_create_only_place_inside_an_object(old: dict[str, Any], new: dict[str, Any], replaces: bool) -> None:
    """It counts when the object around it comes, goes or changes its shape with it; not when Azure has the value already."""
    known = dataclasses.replace(ACCOUNT, create_only=frozenset({"sku.name"}))

    assert replaces == diff(known, old, new, {"sku": {"name": "Now"}}).replaces
