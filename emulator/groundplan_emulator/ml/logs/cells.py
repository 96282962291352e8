# SPDX-License-Identifier: Apache-2.0
"""Cells of a table as the service writes them."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import orjson

_LONG: Final = 1 << 63


def row(types: list[str], cells: tuple[Any, ...]) -> bytes:
    """A row as a JSON array. `types`: the KQL types of its columns."""
    return orjson.dumps([value(type_, cell) for type_, cell in zip(types, cells, strict=True)])


def value(type_: str, cell: Any) -> Any:
    """A cell as the service writes it: times and durations as text, dynamic values as JSON text."""
    match cell:
        case None | bool():
            return cell
        case str():
            return _dynamic(cell) if type_ == "dynamic" else cell
        case int():
            return cell if -_LONG <= cell < _LONG else str(cell)
        case float():
            return cell if math.isfinite(cell) else {"nan": "NaN", "inf": "Infinity"}.get(str(cell), "-Infinity")
        case datetime():
            return stamp(cell)
        case timedelta():
            return duration(cell)
        case Decimal() | UUID():
            return str(cell)
        case _:
            return orjson.dumps(cell, default=str).decode()


def stamp(moment: datetime) -> str:
    """`2026-01-31T12:00:00.5Z`: UTC, with as many digits as it has."""
    moment = moment.astimezone(UTC) if moment.tzinfo is not None else moment
    digits = f".{moment.microsecond:06d}".rstrip("0") if moment.microsecond else ""
    return f"{moment:%Y-%m-%dT%H:%M:%S}{digits}Z"


def duration(span: timedelta) -> str:
    """`1.02:03:04.5000000`, as Kusto writes a timespan."""
    sign, span = ("-", -span) if span < timedelta() else ("", span)
    minutes, seconds = divmod(span.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days = f"{span.days}." if span.days else ""
    digits = f".{span.microseconds:06d}0" if span.microseconds else ""
    return f"{sign}{days}{hours:02d}:{minutes:02d}:{seconds:02d}{digits}"


def _dynamic(text: str) -> Any:
    """A scalar is itself, a list or object its JSON text."""
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return text if isinstance(found, list | dict) else found
