# SPDX-License-Identifier: Apache-2.0
"""What happens becomes rows of the tables that it is sent to, and of no others."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest

from groundplan_emulator.app import Azure
from groundplan_emulator.clock import Clock
from groundplan_emulator.ml.logs import keeper, rows
from groundplan_emulator.ml.logs.keeper import Keeper
from groundplan_emulator.ml.telemetry import Lifecycle, LogLine, Served
from groundplan_emulator.settings import Identity, Settings
from groundplan_emulator.store import Resource, Store

GROUP = "/subscriptions/s/resourceGroups/g"
LOGS = f"{GROUP}/providers/Microsoft.OperationalInsights/workspaces"
INSIGHTS = f"{GROUP}/providers/Microsoft.Insights/components/appi"
WORKSPACE = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/mlw"
ENDPOINT = f"{WORKSPACE}/onlineEndpoints/ep"
TRAFFIC, CONSOLE, EVENTS = (f"AmlOnlineEndpoint{name}Log" for name in ("Traffic", "Console", "Event"))
SERVED = Served(
    at=1000.25,
    endpoint=ENDPOINT,
    deployment="blue",
    status=424,
    model_status=500,
    seconds=0.25,
    model_seconds=0.2,
    request_bytes=10,
    response_bytes=20,
    request_id="0f-1e",
    client_request_id="mine",
    path="/score?code=secret",
    bodies=(b"secret question", b"secret answer"),
    instance=1,
)


class World:
    """An emulated Azure in this process, with an endpoint and two Log Analytics workspaces."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder / "state.db")
        self.azure = Azure(Settings(folder, 1, 2, Identity.load(folder)), self.store, Clock())
        self.keeper = Keeper(self.azure)
        for name in ("one", "two"):
            self.put(f"{LOGS}/{name}", "Microsoft.OperationalInsights/workspaces", customerId=name, retentionInDays=30)
        self.put(
            WORKSPACE, "Microsoft.MachineLearningServices/workspaces", workspaceId="w-1", applicationInsights=INSIGHTS
        )
        self.put(ENDPOINT, "Microsoft.MachineLearningServices/workspaces/onlineEndpoints", authMode="Key")

    def put(self, id_: str, type_: str, **properties: Any) -> None:
        name = id_.rsplit("/", 1)[1]
        body = {
            "id": id_,
            "name": name,
            "type": type_,
            "location": "westeurope",
            "properties": properties,
        }
        with self.azure.working() as ctx:
            ctx.save(Resource(id_, type_, name, body))

    def setting(self, of: str, *logs: dict[str, Any], name: str = "s", to: str = "one") -> None:
        id_ = f"{of}/providers/Microsoft.Insights/diagnosticSettings/{name}"
        self.put(id_, "Microsoft.Insights/diagnosticSettings", workspaceId=f"{LOGS}/{to}", logs=list(logs))

    def application(self, *, on: bool = True, **component: Any) -> None:
        self.put(INSIGHTS, "Microsoft.Insights/components", InstrumentationKey="k", **component)
        self.put(
            f"{ENDPOINT}/deployments/blue",
            "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
            appInsightsEnabled=on,
        )

    def happen(self, *events: Served | LogLine | Lifecycle) -> None:
        for event in events:
            self.keeper.take(event)
        assert self.keeper.flush() is False

    def rows(self, table: str, workspace: str = "one") -> list[dict[str, Any]]:
        return [orjson.loads(row) for row in rows.read(self.store.database, workspace, table, 0, 1e12)]

    def everything(self) -> bytes:
        return b"".join(row[0] for row in self.store.database.execute("SELECT content FROM log_rows"))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    with closing(made.store):
        yield made


def category(name: str, *, enabled: bool = True) -> dict[str, Any]:
    return {"category": name, "enabled": enabled}


@pytest.mark.azure_spec
def test_traffic(world: World):
    world.setting(ENDPOINT, category(TRAFFIC))

    world.happen(SERVED)

    (row,) = world.rows(TRAFFIC)
    assert row["TimeGenerated"] == "1970-01-01T00:16:40.250000Z"
    assert row["_ResourceId"] == ENDPOINT.lower()
    assert (row["EndpointName"], row["DeploymentName"], row["Location"]) == ("ep", "blue", "westeurope")
    assert (row["AzureMLWorkspaceName"], row["AzureMLWorkspaceId"], row["AuthType"]) == ("mlw", "w-1", "Key")
    assert (row["ResponseCode"], row["ResponseCodeReason"]) == (424, "Failed Dependency")
    assert (row["ModelStatusCode"], row["ModelStatusReason"]) == (500, "Internal Server Error")
    assert (row["TotalDurationMs"], row["ResponseDurationMs"]) == (250, 200)
    assert (row["RequestPayloadSize"], row["ResponsePayloadSize"]) == (10, 20)
    assert (row["XRequestId"], row["XMSClientRequestId"], row["Path"]) == ("0f-1e", "mine", "/score")
    assert b"secret" not in world.everything()


