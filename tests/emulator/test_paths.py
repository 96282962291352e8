# SPDX-License-Identifier: Apache-2.0
"""Paths into bodies, and JSON merge patch."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from groundplan_emulator.arm import paths

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1, max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)
OBJECT = st.dictionaries(st.text("abc", min_size=1, max_size=2), JSON, max_size=4)


def without_nulls(value: Any) -> Any:
    return (
        {name: without_nulls(item) for name, item in value.items() if item is not None}
        if isinstance(value, dict)
        else value
    )


def test_values_steps_over_lists_and_leaves_out_what_is_absent():
    body = {"a": [{"b": {"id": "x"}}, {"b": None}, {"c": 1}, {"b": {"id": "y"}}]}

    found = list(paths.values(body, "a[*].b.id"))

    assert found == [("a[0].b.id", "x"), ("a[3].b.id", "y")]


@given(OBJECT, OBJECT)
def test_merging_a_patch_twice_changes_nothing_more(target: dict[str, Any], patch: dict[str, Any]):
    once = paths.merge(target, patch)

    assert paths.merge(once, patch) == once


@given(OBJECT, OBJECT)
def test_a_merge_leaves_its_inputs_alone(target: dict[str, Any], patch: dict[str, Any]):
    before = repr(target), repr(patch)

    paths.merge(target, patch)

    assert (repr(target), repr(patch)) == before


@given(OBJECT)
def test_a_patch_of_nothing_gives_itself_without_nulls(patch: dict[str, Any]):
    assert paths.merge({}, patch) == without_nulls(patch)


def test_null_removes_and_lists_replace():
    """The example of RFC 7396, section 3, in short."""
    target = {"title": "Goodbye!", "author": {"givenName": "John", "familyName": "Doe"}, "tags": ["a", "b"]}
    patch = {"title": "Hello!", "author": {"familyName": None}, "tags": ["c"]}

    assert paths.merge(target, patch) == {"title": "Hello!", "author": {"givenName": "John"}, "tags": ["c"]}


def test_write_makes_objects_and_remove_takes_the_value():
    body: dict[str, Any] = {}

    paths.write(body, "a.b.c", 1)

    assert paths.read(body, "a.b.c") == 1
    assert paths.remove(body, "a.b.c") == 1
    assert paths.remove(body, "a.b.c") is paths.MISSING
    assert paths.read(body, "a.x.y", "none") == "none"
