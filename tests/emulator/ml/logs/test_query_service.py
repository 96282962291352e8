# SPDX-License-Identifier: Apache-2.0
"""Microsoft's client of Azure Monitor Logs against the emulator: answers, types, timespans, batches, limits and refusals."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential
from azure.monitor.query import (
    LogsBatchQuery,
    LogsQueryClient,
    LogsQueryError,
    LogsQueryPartialResult,
    LogsQueryResult,
    LogsQueryStatus,
)

from groundplan.operations.alert_presets import error_share_alerts
from tests.emulator.ml.logs.conftest import Logs, make

TRAFFIC = "AmlOnlineEndpointTrafficLog"


def refusal(logs: Logs, query: str, **options: Any) -> dict[str, Any]:
    with pytest.raises(HttpResponseError) as caught:
        logs.client.query_workspace(logs.workspace, query, timespan=None, **options)
    assert caught.value.response is not None
    return {"status": caught.value.status_code, **caught.value.response.json()["error"]}


@pytest.fixture(scope="module")
def filled(logs: Logs) -> Logs:
    """A hundred answers, one a minute until now; every fifth is an error."""
    now = time.time()
    logs.write(
        TRAFFIC,
        *(
            (now - 60 * number, {"EndpointName": f"ep{number % 2}", "ResponseCode": 500 if number % 5 == 0 else 200})
            for number in range(100)
        ),
        resource=f"{logs.group}/providers/microsoft.machinelearningservices/workspaces/w/onlineendpoints/ep".lower(),
    )
    logs.write("AppRequests", (now, {"Success": True, "DurationMs": 1.5, "Properties": {"a": {"b": [1]}}}))
    return logs


@pytest.mark.azure_spec
def test_columns_and_rows(filled: Logs):
    table = filled.table(
        f"{TRAFFIC} | summarize Requests = count(), Errors = countif(ResponseCode >= 500) by EndpointName"
        " | order by EndpointName asc"
    )

    assert (table.name, table.columns) == ("PrimaryResult", ["EndpointName", "Requests", "Errors"])
    assert table.columns_types == ["string", "long", "long"]
    assert [list(row) for row in table.rows] == [["ep0", 50, 10], ["ep1", 50, 10]]


@pytest.mark.azure_spec
def test_types(filled: Logs):
    table = filled.table(
        "AppRequests | project TimeGenerated, Success, DurationMs, Properties, Scalar = Properties.a.b[0], ResultCode,"
        " Took = 1d + 2h + 3ms, Whole = 5, Id = guid(74be27de-1e4e-49d9-b579-fe0b331d3642), None = int(null)"
    )

    types = dict(zip(table.columns, table.columns_types, strict=True))
    row = table.rows[0]
    assert types == {
        "TimeGenerated": "datetime",
        "Success": "bool",
        "DurationMs": "real",
        "Properties": "dynamic",
        "Scalar": "dynamic",
        "ResultCode": "string",
        "Took": "timespan",
        "Whole": "long",
        "Id": "guid",
        "None": "int",
    }
    assert isinstance(row["TimeGenerated"], datetime)
    assert row["TimeGenerated"].utcoffset() == timedelta()
    assert (row["Success"], row["DurationMs"], row["Properties"], row["Scalar"]) == (True, 1.5, '{"a":{"b":[1]}}', 1)
    assert (row["ResultCode"], row["Took"], row["Whole"], row["None"]) == ("", "1.02:00:00.0030000", 5, None)
    assert row["Id"] == "74be27de-1e4e-49d9-b579-fe0b331d3642"


@pytest.mark.azure_spec
def test_columns_of_every_table(filled: Logs):
    row = filled.table(f"{TRAFFIC} | take 1").rows[0]

    assert (row["Type"], row["TenantId"], row["SourceSystem"]) == (TRAFFIC, filled.workspace, "Azure")
    assert row["_SubscriptionId"] == filled.azure.subscription_id
    assert row["_IsBillable"] == "True"
    assert row["_BilledSize"] > 0


@pytest.mark.azure_spec
def test_timespans(filled: Logs):
    now = datetime.now(UTC)
    half = timedelta(minutes=30)

    def count(timespan: Any) -> int:
        return filled.rows(f"{TRAFFIC} | count", timespan)[0][0]

    recent = count(half)
    assert recent in (29, 30)
    assert count((now - half, now)) == recent
    assert count((now - half, half)) == recent
    assert count(None) == 100
    assert count((now - timedelta(days=3), timedelta(days=1))) == 0
    assert filled.rows(f"{TRAFFIC} | where TimeGenerated < ago(30m) | count", half) == [[0]]


@pytest.mark.azure_spec
def test_the_query_of_our_alert(filled: Logs):
    rule = error_share_alerts(filled.id, "EP0")["error-share"]

    table = filled.table(rule.query)

    assert (table.columns, [list(row) for row in table.rows]) == (["Requests", "Errors", "Share"], [[50, 10, 20.0]])


@pytest.mark.azure_spec
def test_parts_of_an_id(filled: Logs):
    """As in the published examples for the console log, whose endpoint is in the id only."""
    pattern = '".*?/RESOURCEGROUPS/" Group "/PROVIDERS/.*/WORKSPACES/" Workspace "/ONLINEENDPOINTS/" Endpoint'
    query = f"{TRAFFIC} | parse kind=regex flags=i _ResourceId with {pattern} | distinct Group, Workspace, Endpoint"

    assert filled.rows(query) == [[filled.group.rpartition("/")[2], "w", "ep"]]


@pytest.mark.azure_spec
def test_statistics_and_visualization(filled: Logs):
    query = f"{TRAFFIC} | summarize count() by bin(TimeGenerated, 1h) | render timechart with (title='Requests')"

    answer = filled.client.query_workspace(
        filled.workspace, query, timespan=None, include_statistics=True, include_visualization=True
    )
    plain = filled.client.query_workspace(filled.workspace, query, timespan=None)

    assert isinstance(answer, LogsQueryResult)
    assert isinstance(plain, LogsQueryResult)
    statistics: Any = answer.statistics
    visualization: Any = answer.visualization
    assert statistics["query"]["executionTime"] > 0
    assert statistics["query"]["datasetStatistics"][0]["tableRowCount"] == len(answer.tables[0].rows)
    assert (visualization["visualization"], visualization["title"]) == ("timechart", "Requests")
    assert not plain.statistics
    assert not plain.visualization


@pytest.mark.azure_spec
def test_resources(filled: Logs):
    endpoint = f"{filled.group}/providers/Microsoft.MachineLearningServices/workspaces/w/onlineEndpoints/ep"

    whole = filled.client.query_resource(filled.id, f"{TRAFFIC} | count", timespan=None)
    group = filled.client.query_resource(filled.group, f"{TRAFFIC} | count", timespan=None)
    with pytest.raises(HttpResponseError) as caught:
        filled.client.query_resource(endpoint, f"{TRAFFIC} | count", timespan=None)

    assert isinstance(whole, LogsQueryResult)
    assert isinstance(group, LogsQueryResult)
    assert whole.tables[0].rows[0][0] == group.tables[0].rows[0][0] == 100
    assert (caught.value.status_code, "no resource" in str(caught.value.message)) == (404, True)


@pytest.mark.azure_spec
def test_batch(filled: Logs):
    queries = [
        LogsBatchQuery(workspace_id=filled.workspace, query=f"{TRAFFIC} | count", timespan=None),
        LogsBatchQuery(workspace_id=filled.workspace, query=f"{TRAFFIC} | wherever", timespan=timedelta(hours=1)),
        LogsBatchQuery(
            workspace_id=filled.workspace, query="print x = 1", timespan=timedelta(hours=1), include_statistics=True
        ),
    ]

    count, refused, printed = filled.client.query_batch(queries)

    assert isinstance(count, LogsQueryResult)
    assert isinstance(refused, LogsQueryError)
    assert isinstance(printed, LogsQueryResult)
    assert count.tables[0].rows[0][0] == 100
    assert (refused.code, refused.status) == ("BadArgumentError", LogsQueryStatus.FAILURE)
    statistics: Any = printed.statistics
    assert statistics["query"]["executionTime"] > 0


@pytest.mark.azure_spec
def test_several_workspaces(filled: Logs):
    other = make(filled.azure)
    with other.client:
        other.write(TRAFFIC, (time.time(), {"EndpointName": "elsewhere"}))
        query = f"{TRAFFIC} | summarize count() by TenantId"
        for name in (other.workspace, other.id):
            answer = filled.client.query_workspace(filled.workspace, query, timespan=None, additional_workspaces=[name])
            assert isinstance(answer, LogsQueryResult)
            assert {row[0]: row[1] for row in answer.tables[0].rows} == {filled.workspace: 100, other.workspace: 1}

    error = refusal(filled, query, additional_workspaces=["nowhere"])
    assert (error["status"], "nowhere" in error["innererror"]["innererror"]["message"]) == (400, True)


@pytest.mark.azure_spec
def test_more_than_an_answer_takes(filled: Logs):
    query = "range x from 1 to 9 step 1 | extend text = strrep('a', 8000000)"

    answer = filled.client.query_workspace(filled.workspace, query, timespan=None)

    assert isinstance(answer, LogsQueryPartialResult)
    assert len(answer.partial_data[0].rows) == 8
    assert answer.partial_error is not None
    assert answer.partial_error.code == "PartialError"
    assert "E_QUERY_RESULT_SET_TOO_LARGE" in str(answer.partial_error.details)


@pytest.mark.azure_assumed
def test_a_query_that_takes_too_long(filled: Logs):
    numbers = "range x from 1 to 1000000 step 1 | extend k = 1"

    error = refusal(filled, f"{numbers} | join kind=inner ({numbers}) on k | summarize sum(x * x1)", server_timeout=1)

    assert (error["status"], error["code"]) == (504, "GatewayTimeout")
    assert "1 s" in error["innererror"]["message"]


@pytest.mark.azure_spec
def test_what_cannot_be_read(filled: Logs):
    error = refusal(filled, f"{TRAFFIC}\n| where a b")

    assert (error["status"], error["code"], error["innererror"]["code"]) == (400, "BadArgumentError", "SyntaxError")
    place = error["innererror"]["innererror"]
    assert (place["code"], place["line"], place["pos"], place["token"]) == ("SYN0002", 2, 11, "b")


@pytest.mark.azure_spec
@pytest.mark.parametrize(
    ("query", "name"),
    [
        (f"{TRAFFIC} | where Foo == 1", "Foo"),
        (f"{TRAFFIC} | take 1 | project Foo", "Foo"),
        ("Nowhere | take 1", "Nowhere"),
        (f"{TRAFFIC.lower()} | take 1", TRAFFIC.lower()),
        (f"{TRAFFIC} | where endpointname == 'x'", "endpointname"),
    ],
)
def test_names_that_mean_nothing(filled: Logs, query: str, name: str):
    error = refusal(filled, query)

    assert (error["status"], error["innererror"]["code"]) == (400, "SemanticError")
    assert error["innererror"]["innererror"]["code"] == "SEM0100"
    assert f"'{name}'" in error["innererror"]["innererror"]["message"]


@pytest.mark.azure_assumed
@pytest.mark.parametrize(
    ("query", "construct"),
    [
        (f"{TRAFFIC} | evaluate bag_unpack(Properties)", "Evaluate"),
        ("externaldata(x: string) ['/etc/passwd']", "ExternalData"),
        (f"{TRAFFIC} | extend x = read_text('/etc/passwd')", "read_text"),
        (".show tables", ".show"),
        (".set-or-replace T <| print 1", ".set-or-replace"),
    ],
)
def test_what_the_local_azure_does_not_have(filled: Logs, query: str, construct: str):
    error = refusal(filled, query)

    assert (error["status"], error["innererror"]["code"]) == (400, "NotSupportedError")
    assert construct in error["innererror"]["message"]
    assert "docs/local-log-analytics.md" in error["innererror"]["message"]


@pytest.mark.azure_spec
def test_unknown_workspace(filled: Logs):
    with pytest.raises(HttpResponseError) as caught:
        filled.client.query_workspace("logs", "print 1", timespan=None)

    assert caught.value.response is not None
    assert (caught.value.status_code, caught.value.response.json()["error"]["code"]) == (404, "PathNotFoundError")


@pytest.mark.azure_spec
def test_without_a_token(filled: Logs):
    path = f"{filled.azure.http}/v1/workspaces/{filled.workspace}/query"

    answer = httpx.post(path, json={"query": "print 1"}, trust_env=False)
    by_get = httpx.get(
        path,
        params={"query": "print x = 1"},
        headers={"Authorization": f"Bearer {filled.azure.token}"},
        trust_env=False,
    )
    strange = httpx.post(
        path, json={"query": "print 1", "timespan": "yesterday"}, headers={"Authorization": "Bearer x"}, trust_env=False
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "AuthenticationFailed")
    assert by_get.json()["tables"][0]["rows"] == [[1]]
    assert (strange.status_code, "yesterday" in strange.text) == (400, True)


@pytest.mark.azure_spec
@pytest.mark.parametrize("path", ["/v1", "/api.loganalytics.io", "/api.loganalytics.io/"])
def test_ways_to_name_the_service(filled: Logs, path: str):
    with LogsQueryClient(DefaultAzureCredential(), endpoint=f"{filled.azure.https}{path}") as client:
        answer = client.query_workspace(filled.workspace, "print x = 1", timespan=None)

    assert isinstance(answer, LogsQueryResult)
    assert answer.tables[0].rows[0][0] == 1
