# SPDX-License-Identifier: Apache-2.0
"""Which profile applies when: fixed dates, recurrences in their time zones, the default."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from groundplan_emulator.ml.autoscale import profiles

DEFAULT: dict[str, Any] = {"name": "default"}


def recurring(
    name: str, days: str, hour: int, minute: int = 0, zone: str = "W. Europe Standard Time"
) -> dict[str, Any]:
    schedule = {"timeZone": zone, "days": days.split(), "hours": [hour], "minutes": [minute]}
    return {"name": name, "recurrence": {"frequency": "Week", "schedule": schedule}}


def at(text: str, zone: str = "Europe/Berlin") -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


def chosen(moment: float, *found: dict[str, Any]) -> str | None:
    profile = profiles.active(found, moment)
    return profile["name"] if profile else None


WORK = "Monday Tuesday Wednesday Thursday Friday"
OFFICE = (DEFAULT, recurring("day", WORK, 8), recurring("night", WORK, 18, 30))


@pytest.mark.azure_spec
@pytest.mark.parametrize(
    ("moment", "profile"),
    [
        ("2026-02-11T07:59:59", "night"),  # a Wednesday
        ("2026-02-11T08:00:00", "day"),
        ("2026-02-11T18:29:59", "day"),
        ("2026-02-11T18:30:00", "night"),
        ("2026-02-14T12:00:00", "night"),  # a Saturday: since Friday evening
        ("2026-02-16T08:00:00", "day"),
        ("2026-07-15T08:00:00", "day"),  # in summer the same wall clock is another moment
        ("2026-07-15T07:59:59", "night"),
    ],
)
def test_a_recurring_profile_lasts_until_the_next_one_starts(moment: str, profile: str) -> None:
    assert chosen(at(moment), *OFFICE) == profile


@pytest.mark.azure_spec
def test_a_fixed_date_comes_first() -> None:
    window = {"timeZone": "Pacific Standard Time", "start": "2026-02-11T00:00:00", "end": "2026-02-11T23:59:00Z"}
    event = {"name": "event", "fixedDate": window}
    assert chosen(at("2026-02-11T12:00:00", "America/Los_Angeles"), *OFFICE, event) == "event"
    assert chosen(at("2026-02-10T23:59:59", "America/Los_Angeles"), *OFFICE, event) == "day"
    assert chosen(at("2026-02-11T23:59:00", "America/Los_Angeles"), *OFFICE, event) == "day"
    assert chosen(at("2026-02-12T12:00:00", "America/Los_Angeles"), DEFAULT, event) == "default"


@pytest.mark.azure_spec
def test_without_schedules_the_default_applies() -> None:
    assert chosen(0.0, DEFAULT) == "default"
    assert (
        chosen(0.0, {"name": "event", "fixedDate": {"start": "2026-01-01T00:00:00", "end": "2026-01-02T00:00:00"}})
        is None
    )


@pytest.mark.azure_assumed
def test_no_zone_is_utc() -> None:
    utc: dict[str, Any] = {
        "name": "noon",
        "recurrence": {"schedule": {"days": ["Wednesday"], "hours": [12], "minutes": [0, 30]}},
    }
    found = profiles.last_start(utc["recurrence"], at("2026-02-11T12:45:00", "UTC"))
    assert found == at("2026-02-11T12:30:00", "UTC")
    assert profiles.last_start(utc["recurrence"], at("2026-02-11T11:59:00", "UTC")) == at("2026-02-04T12:30:00", "UTC")
