# SPDX-License-Identifier: Apache-2.0
"""From the time on a wall clock to the moment: what a change to or from daylight saving time does to a schedule.

A time that the clock skips comes as much later as the clock is put forward (02:30 becomes 03:30). A time that comes twice counts once, the
first time; for a schedule that runs around the clock both count, and skipped ones do not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

Walls = Callable[[datetime], Iterator[datetime]]
"""Wall clock times after a wall clock time (not that one itself), ascending, both without a zone."""
_WIDEST: Final = timedelta(hours=24)
"""The largest jump of a clock in the zone database: Samoa and Kwajalein left out a day."""
_NONE: Final = timedelta(0)


def first_after(walls: Walls, zone: ZoneInfo, after: datetime, *, around_the_clock: bool) -> datetime | None:
    """The first moment (in UTC) after `after` that the wall clock times mean in a zone, or None where there is none any more."""
    after = after.astimezone(UTC)
    here = after.astimezone(zone).replace(tzinfo=None)
    best: datetime | None = None
    last: datetime | None = None
    for wall in walls(here - _jump(zone, here)):
        if last is not None and wall > last:
            break
        for moment in _moments(wall, zone, around_the_clock):
            if moment > after and (best is None or moment < best):
                best = moment
                last = wall + _jump(zone, wall)
    return best


def moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """What a wall clock time means, in UTC."""
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def _moments(wall: datetime, zone: ZoneInfo, around_the_clock: bool) -> Iterator[datetime]:
    first = moment(wall, zone)
    if not around_the_clock:
        yield first
        return
    for each in (first, wall.replace(tzinfo=zone, fold=1).astimezone(UTC)):
        if each.astimezone(zone).replace(tzinfo=None) == wall:
            yield each


def _jump(zone: ZoneInfo, wall: datetime) -> timedelta:
    """How far the clock may jump around a time: nothing on nearly every day."""
    offsets = [
        offset
        for days in (-2, 0, 2)
        if (offset := (wall + timedelta(days=days)).replace(tzinfo=zone).utcoffset()) is not None
    ]
    return min(max(offsets) - min(offsets), _WIDEST)
