# SPDX-License-Identifier: Apache-2.0
"""Functions that take a function: `map(parameters('names'), lambda('each', concat('x-', lambdaVariables('each'))))`.

Source: "Lambda functions for ARM templates" of Microsoft's documentation.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping, MutableMapping
from functools import cmp_to_key
from typing import Any, cast

from groundplan_policies.expressions.errors import ExpressionError
from groundplan_policies.expressions.function import Function, Lambda, Table, Thunk, mark_of, told
from groundplan_policies.values import Mark

LAMBDAS = Table()
Functions = Mapping[str, Callable[..., Any]]


@LAMBDAS.add("lambda", "any", "any...", lazy=True)
def _lambda(*parts: Thunk) -> Lambda:
    *heads, body = parts
    names = [head() for head in heads]
    wrong = next((name for name in names if not isinstance(name, str)), None)
    if wrong is not None:
        raise ExpressionError(f"lambda is given {told(wrong)} as the name of a variable; a string is expected")

    def call(*values: Any) -> Any:
        if len(values) < len(names):
            raise ExpressionError(f"a lambda with the variables {', '.join(names)} is called with {len(values)} values")
        bound = dict(zip((str(name).casefold() for name in names), values, strict=False))
        return body(_with_variables(body.functions, bound))

    return Lambda(tuple(names), call)


def _with_variables(functions: Functions, bound: Mapping[str, Any]) -> Functions:
    outer = functions.get("lambdavariables", LAMBDAS["lambdavariables"])

    def look_up(name: Any) -> Any:
        key = str(name).casefold()
        return bound[key] if key in bound else outer(name)

    inner: dict[str, Callable[..., Any]] = {"lambdavariables": Function(look_up, "all")}
    return ChainMap(inner, cast("MutableMapping[str, Callable[..., Any]]", functions))


@LAMBDAS.add("lambdaVariables", "string")
def _lambda_variables(name: str) -> Any:
    raise ExpressionError(f"lambdaVariables is given '{name}', which no lambda around it declares")


def _with_index(function: Lambda, *values: Any, index: int) -> Any:
    """Calls with the index where the lambda takes one variable more."""
    return function(*values, index) if len(function.names) > len(values) else function(*values)


@LAMBDAS.add("map", "array", "lambda", sight="inside")
def _map(items: list[Any], function: Lambda) -> list[Any]:
    return [_with_index(function, each, index=index) for index, each in enumerate(items)]


@LAMBDAS.add("mapValues", "object", "lambda", sight="inside")
def _map_values(value: dict[str, Any], function: Lambda) -> dict[str, Any]:
    return {name: function(each) for name, each in value.items()}


@LAMBDAS.add("filter", "array", "lambda", sight="inside")
def _filter(items: list[Any], function: Lambda) -> list[Any] | Mark:
    kept = [_with_index(function, each, index=index) for index, each in enumerate(items)]
    mark = mark_of(*kept)
    if mark is not None:
        return mark
    _booleans("filter", kept)
    return [each for each, keep in zip(items, kept, strict=True) if keep]


@LAMBDAS.add("reduce", "array", "any", "lambda", sight="all")
def _reduce(items: list[Any] | Mark, start: Any, function: Lambda) -> Any:
    if isinstance(items, Mark):
        return items
    value = start
    for index, each in enumerate(items):
        value = _with_index(function, value, each, index=index)
    return value


@LAMBDAS.add("sort", "array", "lambda")
def _sort(items: list[Any], less: Lambda) -> list[Any] | Mark:
    marks: list[Mark] = []

    def before(one: Any, other: Any) -> bool:
        answer = less(one, other)
        mark = mark_of(answer)
        if mark is not None:
            marks.append(mark)
            return False
        _booleans("sort", [answer])
        return answer

    ordered = sorted(items, key=cmp_to_key(lambda one, other: -1 if before(one, other) else int(before(other, one))))
    return mark_of(*marks) or ordered


def _booleans(name: str, answers: list[Any]) -> None:
    wrong = next((each for each in answers if not isinstance(each, bool)), None)
    if wrong is not None:
        raise ExpressionError(f"the lambda of {name} gives {told(wrong)}; a bool is expected")


def _keys(name: str, items: list[Any], function: Lambda) -> list[str] | Mark:
    keys = [function(each) for each in items]
    mark = mark_of(*keys)
    if mark is not None:
        return mark
    wrong = next((each for each in keys if not isinstance(each, str)), None)
    if wrong is not None:
        raise ExpressionError(f"the lambda of {name} gives {told(wrong)} as a name; a string is expected")
    return keys


@LAMBDAS.add("toObject", "array", "lambda", "lambda?", sight="inside")
def _to_object(items: list[Any], key: Lambda, value: Lambda | None = None) -> dict[str, Any] | Mark:
    keys = _keys("toObject", items, key)
    if isinstance(keys, Mark):
        return keys
    return dict(zip(keys, (value(each) if value else each for each in items), strict=True))


@LAMBDAS.add("groupBy", "array", "lambda", sight="inside")
def _group_by(items: list[Any], key: Lambda) -> dict[str, list[Any]] | Mark:
    keys = _keys("groupBy", items, key)
    if isinstance(keys, Mark):
        return keys
    groups: dict[str, list[Any]] = {}
    for name, each in zip(keys, items, strict=True):
        groups.setdefault(name, []).append(each)
    return groups
