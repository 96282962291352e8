# SPDX-License-Identifier: Apache-2.0
"""Comparison and logic. What decides is evaluated first, and only what is needed after it.

Sources: "Comparison functions for ARM templates" and "Logical functions for ARM templates" of Microsoft's documentation.
"""

from __future__ import annotations

from typing import Any

from groundplan_policies.expressions.errors import ExpressionError
from groundplan_policies.expressions.function import Table, Thunk, mark_of, told
from groundplan_policies.expressions.functions.collections import equal
from groundplan_policies.values import UNKNOWN, Mark

LOGIC = Table()


def _boolean(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ExpressionError(f"{name} is given {told(value)}; a bool is expected")
    return value


@LOGIC.add("true")
def _true() -> bool:
    return True


@LOGIC.add("false")
def _false() -> bool:
    return False


@LOGIC.add("null")
def _null() -> None:
    return None


@LOGIC.add("not", "bool")
def _not(value: bool) -> bool:
    return not value


def _decided(name: str, parts: tuple[Thunk, ...], *, by: bool) -> bool | Mark:
    """The value that decides where a part has it, else a mark where a part is one, else the other value."""
    marks: list[Mark] = []
    for part in parts:
        value = part()
        if isinstance(value, Mark):
            marks.append(value)
        elif _boolean(name, value) is by:
            return by
    mark = mark_of(*marks)
    return not by if mark is None else mark


@LOGIC.add("and", "bool", "bool...", lazy=True)
def _and(*parts: Thunk) -> bool | Mark:
    return _decided("and", parts, by=False)


@LOGIC.add("or", "bool", "bool...", lazy=True)
def _or(*parts: Thunk) -> bool | Mark:
    return _decided("or", parts, by=True)


@LOGIC.add("if", "bool", "any", "any", lazy=True)
def _if(condition: Thunk, then: Thunk, otherwise: Thunk) -> Any:
    decides = condition()
    if not isinstance(decides, Mark):
        return then() if _boolean("if", decides) else otherwise()
    values: list[Any] = []
    for branch in (then, otherwise):
        try:
            values.append(branch())
        except ExpressionError:  # the branch that is not taken may well make no sense
            values.append(UNKNOWN)
    known = mark_of(*values) is None
    return values[0] if known and equal(*values) else mark_of(decides, *(each for each in values if not known))


@LOGIC.add("coalesce", "any", "any...", lazy=True)
def _coalesce(*parts: Thunk) -> Any:
    for part in parts:
        value = part()
        if value is not None:
            return value
    return None


@LOGIC.add("bool", "string|int|bool")
def _bool(value: str | int) -> bool:
    if isinstance(value, int):
        return bool(value)
    if value.casefold() not in ("true", "false", "1", "0"):
        raise ExpressionError(f"bool is given {told(value)}; 'true', 'false' or an int is expected")
    return value.casefold() in ("true", "1")


@LOGIC.add("equals", "any", "any")
def _equals(one: Any, other: Any) -> bool:
    return equal(one, other)


def _order(name: str, one: Any, other: Any) -> int:
    """Below 0, 0 or above: how two numbers, or two texts, stand to each other."""
    if isinstance(one, str) is not isinstance(other, str):
        raise ExpressionError(f"{name} is given {told(one)} and {told(other)}; two numbers or two strings are expected")
    return (one > other) - (one < other)


@LOGIC.add("less", "string|number", "string|number")
def _less(one: Any, other: Any) -> bool:
    return _order("less", one, other) < 0


@LOGIC.add("lessOrEquals", "string|number", "string|number")
def _less_or_equals(one: Any, other: Any) -> bool:
    return _order("lessOrEquals", one, other) <= 0


@LOGIC.add("greater", "string|number", "string|number")
def _greater(one: Any, other: Any) -> bool:
    return _order("greater", one, other) > 0


@LOGIC.add("greaterOrEquals", "string|number", "string|number")
def _greater_or_equals(one: Any, other: Any) -> bool:
    return _order("greaterOrEquals", one, other) >= 0
