# SPDX-License-Identifier: Apache-2.0
"""A deployment that runs collects with Microsoft's own package, and what it says and is asked can be queried."""

from __future__ import annotations

import re
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from azure.identity import DefaultAzureCredential
from azure.monitor.query import LogsQueryClient

from groundplan_emulator.ml.collection import read
from groundplan_emulator.planes.blob.rows import Place
from groundplan_emulator.store import Store
from tests.emulator.ml.scoring import conftest as scoring
from tests.emulator.ml.scoring.conftest import Serving, until

serving, variables = scoring.serving, scoring.variables

PAGE = Path(__file__).parents[4] / "docs" / "local-data-collection.md"
ENDPOINT = "collecting-ep"


@dataclass
class Deployed:
    """A deployment that collects and logs everything, and what it was asked."""

    serving: Serving
    workspace: Any
    id: str

    def score(self, *ages: int) -> httpx.Response:
        endpoint = self.serving.ml.online_endpoints.get(ENDPOINT)
        key = self.serving.ml.online_endpoints.get_keys(ENDPOINT).primary_key
        uri = endpoint.scoring_uri.replace(self.serving.azure.https, self.serving.azure.http)
        body = {"rows": [{"age": age} for age in ages]}
        return httpx.post(uri, json=body, headers={"Authorization": f"Bearer {key}"}, trust_env=False, timeout=30)

    def events(self, collection: str, count: int) -> list[dict[str, Any]]:
        """The events of a collection once there are so many, below the path of the data asset that the SDK made for it."""
        ml = self.serving.ml
        path = ml.data.get(f"{ENDPOINT}-blue-{collection}", version="1").path.partition("/paths/")[2]
        datastore = ml.datastores.get("workspaceblobstore")
        place = Place(datastore.account_name.rpartition("/")[2], datastore.container_name, path.rstrip("/"))
        with closing(Store(self.serving.azure.folder / "state.db")) as store:

            def found() -> list[dict[str, Any]]:
                with store.reader() as connection:
                    events = list(read.events(connection, place, 0, time.time() + 60))
                return events if len(events) >= count else []

            return until(found, f"{count} events of {collection}")


@pytest.fixture(scope="module")
def deployed(serving: Serving) -> Deployed:
    serving.endpoint(ENDPOINT)
    folder = serving.folder / "of-the-page"
    folder.mkdir()
    found = re.findall(r"^```\w+ (\S+)\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    for name, text in found:
        (folder / name).write_text(text, encoding="utf-8")
    code = compile((folder / "deploy.py").read_text(encoding="utf-8"), str(PAGE), "exec")
    exec(code, {"ml": serving.ml, "endpoint": ENDPOINT, "folder": str(folder)})  # noqa: S102  (our own page)
    endpoint = serving.ml.online_endpoints.get(ENDPOINT)
    endpoint.traffic = {"blue": 100}
    endpoint = serving.ml.online_endpoints.begin_create_or_update(endpoint).result()
    component = serving.ml.workspaces.get(serving.ml.workspace_name).application_insights
    insights = serving.azure.arm("GET", component, api_version="2020-02-02").json()
    log_analytics = insights["properties"]["WorkspaceResourceId"]
    logs = {"workspaceId": log_analytics, "logs": [{"categoryGroup": "allLogs", "enabled": True}]}
    path = f"{endpoint.id}/providers/Microsoft.Insights/diagnosticSettings/logs"
    assert serving.azure.arm("PUT", path, {"properties": logs}, api_version="2021-05-01-preview").is_success
    own_id = serving.azure.arm("GET", log_analytics, api_version="2022-10-01").json()["properties"]["customerId"]
    made = Deployed(serving, own_id, f"{endpoint.id}/deployments/blue")
    assert made.score(41, 52).json() == [82, 104]
    assert made.score(7).json() == [14]
    assert made.score(-1).status_code == 424
    return made


@pytest.mark.azure_spec
def test_the_package_of_microsoft_collects(deployed: Deployed):
    inputs = deployed.events("model_inputs", 2)
    outputs = deployed.events("model_outputs", 2)

    assert [event["data"] for event in inputs] == [[{"age": 41}, {"age": 52}], [{"age": 7}]]
    assert [event["data"] for event in outputs] == [[{"dose": 82}, {"dose": 104}], [{"dose": 14}]]
    assert [event["correlationid"] for event in inputs] == [event["correlationid"] for event in outputs]
    assert {event["source"] for event in inputs} == {deployed.id}


@pytest.mark.azure_spec
def test_bodies_are_collected(deployed: Deployed):
    requests = deployed.events("request", 3)
    responses = deployed.events("response", 3)

    assert [event["data"]["rows"] for event in requests] == [[{"age": 41}, {"age": 52}], [{"age": 7}], [{"age": -1}]]
    assert [event["data"] for event in responses][:2] == [[82, 104], [14]]
    assert [event["correlationid"] for event in requests] == [event["correlationid"] for event in responses]


@pytest.mark.azure_spec
def test_what_the_process_says_is_in_the_tables(deployed: Deployed):
    with LogsQueryClient(DefaultAzureCredential(), endpoint=deployed.serving.azure.https) as client:

        def rows(query: str) -> list[list[Any]]:
            answer: Any = client.query_workspace(deployed.workspace, query, timespan=None)
            return [list(row) for row in answer.tables[0].rows]

        traffic = "AmlOnlineEndpointTrafficLog | order by TimeGenerated asc | project DeploymentName, ResponseCode, ModelStatusCode"
        until(lambda: len(rows(traffic)) >= 3, "the traffic log")

        assert rows(traffic) == [["blue", 200, 200], ["blue", 200, 200], ["blue", 424, 500]]
        asked = rows("AppRequests | order by TimeGenerated asc | project ResultCode, Success, DurationMs > 0")
        assert asked == [["200", True, True], ["200", True, True], ["500", False, True]]
        assert rows("AppTraces | where Message endswith 'ready to collect' | count") == [[1]]
        assert until(
            lambda: rows("AppExceptions | where ExceptionType == 'ValueError' | project OuterMessage, Method | take 1"),
            "the exception",
        ) == [["an age below 0", "run"]]
        assert until(
            lambda: rows("AmlOnlineEndpointConsoleLog | where Message has 'an age below 0' | count")[0][0],
            "the console",
        )
        joined = "AmlOnlineEndpointTrafficLog | join kind=inner AppRequests on $left.XRequestId == $right.Id | count"
        assert rows(joined) == [[3]]
