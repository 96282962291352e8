# SPDX-License-Identifier: Apache-2.0
"""Functions over points in time.

Source: "Date functions for ARM templates" of Microsoft's documentation. A month has 30 days there: one after January 31 is March 2.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from groundplan_policies.expressions.errors import ExpressionError
from groundplan_policies.expressions.function import Function, Table, told
from groundplan_policies.values import UNKNOWN, Mark

DATES = Table()
_DURATION = re.compile(
    r"([+-]?)P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?"
)
_DAYS = (365, 30, 7, 1)
_SECONDS = (3600, 60, 1)
_ISO = "yyyy-MM-ddTHH:mm:ssZ"
_STANDARD = {
    "d": "MM/dd/yyyy",
    "s": "yyyy-MM-ddTHH:mm:ss",
    "u": "yyyy-MM-dd HH:mm:ssZ",
    "o": "yyyy-MM-ddTHH:mm:ss.fffffffZ",
    "r": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "y": "yyyy MMMM",
}
""".NET's formats of one letter; those that differ by culture are not among them."""
_PART = re.compile(r"'([^']*)'|\\(.)|yyyy|yy|M{1,4}|d{1,4}|HH?|hh?|mm?|ss?|f{1,7}|tt|zzz|K|([A-Za-z])|[^A-Za-z'\\]+")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _moment(name: str, text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ExpressionError(
            f"{name} is given {told(text)}; a time such as '2030-01-31T12:00:00Z' is expected"
        ) from None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _duration(name: str, text: str) -> timedelta:
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ExpressionError(f"{name} is given {told(text)}; a duration such as 'P3M', 'PT1H' or '-P9D' is expected")
    sign, *numbers = found.groups(default="0")
    days = sum(int(number) * each for number, each in zip(numbers[:4], _DAYS, strict=True))
    seconds = sum(float(number) * each for number, each in zip(numbers[4:], _SECONDS, strict=True))
    length = timedelta(days=days, seconds=seconds)
    return -length if sign == "-" else length


def written(moment: datetime, pattern: str) -> str | Mark:
    """A time in one of .NET's formats; unknown for a format that is not known here."""
    if len(pattern) == 1:
        pattern = _STANDARD.get(pattern.lower() if pattern in "OR" else pattern, "")
    said: list[str] = []
    at = 0
    while at < len(pattern):
        found = _PART.match(pattern, at)
        part = None if found is None else _part(moment, found)
        if found is None or part is None:
            return UNKNOWN
        said.append(part)
        at = found.end()
    return "".join(said) if said else UNKNOWN


def _part(moment: datetime, found: re.Match[str]) -> str | None:
    text = found[0]
    if found[1] is not None or found[2]:
        return found[1] if found[1] is not None else found[2]
    if found[3]:
        return text if text in "TZ" else None
    hour = moment.hour % 12 or 12
    values = {
        "yyyy": f"{moment.year:04}",
        "yy": f"{moment.year % 100:02}",
        "M": str(moment.month),
        "MM": f"{moment.month:02}",
        "MMM": _MONTHS[moment.month - 1][:3],
        "MMMM": _MONTHS[moment.month - 1],
        "d": str(moment.day),
        "dd": f"{moment.day:02}",
        "ddd": _WEEKDAYS[moment.weekday()][:3],
        "dddd": _WEEKDAYS[moment.weekday()],
        "H": str(moment.hour),
        "HH": f"{moment.hour:02}",
        "h": str(hour),
        "hh": f"{hour:02}",
        "m": str(moment.minute),
        "mm": f"{moment.minute:02}",
        "s": str(moment.second),
        "ss": f"{moment.second:02}",
        "tt": "AM" if moment.hour < 12 else "PM",
        "zzz": "+00:00",
        "K": "Z",
    }
    return f"{moment.microsecond * 10:07}"[: len(text)] if text[0] == "f" else values.get(text, text)


@DATES.add("dateTimeAdd", "string", "string", "string?")
def _date_time_add(base: str, duration: str, pattern: str = _ISO) -> str | Mark:
    try:
        return written(_moment("dateTimeAdd", base) + _duration("dateTimeAdd", duration), pattern)
    except OverflowError:
        raise ExpressionError(f"dateTimeAdd is given {told(duration)}, which leads out of the calendar") from None


@DATES.add("dateTimeToEpoch", "string")
def _date_time_to_epoch(text: str) -> int:
    return int(_moment("dateTimeToEpoch", text).timestamp())


@DATES.add("dateTimeFromEpoch", "int")
def _date_time_from_epoch(seconds: int) -> str | Mark:
    try:
        return written(datetime.fromtimestamp(seconds, UTC), _ISO)
    except (OverflowError, ValueError, OSError):
        raise ExpressionError(f"dateTimeFromEpoch is given {seconds}, which leads out of the calendar") from None


def utc_now(moment: datetime | None) -> Function:
    """The function `utcNow` for a given moment; unknown without one."""
    table = Table()

    @table.add("utcNow", "string?")
    def _now(pattern: str = "yyyyMMddTHHmmssZ") -> str | Mark:
        return UNKNOWN if moment is None else written(moment.astimezone(UTC), pattern)

    return table["utcnow"]
