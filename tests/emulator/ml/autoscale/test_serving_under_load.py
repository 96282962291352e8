# SPDX-License-Identifier: Apache-2.0
"""A deployment that really serves: what its requests say through Azure Monitor, how it scales, and what a killed emulator remembers."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from azure.ai.ml.constants import _common
from azure.ai.ml.constants._endpoint import EndpointInvokeFields
from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential
from azure.mgmt.monitor import MonitorManagementClient
from azure.monitor.querymetrics import MetricsClient
from prometheus_client.parser import text_string_to_metric_families

from tests.emulator.ml.autoscale.settings import profile, rule, setting
from tests.emulator.ml.scoring.conftest import GROUP, LOCATION, Serving, client, until
from tests.fixtures.azure import running, start, stop

pytestmark = pytest.mark.azure_spec
NAMESPACE = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
SCRIPT = """
    import json

    def init():
        pass

    def run(data):
        if json.loads(data).get("bad"):
            raise ValueError("bad input")
        return "fine"
"""


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    """An emulator of the test's own, which it kills."""
    with pytest.MonkeyPatch.context() as patch, running(tmp_path / "azure") as azure:
        patch.setattr(_common.LROConfigurations, "SLEEP_TIME", 0)
        patch.setattr(_common.LROConfigurations, "POLL_INTERVAL", 0)
        folder = tmp_path / "local"
        folder.mkdir()
        found = Serving(azure, client(azure, patch), folder)
        yield found
        if found.azure is not azure:
            stop(found.azure)


def now(serving: Serving) -> datetime:
    return datetime.fromisoformat(serving.azure.clock()["now"])


def totals(serving: Serving, endpoint_id: str) -> dict[tuple[str, str], float]:
    """Requests by deployment and class of status."""
    with MetricsClient(
        f"{serving.azure.https}/westeurope.metrics.monitor.azure.com", DefaultAzureCredential()
    ) as metrics:
        (result,) = metrics.query_resources(
            resource_ids=[endpoint_id],
            metric_namespace=NAMESPACE,
            metric_names=["RequestsPerMinute"],
            timespan=(now(serving) - timedelta(hours=1), timedelta(hours=2)),
            granularity=timedelta(hours=6),
            aggregations=["total"],
            filter="deployment eq '*' and statusCodeClass eq '*'",
        )
    (metric,) = result.metrics
    return {
        (each.metadata_values["deployment"], each.metadata_values["statuscodeclass"]): each.data[0].total or 0
        for each in metric.timeseries
    }


def invoke(serving: Serving, endpoint: str, body: Any, times: int) -> None:
    file = serving.folder / "request.json"
    file.write_text(json.dumps(body))
    for _ in range(times):
        EndpointInvokeFields.DEFAULT_HEADER.pop("azureml-model-deployment", None)
        serving.ml.online_endpoints.invoke(endpoint_name=endpoint, request_file=str(file))


def test_requests_are_measured_scale_the_deployment_and_outlive_a_kill(serving: Serving) -> None:
    endpoint = serving.endpoint("measured-ep")
    serving.deploy(endpoint, script=SCRIPT)
    made = serving.ml.online_endpoints.get(endpoint)
    made.traffic = {"blue": 100}
    serving.ml.online_endpoints.begin_create_or_update(made).result()
    target = f"{made.id}/deployments/blue"

    invoke(serving, endpoint, {"good": True}, 20)
    with pytest.raises(HttpResponseError):
        invoke(serving, endpoint, {"bad": True}, 1)

    found = totals(serving, made.id)
    assert found["blue", "2xx"] == 20
    assert sum(number for (_, status), number in found.items() if status != "2xx") == 1

    serving.azure.clock(advance=60)
    with MonitorManagementClient(
        DefaultAzureCredential(), serving.azure.subscription_id, serving.azure.https
    ) as monitor:
        properties = setting(
            target,
            profile(
                rule("RequestsPerMinute", made.id, above=3, cooldown="PT1M"),
                rule("RequestsPerMinute", made.id, below=1, cooldown="PT1M"),
                high=2,
            ),
        )
        body: Any = {"location": LOCATION, "properties": properties}
        monitor.autoscale_settings.create_or_update(GROUP, "scale", body)
        until(lambda: len(serving.instances(endpoint)) == 2, "two processes serve", 60)
        assert serving.ml.online_deployments.get("blue", endpoint).instance_count == 2

        scrape = serving.azure.client.get(f"{serving.azure.http}/metrics").text
        families = {family.name: family for family in text_string_to_metric_families(scrape)}
        requests = families["azureml_online_requests"].samples
        assert {each.labels["code_class"]: each.value for each in requests if each.labels["deployment"] == "blue"}[
            "2xx"
        ] == 20

        usage = until(lambda: _cpu(monitor, target, now(serving)), "the instances say what they use")
        assert usage >= 0

        serving.azure.clock(advance=900)
        until(lambda: len(serving.instances(endpoint)) == 1, "one process is left", 60)

    os.kill(serving.azure.process.pid, signal.SIGKILL)
    serving.azure.process.wait(10)
    serving.azure = start(serving.azure.folder)
    for name, value in serving.azure.env.items():
        os.environ[name] = value
    assert totals(serving, made.id) == found


def _cpu(monitor: Any, target: str, moment: datetime) -> float | None:
    begin = moment - timedelta(hours=1)
    answer = monitor.metrics.list(
        target,
        metricnames="CpuUtilizationPercentage",
        timespan=f"{begin:%Y-%m-%dT%H:%M:%SZ}/{moment + timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}",
        interval="FULL",
        aggregation="Average",
    )
    series = answer.value[0].timeseries
    return series[0].data[0].average if series else None
