# SPDX-License-Identifier: Apache-2.0
"""Differences between bags, and drift carried over to inputs."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from groundplan_provider.compare import ABSENT, Kind, changes, follow, value_at
from groundplan_provider.values import COMPUTED
from tests.provider.test_values import PLAIN

BAGS = st.dictionaries(st.text(min_size=1, max_size=4), PLAIN, max_size=4)


def kinds(old: Any, new: Any) -> dict[tuple[str | int, ...], Kind]:
    return {change.path: change.kind for change in changes(old, new)}


@given(BAGS)
def test_a_bag_equals_itself(bag: dict[str, Any]) -> None:
    """No change, whatever it holds."""
    assert kinds(bag, bag) == {}


@given(BAGS, BAGS)
def test_changes_turn_round(old: dict[str, Any], new: dict[str, Any]) -> None:
    """The way back has the same places; what was added is deleted."""
    turned = {Kind.ADD: Kind.DELETE, Kind.DELETE: Kind.ADD, Kind.UPDATE: Kind.UPDATE}

    assert {path: turned[kind] for path, kind in kinds(old, new).items()} == kinds(new, old)


@given(BAGS, BAGS, BAGS)
def test_no_drift_leaves_inputs_alone(inputs: dict[str, Any], answer: dict[str, Any], other: dict[str, Any]) -> None:
    """What Azure fills in never shows; only what changed in Azure does."""
    assert inputs == follow(inputs, answer, answer)


@given(BAGS, BAGS)
def test_inputs_that_say_everything_follow_to_the_new_state(old: dict[str, Any], new: dict[str, Any]) -> None:
    """When the inputs are all there is, they become what Azure has now."""
    assert kinds(follow(old, old, new), new) == {}


def test_deep_changes_have_deep_paths() -> None:
    """As deep as both sides have the same shape; lists by index."""
    old = {"sku": {"name": "A"}, "rules": [{"port": 1}, {"port": 2}], "zones": ["1"]}
    new = {"sku": {"name": "B"}, "rules": [{"port": 1}], "zones": "1", "tags": {}}

    assert kinds(old, new) == {
        ("sku", "name"): Kind.UPDATE,
        ("rules", 1): Kind.DELETE,
        ("zones",): Kind.UPDATE,
        ("tags",): Kind.ADD,
    }


def test_azures_names_without_case() -> None:
    """A region and a resource group are the same in any case; other texts are not."""
    assert kinds({"location": "West Europe"}, {"location": "westeurope"}) == {}
    assert kinds({"resourceGroupName": "RG"}, {"resourceGroupName": "rg"}) == {}
    assert kinds({"scope": "/subscriptions/S"}, {"scope": "subscriptions/S"}) == {}
    assert kinds({"name": "A"}, {"name": "a"}) == {("name",): Kind.UPDATE}


def test_true_is_not_one() -> None:
    """Python thinks it is."""
    assert kinds({"a": True}, {"a": 1}) == {("a",): Kind.UPDATE}


def test_an_unknown_is_always_a_change() -> None:
    """It may become anything."""
    assert kinds({"a": "x"}, {"a": COMPUTED}) == {("a",): Kind.UPDATE}


def test_drift_inside_lists_keeps_what_the_program_left_out() -> None:
    """One rule's port was changed in Azure; the etags that Azure adds stay out of the inputs."""
    inputs = {"rules": [{"port": 1}, {"port": 2}]}
    before = {"rules": [{"port": 1, "etag": "a"}, {"port": 2, "etag": "b"}]}
    after = {"rules": [{"port": 1, "etag": "a"}, {"port": 22, "etag": "b"}]}

    assert follow(inputs, before, after) == {"rules": [{"port": 1}, {"port": 22}]}


def test_value_at() -> None:
    """Any place, or absent."""
    bag = {"a": [{"b": 1}]}

    assert value_at(bag, ("a", 0, "b")) == 1
    assert ABSENT is value_at(bag, ("a", 1))
    assert ABSENT is value_at(bag, ("a", "b"))


def test_drift_below_an_object_that_the_inputs_leave_out() -> None:
    """Only what changed comes in, not all that Azure had filled in beside it; what went was never there."""
    before = {"properties": {"state": "Active", "mode": "A", "old": 1}}

    assert follow({}, before, {"properties": {"state": "Active", "mode": "B"}}) == {"properties": {"mode": "B"}}
    assert follow({}, before, {"properties": {"state": "Active", "mode": "A"}}) == {}
