# SPDX-License-Identifier: Apache-2.0
"""A database for one query: the tables that it names with the rows that it may see, in memory, shut off from files and network."""

from __future__ import annotations

import itertools
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from groundplan_emulator.ml.logs import rows
from groundplan_emulator.ml.logs.classic import CLASSIC
from groundplan_emulator.ml.logs.tables import SHARED, TABLES

if TYPE_CHECKING:
    import duckdb

MEMORY: Final = "512MB"
_AT_ONCE: Final = 2_000
"""Rows that are read at once."""
_TYPES: Final = {
    "string": "VARCHAR",
    "datetime": "TIMESTAMP",
    "real": "DOUBLE",
    "int": "INTEGER",
    "bool": "BOOLEAN",
    "dynamic": "JSON",
}
_GIVEN: Final = frozenset(SHARED) - {"TimeGenerated", "_ResourceId", "_BilledSize"}
"""Columns that are made here."""
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Range:
    """What a query sees: rows of workspaces (their own ids) in a time, all or those about a resource and what is below it.

    `classic`: Application Insights' older names of tables are there too.
    """

    workspaces: tuple[str, ...]
    start: float
    end: float
    resource: str = ""
    classic: bool = False


def tables_in(query: str) -> list[str]:
    """The tables whose names stand in a query; all of them where it says `*` of a union."""
    words = set(_WORDS.findall(query))
    everything = re.search(r"\bunion\b[^|;]*\*", query) is not None
    return [name for name in TABLES if everything or name in words]


def load(source: sqlite3.Connection, query: str, seen: Range) -> tuple[duckdb.DuckDBPyConnection, dict[str, list[str]]]:
    """The database, and the columns of its tables by name."""
    import duckdb

    connection = duckdb.connect(":memory:", config={"memory_limit": MEMORY, "threads": "2"})
    connection.execute("SET TimeZone='UTC'")
    connection.execute("SET temp_directory=''")
    older = {name: CLASSIC[name] for name in _WORDS.findall(query) if name in CLASSIC} if seen.classic else {}
    names = list(dict.fromkeys([*tables_in(query), *(each.table for each in older.values())]))
    for name in names:
        columns = ", ".join(f'"{column}" {_TYPES[kind]}' for column, kind in TABLES[name].items())
        connection.execute(f'CREATE TABLE "{name}" ({columns})')
        for workspace in seen.workspaces:
            found = rows.read(source, workspace, name, seen.start, seen.end, seen.resource)
            _insert(connection, name, workspace, found)
    for name, each in older.items():
        connection.execute(each.view(name))
    connection.execute("SET enable_external_access=false")
    connection.execute("SET lock_configuration=true")
    return connection, {
        **{name: list(TABLES[name]) for name in names},
        **{name: each.names for name, each in older.items()},
    }


def _insert(connection: duckdb.DuckDBPyConnection, name: str, workspace: str, found: Iterable[bytes]) -> None:
    shape = ", ".join(f'"{column}": "{_TYPES[kind]}"' for column, kind in TABLES[name].items() if column not in _GIVEN)
    values = ", ".join(_value(column, kind, name) for column, kind in TABLES[name].items())
    sql = (
        f"INSERT INTO \"{name}\" SELECT {values} FROM (SELECT unnest(from_json(t.line, '[{{{shape}}}]')) AS u"  # noqa: S608
        " FROM (SELECT CAST($lines AS JSON) AS line) AS t)"
    )
    for some in _batches(found):
        lines = (b"[" + b",".join(some) + b"]").decode()
        connection.execute(sql, {"lines": lines, "workspace": workspace})


def _value(column: str, kind: str, table: str) -> str:
    match column:
        case "TenantId":
            return "$workspace"
        case "Type":
            return f"'{table}'"
        case "SourceSystem":
            return "'Azure'"
        case "_IsBillable":
            return "'True'"
        case "_SubscriptionId":
            return """split_part(u."_ResourceId", '/', 3)"""
        case _:
            return f"""coalesce(u."{column}", '')""" if kind == "string" else f'u."{column}"'


def _batches(found: Iterable[bytes]) -> Iterator[list[bytes]]:
    iterator = iter(found)
    while some := list(itertools.islice(iterator, _AT_ONCE)):
        yield some
