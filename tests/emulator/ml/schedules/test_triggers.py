# SPDX-License-Identifier: Apache-2.0
"""When triggers are due: against the calendar by hand, and against a count through every minute around daylight saving changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from azure.ai.ml.constants import TimeZone
from hypothesis import given
from hypothesis import strategies as st

from groundplan_emulator.ml.schedules import zones
from groundplan_emulator.ml.schedules.triggers import Trigger, TriggerError, understand

BERLIN, HOWE, NEW_YORK = "W. Europe Standard Time", "Lord Howe Standard Time", "Eastern Standard Time"
CHANGES = {
    BERLIN: (datetime(2026, 3, 29), datetime(2026, 10, 25)),
    NEW_YORK: (datetime(2026, 3, 8), datetime(2026, 11, 1)),
    HOWE: (datetime(2026, 4, 5), datetime(2026, 10, 4)),
}
"""Zone, days on which its clock changes."""


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def stamp(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def following(trigger: Trigger, count: int, after: str | None = None) -> list[str | None]:
    found: list[str | None] = []
    due = trigger.first() if after is None else trigger.next(at(after))
    while due is not None and len(found) < count:
        found.append(stamp(due))
        due = trigger.next(due)
    return found


def cron(expression: str, zone: str = "UTC", **more: str) -> Trigger:
    body = {"triggerType": "Cron", "expression": expression, "timeZone": zone, **more}
    return understand(body, at("2026-01-01T00:00:00"))


def recurrence(frequency: str, interval: int, start: str, zone: str = "UTC", **pattern: Any) -> Trigger:
    body = {"triggerType": "Recurrence", "frequency": frequency, "interval": interval, "startTime": start}
    return understand({**body, "timeZone": zone, "schedule": {"hours": [], "minutes": [], **pattern}}, 0.0)


@pytest.mark.azure_spec
def test_every_zone_of_the_client_is_known():
    assert [zone.value for zone in TimeZone if zones.find(zone.value) is None] == []


@pytest.mark.azure_spec
def test_zones_of_the_iana_database_are_refused():
    with pytest.raises(TriggerError) as refused:
        cron("0 0 * * *", "Europe/Berlin")
    assert refused.value.path == "timeZone"


@pytest.mark.azure_spec
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("15 16 * * 1", ["2026-01-05T16:15:00", "2026-01-12T16:15:00"]),
        ("*/30 0-1 * * MON,wed", ["2026-01-05T00:00:00", "2026-01-05T00:30:00", "2026-01-05T01:00:00"]),
        ("0 12 1 6 *", ["2026-01-01T12:00:00", "2026-01-02T12:00:00"]),
    ],
)
def test_cron_counts_days_and_months_as_any(expression: str, expected: list[str]):
    assert following(cron(expression), len(expected)) == expected


@pytest.mark.azure_spec
@pytest.mark.parametrize(
    "expression",
    [
        "",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "* 24 * * *",
        "* * * * 7",
        "@daily",
        "0 0 * * L5",
        "H * * * *",
        "*/0 * * * *",
    ],
)
def test_wrong_cron_expressions_are_refused(expression: str):
    with pytest.raises(TriggerError) as refused:
        cron(expression)
    assert refused.value.path == "expression"


@pytest.mark.azure_assumed
def test_a_time_that_the_clock_skips_comes_later_and_one_that_comes_twice_counts_once():
    nightly = cron("30 2 * * *", BERLIN)

    assert following(nightly, 3, "2026-03-27T12:00:00") == [
        "2026-03-28T01:30:00",
        "2026-03-29T01:30:00",
        "2026-03-30T00:30:00",
    ]
    assert following(nightly, 3, "2026-10-23T12:00:00") == [
        "2026-10-24T00:30:00",
        "2026-10-25T00:30:00",
        "2026-10-26T01:30:00",
    ]


@pytest.mark.azure_assumed
def test_around_the_clock_every_hour_counts_when_the_clock_changes():
    hourly = cron("0 * * * *", BERLIN)

    for day in ("2026-03-28T20:00:00", "2026-10-24T20:00:00"):
        found = [datetime.fromisoformat(str(each)) for each in following(hourly, 12, day)]
        assert {later - earlier for earlier, later in pairwise(found)} == {timedelta(hours=1)}


@pytest.mark.azure_assumed
def test_recurrences_of_days_keep_to_the_wall_clock_and_those_of_hours_to_real_time():
    daily = recurrence("Day", 1, "2026-03-27T09:00:00", BERLIN)
    hourly = recurrence("Hour", 24, "2026-03-27T09:00:00", BERLIN)

    assert following(daily, 3) == ["2026-03-27T08:00:00", "2026-03-28T08:00:00", "2026-03-29T07:00:00"]
    assert following(hourly, 3) == ["2026-03-27T08:00:00", "2026-03-28T08:00:00", "2026-03-29T08:00:00"]


@pytest.mark.azure_assumed
def test_weeks_count_from_the_week_of_the_start():
    every_other = recurrence(
        "Week", 2, "2026-01-07T00:00:00", hours=[6], minutes=[0, 30], weekDays=["Monday", "Friday"]
    )

    assert following(every_other, 6) == [
        "2026-01-09T06:00:00",
        "2026-01-09T06:30:00",
        "2026-01-19T06:00:00",
        "2026-01-19T06:30:00",
        "2026-01-23T06:00:00",
        "2026-01-23T06:30:00",
    ]


@pytest.mark.azure_spec
def test_a_month_without_the_day_is_left_out():
    last = recurrence("Month", 1, "2026-01-01T00:00:00", hours=[0], minutes=[0], monthDays=[31])

    assert following(last, 4) == [
        "2026-01-31T00:00:00",
        "2026-03-31T00:00:00",
        "2026-05-31T00:00:00",
        "2026-07-31T00:00:00",
    ]


@pytest.mark.azure_spec
def test_months_count_from_the_start_however_long_ago_that_was():
    quarterly = recurrence("Month", 3, "1990-02-15T10:20:00")

    assert following(quarterly, 2, "2026-03-01T00:00:00") == ["2026-05-15T10:20:00", "2026-08-15T10:20:00"]


@pytest.mark.azure_spec
def test_the_start_is_in_the_zone_of_the_trigger_unless_it_says_otherwise():
    assert following(recurrence("Day", 1, "2026-01-05 06:00:00", BERLIN), 1) == ["2026-01-05T05:00:00"]
    assert following(recurrence("Day", 1, "2026-01-05T06:00:00-04:00", BERLIN), 1) == ["2026-01-05T10:00:00"]


@pytest.mark.azure_spec
def test_nothing_is_due_after_the_end():
    trigger = cron("0 0 * * *", endTime="2026-01-02T23:00:00")

    assert following(trigger, 9) == ["2026-01-01T00:00:00", "2026-01-02T00:00:00"]


@pytest.mark.azure_spec
@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"interval": 0}, "interval"),
        ({"startTime": "tomorrow"}, "startTime"),
        ({"startTime": "9999-12-31T23:00:00"}, "startTime"),
        ({"endTime": "2025-01-01T00:00:00"}, "endTime"),
        ({"schedule": {"hours": [24], "minutes": [0]}}, "schedule.hours"),
        ({"schedule": {"hours": [0], "minutes": [60]}}, "schedule.minutes"),
        ({"frequency": "Month", "schedule": {"hours": [0], "minutes": [0], "monthDays": [32]}}, "schedule.monthDays"),
    ],
)
def test_wrong_recurrences_are_refused(change: dict[str, Any], path: str):
    body = {"triggerType": "Recurrence", "frequency": "Day", "interval": 1, "startTime": "2026-01-01T00:00:00"}
    with pytest.raises(TriggerError) as refused:
        understand({**body, **change}, 0.0)
    assert refused.value.path == path


@pytest.mark.azure_assumed
@given(
    trigger=st.sampled_from(
        [
            cron("*/7 * * * *", BERLIN),
            cron("30 2 * * *", BERLIN),
            recurrence("Minute", 11, "2026-01-01T00:00:00"),
            recurrence(
                "Week", 3, "2026-01-01T00:00:00", NEW_YORK, hours=[1, 2, 3], minutes=[0, 59], weekDays=["Sunday"]
            ),
        ]
    ),
    days=st.floats(0, 400),
)
def test_the_last_of_many_that_were_missed(trigger: Trigger, days: float):
    due = trigger.first()
    assert due is not None
    now = due + days * 86400

    last = trigger.last(due, now)

    later = trigger.next(last)
    assert due <= last <= now
    assert later is not None
    assert later > now


FIELDS = st.builds(
    lambda low, high, step: (low, high, step), st.integers(0, 5), st.integers(0, 5), st.integers(1, 3)
).map(lambda parts: f"{min(parts[:2])}-{max(parts[:2])}/{parts[2]}")


@pytest.mark.azure_assumed
@given(
    minutes=st.sampled_from(["0", "30", "*/15", "5,50", "*/20"]),
    hours=st.one_of(st.just("*"), FIELDS),
    zone_and_day=st.sampled_from([(zone, day) for zone, days in CHANGES.items() for day in days]),
    offset=st.integers(-600, 600),
)
def test_cron_around_a_change_of_the_clock(minutes: str, hours: str, zone_and_day: tuple[str, datetime], offset: int):
    name, day = zone_and_day
    trigger = cron(f"{minutes} {hours} * * *", name)
    begin = (day - timedelta(hours=12)).replace(tzinfo=UTC) + timedelta(minutes=offset)
    end = begin + timedelta(hours=28)

    found: list[datetime] = []
    due = trigger.next(begin.timestamp())
    while due is not None and due <= end.timestamp():
        found.append(datetime.fromtimestamp(due, UTC))
        due = trigger.next(due)

    expected = counted(minute_by_minute(name, day), numbers(minutes, 60), numbers(hours, 24), around=hours == "*")
    assert found == [moment for moment in expected if begin < moment <= end]


@cache
def minute_by_minute(name: str, day: datetime) -> list[tuple[datetime, datetime]]:
    """What the clock shows in each minute around a day."""
    zone = zones.find(name)
    assert zone is not None
    begin = day.replace(tzinfo=UTC) - timedelta(hours=36)
    moments = [begin + timedelta(minutes=each) for each in range(72 * 60)]
    return [(moment, moment.astimezone(zone).replace(tzinfo=None)) for moment in moments]


def counted(
    table: list[tuple[datetime, datetime]], minutes: set[int], hours: set[int], *, around: bool
) -> list[datetime]:
    """The same by counting: every reading of the clock, the first time that it comes, plus the readings that it skips."""
    found: set[datetime] = set()
    seen: set[datetime] = set()
    minute = timedelta(minutes=1)
    for (_, before), (moment, wall) in pairwise(table):
        repeated = wall in seen
        seen.add(wall)
        if wall.minute in minutes and wall.hour in hours and (around or not repeated):
            found.add(moment)
        gone = 0 if around else max((wall - before) // minute - 1, 0)
        for each in range(gone):
            reading = before + minute * (each + 1)
            if reading.minute in minutes and reading.hour in hours:
                found.add(moment + minute * each)
    return sorted(found)


def numbers(field: str, size: int) -> set[int]:
    """What a field of a cron expression stands for."""
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        low, _, high = (span if span != "*" else f"0-{size - 1}").partition("-")
        found |= set(range(int(low), int(high or low) + 1, int(step or 1)))
    return found


PATTERNS = st.fixed_dictionaries(
    {
        "hours": st.lists(st.integers(0, 23), max_size=3),
        "minutes": st.lists(st.sampled_from([0, 15, 30, 59]), max_size=2),
        "weekDays": st.lists(st.sampled_from(["Monday", "Saturday", "Sunday"]), max_size=2),
        "monthDays": st.lists(st.integers(1, 31), max_size=2),
    }
)


@pytest.mark.azure_assumed
@given(
    frequency=st.sampled_from(["Hour", "Day", "Week", "Month"]),
    interval=st.integers(1, 5),
    start=st.datetimes(datetime(2025, 9, 1), datetime(2026, 11, 30)),
    zone=st.sampled_from([*CHANGES, "UTC"]),
    pattern=PATTERNS,
    part=st.floats(0, 1, exclude_max=True),
)
def test_recurrences_are_the_same_from_wherever_they_are_looked_at(
    frequency: str, interval: int, start: datetime, zone: str, pattern: dict[str, Any], part: float
):
    trigger = recurrence(frequency, interval, start.replace(microsecond=0).isoformat(), zone, **pattern)
    found = [trigger.first()]
    while len(found) < 12 and found[-1] is not None and found[-1] < at("2029-01-01T00:00:00"):
        found.append(trigger.next(found[-1]))
    due = [each for each in found if each is not None]
    if found[0] is None:
        return  # a 31st of a month that never has one

    assert due == sorted(set(due))
    assert due[0] >= trigger.start
    for earlier, later in pairwise(due):
        assert trigger.next(earlier + part * (later - earlier)) == later
    wall = datetime.fromtimestamp(due[-1], trigger.zone)
    if frequency != "Hour" and zone == "UTC":
        assert not pattern["hours"] or wall.hour in pattern["hours"]
        assert not pattern["minutes"] or wall.minute in pattern["minutes"]
    if frequency in ("Week", "Month") and pattern["weekDays"] and zone == "UTC":
        assert wall.strftime("%A") in pattern["weekDays"]
