# SPDX-License-Identifier: Apache-2.0
"""What holds of every condition: absent, null, letter case, booleans as texts, arrays, counts, values that are not known yet."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from groundplan_policies.azure_policy import evaluate
from groundplan_policies.azure_policy.answer import Failure, negated
from groundplan_policies.azure_policy.conditions import answer
from groundplan_policies.azure_policy.situation import Situation
from groundplan_policies.stack import Stack
from groundplan_policies.values import SECRET, UNKNOWN, Mark
from tests.policies.azure_policy.making import NOW, VAULT, asked, fails, holds, in_memory, policy, resource
from tests.policies.azure_policy.semantics import CONDITIONS, FAILS, MISSING

FIELD = f"{VAULT}/createMode"
IPS = f"{VAULT}/networkAcls.ipRules[*]"
OTHERS = {
    "equals": st.text("ab", max_size=2),
    "like": st.sampled_from(["a*", "*", "ab"]),
    "match": st.sampled_from(["#", "?", "ab"]),
    "matchInsensitively": st.sampled_from(["#", "?", "ab"]),
    "contains": st.text("ab", max_size=2),
    "in": st.lists(st.text("ab", max_size=2), max_size=3),
    "containsKey": st.text("ab", min_size=1, max_size=2),
}
POSITIVE = tuple(OTHERS)
RANKS = ("less", "lessOrEquals", "greater", "greaterOrEquals")


def _negative(operator: str) -> str:
    return f"not{operator[0].upper()}{operator[1:]}"


@pytest.mark.parametrize("operator", POSITIVE)
@settings(max_examples=40, deadline=None)
@given(
    data=st.data(), body=st.sampled_from([{}, {"properties": {}}, {"properties": None}, {"properties": {"other": 1}}])
)
def test_absent_meets_negative_conditions_alone(operator: str, data: st.DataObject, body: Any) -> None:
    expected = data.draw(OTHERS[operator])
    assert holds({"field": FIELD, operator: expected}, body) is False
    assert holds({"field": FIELD, _negative(operator): expected}, body) is True
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
    contrary = {"field": f"{IPS}.value", _negative(operator): expected}
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


leaf_values = st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["a", "b", "true", "10.0.0.1", "1"])
marks = st.sampled_from([UNKNOWN, SECRET])
item = st.fixed_dictionaries({}, optional={"value": leaf_values | marks}) | marks
bodies = st.fixed_dictionaries(
    {},
    optional={
        "location": st.sampled_from(["westeurope", "West Europe"]) | marks,
        "kind": st.sampled_from(["a", "b"]) | marks,
        "tags": st.dictionaries(st.sampled_from("xy"), leaf_values | marks, max_size=2) | marks,
        "properties": st.fixed_dictionaries(
            {},
            optional={
                "createMode": leaf_values | marks | st.lists(leaf_values | marks, max_size=2),
                "sku": st.fixed_dictionaries({}, optional={"name": leaf_values | marks}) | marks,
                "networkAcls": st.fixed_dictionaries({}, optional={"ipRules": st.lists(item, max_size=3) | marks})
                | marks,
            },
        )
        | marks,
    },
)
fields = st.sampled_from(
    [FIELD, f"{VAULT}/sku.name", "tags.x", "tags", "location", "kind", "name", f"{IPS}.value", IPS]
)
sources = st.sampled_from(
    [
        f"[field('{FIELD}')]",
        f"[length(field('{IPS}'))]",
        "[concat('a', string(field('tags.x')))]",
        f"[if(equals(field('kind'), 'a'), field('{VAULT}/sku.name'), 'b')]",
        f"[and(equals(field('kind'), 'a'), contains(field('{IPS}.value'), '1'))]",
        "[resourceGroup().name]",
    ]
)
comparisons = st.one_of(
    *(st.tuples(st.sampled_from([name, _negative(name)]), OTHERS[name]) for name in POSITIVE),
    st.tuples(st.sampled_from(RANKS), st.sampled_from([0, 1, "a", "1"])),
    st.tuples(st.sampled_from(["equals", "notEquals"]), leaf_values | sources),
    st.tuples(st.just("exists"), st.booleans()),
)


def _condition(subject: dict[str, Any], comparison: tuple[str, Any]) -> dict[str, Any]:
    return {**subject, comparison[0]: comparison[1]}


leaves = st.builds(
    _condition,
    st.builds(lambda name: {"field": name}, fields) | st.builds(lambda text: {"value": text}, sources),
    comparisons,
)
whole_counts = st.builds(
    lambda where, operator, number: {"count": {"field": IPS, "where": where}, operator: number},
    st.builds(_condition, st.just({"field": f"{IPS}.value"}), comparisons),
    st.sampled_from(["equals", "notEquals", *RANKS]),
    st.integers(0, 3),
)
conditions = st.recursive(
    leaves | whole_counts,
    lambda inner: (
        st.builds(
            lambda name, items: {name: items},
            st.sampled_from(["allOf", "anyOf"]),
            st.lists(inner, min_size=1, max_size=3),
        )
        | st.builds(lambda each: {"not": each}, inner)
    ),
    max_leaves=6,
)
anything = (
    leaf_values | st.lists(leaf_values, max_size=2) | st.just([{"value": "10.0.0.1"}]) | st.just({"value": "a", "x": 1})
)


def _known(data: st.DataObject, value: Any) -> Any:
    """The value with every mark replaced: an unknown by anything, a secret by anything that is there."""
    match value:
        case Mark.SECRET:
            return data.draw(anything.filter(lambda each: each is not None))
        case Mark():
            return data.draw(anything)
        case dict():
            return {key: _known(data, each) for key, each in value.items()}
        case list():
            return [_known(data, each) for each in value]
        case _:
            return value


@settings(max_examples=800, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(condition=conditions, body=bodies, data=st.data())
def test_what_is_decided_stays_so(condition: Any, body: Any, data: st.DataObject) -> None:
    """An answer with values missing is the answer for whatever they turn out to be that the conditions can be asked of.

    An undecided one says what is missing.
    """
    library = in_memory(policy(condition))
    one = resource(VAULT, body, name=data.draw(st.sampled_from(["one", None])))
    (before,) = evaluate(library, Stack([one]), NOW)
    if before.state == "undecided":
        assert before.reasons
        assert all("is not known" in each or "is secret" in each for each in before.reasons)
        return
    complete = resource(VAULT, _known(data, copy.deepcopy(body)), name=one.name or data.draw(st.sampled_from("ab")))
    (after,) = evaluate(library, Stack([complete]), NOW)
    assume("fails" in before.message or "fails" not in after.message)
    assert (before.state, "fails" in before.message) == (after.state, "fails" in after.message), (
        before.reasons,
        after.reasons,
    )


@settings(max_examples=150, deadline=None)
@given(condition=conditions, body=bodies)
def test_not_is_the_contrary(condition: Any, body: Any) -> None:
    (one,) = in_memory(policy(condition)).definitions
    (other,) = in_memory(policy({"not": condition})).definitions
    there = resource(VAULT, body)
    situation = Situation(there, Stack([there]), now=NOW)
    assert one.condition is not None
    assert other.condition is not None
    try:
        found = answer(one.condition, situation)
    except Failure:
        with pytest.raises(Failure):
            answer(other.condition, situation)
    else:
        assert answer(other.condition, situation).holds is negated(found).holds


@pytest.mark.parametrize(
    ("condition", "body", "said"),
    [
        ({"field": FIELD, "equals": "a"}, {"properties": {"createMode": UNKNOWN}}, None),
        ({"field": FIELD, "exists": True}, {"properties": {"createMode": SECRET}}, True),
        ({"field": FIELD, "exists": True}, {"properties": SECRET}, None),
        (
            {"allOf": [{"field": FIELD, "equals": "a"}, {"field": "tags.k", "equals": "b"}]},
            {"tags": {"k": "a"}, "properties": UNKNOWN},
            False,
        ),
        (
            {"anyOf": [{"field": FIELD, "equals": "a"}, {"field": "tags.k", "equals": "b"}]},
            {"tags": {"k": "b"}, "properties": UNKNOWN},
            True,
        ),
        (
            {"field": f"{IPS}.value", "equals": "1"},
            {"properties": {"networkAcls": {"ipRules": [UNKNOWN, {"value": "2"}]}}},
            False,
        ),
        ({"field": f"{IPS}.value", "equals": "1"}, {"properties": {"networkAcls": {"ipRules": UNKNOWN}}}, None),
        ({"count": {"field": IPS}, "greaterOrEquals": 0}, {"properties": UNKNOWN}, True),
        ({"count": {"field": IPS}, "less": 0}, {"properties": UNKNOWN}, False),
        ({"count": {"field": IPS}, "greater": 0}, {"properties": UNKNOWN}, None),
        (
            {"count": {"field": IPS, "where": {"field": f"{IPS}.value", "equals": "1"}}, "equals": 1},
            {"properties": {"networkAcls": {"ipRules": [SECRET]}}},
            None,
        ),
        ({"count": {"field": IPS}, "equals": 1}, {"properties": {"networkAcls": {"ipRules": [UNKNOWN]}}}, True),
        (
            {"count": {"field": IPS, "where": {"field": f"{IPS}.value", "equals": "1"}}, "lessOrEquals": 1},
            {"properties": {"networkAcls": {"ipRules": [UNKNOWN]}}},
            True,
        ),
        (
            {"count": {"field": IPS, "where": {"field": f"{IPS}.value", "equals": "1"}}, "greater": 0},
            {"properties": {"networkAcls": {"ipRules": [{"value": "1"}, UNKNOWN]}}},
            True,
        ),
        ({"field": "tags", "containsKey": "x"}, {"tags": {"x": UNKNOWN}}, True),
        ({"field": FIELD, "contains": "a"}, {"properties": {"createMode": [UNKNOWN, "a"]}}, True),
        (
            {"value": f"[if(equals(field('kind'), 'a'), 'x', field('{FIELD}'))]", "equals": "x"},
            {"kind": "a", "properties": UNKNOWN},
            True,
        ),
    ],
)
def test_decided_in_spite_of_what_is_missing(condition: Any, body: Any, said: bool | None) -> None:
    assert holds(condition, body) is said


def test_the_paths_of_what_is_missing_are_told() -> None:
    condition = {"allOf": [{"field": FIELD, "equals": "a"}, {"value": "[field('tags.x')]", "equals": "b"}]}
    found = asked(condition, {"tags": {"x": SECRET}, "properties": {"createMode": UNKNOWN}})
    assert found.reasons == (
        "properties.createMode is not known before the update",
        "tags.x is secret, so no rule can look at it",
    )
    assert (found.path, found.secret) == ("properties.createMode", False)
    assert asked({"field": FIELD, "equals": "a"}, {"properties": {"createMode": SECRET}}).secret


def test_an_evaluation_that_fails_behind_something_unknown_is_open() -> None:
    """Whether the service gets to the failing condition depends on the unknown one."""
    failing = {"value": "[substring(field('name'), 0, 30)]", "equals": "x"}
    unknown, false = {"field": FIELD, "equals": "a"}, {"field": "tags.k", "equals": "z"}
    body = {"tags": {"k": "a"}, "properties": {"createMode": UNKNOWN}}
    assert fails({"allOf": [failing, unknown]}, body)
    assert holds({"allOf": [unknown, failing]}, body) is None
    assert holds({"allOf": [unknown, failing, false]}, body) is None
    assert holds({"allOf": [unknown, false, failing]}, body) is False
    assert holds({"anyOf": [unknown, failing]}, body) is None


def test_places_are_the_same_with_and_without_spaces() -> None:
    for there, wanted in (("West Europe", "westeurope"), ("westeurope", "West Europe"), ("WESTEUROPE", "west europe")):
        assert holds({"field": "location", "equals": wanted}, {"location": there}) is True
        assert holds({"field": "location", "in": ["x", wanted]}, {"location": there}) is True
    assert holds({"field": FIELD, "equals": "westeurope"}, {"properties": {"createMode": "West Europe"}}) is False


def test_fails_is_no_answer() -> None:
    assert CONDITIONS["less"]("a", 1) is FAILS
    assert fails({"field": FIELD, "less": 1}, {"properties": {"createMode": "a"}})


@pytest.mark.parametrize(
    ("operator", "wanted", "value", "said"),
    [
        ("in", UNKNOWN, "a", None),
        ("in", [UNKNOWN, "a"], "a", True),
        ("in", [UNKNOWN], "a", None),
        ("exists", UNKNOWN, "a", None),
        ("containsKey", UNKNOWN, {"a": 1}, None),
        ("containsKey", UNKNOWN, {}, False),
        ("containsKey", UNKNOWN, "a", False),
        ("containsKey", "a", UNKNOWN, None),
        ("like", UNKNOWN, "a", None),
        ("like", UNKNOWN, [1], False),
        ("contains", UNKNOWN, ["a"], None),
        ("less", UNKNOWN, 1, None),
        ("less", UNKNOWN, None, False),
        ("equals", {"a": UNKNOWN}, {"a": 1}, None),
        ("equals", {"a": UNKNOWN}, {"b": 1}, False),
        ("equals", [UNKNOWN, 1], [1, 2], False),
    ],
)
def test_what_the_policy_says_may_be_missing_too(operator: str, wanted: Any, value: Any, said: bool | None) -> None:
    """It may come out of another property of the resource."""
    condition = {"field": FIELD, operator: f"[field('{VAULT}/sku')]"}
    body = {"properties": {"createMode": value, "sku": wanted}}
    assert holds(condition, body) is said
    if operator not in ("exists", "less"):
        contrary = {"field": FIELD, _negative(operator): f"[field('{VAULT}/sku')]"}
        assert holds(contrary, body) is (None if said is None else not said)


def test_counts_against_what_is_not_known() -> None:
    body = {"properties": {"createMode": UNKNOWN, "networkAcls": {"ipRules": UNKNOWN}}}
    assert holds({"count": {"field": IPS}, "equals": f"[field('{FIELD}')]"}, body) is None
    assert holds({"count": {"field": IPS}, "in": [0, 1]}, body) is None
    assert holds({"count": {"field": IPS}, "equals": "x"}, body) is None
