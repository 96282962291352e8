# SPDX-License-Identifier: Apache-2.0
"""Microsoft's exporters for OpenTelemetry send to the connection string of a component; queries of its workspace find it."""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from azure.core.exceptions import HttpResponseError
from azure.monitor.opentelemetry.exporter import (
    AzureMonitorLogExporter,
    AzureMonitorMetricExporter,
    AzureMonitorTraceExporter,
)
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.trace import SpanKind

from tests.emulator.ml.logs.conftest import Logs


@dataclass
class Component:
    """An Application Insights component on a Log Analytics workspace."""

    logs: Logs
    id: str
    key: str
    connection_string: str

    def track(self, content: bytes, **headers: str) -> httpx.Response:
        url = f"{self.logs.azure.http}/applicationinsights/westeurope/v2.1/track"
        return httpx.post(url, content=content, headers=headers, trust_env=False)


@pytest.fixture(scope="module")
def component(logs: Logs) -> Iterator[Component]:
    path = f"{logs.group}/providers/Microsoft.Insights/components/appi"
    body = {
        "location": "westeurope",
        "kind": "web",
        "properties": {"Application_Type": "web", "WorkspaceResourceId": logs.id},
    }
    made = logs.azure.arm("PUT", path, body, api_version="2020-02-02").json()
    said = made["properties"]
    with pytest.MonkeyPatch.context() as patch:
        for name in ("STATSBEAT_DISABLED_ALL", "SDKSTATS_DISABLED", "CONTROLPLANE_DISABLED"):
            patch.setenv(f"APPLICATIONINSIGHTS_{name}", "true")  # what the exporters send about themselves
        yield Component(logs, made["id"], said["InstrumentationKey"], said["ConnectionString"])


@pytest.fixture
def options(component: Component) -> dict[str, Any]:
    return {"connection_string": component.connection_string, "disable_offline_storage": True}


def item(component: Component, kind: str = "EventData", **data: Any) -> dict[str, Any]:
    return {
        "name": "Microsoft.ApplicationInsights.Event",
        "time": datetime.now(UTC).isoformat(),
        "iKey": component.key,
        "data": {"baseType": kind, "baseData": {"ver": 2, **data}},
    }


@pytest.mark.azure_spec
def test_spans(component: Component, options: dict[str, Any]):
    provider = TracerProvider(resource=Resource.create({"service.name": "shop", "service.instance.id": "shop-1"}))
    provider.add_span_processor(SimpleSpanProcessor(AzureMonitorTraceExporter(**options)))
    tracer = provider.get_tracer("test")

    with tracer.start_as_current_span("/buy", kind=SpanKind.SERVER) as span:
        span.set_attribute("http.request.method", "POST")
        span.set_attribute("http.response.status_code", 503)
        span.set_attribute("customer", "ada")
        with tracer.start_as_current_span("score", kind=SpanKind.CLIENT):
            pass
    provider.shutdown()

    query = (
        "AppRequests | where AppRoleName == 'shop' | join kind=inner AppDependencies on OperationId"
        " | project Name1, AppRoleInstance, ResultCode, tostring(Properties.customer), DurationMs >= DurationMs1, _ResourceId"
    )
    (row,) = component.logs.rows(query)
    assert row == ["score", "shop-1", "503", "ada", True, component.id.lower()]


@pytest.mark.azure_spec
@pytest.mark.filterwarnings("ignore:`LoggingHandler`:DeprecationWarning")
def test_log_records_and_exceptions(component: Component, options: dict[str, Any]):
    provider = LoggerProvider()
    provider.add_log_record_processor(SimpleLogRecordProcessor(AzureMonitorLogExporter(**options)))
    logger = logging.Logger("of the test")
    logger.addHandler(LoggingHandler(logger_provider=provider))

    logger.warning("low on %s", "doses")
    logger.error("failed", exc_info=LookupError("no such dose"))
    provider.shutdown()

    assert component.logs.rows("AppTraces | project Message, SeverityLevel") == [["low on doses", 2]]
    (row,) = component.logs.rows(
        "AppExceptions | project ExceptionType, OuterMessage, SeverityLevel, tostring(Details[0].typeName)"
    )
    assert row == ["LookupError", "failed", 3, "LookupError"]


