# SPDX-License-Identifier: Apache-2.0
"""Functions over texts.

Source: "String functions for ARM templates" of Microsoft's documentation.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any, cast
from urllib.parse import quote, unquote, urljoin

from groundplan_policies.expressions.errors import ExpressionError
from groundplan_policies.expressions.function import Table, told
from groundplan_policies.expressions.functions.composite import formatted, text_of
from groundplan_policies.expressions.functions.hashes import guid_of, unique_string_of

STRINGS = Table()
_DATA_URI = "data:text/plain;charset=utf8;base64,"


def _decoded(name: str, text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ExpressionError(f"{name} is given {told(text)}; a text in base64 is expected ({error})") from None


def _parsed(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise ExpressionError(f"{name} is given {told(text)}; a text that is JSON is expected ({error})") from None


@STRINGS.add("base64", "string")
def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@STRINGS.add("base64ToString", "string")
def _base64_to_string(text: str) -> str:
    return _decoded("base64ToString", text)


@STRINGS.add("base64ToJson", "string")
def _base64_to_json(text: str) -> Any:
    return _parsed("base64ToJson", _decoded("base64ToJson", text))


@STRINGS.add("json", "string")
def _json(text: str) -> Any:
    return _parsed("json", text)


@STRINGS.add("dataUri", "string")
def _data_uri(text: str) -> str:
    return _DATA_URI + _base64(text)


@STRINGS.add("dataUriToString", "string")
def _data_uri_to_string(text: str) -> str:
    head, comma, content = text.partition(",")
    if not comma or not head.startswith("data:"):
        raise ExpressionError(f"dataUriToString is given {told(text)}; 'data:...,...' is expected")
    return _decoded("dataUriToString", content) if head.endswith(";base64") else unquote(content)


@STRINGS.add("endsWith", "string", "string")
def _ends_with(text: str, end: str) -> bool:
    return text.casefold().endswith(end.casefold())


@STRINGS.add("startsWith", "string", "string")
def _starts_with(text: str, start: str) -> bool:
    return text.casefold().startswith(start.casefold())


@STRINGS.add("format", "string", "any...")
def _format(template: str, *values: Any) -> Any:
    return formatted(template, values)


@STRINGS.add("guid", "string", "string...")
def _guid(*texts: str) -> str:
    return guid_of(texts)


@STRINGS.add("uniqueString", "string", "string...")
def _unique_string(*texts: str) -> str:
    return unique_string_of(texts)


@STRINGS.add("join", "array", "string")
def _join(items: list[Any], delimiter: str) -> str:
    return delimiter.join(text_of(each) for each in items)


@STRINGS.add("padLeft", "string|int", "int", "string?")
def _pad_left(value: str | int, width: int, fill: str = " ") -> str:
    if len(fill) != 1:
        raise ExpressionError(f"padLeft is given {told(fill)} to pad with; one character is expected")
    return str(value).rjust(width, fill)


@STRINGS.add("replace", "string", "string", "string")
def _replace(text: str, old: str, new: str) -> str:
    if not old:
        raise ExpressionError("replace is given an empty text to replace; one of at least one character is expected")
    return text.replace(old, new)


@STRINGS.add("split", "string", "string|array")
def _split(text: str, delimiters: str | list[Any]) -> list[str]:
    parts = [text]
    for delimiter in [delimiters] if isinstance(delimiters, str) else delimiters:
        if not isinstance(delimiter, str):
            raise ExpressionError(f"split is given {told(delimiter)} among the delimiters; strings are expected")
        parts = [piece for part in parts for piece in (part.split(delimiter) if delimiter else [part])]
    return parts


@STRINGS.add("string", "any")
def _string(value: Any) -> str:
    return text_of(value)


@STRINGS.add("substring", "string", "int", "int?")
def _substring(text: str, start: int, length: int | None = None) -> str:
    end = len(text) if length is None else start + length
    if not 0 <= start <= len(text) or not start <= end <= len(text):
        given = f"{start}" if length is None else f"{start} and length {length}"
        raise ExpressionError(f"substring is given start {given}; {told(text)} has {len(text)} characters")
    return text[start:end]


@STRINGS.add("toLower", "string")
def _to_lower(text: str) -> str:
    return text.lower()


@STRINGS.add("toUpper", "string")
def _to_upper(text: str) -> str:
    return text.upper()


@STRINGS.add("trim", "string")
def _trim(text: str) -> str:
    return text.strip()


@STRINGS.add("uri", "string", "string")
def _uri(base: str, relative: str) -> str:
    return urljoin(base, relative)


@STRINGS.add("uriComponent", "string")
def _uri_component(text: str) -> str:
    return quote(text, safe="")


@STRINGS.add("uriComponentToString", "string")
def _uri_component_to_string(text: str) -> str:
    return unquote(text)


@STRINGS.add("concat", "string|array|int|bool", "string|array|int|bool...", sight="inside")
def _concat(*values: Any) -> Any:
    lists = [each for each in values if isinstance(each, list)]
    if not lists:
        return "".join(text_of(each) for each in values)
    if len(lists) < len(values):
        other = next(each for each in values if not isinstance(each, list))
        raise ExpressionError(
            f"concat is given {told(other)} beside an array; only arrays, or only strings, are expected"
        )
    return [item for each in lists for item in cast("list[Any]", each)]
