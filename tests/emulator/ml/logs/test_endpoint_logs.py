# SPDX-License-Identifier: Apache-2.0
"""From a request to the answer of a query, on a real server, and over its death."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from azure.identity import DefaultAzureCredential
from azure.monitor.query import LogsQueryClient, LogsQueryResult

from tests.emulator.ml.logs.conftest import LOCATION, make
from tests.fixtures.azure import RunningAzure, running

ML = "2024-10-01"


def put(azure: RunningAzure, path: str, version: str, **body: Any) -> dict[str, Any]:
    tracked = {} if "diagnosticSettings" in path else {"location": LOCATION}
    answer = azure.arm("PUT", path, {**tracked, **body}, api_version=version)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def use(azure: RunningAzure, patch: pytest.MonkeyPatch) -> None:
    for name, value in azure.env.items():
        patch.setenv(name, value)


def endpoint_with_logs(azure: RunningAzure, group: str, workspace: str) -> str:
    """An endpoint without a deployment, whose traffic goes to a Log Analytics workspace; its scoring URI."""
    providers = f"{group}/providers"
    storage = put(
        azure,
        f"{providers}/Microsoft.Storage/storageAccounts/stlogs0001",
        "2023-01-01",
        kind="StorageV2",
        sku={"name": "Standard_LRS"},
        properties={},
    )
    access = {"tenantId": azure.tenant_id, "sku": {"family": "A", "name": "standard"}, "enableRbacAuthorization": True}
    vault = put(azure, f"{providers}/Microsoft.KeyVault/vaults/kvlogs0001", "2023-07-01", properties=access)
    insights = put(
        azure,
        f"{providers}/Microsoft.Insights/components/appi",
        "2020-02-02",
        kind="web",
        properties={"Application_Type": "web", "WorkspaceResourceId": workspace},
    )
    links = {"storageAccount": storage["id"], "keyVault": vault["id"], "applicationInsights": insights["id"]}
    identity = {"type": "SystemAssigned"}
    made = put(
        azure,
        f"{providers}/Microsoft.MachineLearningServices/workspaces/mlw",
        ML,
        identity=identity,
        properties=links,
    )
    endpoint = put(
        azure, f"{made['id']}/onlineEndpoints/ep-logs", ML, identity=identity, properties={"authMode": "Key"}
    )
    put(
        azure,
        f"{endpoint['id']}/providers/Microsoft.Insights/diagnosticSettings/logs",
        "2021-05-01-preview",
        properties={"workspaceId": workspace, "logs": [{"categoryGroup": "allLogs", "enabled": True}]},
    )
    return endpoint["properties"]["scoringUri"]


def count(azure: RunningAzure, workspace: str, wanted: int) -> int:
    """The rows of the traffic log, once there are so many."""
    deadline = time.monotonic() + 20
    with LogsQueryClient(DefaultAzureCredential(), endpoint=azure.https) as client:
        while True:
            query = "AmlOnlineEndpointTrafficLog | where EndpointName == 'ep-logs' and ResponseCode >= 400 | count"
            answer = client.query_workspace(workspace, query, timespan=None)
            assert isinstance(answer, LogsQueryResult)
            found = answer.tables[0].rows[0][0]
            if found >= wanted or time.monotonic() > deadline:
                return found
            time.sleep(0.1)


@pytest.mark.azure_spec
def test_requests_are_in_the_traffic_log_and_stay_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with running(tmp_path / "azure") as azure:
        use(azure, monkeypatch)
        logs = make(azure)
        logs.client.close()
        uri = endpoint_with_logs(azure, logs.group, logs.id).replace(azure.https, azure.http)
        key = {"Authorization": "Bearer not-the-key"}
        for _ in range(3):
            assert httpx.post(uri, json={}, headers=key, trust_env=False).status_code == 401
        assert count(azure, logs.workspace, 3) == 3
        os.kill(azure.process.pid, signal.SIGKILL)
        azure.process.wait(10)

    with running(tmp_path / "azure") as azure:
        use(azure, monkeypatch)
        assert count(azure, logs.workspace, 3) == 3
        assert b"not-the-key" not in b"".join(each.read_bytes() for each in (tmp_path / "azure").glob("state.db*"))

        azure.control("POST", "reset")
        with closing(sqlite3.connect(tmp_path / "azure" / "state.db")) as database:
            assert database.execute("SELECT count(*) FROM log_rows").fetchone() == (0,)


@pytest.mark.azure_assumed
def test_a_query_ends_with_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    numbers = "range x from 1 to 1000000 step 1 | extend k = 1"
    query = f"{numbers} | join kind=inner ({numbers}) on k | summarize sum(x * x1)"
    with running(tmp_path / "azure") as azure, ThreadPoolExecutor(1) as other:
        use(azure, monkeypatch)
        logs = make(azure)
        logs.client.close()
        url = f"{azure.http}/v1/workspaces/{logs.workspace}/query"
        headers = {"Authorization": f"Bearer {azure.token}"}
        asked = other.submit(httpx.post, url, json={"query": query}, headers=headers, timeout=60, trust_env=False)
        server = psutil.Process(azure.process.pid)
        begun = server.cpu_times().user
        while server.cpu_times().user < begun + 2:
            assert not asked.done()
            time.sleep(0.1)
        azure.process.terminate()

        assert azure.process.wait(20) == 0
        assert (asked.result().status_code, asked.result().json()["error"]["code"]) == (503, "ServiceUnavailable")
    assert "Traceback" not in (tmp_path / "azure" / "server.log").read_text()
