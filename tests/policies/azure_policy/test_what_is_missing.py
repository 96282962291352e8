# SPDX-License-Identifier: Apache-2.0
"""Values that are not known or secret: what is decided in spite of them, and what stays open."""

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
from tests.policies.azure_policy.conditions import FIELD, IPS, OTHERS, POSITIVE, RANKS, negative
from tests.policies.azure_policy.making import NOW, VAULT, asked, fails, holds, in_memory, policy, resource

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
    *(st.tuples(st.sampled_from([name, negative(name)]), OTHERS[name]) for name in POSITIVE),
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
        contrary = {"field": FIELD, negative(operator): f"[field('{VAULT}/sku')]"}
        assert holds(contrary, body) is (None if said is None else not said)


def test_counts_against_what_is_not_known() -> None:
    body = {"properties": {"createMode": UNKNOWN, "networkAcls": {"ipRules": UNKNOWN}}}
    assert holds({"count": {"field": IPS}, "equals": f"[field('{FIELD}')]"}, body) is None
    assert holds({"count": {"field": IPS}, "in": [0, 1]}, body) is None
    assert holds({"count": {"field": IPS}, "equals": "x"}, body) is None
