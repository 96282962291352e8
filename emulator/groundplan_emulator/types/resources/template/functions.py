# SPDX-License-Identifier: Apache-2.0
"""Template functions that depend on their arguments alone.

Names and meaning after Microsoft's "ARM template functions". `uniqueString` is stable and 13 characters long, but not Azure's hash.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Callable
from typing import Any, cast

import orjson

from groundplan_emulator.types.resources.template.expressions import ExpressionError

GUIDS = uuid.UUID("11fb06fb-712d-4ddd-98c7-e71bbd588830")
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def call(name: str, arguments: list[Any]) -> Any:
    """The result of a pure function; ExpressionError for an unknown one and for arguments that it does not take."""
    function = PURE.get(name.lower())
    if function is None:
        raise ExpressionError(f"the template function '{name}' is not supported by the emulator")
    try:
        return function(*arguments)
    except (TypeError, ValueError, IndexError, KeyError, AttributeError) as error:
        raise ExpressionError(f"the template function '{name}' cannot be applied to {arguments!r}: {error}") from None


def _concat(*parts: Any) -> Any:
    if parts and isinstance(parts[0], list):
        return [item for part in parts for item in cast("list[Any]", part)]
    return "".join(_string(part) for part in parts)


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "True" if value else "False"
    return str(value) if isinstance(value, int) else orjson.dumps(value).decode()


def _equals(left: Any, right: Any) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return left.lower() == right.lower()
    return left == right


def _contains(holder: Any, item: Any) -> bool:
    if isinstance(holder, dict):
        return str(item).lower() in {name.lower() for name in cast("dict[str, Any]", holder)}
    return item in holder


def _bool(value: Any) -> bool:
    return value.lower() == "true" if isinstance(value, str) else bool(value)


def _create_object(*items: Any) -> dict[str, Any]:
    return dict(zip(items[::2], items[1::2], strict=True))


def _coalesce(*items: Any) -> Any:
    return next((item for item in items if item is not None), None)


def _union(*items: Any) -> Any:
    if all(isinstance(item, dict) for item in items):
        merged: dict[str, Any] = {}
        for item in items:
            merged |= item
        return merged
    found: list[Any] = []
    for item in items:
        found += [value for value in item if value not in found]
    return found


def _unique_string(*parts: str) -> str:
    digest = hashlib.sha256("-".join(parts).encode()).digest()
    return "".join(LETTERS[byte % 32] for byte in digest[:13])


def _substring(text: str, start: int, length: int | None = None) -> str:
    if start < 0 or start > len(text) or (length is not None and start + length > len(text)):
        raise ValueError(f"start {start} and length {length} are outside the text's {len(text)} characters")
    return text[start:] if length is None else text[start : start + length]


def _array(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else [value]


def _format(template: str, *values: Any) -> str:
    return template.format(*(_string(value) for value in values))


PURE: dict[str, Callable[..., Any]] = {
    "add": lambda left, right: left + right,
    "array": _array,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "bool": _bool,
    "coalesce": _coalesce,
    "concat": _concat,
    "contains": _contains,
    "createarray": lambda *items: list(items),
    "createobject": _create_object,
    "div": lambda left, right: left // right,
    "empty": lambda value: value is None or len(value) == 0,
    "endswith": lambda text, end: text.lower().endswith(end.lower()),
    "equals": _equals,
    "false": lambda: False,
    "first": lambda value: value[0] if value else None,
    "format": _format,
    "greater": lambda left, right: left > right,
    "greaterorequals": lambda left, right: left >= right,
    "guid": lambda *parts: str(uuid.uuid5(GUIDS, "-".join(parts))),
    "int": int,
    "join": lambda items, between: between.join(_string(item) for item in items),
    "json": orjson.loads,
    "last": lambda value: value[-1] if value else None,
    "length": len,
    "less": lambda left, right: left < right,
    "lessorequals": lambda left, right: left <= right,
    "max": lambda first, *items: max([first, *items]) if items else max(first),
    "min": lambda first, *items: min([first, *items]) if items else min(first),
    "mod": lambda left, right: left % right,
    "mul": lambda left, right: left * right,
    "newguid": lambda: str(uuid.uuid4()),
    "not": lambda value: not _bool(value),
    "null": lambda: None,
    "range": lambda start, count: list(range(start, start + count)),
    "replace": lambda text, old, new: text.replace(old, new),
    "skip": lambda value, count: value[count:],
    "split": lambda text, at: text.split(at),
    "startswith": lambda text, start: text.lower().startswith(start.lower()),
    "string": _string,
    "sub": lambda left, right: left - right,
    "substring": _substring,
    "take": lambda value, count: value[:count],
    "tolower": lambda text: text.lower(),
    "toupper": lambda text: text.upper(),
    "trim": lambda text: text.strip(),
    "true": lambda: True,
    "union": _union,
    "uniquestring": _unique_string,
}
