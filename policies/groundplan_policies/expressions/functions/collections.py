# SPDX-License-Identifier: Apache-2.0
"""Functions over lists and objects, and those that texts have in common with lists.

Sources: "Array functions for ARM templates" and "Object functions for ARM templates" of Microsoft's documentation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from groundplan_policies.expressions.errors import ExpressionError
from groundplan_policies.expressions.evaluate import key_in
from groundplan_policies.expressions.function import Table, mark_of, told
from groundplan_policies.values import Mark

COLLECTIONS = Table()
Json = dict[str, Any]


@COLLECTIONS.add("array", "any", sight="inside")
def _array(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else [value]


@COLLECTIONS.add("createArray", "any...", sight="all")
def _create_array(*values: Any) -> list[Any]:
    return list(values)


@COLLECTIONS.add("createObject", "any...", sight="all")
def _create_object(*values: Any) -> Json | Mark:
    if len(values) % 2:
        raise ExpressionError(
            f"createObject is given {len(values)} arguments; pairs of a name and a value are expected"
        )
    names = values[::2]
    mark = mark_of(*names)
    if mark is not None:
        return mark
    wrong = next((each for each in names if not isinstance(each, str)), None)
    if wrong is not None:
        raise ExpressionError(f"createObject is given {told(wrong)} as a name; a string is expected")
    return dict(zip(names, values[1::2], strict=True))


@COLLECTIONS.add("contains", "string|array|object", "any", sight="all")
def _contains(container: Any, wanted: Any) -> bool | Mark:
    mark = mark_of(container, wanted, inside=False)
    if mark is not None:
        return mark
    if isinstance(container, dict):
        if not isinstance(wanted, str):
            raise ExpressionError(
                f"contains is given {told(wanted)} to find in an object; the name of a property is expected"
            )
        return key_in(cast("Json", container), wanted) is not None
    if isinstance(container, list):
        if any(equal(each, wanted) for each in cast("list[Any]", container) if mark_of(each) is None):
            return True
        return mark_of(container, wanted) or False
    if isinstance(wanted, (dict, list)):
        raise ExpressionError(f"contains is given {told(wanted)} to find in a string; a string is expected")
    return str(wanted) in container


@COLLECTIONS.add("empty", "string|array|object|null", sight="inside")
def _empty(value: Any) -> bool:
    return not value


@COLLECTIONS.add("length", "string|array|object", sight="inside")
def _length(value: Any) -> int:
    return len(value)


@COLLECTIONS.add("first", "string|array", sight="inside")
def _first(value: Any) -> Any:
    return value[0] if value else "" if isinstance(value, str) else None


@COLLECTIONS.add("last", "string|array", sight="inside")
def _last(value: Any) -> Any:
    return value[-1] if value else "" if isinstance(value, str) else None


@COLLECTIONS.add("skip", "string|array", "int", sight="inside")
def _skip(value: Any, count: int) -> Any:
    return value[max(count, 0) :]


@COLLECTIONS.add("take", "string|array", "int", sight="inside")
def _take(value: Any, count: int) -> Any:
    return value[: max(count, 0)]


@COLLECTIONS.add("indexOf", "string|array", "any")
def _index_of(value: Any, wanted: Any) -> int:
    return next(iter(_places("indexOf", value, wanted)), -1)


@COLLECTIONS.add("lastIndexOf", "string|array", "any")
def _last_index_of(value: Any, wanted: Any) -> int:
    return next(reversed(_places("lastIndexOf", value, wanted)), -1)


def _places(name: str, value: str | list[Any], wanted: Any) -> list[int]:
    if isinstance(value, list):
        return [index for index, each in enumerate(value) if equal(each, wanted)]
    if not isinstance(wanted, str):
        raise ExpressionError(f"{name} is given {told(wanted)} to find in a string; a string is expected")
    text, part = value.lower(), wanted.lower()
    return [index for index in range(len(text) - len(part) + 1) if text.startswith(part, index)]


@COLLECTIONS.add("indexFromEnd", "array", "int", sight="inside")
def _index_from_end(items: list[Any], index: int) -> Any:
    if not 1 <= index <= len(items):
        raise ExpressionError(
            f"indexFromEnd is given {index}; the array has {len(items)} items, counted from 1 at the end"
        )
    return items[-index]


@COLLECTIONS.add("tryIndexFromEnd", "array|null", "int", sight="inside")
def _try_index_from_end(items: list[Any] | None, index: int) -> Any:
    return items[-index] if items and 1 <= index <= len(items) else None


@COLLECTIONS.add("tryGet", "array|object|null", "string|int", "string|int...", sight="inside")
def _try_get(value: Any, *steps: str | int) -> Any:
    for step in steps:
        if isinstance(value, Mark):
            return value
        if isinstance(value, dict) and isinstance(step, str):
            key = key_in(cast("Json", value), step)
            value = None if key is None else value[key]
        elif isinstance(value, list) and isinstance(step, int):
            items = cast("list[Any]", value)
            value = items[step] if 0 <= step < len(items) else None
        else:
            return None
    return value


@COLLECTIONS.add("items", "object", sight="inside")
def _items(value: Json) -> list[Json]:
    return [{"key": key, "value": value[key]} for key in sorted(value)]


@COLLECTIONS.add("objectKeys", "object", sight="inside")
def _object_keys(value: Json) -> list[str]:
    return sorted(value)


@COLLECTIONS.add("range", "int", "int")
def _range(start: int, count: int) -> list[int]:
    if not 0 <= count <= 10000:
        raise ExpressionError(f"range is given count {count}; 0 to 10000 is expected")
    return list(range(start, start + count))


@COLLECTIONS.add("flatten", "array", sight="inside")
def _flatten(lists: list[Any]) -> list[Any] | Mark:
    mark = mark_of(*lists, inside=False)
    if mark is not None:
        return mark
    wrong = next((each for each in lists if not isinstance(each, list)), None)
    if wrong is not None:
        raise ExpressionError(f"flatten is given {told(wrong)} in the array; an array of arrays is expected")
    return [item for each in lists for item in each]


@COLLECTIONS.add("shallowMerge", "array", sight="inside")
def _shallow_merge(objects: list[Any]) -> Json | Mark:
    mark = mark_of(*objects, inside=False)
    if mark is not None:
        return mark
    _same_kind("shallowMerge", objects, dict)
    merged: Json = {}
    for each in objects:
        for name, value in each.items():
            merged[key_in(merged, name) or name] = value
    return merged


@COLLECTIONS.add("union", "array|object", "array|object...", sight="inside")
def _union(*values: Any) -> Any:
    if isinstance(values[0], dict):
        _same_kind("union", values, dict)
        merged: Json = {}
        for each in values:
            merged = _merged(merged, each)
        return merged
    _same_kind("union", values, list)
    found: list[Any] = []
    for item in (item for each in values for item in each):
        if mark_of(item) is not None or not any(equal(item, each) for each in found):
            found.append(item)
    return found


@COLLECTIONS.add("intersection", "array|object", "array|object...")
def _intersection(*values: Any) -> Any:
    head, *others = values
    if isinstance(head, dict):
        _same_kind("intersection", values, dict)
        return {
            name: value
            for name, value in cast("Json", head).items()
            if all(name in each and equal(each[name], value) for each in others)
        }
    _same_kind("intersection", values, list)
    found: list[Any] = []
    for item in head:
        everywhere = all(any(equal(item, one) for one in each) for each in others)
        if everywhere and not any(equal(item, each) for each in found):
            found.append(item)
    return found


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> Json:
    """One object with the properties of another over it, and with those of objects that both have; lists are not merged."""
    merged = dict(one)
    for name, value in other.items():
        key = key_in(merged, name) or name
        before = merged.get(key)
        both = isinstance(before, dict) and isinstance(value, dict)
        merged[key] = _merged(cast("Json", before), cast("Json", value)) if both else value
    return merged


def _same_kind(name: str, values: Sequence[Any], kind: type) -> None:
    wrong = next((each for each in values if not isinstance(each, kind)), None)
    if wrong is not None:
        raise ExpressionError(
            f"{name} is given {told(wrong)} among {'objects' if kind is dict else 'arrays'}; all are expected to be alike"
        )


def equal(one: Any, other: Any) -> bool:
    """Whether two values are the same to Azure: `1` is not `true`, letter case matters."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        left, right = cast("Json", one), cast("Json", other)
        return left.keys() == right.keys() and all(equal(value, right[name]) for name, value in left.items())
    if isinstance(one, list) and isinstance(other, list):
        items, others = cast("list[Any]", one), cast("list[Any]", other)
        return len(items) == len(others) and all(map(equal, items, others))
    return one == other
