# SPDX-License-Identifier: Apache-2.0
"""Parts of the query service on their own: cells, timespans, limits, and what is looked at before the translation."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
import pytest

from groundplan_emulator.ml.logs import cells, kql, percentiles, timespan
from groundplan_emulator.ml.logs.database import Range, tables_in
from groundplan_emulator.ml.logs.errors import QueryError
from groundplan_emulator.ml.logs.running import Running
from groundplan_emulator.store import SCHEMA

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC).timestamp()
TRAFFIC = "AmlOnlineEndpointTrafficLog"


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as made:
        made.executescript(SCHEMA)
        yield made


def ask(database: sqlite3.Connection, query: str) -> kql.Answer:
    return kql.run(database, query, Range(("w",), *timespan.ALWAYS), NOW, Running(60))


def one(database: sqlite3.Connection, expression: str) -> Any:
    """The value of an expression."""
    return orjson.loads(ask(database, f"print x = {expression}").rows[0])[0]


@pytest.mark.azure_assumed
@pytest.mark.parametrize(
    ("type_", "cell", "written"),
    [
        ("datetime", datetime(2026, 1, 2, 3, 4, 5, 600, tzinfo=UTC), "2026-01-02T03:04:05.0006Z"),
        ("datetime", datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=1))), "2026-01-01T23:00:00Z"),
        ("timespan", timedelta(days=-1, hours=-2), "-1.02:00:00"),
        ("timespan", timedelta(microseconds=1), "00:00:00.0000010"),
        ("real", float("nan"), "NaN"),
        ("real", float("-inf"), "-Infinity"),
        ("long", 1 << 70, "1180591620717411303424"),
        ("decimal", Decimal("1.50"), "1.50"),
        ("guid", UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ("dynamic", '{"a":1}', '{"a":1}'),
        ("dynamic", '"text"', "text"),
        ("dynamic", "2.5", 2.5),
        ("dynamic", [1, None], "[1,null]"),
        ("string", '{"a":1}', '{"a":1}'),
        ("string", None, None),
        ("bool", True, True),
    ],
)
def test_cells(type_: str, cell: Any, written: Any):
    assert orjson.loads(cells.row([type_], (cell,))) == [written]


@pytest.mark.azure_spec
@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("PT1H", NOW - 3600, NOW),
        ("P1D", NOW - 86400, NOW),
        ("PT3600.0S", NOW - 3600, NOW),
        ("2026-01-31T10:00:00Z/PT1H", NOW - 7200, NOW - 3600),
        ("PT1H/2026-01-31T11:00:00+00:00", NOW - 7200, NOW - 3600),
        ("2026-01-31T10:00:00/2026-01-31T11:00:00.500Z", NOW - 7200, NOW - 3599.5),
        ("", *timespan.ALWAYS),
    ],
)
def test_timespans(text: str, start: float, end: float):
    assert timespan.parse(text, NOW) == (start, end)


@pytest.mark.azure_spec
@pytest.mark.parametrize("text", ["yesterday", "1h", "2026-01-31T10:00:00Z/", "/", "P", "2026-13-01T00:00:00Z/PT1H"])
def test_timespans_that_are_none(text: str):
    with pytest.raises(QueryError, match="BadArgumentError") as caught:
        timespan.parse(text, NOW)
    assert caught.value.error["innererror"]["code"] == "InvalidTimespanError"


def test_rows_beyond_the_most(database: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kql, "MOST_ROWS", 3)

    assert [ask(database, f"range x from 1 to {count} step 1").cut for count in (2, 3, 4)] == [False, False, True]
    assert ask(database, "range x from 9 to 1 step -1").rows == [b"[9]", b"[8]", b"[7]"]


@pytest.mark.azure_spec
@pytest.mark.parametrize(
    ("query", "code"),
    [("", "QueryValidationError"), ("  \n", "QueryValidationError"), ("T" * 70_000, "QueryTooLongError")],
)
def test_queries_that_are_none(database: sqlite3.Connection, query: str, code: str):
    with pytest.raises(QueryError) as caught:
        ask(database, query)
    assert caught.value.error["innererror"]["code"] == code


def test_a_query_without_time(database: sqlite3.Connection):
    with pytest.raises(QueryError) as caught:
        kql.run(database, "print 1", Range((), *timespan.ALWAYS), NOW, Running(0))
    assert (caught.value.status, caught.value.error["code"]) == (504, "GatewayTimeout")


@pytest.mark.azure_spec
@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("5 / 2", 2),
        ("5 / 2.0", 2.5),
        ("1 / 0", None),
        ("'a' == 'A'", False),
        ("'a' =~ 'A'", True),
        ("'foo-bar' has 'bar'", True),
        ("'foobar' has 'bar'", False),
        ("'foobar' contains 'OBA'", True),
        ("'foobar' contains_cs 'OBA'", False),
        ("toint('x')", None),
        ("isnull(toint('x'))", True),
        ("isempty('')", True),
        ("strlen('é')", 1),
        ("tostring(dynamic({'a': 1}).a)", "1"),
        ("bin(7, 5)", 5),
        ("todatetime('2026-01-31T13:00:00+01:00') == now()", True),
        ("startofday(now())", "2026-01-31T00:00:00Z"),
        ("coalesce(int(null), 4)", 4),
        ("strcat('a', 1, 2.5)", "a12.5"),
        ("array_length(dynamic([1, 2]))", 2),
    ],
)
def test_expressions(database: sqlite3.Connection, expression: str, value: Any):
    assert one(database, expression) == value


def test_percentiles_in_texts_and_comments_stay():
    query = "T | where a == 'percentiles(x, 50)' // percentiles(x, 50)\n| summarize percentiles(x, 50, 99.9), b = percentiles(y, 5)"

    assert percentiles.spelt_out(query) == (
        "T | where a == 'percentiles(x, 50)' // percentiles(x, 50)\n"
        "| summarize percentile_x_50 = percentile(x, 50), percentile_x_99_9 = percentile(x, 99.9), b = percentile(y, 5)"
    )


@pytest.mark.parametrize(
    ("query", "named"),
    [
        (f"{TRAFFIC} | take 1", [TRAFFIC]),
        (f"union {TRAFFIC}, AppRequests", [TRAFFIC, "AppRequests"]),
        (f"{TRAFFIC}s | take 1", []),
        (TRAFFIC.lower(), []),
    ],
)
def test_tables_of_a_query(query: str, named: list[str]):
    assert tables_in(query) == named
    assert len(tables_in("union * | count")) == 9


@pytest.mark.azure_spec
@pytest.mark.parametrize(
    "query",
    [
        f"{TRAFFIC} | where ResponseCode >= 500 and EndpointName != 'a = b' | extend c = 3",
        f"{TRAFFIC} | where EndpointName =~ 'x' // where c = 2",
        f"{TRAFFIC} | where ResponseCode == toscalar({TRAFFIC} | summarize endpointname = max(ResponseCode))",
        f"{TRAFFIC} | extend message = Method | project message",
    ],
)
def test_what_is_no_assignment_and_no_wrong_case(database: sqlite3.Connection, query: str):
    assert ask(database, query).rows == []
