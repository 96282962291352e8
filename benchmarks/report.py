# SPDX-License-Identifier: Apache-2.0
"""One row a measurement: ours, the peer's or the baseline's, the ratio, the aim."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Row:
    """`ours` and `other` in the same unit; `aim` in words; `holds` whether the aim is met (None where there is none)."""

    what: str
    ours: str
    other: str
    ratio: str
    aim: str
    holds: bool | None


def show(rows: list[Row]) -> None:
    """Print the table."""
    table = Table(title="Benchmarks (each row measured in one run)")
    for column in ("measurement", "ours", "beside", "ratio", "aim", "met"):
        table.add_column(column)
    for row in rows:
        met = "-" if row.holds is None else "yes" if row.holds else "no"
        table.add_row(row.what, row.ours, row.other, row.ratio, row.aim, met)
    Console(width=140).print(table)
