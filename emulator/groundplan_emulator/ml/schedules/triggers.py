# SPDX-License-Identifier: Apache-2.0
"""When a schedule is due: cron expressions and recurrences. All moments are seconds since the epoch.

- Cron has five fields, minutes, hours, days, months, days of the week; days and months count as `*`, as Azure documents.
- A recurrence of minutes or hours counts real time from its start; one of days, weeks or months counts on the wall clock, at the hours and
  minutes of its pattern, or at its start's. A month without such a day is left out.
- Without a start time the schedule starts when it is made; a recurrence without a pattern then runs at once.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, cast
from zoneinfo import ZoneInfo

from dateutil import rrule

from groundplan_emulator.ml.schedules import walls, zones

_SECONDS: Final = {"minute": 60, "hour": 3600}
_RULES: Final[dict[str, Literal[1, 2, 3]]] = {"day": rrule.DAILY, "week": rrule.WEEKLY, "month": rrule.MONTHLY}
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FIELD: Final = re.compile(r"[0-9*,/-]+")
_WEEKDAYS: Final = re.compile(r"([0-9*,/-]|sun|mon|tue|wed|thu|fri|sat)+", re.IGNORECASE)
_SAME: Final = re.compile(r"\b(\d+)-\1(/\d+)?\b")
"""A range of one number, which croniter takes for all of them."""
_EVERY: Final = re.compile(r"\*(/1)?")
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2200
_LONGEST: Final = 1000
"""Of an interval, as a bound against dates that no calendar has."""


class TriggerError(ValueError):
    """A trigger that cannot be; `path` is relative to the trigger."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger that was understood. `start`, a whole second, is where it counts from; `end` is infinite where none was given."""

    zone: ZoneInfo
    start: float
    end: float
    cron: str = ""
    frequency: str = ""
    interval: int = 1
    hours: tuple[int, ...] = ()
    minutes: tuple[int, ...] = ()
    week_days: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()

    @property
    def patterned(self) -> bool:
        """Whether it says at which times of the day, or on which days, it runs."""
        return bool(self.hours or self.minutes or self.week_days or self.month_days)

    def first(self) -> float | None:
        """The first moment at which it is due."""
        return self.next(self.start - 0.5)

    def next(self, after: float) -> float | None:
        """The first moment after another one at which it is due, or None after its end."""
        found = self._next(after)
        return found if found is not None and found <= self.end else None

    def last(self, due: float, now: float) -> float:
        """The last moment up to now at which it is due, where `due` is one."""
        width = 60.0
        while (found := self.next(max(due, now - width))) is None or found > now:
            if now - width <= due:
                return due
            width *= 2
        while (later := self.next(found)) is not None and later <= now:
            found = later
        return found

    def _next(self, after: float) -> float | None:
        if self.frequency in _SECONDS:
            step = _SECONDS[self.frequency] * self.interval
            return (
                self.start if after < self.start else self.start + step * (math.floor((after - self.start) / step) + 1)
            )
        moment = datetime.fromtimestamp(max(after, self.start - 0.5), UTC)
        around = bool(self.cron) and _EVERY.fullmatch(self.cron.split()[1]) is not None
        found = walls.first_after(self._cron if self.cron else self._rule, self.zone, moment, around_the_clock=around)
        return found.timestamp() if found else None

    def _cron(self, after: datetime) -> Iterator[datetime]:
        from croniter import croniter

        iterator = croniter(self.cron, after)
        while True:
            yield iterator.get_next(datetime)

    def _rule(self, after: datetime) -> Iterator[datetime]:
        start = datetime.fromtimestamp(self.start, UTC).astimezone(self.zone).replace(tzinfo=None)
        unit = {"day": 1, "week": 7}.get(self.frequency)
        days: dict[str, Any] = {"byweekday": self.week_days or None, "bymonthday": self.month_days or None}
        if not self.week_days and not self.month_days:
            days = {"week": {"byweekday": start.weekday()}, "month": {"bymonthday": start.day}}.get(self.frequency, {})
        if unit is not None:  # begin near `after`: the rule is walked from its start
            behind = (after - start) // timedelta(days=unit * self.interval)
            start += timedelta(days=unit * self.interval) * max(behind - 1, 0)
        else:
            months = (after.year - start.year) * 12 + after.month - start.month
            months = max(months // self.interval - 1, 0) * self.interval + start.month - 1
            start = start.replace(year=start.year + months // 12, month=months % 12 + 1, day=1) if months else start
        rule = rrule.rrule(
            _RULES[self.frequency],
            dtstart=start,
            interval=self.interval,
            byhour=self.hours or None,
            byminute=self.minutes or None,
            bysecond=0 if self.patterned else None,
            **days,
        )
        yield from rule.xafter(after)


def understand(given: dict[str, Any], anchor: float) -> Trigger:
    """Read a trigger as ARM has it. `anchor` is the start of one that names none. Raises `TriggerError`."""
    name = str(given.get("timeZone") or "UTC")
    zone = zones.find(name)
    if zone is None:
        raise TriggerError(
            "timeZone",
            f"'{name}' is no time zone. Azure takes names such as 'UTC', 'W. Europe Standard Time' or 'Pacific Standard Time'.",
        )
    start = moment_of(given, "startTime", zone)
    end = moment_of(given, "endTime", zone)
    start = float(math.floor(anchor if start is None else start))
    if end is not None and end < start:
        raise TriggerError("endTime", f"The end time '{given['endTime']}' is before the start.")
    until = math.inf if end is None else end
    if str(given.get("triggerType")).lower() == "cron":
        return Trigger(zone, start, until, cron=_cron(str(given.get("expression", ""))))
    interval = int(given.get("interval", 1))
    if not 1 <= interval <= _LONGEST:
        raise TriggerError("interval", f"The interval must be between 1 and {_LONGEST}, not {interval}.")
    frequency = str(given.get("frequency", "")).lower()
    pattern = cast("dict[str, Any]", given.get("schedule") or {})
    if frequency in _SECONDS:
        return Trigger(zone, start, until, frequency=frequency, interval=interval)
    return Trigger(
        zone,
        start,
        until,
        frequency=frequency,
        interval=interval,
        hours=_numbers(pattern, "hours", 0, 23),
        minutes=_numbers(pattern, "minutes", 0, 59),
        week_days=tuple(sorted({_DAYS.index(str(day).lower()) for day in pattern.get("weekDays") or ()}))
        if frequency != "day"
        else (),
        month_days=_numbers(pattern, "monthDays", 1, 31) if frequency == "month" else (),
    )


def moment_of(given: dict[str, Any], name: str, zone: ZoneInfo) -> float | None:
    """A time of a trigger: in the trigger's zone, unless it has an offset of its own. Raises `TriggerError`."""
    value = given.get(name)
    if not value:
        return None
    try:
        read = datetime.fromisoformat(str(value))
    except ValueError:
        raise TriggerError(
            name, f"'{value}' is no time. Write it like '2026-03-29T02:30:00' (in the time zone of the trigger)."
        ) from None
    if not _FIRST_YEAR <= read.year <= _LAST_YEAR:
        raise TriggerError(name, f"'{value}' is too far away: the year must be between {_FIRST_YEAR} and {_LAST_YEAR}.")
    return (walls.moment(read, zone) if read.tzinfo is None else read).timestamp()


def _cron(expression: str) -> str:
    fields = expression.split()
    if len(fields) != 5:
        raise TriggerError(
            "expression",
            f"'{expression}' has {len(fields)} fields. A cron expression has five: minutes, hours, days, months, days of the week.",
        )
    minutes, hours, _, _, days = (_SAME.sub(r"\1", field) for field in fields)
    read = f"{minutes} {hours} * * {days}"
    known = _FIELD.fullmatch(minutes) and _FIELD.fullmatch(hours) and _WEEKDAYS.fullmatch(days)
    from croniter import croniter

    if not known or "7" in days or not croniter.is_valid(read):
        raise TriggerError(
            "expression",
            f"'{expression}' is no cron expression: minutes are 0-59, hours 0-23, days of the week 0-6 or SUN-SAT,"
            " with '*', ',', '-' and '/'.",
        )
    return read


def _numbers(pattern: dict[str, Any], name: str, low: int, high: int) -> tuple[int, ...]:
    values = sorted({int(value) for value in pattern.get(name) or ()})
    wrong = [value for value in values if not low <= value <= high]
    if wrong:
        raise TriggerError(f"schedule.{name}", f"{name} must be between {low} and {high}, not {wrong[0]}.")
    return tuple(values)
