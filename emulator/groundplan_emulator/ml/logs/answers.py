# SPDX-License-Identifier: Apache-2.0
"""The service's answers: a table of typed columns and rows, with statistics and the wanted visualisation where they were asked for."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import orjson

from groundplan_emulator.ml.logs import errors
from groundplan_emulator.ml.logs.kql import MOST_ROWS, Answer

MOST_BYTES: Final = 64 * 1024 * 1024
"""Of all rows together."""
_LONG: Final = 1 << 63
_RENDER = re.compile(r"\|\s*render\s+(?P<kind>\w+)\s*(?:with\s*\((?P<with>[^)]*)\))?\s*;?\s*$", re.IGNORECASE)
_OPTION = re.compile(r"""(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^,\s]+))""")


def body(answer: Answer, query: str, *, statistics: bool, render: bool) -> dict[str, Any]:
    """The answer's JSON object."""
    rows, size, count = _rows(answer)
    table = {
        "name": "PrimaryResult",
        "columns": [{"name": column.name, "type": column.type} for column in answer.columns],
        "rows": rows,
    }
    made: dict[str, Any] = {"tables": [table]}
    if statistics:
        made["statistics"] = {
            "query": {
                "executionTime": round(answer.seconds, 7),
                "datasetStatistics": [{"tableRowCount": count, "tableSize": size}],
            }
        }
    if render:
        made["render"] = _render(query)
    if answer.cut:
        made["error"] = errors.partial(
            f"The results of this query exceed the set limit of {MOST_ROWS} records, so not all records were returned"
            " (E_QUERY_RESULT_SET_TOO_LARGE, 0x80DA0003)."
        )
    elif count < len(answer.rows):
        made["error"] = errors.partial(
            f"The results of this query exceed the set limit of {MOST_BYTES} bytes, so not all records were returned"
            " (E_QUERY_RESULT_SET_TOO_LARGE, 0x80DA0003)."
        )
    return made


def _rows(answer: Answer) -> tuple[orjson.Fragment, int, int]:
    types = [column.type for column in answer.columns]
    parts: list[bytes] = []
    size = 0
    for row in answer.rows:
        part = orjson.dumps([value(type_, cell) for type_, cell in zip(types, row, strict=True)])
        if size + len(part) > MOST_BYTES:
            break
        parts.append(part)
        size += len(part)
    return orjson.Fragment(b"[" + b",".join(parts) + b"]"), size, len(parts)


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


def _render(query: str) -> dict[str, Any]:
    found = _RENDER.search(query)
    if found is None:
        return {"visualization": None}
    options = {name: first or second or third for name, first, second, third in _OPTION.findall(found["with"] or "")}
    return {"visualization": found["kind"], "title": None, "accumulate": False, "isQuerySorted": False, **options}
