# SPDX-License-Identifier: Apache-2.0
"""Which profile of an autoscale setting applies: a fixed date first, then what recurs, then the default."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from groundplan_emulator.ml.schedules import zones

DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Profile = Mapping[str, Any]


def active(profiles: Sequence[Profile], now: float) -> Profile | None:
    """The profile that applies now, None where none does.

    A recurring profile has no end: it lasts until the next one starts.
    """
    for profile in profiles:
        if (window := profile.get("fixedDate")) is not None and _within(window, now):
            return profile
    started = [
        (start, profile)
        for profile in profiles
        if profile.get("recurrence") is not None and (start := last_start(profile["recurrence"], now)) is not None
    ]
    if started:
        return max(started, key=lambda each: each[0])[1]
    return next((each for each in profiles if each.get("fixedDate") is None and each.get("recurrence") is None), None)


def zone_of(schedule: Mapping[str, Any]) -> ZoneInfo:
    """The time zone of a schedule; UTC where it names none."""
    return zones.find(str(schedule.get("timeZone") or "UTC")) or ZoneInfo("UTC")


def wall_time(text: str, zone: ZoneInfo) -> float:
    """The moment at which clocks in a zone show a time. A suffix such as Z is not looked at: the zone is said apart from it."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()


def _within(window: Mapping[str, Any], now: float) -> bool:
    zone = zone_of(window)
    return wall_time(str(window["start"]), zone) <= now < wall_time(str(window["end"]), zone)


def last_start(recurrence: Mapping[str, Any], now: float) -> float | None:
    """When a recurring profile began last: within a week, unless it names no day."""
    schedule: Mapping[str, Any] = recurrence.get("schedule") or {}
    zone = zone_of(schedule)
    today = datetime.fromtimestamp(now, UTC).astimezone(zone)
    for back in range(8):
        day = today - timedelta(days=back)
        if DAYS[day.weekday()] not in {str(name).lower() for name in schedule.get("days") or ()}:
            continue
        started = [start for start in _starts(day, schedule, zone) if start <= now]
        if started:
            return max(started)
    return None


def _starts(day: datetime, schedule: Mapping[str, Any], zone: ZoneInfo) -> Iterator[float]:
    for hour in schedule.get("hours") or (0,):
        for minute in schedule.get("minutes") or (0,):
            yield datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=zone).timestamp()
