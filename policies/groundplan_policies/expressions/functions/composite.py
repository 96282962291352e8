# SPDX-License-Identifier: Apache-2.0
"""Values as texts, and texts with values in them: what `string()` and `format()` do."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from groundplan_policies.expressions.errors import ExpressionError
from groundplan_policies.expressions.function import Lambda, told
from groundplan_policies.values import UNKNOWN, Mark

_PIECE = re.compile(
    r"(?P<open>\{\{)|(?P<close>\}\})|\{(?P<index>\d+)(?:\s*,\s*(?P<width>-?\d+))?(?::(?P<spec>[^{}]*))?\}|(?P<stray>[{}])"
)


def text_of(value: Any) -> str:
    """A value as a text: of a boolean `True` and `False`, of a list and an object their JSON."""
    match value:
        case str():
            return value
        case None:
            return ""
        case dict() | list():
            return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
        case Lambda():
            raise ExpressionError("a lambda is no value to make a text of")
        case _:
            return str(value)


def pieces_of(template: str) -> list[tuple[str, re.Match[str] | None]]:
    """A template for `format()` in pieces: fixed texts, and the places where values go. Raises `ExpressionError`."""
    pieces: list[tuple[str, re.Match[str] | None]] = []
    at = 0
    for found in _PIECE.finditer(template):
        pieces.append((template[at : found.start()], None))
        at = found.end()
        if found["stray"]:
            raise ExpressionError(
                f"format is given {told(template)}, with a lone {found['stray']!r} at {found.start()}; "
                "'{0}' is a value's place, '{{' and '}}' are braces"
            )
        pieces.append(("{" if found["open"] else "}", None) if not found["index"] else ("", found))
    pieces.append((template[at:], None))
    return [piece for piece in pieces if piece[0] or piece[1]]


def formatted(template: str, values: Sequence[Any]) -> str | Mark:
    """A template with values in it; unknown where it asks for a way to write a number that is not known here."""
    said: list[str] = []
    for fixed, place in pieces_of(template):
        if place is None:
            said.append(fixed)
            continue
        index = int(place["index"])
        if index >= len(values):
            raise ExpressionError(
                f"format is given {told(template)} and {len(values)} values; there is no value {index}"
            )
        written = _written(values[index], place["spec"] or "")
        if written is None:
            return UNKNOWN
        width = int(place["width"] or 0)
        said.append(written.ljust(-width) if width < 0 else written.rjust(width))
    return "".join(said)


def _written(value: Any, spec: str) -> str | None:
    """A value in one of .NET's number formats, where it is a number; None for formats that are not known here."""
    if not spec or isinstance(value, bool) or not isinstance(value, (int, float)):
        return text_of(value)
    if re.fullmatch("0+", spec) and isinstance(value, int):
        return f"{'-' if value < 0 else ''}{abs(value):0{len(spec)}d}"
    found = re.fullmatch(r"([A-Za-z])(\d{0,2})", spec)
    if found is None:
        return None
    letter, digits = found[1], int(found[2]) if found[2] else None
    match letter.upper():
        case "D" if isinstance(value, int):
            return f"{'-' if value < 0 else ''}{abs(value):0{digits or 1}d}"
        case "N":
            return f"{value:,.{2 if digits is None else digits}f}"
        case "F":
            return f"{value:.{2 if digits is None else digits}f}"
        case "X" if isinstance(value, int) and value >= 0:
            return f"{value:0{digits or 1}{letter}}"
        case "G" if digits is None:
            return str(value)
        case _:
            return None
