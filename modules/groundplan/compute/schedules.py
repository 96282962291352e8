# SPDX-License-Identifier: Apache-2.0
"""When a compute instance starts and stops by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from pulumi_azure_native import machinelearningservices as ml

from groundplan.errors import ArgumentError

WeekDay = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
Frequency = Literal["Day", "Week", "Month"]

_CRON: Final = re.compile(r"\S+( \S+){4}")


@dataclass(frozen=True, kw_only=True)
class Recurrence:
    """A time of day, every so many days, weeks or months."""

    frequency: Frequency = "Week"
    """Optional. Unit of `interval`: `Day`, `Week` or `Month`. Default: `Week`."""
    interval: int = 1
    """Optional. Every so many of them, at least 1. Default: every one."""
    hours: tuple[int, ...]
    """Required. Hours of the day, 0 to 23."""
    minutes: tuple[int, ...] = (0,)
    """Optional. Minutes of each of the hours, 0 to 59. Default: the full hour."""
    week_days: tuple[WeekDay, ...] = ()
    """Conditional. Days of the week. Required if `frequency` is `Week`, refused otherwise."""
    month_days: tuple[int, ...] = ()
    """Conditional. Days of the month, 1 to 31. Required if `frequency` is `Month`, refused otherwise."""

    def __post_init__(self) -> None:
        if self.interval < 1:
            raise ArgumentError(f"recurrence: interval is {self.interval}; allowed is 1 or more")
        for field, values, low, high in (
            ("hours", self.hours, 0, 23),
            ("minutes", self.minutes, 0, 59),
            ("month_days", self.month_days, 1, 31),
        ):
            if wrong := [value for value in values if not low <= value <= high]:
                raise ArgumentError(f"recurrence: {field} has {wrong}; allowed are {low} to {high}")
        if not (self.hours and self.minutes):
            raise ArgumentError("recurrence: hours and minutes need at least one value each, e.g. hours=(19,)")
        for field, values, unit in (("week_days", self.week_days, "Week"), ("month_days", self.month_days, "Month")):
            if bool(values) != (self.frequency == unit):
                raise ArgumentError(
                    f"recurrence of frequency {self.frequency!r}: {field} is required for {unit!r} and refused otherwise"
                )


@dataclass(frozen=True, kw_only=True)
class PowerSchedule:
    """Start or stop a compute instance at certain times."""

    action: Literal["Start", "Stop"]
    """Required. What happens then."""
    cron: str | None = None
    """Conditional. Cron expression of five fields, e.g. `0 19 * * 1-5`. Required unless `recurrence` is given."""
    recurrence: Recurrence | None = None
    """Conditional. Days and times in words. Required unless `cron` is given."""
    time_zone: str = "UTC"
    """Optional. Time zone by its Windows name, e.g. `W. Europe Standard Time`. Default: UTC."""
    start_time: str | None = None
    """Optional. From when on the schedule holds, `yyyy-MM-ddTHH:mm:ss`. Default: at once."""
    enabled: bool = True
    """Optional. Off keeps the schedule without acting on it. Default: on."""

    def __post_init__(self) -> None:
        if (self.cron is None) == (self.recurrence is None):
            raise ArgumentError("power schedule: pass one of cron and recurrence")
        if self.cron is not None and _CRON.fullmatch(self.cron) is None:
            raise ArgumentError(
                f"power schedule: cron is {self.cron!r}; expected are five fields with one space between, "
                "minute hour day month weekday, e.g. '0 19 * * 1-5'"
            )
        if self.start_time is not None and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", self.start_time) is None:
            raise ArgumentError(
                f"power schedule: start_time is {self.start_time!r}; expected is yyyy-MM-ddTHH:mm:ss, "
                "e.g. '2027-01-01T00:00:00'"
            )

    def to_azure(self) -> ml.ComputeStartStopScheduleArgs:
        """The schedule as the compute's properties take it."""
        return ml.ComputeStartStopScheduleArgs(
            action=self.action,
            status="Enabled" if self.enabled else "Disabled",
            trigger_type="Cron" if self.cron is not None else "Recurrence",
            cron=ml.CronArgs(expression=self.cron, time_zone=self.time_zone, start_time=self.start_time)
            if self.cron is not None
            else None,
            recurrence=ml.RecurrenceArgs(
                frequency=self.recurrence.frequency,
                interval=self.recurrence.interval,
                time_zone=self.time_zone,
                start_time=self.start_time,
                schedule=ml.ComputeRecurrenceScheduleArgs(
                    hours=[*self.recurrence.hours],
                    minutes=[*self.recurrence.minutes],
                    week_days=[*self.recurrence.week_days] or None,
                    month_days=[*self.recurrence.month_days] or None,
                ),
            )
            if self.recurrence is not None
            else None,
        )
