# SPDX-License-Identifier: Apache-2.0
"""Every condition answers as an independent statement of Azure's semantics does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundplan_policies.azure_policy.operators import OPERATORS
from tests.policies.azure_policy.making import fails, holds
from tests.policies.azure_policy.semantics import CONDITIONS, FAILS, MISSING

FIELD = "Microsoft.KeyVault/vaults/createMode"
LETTERS = "aAbB01-. _"
texts = st.text(LETTERS, max_size=5) | st.sampled_from(
    [
        "true",
        "True",
        "FALSE",
        "80",
        "80.0",
        "443",
        "2026-01-02",
        "2026-01-02T03:04:05Z",
        "2026-01-02T04:04:05+01:00",
        "2025-12-31",
    ]
)
numbers = st.integers(-3, 90) | st.sampled_from([80, 443, 0.5, 2.0])
scalars = texts | st.booleans() | numbers
plain = scalars | st.none()
values: st.SearchStrategy[Any] = (
    plain | st.just(MISSING) | st.lists(plain, max_size=3) | st.dictionaries(st.sampled_from("aAbc"), plain, max_size=2)
)
EXPECTED: dict[str, st.SearchStrategy[Any]] = {
    "equals": values.filter(lambda value: value is not MISSING),
    "like": st.text("aAbB0*", max_size=4).filter(lambda text: text.count("*") < 2),
    "match": st.text("aA0#?.-", max_size=4),
    "matchInsensitively": st.text("aA0#?.-", max_size=4),
    "contains": scalars,
    "in": st.lists(plain, max_size=4),
    "containsKey": st.sampled_from("aAbBx"),
    "exists": st.sampled_from([True, False, "true", "False"]),
}
ORDERED = scalars | st.none()


def _expected(operator: str) -> st.SearchStrategy[Any]:
    positive = operator if operator in EXPECTED else operator.removeprefix("not")
    name = positive[0].lower() + positive[1:]
    return EXPECTED.get(name, ORDERED)


def test_all_are_compared() -> None:
    assert set(CONDITIONS) == set(OPERATORS)


@pytest.mark.parametrize("operator", sorted(CONDITIONS))
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_operator(operator: str, data: st.DataObject) -> None:
    """Whatever is at hand and whatever the policy says."""
    value = data.draw(values)
    expected = data.draw(_expected(operator))
    body = {"properties": {} if value is MISSING else {"createMode": value}}
    condition = {"field": FIELD, operator: expected}
    said = CONDITIONS[operator](value, expected)
    if said is FAILS:
        assert fails(condition, body)
    else:
        assert holds(condition, body) is said


@pytest.mark.parametrize(
    ("operator", "value", "expected", "said"),
    [
        ("like", "a-long-name", "*-long-*", True),
        ("like", "a-long-name", "*-lang-*", False),
        ("like", "a.c", "a?c", False),
        ("equals", "Straße", "STRASSE", True),
        ("contains", 8080, 80, True),
        ("contains", ["A", "b"], "B", True),
        ("contains", {"a": 1}, "a", False),
        ("in", True, ["TRUE"], True),
        ("less", "TLS1_1", "tls1_2", True),
        ("less", "9", "10", False),
        ("less", "9", 10, True),
        ("greater", "2026-01-02T00:30:00+01:00", "2026-01-01T23:00:00Z", True),
        ("greater", "2026-01-02", "2026-01-01T23:00:00.1234567Z", True),
        ("less", "a_b", "a1b", True),
        ("less", "2026-13-45", "2026-13-46", True),
        ("equals", 1e3, "1000", True),
        ("match", "vm1\n", "vm#.", True),
        ("match", "vm٣", "vm#", False),
    ],
)
def test_examples(operator: str, value: Any, expected: Any, *, said: bool) -> None:
    assert holds({"field": FIELD, operator: expected}, {"properties": {"createMode": value}}) is said


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("in", "a", "a"),
        ("exists", "a", 1),
        ("less", True, 1),
        ("greater", [1], 0),
        ("less", "a", True),
        ("less", 1, None),
    ],
)
def test_what_can_not_be_compared_fails(operator: str, value: Any, expected: Any) -> None:
    """Values that only the evaluation can see to be of the wrong type, as they come out of an expression."""
    condition = {"field": FIELD, operator: "[json(field('tags').wanted)]"}

    assert fails(condition, {"properties": {"createMode": value}, "tags": {"wanted": json.dumps(expected)}})
