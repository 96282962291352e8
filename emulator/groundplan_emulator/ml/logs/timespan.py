# SPDX-License-Identifier: Apache-2.0
"""The time that a query is about: ISO 8601 `duration`, `start/end`, `start/duration` or `duration/end`; '' is all of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import isodate

from groundplan_emulator.ml.logs.errors import QueryError, bad_argument

ALWAYS: Final = (0.0, 253_402_300_799.0)
"""Until the end of the year 9999."""


def parse(text: str | None, now: float) -> tuple[float, float]:
    """First and last second since the epoch, inclusive. Raises `QueryError`."""
    if not text:
        return ALWAYS
    first, found, last = text.partition("/")
    try:
        if not found:
            return now - _duration(first).total_seconds(), now
        if first.startswith("P"):
            end = _moment(last)
            return end - _duration(first).total_seconds(), end
        start = _moment(first)
        return start, start + _duration(last).total_seconds() if last.startswith("P") else _moment(last)
    except (ValueError, OverflowError, isodate.ISO8601Error):
        raise _invalid(text) from None


def _duration(text: str) -> timedelta:
    found = isodate.parse_duration(text, as_timedelta_if_possible=True)
    if not isinstance(found, timedelta):
        found = found.totimedelta(start=datetime.now(UTC))
    return found


def _moment(text: str) -> float:
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo is not None else found.replace(tzinfo=UTC)).timestamp()


def _invalid(text: str) -> QueryError:
    return bad_argument(
        {
            "code": "InvalidTimespanError",
            "message": f"The timespan '{text}' is not understood; allowed: an ISO 8601 duration such as 'P1D', or a start and"
            " an end or duration, as in '2026-01-01T00:00:00Z/PT1H'.",
        }
    )
