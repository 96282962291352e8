# SPDX-License-Identifier: Apache-2.0
"""Rows of log tables in the store: written in a transaction, read by whoever asks, given up when they are too old or too many."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import orjson

MOST: Final = 100_000
"""Rows of a table that a workspace keeps."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of `table` in the Log Analytics workspace with the id `workspace`, about a resource (its id in lower case).

    `at`: seconds since the epoch. `columns`: those that are not empty, without the ones that every table has.
    """

    workspace: str
    table: str
    at: float
    resource: str
    columns: dict[str, Any]


def write(database: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Add rows; inside a transaction."""
    database.executemany(
        "INSERT INTO log_rows (workspace, kind, at, resource, content) VALUES (?, ?, ?, ?, ?)",
        [(row.workspace, row.table, row.at, row.resource, _content(row)) for row in rows],
    )


def _content(row: Row) -> bytes:
    stamp = datetime.fromtimestamp(row.at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    content = orjson.dumps({"TimeGenerated": stamp, "_ResourceId": row.resource, **row.columns})
    return content[:-1] + b',"_BilledSize":%d}' % len(content)


def read(
    database: sqlite3.Connection, workspace: str, table: str, start: float, end: float, resource: str = ""
) -> Iterator[bytes]:
    """The rows of a table as JSON objects, oldest first: `start` <= time <= `end`, of a resource and what is below it."""
    sql = "SELECT content FROM log_rows WHERE workspace = ? AND kind = ? AND at >= ? AND at <= ?"
    given: list[Any] = [workspace, table, start, end]
    if resource:
        sql += " AND (resource = ? OR (resource >= ? AND resource < ?))"
        given += [resource, f"{resource}/", f"{resource}0"]
    for row in database.execute(sql + " ORDER BY at, id", given):
        yield row[0]


def workspaces_of(database: sqlite3.Connection, resource: str) -> list[str]:
    """The workspaces that hold rows about a resource or about what is below it."""
    found = database.execute(
        "SELECT DISTINCT workspace FROM log_rows WHERE resource = ? OR (resource >= ? AND resource < ?) ORDER BY workspace",
        (resource, f"{resource}/", f"{resource}0"),
    )
    return [row[0] for row in found]


def trim(database: sqlite3.Connection, oldest: dict[str, float], most: int = MOST) -> None:
    """Give up rows older than `oldest` (seconds since the epoch, by workspace), all of other workspaces, and what is above `most`."""
    held = database.execute("SELECT DISTINCT workspace, kind FROM log_rows").fetchall()
    for workspace, table in held:
        if workspace not in oldest:
            database.execute("DELETE FROM log_rows WHERE workspace = ? AND kind = ?", (workspace, table))
            continue
        database.execute(
            "DELETE FROM log_rows WHERE workspace = ? AND kind = ? AND at < ?", (workspace, table, oldest[workspace])
        )
        database.execute(
            "DELETE FROM log_rows WHERE id IN (SELECT id FROM log_rows WHERE workspace = ? AND kind = ?"
            " ORDER BY at DESC, id DESC LIMIT -1 OFFSET ?)",
            (workspace, table, most),
        )
