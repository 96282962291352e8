# SPDX-License-Identifier: Apache-2.0
"""`Samples`: what is known of the values of one series in one minute, and the table that keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from groundplan_emulator.ml.metrics.sketch import Sketch
from groundplan_emulator.store import Store

MINUTE: Final = 60
_SEPARATOR: Final = "\x1f"


class Key(NamedTuple):
    """A row. `resource` is an id in lower case, `minute` its first second by the emulator's clock, `dimensions` as the series has them."""

    resource: str
    series: str
    minute: int
    dimensions: tuple[str, ...]


@dataclass(slots=True)
class Samples:
    """Count, sum, least and greatest of some values, and a sketch of them where the series has percentiles."""

    count: int = 0
    total: float = 0.0
    low: float = float("inf")
    high: float = float("-inf")
    sketch: Sketch = field(default_factory=Sketch)

    def add(self, value: float, *, sketch: bool = False) -> None:
        """Take a value in."""
        self.count += 1
        self.total += value
        self.low = min(self.low, value)
        self.high = max(self.high, value)
        if sketch:
            self.sketch.add(value)

    def merge(self, other: Samples) -> None:
        """Take in what others have."""
        self.count += other.count
        self.total += other.total
        self.low = min(self.low, other.low)
        self.high = max(self.high, other.high)
        self.sketch.merge(other.sketch)

    def quantile(self, share: float) -> float | None:
        """A percentile as the sketch has it, never outside of the values themselves."""
        found = self.sketch.quantile(share)
        return None if found is None else min(max(found, self.low), self.high)


def read(
    store: Store, resource: str, series: str, start: int, end: int, *, sketches: bool
) -> Iterator[tuple[Key, Samples]]:
    """The rows of a series from minute `start` to before `end`, oldest first; without their sketches where nobody needs them."""
    bins = "bins" if sketches else "NULL"
    found = store.database.execute(
        f"SELECT minute, dimensions, count, total, low, high, {bins} FROM metrics"  # noqa: S608  (from the line above)
        " WHERE resource = ? AND series = ? AND minute >= ? AND minute < ? ORDER BY minute",
        (resource, series, start, end),
    ).fetchall()
    for minute, dimensions, count, total, low, high, data in found:
        key = Key(resource, series, minute, tuple(dimensions.split(_SEPARATOR)) if dimensions else ())
        yield key, Samples(count, total, low, high, Sketch.load(data))


def merge(store: Store, key: Key, samples: Samples) -> None:
    """Add to a row, or make it. For use inside of a transaction."""
    dimensions = _SEPARATOR.join(key.dimensions)
    row = store.database.execute(
        "SELECT count, total, low, high, bins FROM metrics"
        " WHERE resource = ? AND series = ? AND minute = ? AND dimensions = ?",
        (key.resource, key.series, key.minute, dimensions),
    ).fetchone()
    together = Samples()
    if row:
        number, total, low, high, bins = row
        together = Samples(number, total, low, high, Sketch.load(bins))
    together.merge(samples)
    store.database.execute(
        "INSERT OR REPLACE INTO metrics VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            key.resource,
            key.series,
            key.minute,
            dimensions,
            together.count,
            together.total,
            together.low,
            together.high,
            together.sketch.dump() if together.sketch.bins else None,
        ),
    )


def count(store: Store) -> int:
    """How many rows there are."""
    return store.database.execute("SELECT count(*) FROM metrics").fetchone()[0]


def oldest(store: Store) -> int | None:
    """The first minute that is kept."""
    return store.database.execute("SELECT min(minute) FROM metrics").fetchone()[0]


def forget(store: Store, before: int) -> None:
    """Drop the rows of earlier minutes. For use inside of a transaction."""
    store.database.execute("DELETE FROM metrics WHERE minute < ?", (before,))
