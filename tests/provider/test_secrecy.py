# SPDX-License-Identifier: Apache-2.0
"""Secrets stay secret."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from groundplan_provider.secrecy import mark_like, mark_listed, redact, secret_places
from groundplan_provider.values import Secret, reveal
from tests.provider.test_values import PLAIN, VALUES


def test_listed_places_through_lists_and_maps() -> None:
    """`[*]` is every item of a list and every value of a map; what is not there is no matter."""
    bag = {"users": [{"password": "a", "name": "b"}], "settings": {"x": {"key": "k"}}, "none": None}

    assert {
        "users": [{"password": Secret("a"), "name": "b"}],
        "settings": {"x": {"key": Secret("k")}},
        "none": None,
    } == mark_listed(bag, ["users[*].password", "settings[*].key", "none", "absent.deep"])


def test_outputs_follow_inputs() -> None:
    """By place; and by text, when Azure repeats a secret somewhere else."""
    inputs = {"properties": {"value": Secret("sesame")}}
    outputs = {"properties": {"value": "sesame", "other": 1}, "echo": ["open", "sesame"]}

    assert {
        "properties": {"value": Secret("sesame"), "other": 1},
        "echo": ["open", Secret("sesame")],
    } == mark_like(outputs, inputs)


def test_a_list_with_a_secret_counts_as_a_whole() -> None:
    """Azure may answer in another order."""
    assert list(secret_places({"keys": ["a", Secret("b")]})) == [("keys",)]


@given(
    st.dictionaries(st.text(max_size=5), PLAIN, max_size=4), st.dictionaries(st.text(max_size=5), VALUES, max_size=4)
)
def test_marking_changes_no_value(outputs: dict[str, Any], inputs: dict[str, Any]) -> None:
    """Only the marks are new."""
    assert outputs == reveal(mark_like(outputs, inputs))


def test_messages_hold_no_secret() -> None:
    """The longest first, so that none is left in halves."""
    said = redact("value 'sesame-street' and 'sesame'", {"a": Secret("sesame"), "b": [Secret("sesame-street")]})

    assert said == "value '[secret]' and '[secret]'"
