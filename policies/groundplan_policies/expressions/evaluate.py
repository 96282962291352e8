# SPDX-License-Identifier: Apache-2.0
"""What an expression comes to, with the functions that it may call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, cast

from groundplan_policies.expressions.errors import ExpressionError
from groundplan_policies.expressions.function import Function, Thunk, mark_of, told
from groundplan_policies.expressions.syntax import Call, Expression, Item, Literal, Member
from groundplan_policies.values import Mark

Functions = Mapping[str, Callable[..., Any]]
"""Functions by lower-case name. One that is no `Function` sees no marks: a mark among its arguments is its result."""


def evaluate(expression: Expression, functions: Functions) -> Any:
    """The value: a text, a number, a boolean, a list, an object, None for null, or a mark. Raises `ExpressionError`."""
    try:
        return _value(expression, functions)
    except RecursionError:
        raise ExpressionError("it leads too deep, or back to itself") from None


def _value(expression: Expression, functions: Functions) -> Any:
    match expression:
        case Literal(value):
            return value
        case Call():
            return _call(expression, functions)
        case Member(of, name):
            return _located(expression, lambda: _property(_value(of, functions), name))
        case Item(of, index):
            return _located(expression, lambda: _item(_value(of, functions), _value(index, functions)))


def _located(expression: Call | Member | Item, work: Callable[[], Any]) -> Any:
    """Does a part's work; an error of its own gets the part's place, one from further in has one already."""
    try:
        return work()
    except ExpressionError as error:
        if error.column is not None or error.expression:
            raise
        raise type(error)(error.problem, expression=str(expression), column=expression.column) from None


def _call(call: Call, functions: Functions) -> Any:
    function = functions.get(call.key)
    if function is None:
        raise ExpressionError(
            f"there is no function '{call.name}'{nearest(call.name, functions)}",
            expression=str(call),
            column=call.column,
        )
    sight = "none"
    if isinstance(function, Function):
        if function.lazy:
            thunks = [Thunk(each, functions, _value) for each in call.arguments]
            return _located(call, lambda: function(*thunks))
        sight = function.sight
    values = [_value(each, functions) for each in call.arguments]
    if sight != "all":
        mark = mark_of(*values, inside=sight == "none")
        if mark is not None:
            return mark
    return _located(call, lambda: function(*values))


def nearest(name: str, names: Iterable[str]) -> str:
    """`; did you mean 'concat'?` where one of some names is near; otherwise nothing."""
    by_key = {each.casefold(): each for each in names}
    found = get_close_matches(name.casefold(), by_key, n=1)
    return f"; did you mean '{by_key[found[0]]}'?" if found else ""


def _property(value: Any, name: str) -> Any:
    if isinstance(value, Mark):
        return value
    if not isinstance(value, dict):
        raise ExpressionError(f"{told(value)} has no property '{name}'; only an object has properties")
    found = cast("dict[str, Any]", value)
    key = key_in(found, name)
    if key is None:
        there = ", ".join(found) or "none"
        raise ExpressionError(
            f"there is no property '{name}'; there are: {there if len(there) <= 200 else f'{there[:197]}...'}"
        )
    return found[key]


def _item(value: Any, index: Any) -> Any:
    mark = mark_of(value, index, inside=False)
    if mark is not None:
        return mark
    if isinstance(value, dict) and isinstance(index, str):
        return _property(cast("dict[str, Any]", value), index)
    if not isinstance(value, list) or not isinstance(index, int) or isinstance(index, bool):
        raise ExpressionError(
            f"{told(value)} has no item {told(index)}; an array takes an int, an object the name of a property"
        )
    items = cast("list[Any]", value)
    if not 0 <= index < len(items):
        raise ExpressionError(f"there is no item {index}; the array has {len(items)}, counted from 0")
    return items[index]


def key_in(found: Mapping[str, Any], name: str) -> str | None:
    """The name of an object's property as the object has it, letter case ignored; None where there is none."""
    if name in found:
        return name
    lowered = name.casefold()
    return next((key for key in found if key.casefold() == lowered), None)
