# SPDX-License-Identifier: Apache-2.0
"""Azure Monitor's metrics, asked for with Microsoft's clients and told where they are by environment variables."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential
from azure.mgmt.monitor import MonitorManagementClient
from azure.monitor.querymetrics import MetricsClient

from .conftest import Measured

NAMESPACE = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
REGION = "westeurope.metrics.monitor.azure.com"


@pytest.mark.azure_spec
def test_a_metric_has_unit_name_and_namespace(measured: Measured) -> None:
    answer = measured.list("RequestsPerMinute,RequestLatency", aggregation="Average,Count,Maximum")
    assert (answer.namespace, answer.resourceregion, answer.interval) == (NAMESPACE, "westeurope", "PT5M")
    assert answer.timespan == measured.timespan
    requests, latency = answer.value
    assert (requests.name.value, requests.unit, requests.error_code) == ("RequestsPerMinute", "Count", "Success")
    assert (latency.name.value, latency.unit) == ("RequestLatency", "MilliSeconds")
    (series,) = latency.timeseries
    assert series.data[0].count == 100
    assert series.data[0].maximum == pytest.approx(90)
    assert series.data[0].average == pytest.approx((90 * 91 / 2 + 100) / 100)
    assert series.data[0].total is None, "only what was asked for"


@pytest.mark.azure_spec
def test_percentiles(measured: Measured) -> None:
    answer = measured.list(
        "RequestLatency_P50,RequestLatency_P99", aggregation="Average", filter="deployment eq 'blue'"
    )
    p50, p99 = (metric.timeseries[0].data[0].average for metric in answer.value)
    assert p50 == pytest.approx(45, rel=0.02)
    assert p99 == pytest.approx(89, rel=0.02)


@pytest.mark.azure_spec
def test_dimensions_split(measured: Measured) -> None:
    by_deployment = measured.totals("RequestsPerMinute", filter="deployment eq '*'")
    assert by_deployment == {("blue",): 90, ("green",): 10}
    assert measured.totals("RequestsPerMinute", filter="deployment eq '*' and statusCodeClass eq '5xx'") == {
        ("green", "5xx"): 3
    }
    assert measured.totals("RequestsPerMinute", filter="statusCode eq '200' or statusCode eq '500'") == {
        ("200",): 97,
        ("500",): 3,
    }
    assert measured.totals("RequestsPerMinute", filter="deployment ne 'blue'") == {("green",): 10}
    assert measured.totals("RequestsPerMinute", filter="deployment sw 'b'") == {("blue",): 90}
    assert measured.totals("RequestsPerMinute", filter="deployment eq '*'", rollupby="deployment") == {(): 100}
    assert measured.totals("RequestsPerMinute", filter="deployment eq 'red'") == {}


@pytest.mark.azure_spec
def test_top_and_order(measured: Measured) -> None:
    chosen = {"filter": "deployment eq '*'", "top": 1}
    assert measured.totals("RequestsPerMinute", orderby="total desc", **chosen) == {("blue",): 90}
    assert measured.totals("RequestsPerMinute", orderby="total asc", **chosen) == {("green",): 10}


@pytest.mark.azure_spec
def test_metadata_lists_series_without_data(measured: Measured) -> None:
    answer = measured.list("RequestsPerMinute", filter="deployment eq '*'", result_type="metadata")
    assert answer.interval is None
    series = answer.value[0].timeseries
    assert [each.metadatavalues[0].value for each in series] == ["blue", "green"]
    assert all(each.data is None for each in series)


@pytest.mark.azure_spec
def test_metrics_of_a_deployment(measured: Measured) -> None:
    blue, shadow = (f"{measured.endpoint}/deployments/{name}" for name in ("blue", "shadow"))
    answer = measured.list("CpuUtilizationPercentage", resource=blue, aggregation="Average", filter="instanceId eq '*'")
    found = {each.metadatavalues[0].value: each.data[0].average for each in answer.value[0].timeseries}
    assert found["0"] > found["1"] == 0
    capacity = measured.list("DeploymentCapacity", resource=blue, aggregation="Maximum")
    assert capacity.value[0].timeseries[0].data[0].maximum == 2
    assert measured.totals("RequestsPerMinute", resource=shadow) == {(): 5}


@pytest.mark.azure_spec
def test_intervals_divide_the_timespan(measured: Measured) -> None:
    (metric,) = measured.list("RequestsPerMinute", interval="PT1M").value
    assert [point.total for point in metric.timeseries[0].data] == [100, 0, 0, 0, 0]
    (metric,) = measured.list("RequestsPerMinute", interval="FULL").value
    assert [point.total for point in metric.timeseries[0].data] == [100]
    answer = measured.list("RequestsPerMinute", interval="PT2M", auto_adjust_timegrain=True)
    assert answer.interval == "PT5M"


@pytest.mark.azure_spec
def test_refused_queries_say_what_is_allowed(measured: Measured) -> None:
    assert "Valid metrics: RequestsPerMinute,RequestLatency" in measured.refusal("RequestsPerSecond")
    assert "Commonly allowed time grains: 00:01:00,00:05:00" in measured.refusal(interval="PT2M")
    dimension = measured.refusal(filter="color eq 'blue'")
    assert "does not support requested dimension combination: color, supported ones are: deployment" in dimension
    assert "'or' joins values of one dimension only" in measured.refusal(
        filter="deployment eq 'blue' or statusCode eq '200'"
    )
    assert "cannot be read at position 0" in measured.refusal(filter="deployment is blue")
    assert "allowed: Average, Minimum, Maximum, Total, Count" in measured.refusal(aggregation="Median")
    assert "not before its end" in measured.refusal(timespan="2026-01-02T00:00:00Z/2026-01-01T00:00:00Z")
    assert "ISO 8601" in measured.refusal(timespan="yesterday/today")
    assert "two times with a slash" in measured.refusal(timespan="PT1H")
    assert f"allowed for this resource: {NAMESPACE}" in measured.refusal(metricnamespace="Microsoft.Web/sites")
    assert "orderby is 'average up'" in measured.refusal(orderby="average up", filter="deployment eq '*'")


@pytest.mark.azure_spec
def test_a_resource_that_is_not_there_has_no_metrics(measured: Measured) -> None:
    with pytest.raises(HttpResponseError) as refused:
        measured.list("RequestsPerMinute", resource=f"{measured.endpoint}-not")
    assert refused.value.status_code == 404
    assert refused.value.error is not None
    assert refused.value.error.code == "ResourceNotFound"


@pytest.mark.azure_spec
def test_definitions_and_namespaces(measured: Measured) -> None:
    with MonitorManagementClient(
        DefaultAzureCredential(), measured.azure.subscription_id, measured.azure.https
    ) as client:
        found = {each.name.value: each for each in client.metric_definitions.list(measured.endpoint)}
        of_deployment = {
            each.name.value for each in client.metric_definitions.list(f"{measured.endpoint}/deployments/blue")
        }
        (namespace,) = client.metric_namespaces.list(measured.endpoint)
    assert found["RequestLatency_P95"].unit == "MilliSeconds"
    assert {each.value for each in found["RequestsPerMinute"].dimensions} == {
        "deployment",
        "statusCode",
        "statusCodeClass",
        "modelStatusCode",
    }
    assert found["RequestsPerMinute"].metric_availabilities[0].time_grain == timedelta(minutes=1)
    assert {"CpuUtilizationPercentage", "CpuMemoryUtilizationPercentage", "DeploymentCapacity"} <= of_deployment
    assert namespace.properties.metric_namespace_name == NAMESPACE


@pytest.mark.azure_spec
def test_many_resources_at_once(measured: Measured) -> None:
    start = measured.moment.replace(second=0, microsecond=0)
    with MetricsClient(f"{measured.azure.https}/{REGION}", DefaultAzureCredential()) as client:
        (result,) = client.query_resources(
            resource_ids=[measured.endpoint],
            metric_namespace=NAMESPACE,
            metric_names=["RequestsPerMinute"],
            timespan=(start, timedelta(minutes=5)),
            granularity=timedelta(minutes=5),
            aggregations=["total"],
            filter="deployment eq '*'",
        )
        assert result.granularity == timedelta(minutes=5)
        (metric,) = result.metrics
        series = metric.timeseries
        assert {each.metadata_values["deployment"]: each.data[0].total for each in series} == {"blue": 90, "green": 10}
        with pytest.raises(HttpResponseError, match="Valid metrics") as refused:
            client.query_resources(
                resource_ids=[measured.endpoint], metric_namespace=NAMESPACE, metric_names=["RequestsPerSecond"]
            )
        assert refused.value.error is not None
        assert (refused.value.status_code, refused.value.error.code) == (400, "BadRequest")
        with pytest.raises(HttpResponseError, match="all resources of a query are of one type"):
            client.query_resources(
                resource_ids=[measured.endpoint, f"{measured.endpoint}/deployments/blue"],
                metric_namespace=NAMESPACE,
                metric_names=["RequestsPerMinute"],
            )


@pytest.mark.azure_spec
def test_a_region_answers_for_its_own_resources(measured: Measured) -> None:
    asked: dict[str, Any] = {
        "resource_ids": [measured.endpoint],
        "metric_namespace": NAMESPACE,
        "metric_names": ["RequestsPerMinute"],
    }
    elsewhere = f"{measured.azure.https}/eastus.metrics.monitor.azure.com"
    with (
        MetricsClient(elsewhere, DefaultAzureCredential()) as client,
        pytest.raises(HttpResponseError, match="is in 'westeurope'"),
    ):
        client.query_resources(**asked)
    everywhere = f"{measured.azure.https}/global.metrics.monitor.azure.com"
    with MetricsClient(everywhere, DefaultAzureCredential()) as client:
        assert len(client.query_resources(**asked)) == 1


@pytest.mark.azure_assumed
def test_the_data_plane_wants_a_token(measured: Measured) -> None:
    url = f"{measured.azure.http}/{REGION}/subscriptions/{measured.azure.subscription_id}/metrics:getBatch"
    answer = measured.azure.client.post(url, json={"resourceids": [measured.endpoint]})
    assert answer.status_code == 401


@pytest.mark.azure_spec
def test_the_hosts_of_the_public_cloud_lead_here_by_the_proxy(
    measured: Measured, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in measured.azure.env:
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "HTTPS_PROXY": measured.azure.proxy,
        "https_proxy": measured.azure.proxy,
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        "REQUESTS_CA_BUNDLE": str(measured.azure.bundle),
        "AZURE_TENANT_ID": measured.azure.tenant_id,
        "AZURE_CLIENT_ID": "11111111-2222-3333-4444-555555555555",
        "AZURE_CLIENT_SECRET": "any",
        "AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential",
    }.items():
        monkeypatch.setenv(name, value)
    with MetricsClient("https://westeurope.metrics.monitor.azure.com", DefaultAzureCredential()) as client:
        (result,) = client.query_resources(
            resource_ids=[measured.endpoint],
            metric_namespace=NAMESPACE,
            metric_names=["RequestsPerMinute"],
            timespan=timedelta(hours=1),
            granularity=timedelta(hours=1),
            aggregations=["total"],
        )
    (metric,) = result.metrics
    assert [series.data[0].total for series in metric.timeseries] == [100]
    with MonitorManagementClient(DefaultAzureCredential(), measured.azure.subscription_id) as client:
        answer = client.metrics.list(
            measured.endpoint,
            metricnames="RequestsPerMinute",
            timespan=measured.timespan,
            interval="PT5M",
            aggregation="Total",
        )
    assert answer.value[0].timeseries[0].data[0].total == 100
