# SPDX-License-Identifier: Apache-2.0
"""What holds of every condition: absent, null, letter case, booleans as texts, arrays, counts, values that are not known yet."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.policies.azure_policy.conditions import FIELD, IPS, OTHERS, POSITIVE, RANKS, negative
from tests.policies.azure_policy.making import fails, holds
from tests.policies.azure_policy.semantics import CONDITIONS, FAILS, MISSING


@pytest.mark.parametrize("operator", POSITIVE)
@settings(max_examples=40, deadline=None)
@given(
    data=st.data(), body=st.sampled_from([{}, {"properties": {}}, {"properties": None}, {"properties": {"other": 1}}])
)
def test_absent_meets_negative_conditions_alone(operator: str, data: st.DataObject, body: Any) -> None:
    expected = data.draw(OTHERS[operator])
    assert holds({"field": FIELD, operator: expected}, body) is False
    assert holds({"field": FIELD, negative(operator): expected}, body) is True
    assert holds({"field": FIELD, "exists": False}, body) is True
    rank = data.draw(st.sampled_from(RANKS))
    assert holds({"field": FIELD, rank: data.draw(st.integers() | st.text("ab"))}, body) is False


@settings(max_examples=60, deadline=None)
@given(expected=st.none() | st.text("ab", max_size=1) | st.integers(0, 1) | st.booleans(), rank=st.sampled_from(RANKS))
def test_null_is_the_empty_text_and_does_not_exist(expected: Any, rank: str) -> None:
    body = {"properties": {"createMode": None}}
    assert holds({"field": FIELD, "equals": expected}, body) is (expected is None or expected == "")
    assert holds({"field": FIELD, "exists": "true"}, body) is False
    assert holds({"field": FIELD, "like": "*"}, body) is False
    assert holds({"field": FIELD, rank: expected}, body) is False


def _cased(text: str, upper: list[bool]) -> str:
    return "".join(each.upper() if up else each.lower() for each, up in zip(text, upper, strict=True))


@pytest.mark.parametrize("operator", ["equals", "like", "matchInsensitively", "contains", "in", "containsKey", *RANKS])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_letter_case_is_ignored(operator: str, data: st.DataObject) -> None:
    """Of the value, of what is compared with it, and of the names of properties; `match` alone looks at it."""
    value, sought = data.draw(st.text("abc", min_size=1, max_size=4)), data.draw(st.text("abc", min_size=1, max_size=4))
    flips = st.lists(st.booleans(), min_size=20, max_size=20)
    other, changed, name = (_cased(text, data.draw(flips)[: len(text)]) for text in (value, sought, "createMode"))

    def ask(there: str, wanted: str, property_: str) -> bool | None:
        expected = [wanted, "zz"] if operator == "in" else wanted
        whole: Any = {there: 1} if operator == "containsKey" else there
        return holds({"field": FIELD, operator: expected}, {"properties": {property_: whole}})

    assert ask(value, sought, "createMode") is ask(other, changed, name)
    assert holds({"field": FIELD, "match": sought}, {"properties": {"createMode": value}}) is (value == sought)


@settings(max_examples=60, deadline=None)
@given(
    value=st.booleans(),
    said=st.sampled_from(["true", "True", "TRUE", "false", "fAlse", "yes", "1", ""]),
    swap=st.booleans(),
)
def test_booleans_may_be_written_as_texts(value: bool, said: str, swap: bool) -> None:
    there, wanted = (said, value) if swap else (value, said)
    body = {"properties": {"createMode": there}}
    same = said.lower() == str(value).lower()
    assert holds({"field": FIELD, "equals": wanted}, body) is same
    assert holds({"field": FIELD, "notEquals": wanted}, body) is not same
    assert holds({"field": FIELD, "in": ["x", wanted]}, body) is same


rules = st.lists(
    st.fixed_dictionaries({}, optional={"value": st.sampled_from(["10.0.0.1", "10.0.0.2", "192.168.0.1"])}), max_size=4
)


@settings(max_examples=150, deadline=None)
@given(items=st.none() | st.just(MISSING) | rules, operator=st.sampled_from(["equals", "like", "in", "contains"]))
def test_conditions_on_items_ask_all_of_them(items: Any, operator: str) -> None:
    """A field of the items of an array holds where it does for each, of none too; `not` around it finds one that differs."""
    expected: Any = {"equals": "10.0.0.1", "like": "10.*", "in": ["10.0.0.1", "10.0.0.2"], "contains": "0.0"}[operator]
    acls = {} if items is MISSING else {"ipRules": items}
    body = {"properties": {"networkAcls": acls}}
    there = [each.get("value", MISSING) for each in items] if isinstance(items, list) else []
    plain = {"field": f"{IPS}.value", operator: expected}
    contrary = {"field": f"{IPS}.value", negative(operator): expected}
    every = [CONDITIONS[operator](each, expected) for each in there]
    assert holds(plain, body) is (False not in every)
    assert holds({"not": plain}, body) is (False in every)
    assert holds(contrary, body) is (True not in every)
    assert holds({"not": contrary}, body) is (True in every)


@settings(max_examples=120, deadline=None)
@given(
    items=rules,
    outside=st.sampled_from(["prod", "test"]),
    operator=st.sampled_from(["equals", "notEquals", *RANKS]),
    number=st.integers(0, 4),
)
def test_count_counts_the_items_that_meet_its_where(items: Any, outside: str, operator: str, number: int) -> None:
    """One at a time, with what is outside of the array as it is."""
    where = {
        "allOf": [
            {"field": f"{IPS}.value", "like": "10.*"},
            {"field": "tags.env", "equals": "prod"},
            {"value": f"[length(field('{IPS}'))]", "equals": 1},
            {"value": f"[current('{IPS}.value')]", "contains": "10.0"},
        ]
    }
    body = {"tags": {"env": outside}, "properties": {"networkAcls": {"ipRules": items}}}
    counted = sum(outside == "prod" and each.get("value", "").startswith("10.0") for each in items)
    assert holds({"count": {"field": IPS, "where": where}, operator: number}, body) is CONDITIONS[operator](
        counted, number
    )
    assert holds({"count": {"field": IPS}, operator: number}, body) is CONDITIONS[operator](len(items), number)


@settings(max_examples=80, deadline=None)
@given(lists=st.lists(st.lists(st.integers(1, 4), max_size=3), max_size=3), number=st.integers(0, 5))
def test_counts_inside_of_counts(lists: list[list[int]], number: int) -> None:
    """Over the lists of the resource, and over those of the policy for each of them."""
    outer = "Microsoft.Network/networkSecurityGroups/securityRules[*]"
    inner = f"{outer}.destinationPortRanges[*]"
    body = {
        "properties": {
            "securityRules": [{"properties": {"destinationPortRanges": [str(n) for n in each]}} for each in lists]
        }
    }
    condition = {
        "count": {
            "field": outer,
            "where": {
                "count": {
                    "value": ["1", "2"],
                    "name": "wanted",
                    "where": {
                        "count": {"field": inner, "where": {"field": inner, "equals": "[current('wanted')]"}},
                        "greater": 0,
                    },
                },
                "equals": 2,
            },
        },
        "equals": number,
    }
    both = sum({1, 2} <= set(each) for each in lists)
    type_ = "Microsoft.Network/networkSecurityGroups"
    assert holds(condition, body, type_) is (both == number)
    flat = {"count": {"field": inner, "where": {"field": inner, "equals": "1"}}, "equals": number}
    assert holds(flat, body, type_) is (sum(each.count(1) for each in lists) == number)


def test_places_are_the_same_with_and_without_spaces() -> None:
    for there, wanted in (("West Europe", "westeurope"), ("westeurope", "West Europe"), ("WESTEUROPE", "west europe")):
        assert holds({"field": "location", "equals": wanted}, {"location": there}) is True
        assert holds({"field": "location", "in": ["x", wanted]}, {"location": there}) is True
    assert holds({"field": FIELD, "equals": "westeurope"}, {"properties": {"createMode": "West Europe"}}) is False


def test_fails_is_no_answer() -> None:
    assert CONDITIONS["less"]("a", 1) is FAILS
    assert fails({"field": FIELD, "less": 1}, {"properties": {"createMode": "a"}})
