# SPDX-License-Identifier: Apache-2.0
"""docs/local-log-analytics.md: each query runs over the same rows, and gives the table, or the refusal, that stands below it."""

from __future__ import annotations

import re
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from groundplan_emulator.ml.logs import kql, rows
from groundplan_emulator.ml.logs.database import Range
from groundplan_emulator.ml.logs.errors import QueryError
from groundplan_emulator.ml.logs.rows import Row
from groundplan_emulator.ml.logs.running import Running
from groundplan_emulator.ml.logs.timespan import ALWAYS
from groundplan_emulator.store import SCHEMA
from tests.emulator.ml.logs.conftest import Logs

PAGE = Path(__file__).parents[4] / "docs" / "local-log-analytics.md"
NOW = datetime(2026, 1, 31, 12, tzinfo=UTC).timestamp()
EXAMPLE = re.compile(
    r"^```kusto(?P<refused> refused)?\n(?P<query>.*?)^```\n\n(?:```text\n(?P<text>.*?)^```\n|(?P<table>(?:\|[^\n]*\n)+))?",
    re.MULTILINE | re.DOTALL,
)
CODES = (200, 200, 200, 500, 200, 429, 200, 200, 503, 200, 200, 200)


@pytest.fixture(scope="module")
def database() -> sqlite3.Connection:
    """An hour of requests, one every five minutes, to two deployments."""
    made = sqlite3.connect(":memory:")
    made.executescript(SCHEMA)
    written: list[Row] = []
    for number, code in enumerate(CODES):
        at, request = NOW - 3540 + 300 * number, f"r{number:02}"
        deployment, took = ("blue", "green")[number % 3 == 0], 40 * number + 10
        reason = {200: "OK", 429: "Too Many Requests", 500: "Internal Server Error", 503: "Service Unavailable"}[code]
        columns: dict[str, Any] = {"EndpointName": "scoring", "DeploymentName": deployment, "ResponseCode": code}
        columns |= {"ResponseCodeReason": reason, "TotalDurationMs": took, "XRequestId": request}
        written.append(Row("w", "AmlOnlineEndpointTrafficLog", at, "/e", columns))
        text = f"{request} took {took} ms" if number != 11 else f"{request} took 1 ms for nothing"
        written.append(Row("w", "AmlOnlineEndpointConsoleLog", at, "/e", {"Message": text}))
        request_columns = {"Success": code < 400, "Properties": {"Request Id": request}}
        written.append(Row("w", "AppRequests", at, "/c", request_columns))
    rows.write(made, written)
    return made


def examples() -> list[Any]:
    found = EXAMPLE.finditer(PAGE.read_text(encoding="utf-8"))
    return [
        pytest.param(each["query"], each["refused"], each["text"] or each["table"] or "", id=f"{number}")
        for number, each in enumerate(found, 1)
    ]


def ask(database: sqlite3.Connection, query: str) -> str:
    """The answer as the page shows it: names, types, rows."""
    try:
        found = kql.run(database, query, Range(("w",), *ALWAYS), NOW, Running(60))
    except QueryError as error:
        inner = error.error["innererror"]
        return f"{inner['code']}: {inner.get('innererror', inner)['message']}\n"
    types = [column.type for column in found.columns]
    cells = [["" if cell is None else cell for cell in orjson.loads(row)] for row in found.rows]
    lines = [
        [column.name for column in found.columns],
        ["---"] * len(types),
        [f"*{type_}*" for type_ in types],
        *([str(cell).lower() if isinstance(cell, bool) else str(cell) for cell in row] for row in cells),
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


@pytest.mark.azure_spec
@pytest.mark.parametrize(("query", "refused", "says"), examples())
def test_a_query_of_the_page(database: sqlite3.Connection, query: str, refused: str | None, says: str):
    answer = ask(database, query)

    assert answer == says
    assert answer.startswith("|") != bool(refused)


def test_the_page_has_its_queries():
    assert len(examples()) >= 20


@pytest.mark.azure_spec
def test_the_example_of_the_page(logs: Logs, capsys: pytest.CaptureFixture[str]):
    logs.write("AmlOnlineEndpointTrafficLog", *((time.time(), {"DeploymentName": "blue"}) for _ in range(3)))
    (example,) = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)

    exec(compile(example, str(PAGE), "exec"), {"workspace_id": logs.workspace})  # noqa: S102  (our own page)

    assert capsys.readouterr().out == "blue 3\n"
