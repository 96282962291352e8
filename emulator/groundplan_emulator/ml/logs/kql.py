# SPDX-License-Identifier: Apache-2.0
"""Answers a query of the Kusto Query Language: `duckdb-kql` translates it, DuckDB runs it over the rows that the query may see.

Differs from Azure:
- what the library does not translate is refused with NotSupportedError
- a name that is a column's in another spelling of upper and lower case is refused in most places, not in all
"""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from groundplan_emulator.ml.logs import cells, database, percentiles
from groundplan_emulator.ml.logs.database import Range
from groundplan_emulator.ml.logs.errors import QueryError, bad_argument, beyond, semantic, syntax, timed_out
from groundplan_emulator.ml.logs.running import Running

if TYPE_CHECKING:
    import duckdb

MOST_ROWS: Final = 500_000
MOST_BYTES: Final = 64 * 1024 * 1024
"""Of all rows together."""
LONGEST: Final = 64 * 1024
"""Characters of a query."""
_AT_ONCE: Final = 500
_TRANSLATING: Final = threading.Lock()
_TEXTS = re.compile(r"""@?"(?:[^"\\\n]|\\.)*"|@?'(?:[^'\\\n]|\\.)*'|//[^\n]*""")
_COLUMN = re.compile(r'(?:Referenced column|Column) "([^"]+)"', re.IGNORECASE)
_TABLE = re.compile(r"Table with name (\S+) does not exist", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Column:
    """Name and KQL type of a column."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query found. `rows`: as JSON arrays, `size` bytes together. `cut`: there was more. `seconds`: how long it took."""

    columns: list[Column]
    rows: list[bytes]
    size: int
    cut: bool
    seconds: float


def run(source: sqlite3.Connection, query: str, seen: Range, now: float, running: Running) -> Answer:
    """Run a query; blocks. `now`: seconds since the epoch that `now()` is. Raises `QueryError`."""
    begun = time.monotonic()
    if len(query) > LONGEST:
        raise bad_argument(
            {"code": "QueryTooLongError", "message": f"The query has {len(query)} characters; allowed: {LONGEST}."}
        )
    if not query.strip():
        raise bad_argument({"code": "QueryValidationError", "message": "The query is empty."})
    connection, columns = database.load(source, query, seen)
    try:
        _check_assignment(query)
        _check_spelling(query, columns)
        sql, parameters = _translate(query, columns, now)
        if running.over:
            raise timed_out(running.seconds)
        with running.guarding(connection):
            return _execute(connection, sql, parameters, running, begun)
    finally:
        connection.close()


def _translate(query: str, columns: dict[str, list[str]], now: float) -> tuple[str, dict[str, Any]]:
    import duckdb_kql

    if query.lstrip().startswith("."):
        raise beyond(query.split(maxsplit=1)[0], " (a control command, which Log Analytics does not take either)")
    try:
        with _TRANSLATING:
            found = duckdb_kql.to_sql(
                percentiles.spelt_out(query), columns, allow_write=False, query_now=datetime.fromtimestamp(now, UTC)
            )
    except duckdb_kql.KqlSyntaxError as error:
        raise _syntax_error(query, error) from None
    except duckdb_kql.KqlUnsupportedError as error:
        where = f" at line {error.span.line}, position {error.span.column + 1}" if error.span else ""
        hint = f" ({error.hint})" if error.hint and "wave" not in error.hint else ""
        raise beyond(error.construct, where + hint) from None
    except duckdb_kql.KqlError as error:
        raise semantic("SEM0100", str(error)) from None
    except Exception as error:  # the library is young: what it trips over is refused, not answered with 500
        raise beyond(type(error).__name__, " (the translation failed)") from error
    if found.unbound:
        raise semantic("SEM0100", f"The query parameters {', '.join(found.unbound)} have no values.")
    return str(found), dict(found.parameters)


def _syntax_error(query: str, error: Any) -> QueryError:
    first = error.diagnostics[0] if error.diagnostics else None
    if first is None:
        return syntax(1, 1, "", str(error))
    lines = query.splitlines() or [""]
    line, column = first.span.line, first.span.column
    rest = lines[line - 1][column:] if line <= len(lines) else ""
    token = (re.match(r"\w+|\S", rest) or [""])[0]
    message = f"Query could not be parsed at '{token}' on line [{line},{column + 1}]: {first.message}"
    return syntax(line, column + 1, token, message[:500])


def _execute(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, Any], running: Running, begun: float
) -> Answer:
    import duckdb
    from duckdb_kql.types import kusto_type

    try:
        # the library writes the SQL, and whatever it says, the database is shut off
        cursor = connection.execute(f"SELECT * FROM ({sql}) LIMIT {MOST_ROWS + 1}", parameters or None)  # noqa: S608
        found = [Column(str(each[0]), kusto_type(each[1])) for each in cursor.description or ()]
        types = [column.type for column in found]
        rows: list[bytes] = []
        size, cut = 0, False
        while not cut and (some := cursor.fetchmany(_AT_ONCE)):
            for each in some:
                line = cells.row(types, each)
                cut = len(rows) == MOST_ROWS or size + len(line) > MOST_BYTES
                if cut:
                    break
                rows.append(line)
                size += len(line)
    except duckdb.InterruptException:
        raise timed_out(running.seconds) from None
    except duckdb.OutOfMemoryException:
        raise semantic(
            "E_LOW_MEMORY_CONDITION",
            f"The query needs more than {database.MEMORY} of memory; ask for fewer rows or columns.",
        ) from None
    except duckdb.Error as error:
        raise _semantic_error(str(error)) from None
    return Answer(found, rows, size, cut, time.monotonic() - begun)


def _semantic_error(message: str) -> QueryError:
    if (found := _COLUMN.search(message)) is not None:
        return semantic("SEM0100", f"Failed to resolve scalar expression named '{found[1]}'")
    if (found := _TABLE.search(message)) is not None:
        return semantic("SEM0100", f"Failed to resolve table or column expression named '{found[1].strip('!')}'")
    return semantic("SEM0001", message.partition("\n")[0])


def _check_assignment(query: str) -> None:
    """`where Code = 200` is no comparison: Kusto cannot read it, and the library takes it for a name."""
    text = _TEXTS.sub(lambda found: '"' + "_" * (len(found[0]) - 2) + '"', query)
    found = re.search(r"\bwhere\b[^|;=!<>]*?(?:(?:==|!=|<=|>=|=~|<|>|!)[^|;=!<>]*?)*(?<![=!<>~])(=)(?![=~])", text)
    if found is not None:
        before = text[: found.start(1)]
        line, position = before.count("\n") + 1, found.start(1) - before.rfind("\n")
        message = f"Query could not be parsed at '=' on line [{line},{position}]: '==' compares"
        raise syntax(line, position, "=", message)


def _check_spelling(query: str, columns: dict[str, list[str]]) -> None:
    """Names of columns know upper and lower case in KQL, and do not in DuckDB."""
    text = _TEXTS.sub('""', query)
    if re.search(r"\bparse\b", text) is not None:
        return
    exact = {name for names in columns.values() for name in names}
    spelt = {name.lower(): name for name in exact}
    for found in re.finditer(r"(?<![\w.$-])[A-Za-z_]\w*(?!\s*[(:]|\w)", text):
        word = found[0]
        if word in exact or word.lower() not in spelt or re.search(rf"\b{word}\s*=(?![=~])", text) is not None:
            continue
        raise semantic(
            "SEM0100",
            f"Failed to resolve scalar expression named '{word}' (there is a column '{spelt[word.lower()]}': names know"
            " upper and lower case)",
        )