@pytest.mark.azure_spec
def test_metrics(component: Component, options: dict[str, Any]):
    reader = PeriodicExportingMetricReader(AzureMonitorMetricExporter(**options), export_interval_millis=60_000)
    provider = MeterProvider([reader])
    histogram = provider.get_meter("test").create_histogram("dose")

    histogram.record(2, {"unit": "mg"})
    histogram.record(6, {"unit": "mg"})
    provider.shutdown()

    query = "AppMetrics | where Name == 'dose' | project Sum, ItemCount, Min, Max, tostring(Properties.unit)"
    assert component.logs.rows(query) == [[8.0, 2, 2.0, 6.0, "mg"]]


@pytest.mark.azure_spec
def test_batches(component: Component):
    one, two = item(component, name="one", properties={"a": "b"}), item(component, name="two")
    lines = json.dumps(one).encode() + b"\n" + json.dumps(two).encode()

    plain = component.track(json.dumps([one, two]).encode())
    compressed = component.track(gzip.compress(lines), **{"content-encoding": "gzip"})

    assert (plain.status_code, plain.json()) == (200, {"itemsReceived": 2, "itemsAccepted": 2, "errors": []})
    assert compressed.status_code == 200
    query = "AppEvents | summarize count() by Name, A = tostring(Properties.a) | order by Name asc"
    assert component.logs.rows(query) == [["one", "b", 2], ["two", "", 2]]


@pytest.mark.azure_spec
def test_items_that_are_not_taken(component: Component):
    good = item(component, kind="MessageData", message="kept")
    unknown = {**good, "iKey": "00000000-0000-0000-0000-000000000000"}
    view = item(component, kind="PageViewData", name="page")

    some = component.track(json.dumps([unknown, good, view, {"iKey": component.key}, 5]).encode())
    none = component.track(json.dumps(unknown).encode())
    noise = component.track(b"noise")
    false = component.track(b"noise", **{"content-encoding": "gzip"})

    assert (some.status_code, some.json()["itemsAccepted"]) == (206, 1)
    assert [error["index"] for error in some.json()["errors"]] == [0, 2, 3, 4]
    assert some.json()["errors"][0]["message"] == "Invalid instrumentation key"
    assert "PageViewData" in some.json()["errors"][1]["message"]
    assert (none.status_code, noise.status_code, false.status_code) == (400, 400, 400)


@pytest.mark.azure_spec
def test_older_names_of_the_tables(component: Component):
    request = {"id": "1", "name": "/old", "duration": "00:00:01.500", "success": False, "responseCode": "500"}
    more = {"tags": {"ai.cloud.role": "older"}}
    items = [
        {**item(component, "RequestData", **request), **more},
        {**item(component, "MessageData", message="older", properties={"k": "v"}), **more},
    ]
    assert component.track(json.dumps(items).encode()).status_code == 200

    def rows(query: str) -> list[list[Any]]:
        answer: Any = component.logs.client.query_resource(component.id, query, timespan=None)
        return [list(row) for row in answer.tables[0].rows]

    asked = "requests | where cloud_RoleName == 'older' | project name, resultCode, success, duration, itemType"
    said = "traces | where cloud_RoleName == 'older' and timestamp > ago(1h) | project message, tostring(customDimensions.k)"
    assert rows(asked) == [["/old", "500", "False", 1500.0, "request"]]
    assert rows(said) == [["older", "v"]]
    assert rows("AppRequests | where AppRoleName == 'older' | count") == [[1]]
    with pytest.raises(HttpResponseError, match="requests"):
        component.logs.client.query_workspace(component.logs.workspace, "requests | count", timespan=None)
    for table in ("exceptions", "dependencies", "customEvents", "customMetrics"):
        assert len(rows(f"{table} | where cloud_RoleName == 'older' | count")) == 1
