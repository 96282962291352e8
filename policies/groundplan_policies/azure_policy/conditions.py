# SPDX-License-Identifier: Apache-2.0
"""Whether the conditions of a policy hold in a situation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from groundplan_policies.azure_policy.answer import Answer, Evidence, Failure, all_of, any_of, negated
from groundplan_policies.azure_policy.comparing import ABSENT
from groundplan_policies.azure_policy.counts import Tally, tally_field, tally_value
from groundplan_policies.azure_policy.fields import FieldError, FieldName, Item, Plain, Selected, field_of, marks_in
from groundplan_policies.azure_policy.groups import id_of, tail_of
from groundplan_policies.azure_policy.operators import OPERATORS, Mismatch
from groundplan_policies.azure_policy.situation import Situation
from groundplan_policies.azure_policy.syntax import (
    AllOf,
    AnyOf,
    Condition,
    Field,
    FieldCount,
    Fixed,
    Node,
    Not,
    Template,
    Value,
    ValueCount,
)
from groundplan_policies.azure_policy.templates import Result, text_in, value_of
from groundplan_policies.values import SECRET, UNKNOWN, Mark, shown


def answer(node: Node, situation: Situation) -> Answer:
    """Whether a condition holds. Raises `Failure` where the evaluation fails."""
    match node:
        case AllOf(items):
            return all_of(lambda each=each: answer(each, situation) for each in items)
        case AnyOf(items):
            return any_of(lambda each=each: answer(each, situation) for each in items)
        case Not(item):
            return negated(answer(item, situation))
        case Condition():
            return _condition(node, situation)


def _condition(node: Condition, situation: Situation) -> Answer:
    expected = value_of(node.expected, situation, node.at)
    match node.subject:
        case Field(name):
            return _field(node, name, expected, situation)
        case Value(value, text):
            return _value(node, value_of(value, situation, node.at), text, expected)
        case FieldCount() | ValueCount():
            return _count(node, expected, situation)


def named_field(name: Template, situation: Situation, at: str) -> FieldName | tuple[Evidence, ...]:
    """The field that is meant, or why that is not known. Raises `Failure`."""
    found = value_of(name, situation, at)
    if found.missing:
        return found.missing
    if not isinstance(found.value, str):
        raise Failure(at, f"field comes to {shown(found.value)}; the name of a field is needed")
    try:
        return field_of(found.value)
    except FieldError as error:
        raise Failure(at, f"field {error}") from None


def _field(node: Condition, name: Template, expected: Result, situation: Situation) -> Answer:
    found = named_field(name, situation, node.at)
    if isinstance(found, tuple):
        return Answer(None, found)
    if isinstance(found, Plain) and found.name == "id" and id_of(situation.resource) is None:
        tail = tail_of(situation.resource, situation.stack)
        if tail is not None and _is_about_the_tail(node.operator, expected.value):
            return _compared(node, Item(tail, "id"), expected)
    place = isinstance(found, Plain) and found.name == "location"
    return _selected(node, situation.select(found), _place(expected) if place else expected, place=place)


def _is_about_the_tail(operator: str, expected: Any) -> bool:
    """Whether the subscription, which is not known before the update, makes no difference: `contains "/resourceGroups/aro-"`."""
    if operator not in ("contains", "notContains") or not isinstance(expected, str):
        return False
    return expected.casefold().startswith(("/resourcegroups/", "/providers/"))


def _place(expected: Result) -> Result:
    return Result(_without_spaces(expected.value), expected.missing)


def _without_spaces(value: Any) -> Any:
    """Locations are the same with and without spaces: `East US 2` is `eastus2`."""
    if isinstance(value, list):
        return [_without_spaces(each) for each in cast("list[Any]", value)]
    return value.replace(" ", "") if isinstance(value, str) else value


def _selected(node: Condition, found: Selected, expected: Result, *, place: bool) -> Answer:
    """What holds for every selected value; of none at all everything does."""
    if not found.items and not found.missing:
        return Answer(True, (Evidence("", f"{text_in(_name(node))} has no items, so {node.operator} holds for all"),))
    items = (
        [Item(_without_spaces(each.value), each.path, each.secret) for each in found.items] if place else found.items
    )
    lost = [lambda: Answer(None, tuple(found.missing))] if found.missing else []
    return all_of([*lost, *(lambda item=item: _compared(node, item, expected) for item in items)])


def _name(node: Condition) -> Template:
    return node.subject.name if isinstance(node.subject, Field) else Fixed("")


def _compared(node: Condition, item: Item, expected: Result) -> Answer:
    holds = _holds(node, item.value, expected.value)
    if holds is None:
        value = SECRET if item.secret else item.value
        return Answer(None, (*marks_in(value, item.path), *expected.missing))
    there = "absent" if item.value is ABSENT else shown(item.value)
    wanted = shown(expected.value)
    return Answer(
        holds, (Evidence(item.path, f"{item.path or text_in(_name(node))} is {there} ({node.operator} {wanted})"),)
    )


def _holds(node: Condition, value: Any, expected: Any) -> bool | None:
    try:
        return OPERATORS[node.operator](value, expected)
    except Mismatch as error:
        there = "absent" if value is ABSENT else shown(value)
        raise Failure(node.at, f"{node.operator} is asked of {there} and {shown(expected)}: {error}") from None


def _value(node: Condition, found: Result, text: str, expected: Result) -> Answer:
    holds = _holds(node, found.value, expected.value)
    if holds is None:
        return Answer(None, (*found.missing, *expected.missing))
    return Answer(holds, (Evidence("", f"{text} is {shown(found.value)} ({node.operator} {shown(expected.value)})"),))


def _count(node: Condition, expected: Result, situation: Situation) -> Answer:
    subject = node.subject
    if isinstance(subject, FieldCount):
        tally = tally_field(subject, situation, answer)
    else:
        tally = tally_value(cast("ValueCount", subject), situation, node.at, answer)
    truths = {_holds(node, number, expected.value) for number in _possible(tally, expected.value)}
    if truths in ({True}, {False}):
        says = f"{tally.least} of {tally.total} items of {tally.of} count ({node.operator} {shown(expected.value)})"
        return Answer(truths == {True}, (Evidence(tally.path, says),))
    return Answer(None, (*tally.missing, *expected.missing))


def _possible(tally: Tally, expected: Any) -> Iterator[int | Mark]:
    """The numbers that the count may come to; of a list of any length those up to where they make no difference any more."""
    most = tally.most
    if tally.endless:
        if isinstance(expected, bool) or not isinstance(expected, (int, float)) or abs(expected) > _LONG:
            yield UNKNOWN
            return
        most = max(most, int(expected) + 2)
    yield from range(tally.least, most + 1)


_LONG = 10_000
"""More than a list of a resource has."""
