# SPDX-License-Identifier: Apache-2.0
"""A machine learning workspace whose logs go to a Log Analytics workspace, and Microsoft's client of its queries."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest
from azure.identity import DefaultAzureCredential
from azure.monitor.query import LogsQueryClient, LogsQueryResult

from groundplan_emulator.ml.logs import rows
from tests.fixtures.azure import RunningAzure

LOCATION = "westeurope"
CATEGORIES = ("AmlOnlineEndpointTrafficLog", "AmlOnlineEndpointConsoleLog", "AmlOnlineEndpointEventLog")


@dataclass
class Logs:
    """A Log Analytics workspace: its ARM id, its own id, and a client that is told where it is by environment variables only."""

    azure: RunningAzure
    group: str
    id: str
    workspace: str
    client: LogsQueryClient

    def write(self, table: str, *found: tuple[float, dict[str, Any]], resource: str = "/subscriptions/s/x") -> None:
        """Rows as the service would keep them: (seconds since the epoch, columns)."""
        with closing(sqlite3.connect(self.azure.folder / "state.db")) as database, database:
            rows.write(database, [rows.Row(self.workspace, table, at, resource, columns) for at, columns in found])

    def table(self, query: str, timespan: Any = None, **options: Any) -> Any:
        """The one table of a whole answer."""
        answer = self.client.query_workspace(self.workspace, query, timespan=timespan, **options)
        assert isinstance(answer, LogsQueryResult), answer
        return answer.tables[0]

    def rows(self, query: str, timespan: Any = None) -> list[list[Any]]:
        return [list(row) for row in self.table(query, timespan).rows]


def make(azure: RunningAzure) -> Logs:
    group = azure.group(f"logs-{uuid.uuid4().hex[:8]}", LOCATION)
    path = f"{group}/providers/Microsoft.OperationalInsights/workspaces/logs"
    answer = azure.arm("PUT", path, {"location": LOCATION}, api_version="2022-10-01")
    assert answer.status_code == 200, answer.text
    client = LogsQueryClient(DefaultAzureCredential(), endpoint=azure.https, retry_total=0)
    return Logs(azure, group, path, answer.json()["properties"]["customerId"], client)


@pytest.fixture(scope="module")
def environment(azure: RunningAzure) -> Iterator[RunningAzure]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in azure.env.items():
            patch.setenv(name, value)
        yield azure


@pytest.fixture(scope="module")
def logs(environment: RunningAzure) -> Iterator[Logs]:
    made = make(environment)
    with made.client:
        yield made