@pytest.mark.azure_spec
def test_categories_of_settings(world: World):
    world.setting(ENDPOINT, category(TRAFFIC), category(CONSOLE, enabled=False))
    world.setting(ENDPOINT, {"categoryGroup": "allLogs", "enabled": True}, name="all", to="two")
    line = LogLine(1.0, f"{ENDPOINT}/deployments/blue", 0, "stdout", "hello")
    event = Lifecycle(2.0, f"{ENDPOINT}/deployments/blue", 0, "Type: Normal, Message: Started the scoring server")

    world.happen(SERVED, line, event)

    assert [len(world.rows(table)) for table in (TRAFFIC, CONSOLE, EVENTS)] == [1, 0, 0]
    assert [len(world.rows(table, "two")) for table in (TRAFFIC, CONSOLE, EVENTS)] == [1, 1, 1]
    (row,) = world.rows(CONSOLE, "two")
    assert (row["Message"], row["ContainerName"]) == ("hello", "inference-server")
    assert (row["DeploymentName"], row["InstanceId"]) == ("blue", "blue-0")
    (row,) = world.rows(EVENTS, "two")
    assert (row["Name"], row["Message"]) == ("Started", "Started container inference-server")


@pytest.mark.azure_assumed
def test_settings_of_the_workspace(world: World):
    world.setting(WORKSPACE, {"categoryGroup": "allLogs", "enabled": True})
    world.happen(SERVED)
    assert world.everything() == b"", "the groups of a workspace are about other logs"

    world.setting(WORKSPACE, category(TRAFFIC.upper()))
    world.happen(SERVED)
    assert len(world.rows(TRAFFIC)) == 1


def test_nothing_is_kept_for_nobody(world: World):
    before = world.store.revision
    other = dataclasses.replace(SERVED, endpoint=f"{ENDPOINT}-gone")

    world.happen(SERVED, other, LogLine(1.0, f"{WORKSPACE}/jobs/j1", 0, "stdout", "a job's line"))

    assert world.everything() == b""
    assert world.store.revision == before


@pytest.mark.azure_spec
def test_application_insights(world: World):
    world.application(WorkspaceResourceId=f"{LOGS}/two")
    source = f"{ENDPOINT}/deployments/blue"

    world.happen(
        SERVED,
        dataclasses.replace(SERVED, mirrored=True, model_status=200, request_id="copy"),
        dataclasses.replace(SERVED, model_status=0, status=429),
        LogLine(1.0, source, 0, "stdout", "2026-01-01 10:00:00,123 W [12] azmlinfsrv - careful"),
        LogLine(2.0, source, 0, "stdout", "plain"),
    )

    failed, copy = world.rows("AppRequests", "two")
    assert (failed["ResultCode"], failed["Success"], failed["DurationMs"]) == ("500", False, 200.0)
    assert (failed["PerformanceBucket"], failed["Name"], failed["IKey"]) == ("<250ms", "/score", "k")
    assert (failed["AppRoleName"], failed["AppRoleInstance"], failed["Id"]) == ("blue", "blue-1", "0f-1e")
    assert failed["Properties"]["Client Request Id"] == "mine"
    assert failed["_ResourceId"] == INSIGHTS.lower()
    assert (copy["Id"], copy["Success"]) == ("copy", True)
    assert [row["SeverityLevel"] for row in world.rows("AppTraces", "two")] == [2, 1]
    assert b"secret" not in world.everything()


@pytest.mark.azure_spec
def test_application_insights_switched_off(world: World):
    world.application(on=False, WorkspaceResourceId=f"{LOGS}/one")
    world.happen(SERVED)
    world.application(on=True)
    world.happen(SERVED)

    assert world.everything() == b""


@pytest.mark.azure_assumed
def test_mirrored_requests_are_no_traffic(world: World):
    world.setting(ENDPOINT, category(TRAFFIC))

    world.happen(dataclasses.replace(SERVED, mirrored=True))

    assert world.rows(TRAFFIC) == []


@pytest.mark.azure_assumed
def test_tracebacks(world: World):
    world.application(WorkspaceResourceId=f"{LOGS}/one")
    source = f"{ENDPOINT}/deployments/blue"
    printed = [
        "2026-01-01 10:00:00,1 E [1] azmlinfsrv - Traceback (most recent call last):",
        '  File "/srv/server.py", line 1, in handle',
        "    return run(data)",
        '  File "/code/score.py", line 12, in run',
        "    raise ValueError('no such dose')",
        "ValueError: no such dose",
        "a line between",
        "Traceback (most recent call last):",
        '  File "/code/score.py", line 3, in init',
        "KeyboardInterrupt",
    ]

    world.happen(*(LogLine(float(at), source, 0, "stderr", text) for at, text in enumerate(printed)))

    first, second = world.rows("AppExceptions")
    assert (first["ExceptionType"], first["OuterMessage"]) == ("ValueError", "no such dose")
    assert (first["Assembly"], first["Method"], first["ProblemId"]) == ("/code/score.py", "run", "ValueError at run")
    assert first["Details"][0]["rawStack"].splitlines()[-1] == "ValueError: no such dose"
    assert (second["ExceptionType"], second["OuterMessage"]) == ("KeyboardInterrupt", "")


@pytest.mark.azure_spec
def test_retention(world: World):
    now = world.azure.clock.now()
    day = 24 * 3600
    with world.store.transaction():
        kept = [rows.Row("one", TRAFFIC, now - days * day, "/r", {}) for days in (0, 29, 31)]
        rows.write(world.store.database, [*kept, rows.Row("gone", TRAFFIC, now, "/r", {})])

    keeper.trim(world.azure)

    assert len(world.rows(TRAFFIC)) == 2
    assert world.rows(TRAFFIC, "gone") == []


def test_a_table_has_a_largest_size(world: World):
    with world.store.transaction():
        rows.write(world.store.database, [rows.Row("one", TRAFFIC, at, "/r", {}) for at in range(20)])
        rows.trim(world.store.database, {"one": 0.0}, most=5)

    assert [row["TimeGenerated"][17:19] for row in world.rows(TRAFFIC)] == ["15", "16", "17", "18", "19"]
