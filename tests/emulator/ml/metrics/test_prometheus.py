# SPDX-License-Identifier: Apache-2.0
"""What Prometheus scrapes: read with its own parser, named by its conventions."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from groundplan_emulator.app import Azure
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.messages import Request
from groundplan_emulator.planes import prometheus
from tests.emulator.ml.metrics.feed import endpoint, listen, opened, serve, use
from tests.fixtures.azure import RunningAzure


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Azure]:
    with opened(tmp_path) as azure:
        yield azure


def scrape(azure: Azure) -> dict[str, Metric]:
    request = Request("GET", "/metrics", "", {}, b"", azure.settings.http)
    answer = prometheus.handle(Context(azure.store, azure.clock, azure.settings, azure.registry, request))
    assert answer.content_type.startswith("text/plain; version=0.0.4")
    return {family.name: family for family in text_string_to_metric_families(answer.encode().decode())}


def values(family: Metric, *labels: str, suffix: str = "") -> dict[tuple[str, ...], float]:
    return {
        tuple(sample.labels[label] for label in labels): sample.value
        for sample in family.samples
        if sample.name == family.name + suffix
    }


def test_requests_by_deployment_class_and_mirroring(local: Azure) -> None:
    scoring = endpoint(local, "blue", "shadow")
    listen(local)
    serve(local, scoring, "blue", 3, 3, 700)
    serve(local, scoring, "blue", 1, 1, status=429)
    serve(local, scoring, "shadow", 3, mirrored=True)
    found = scrape(local)
    labels = ("workspace", "endpoint", "deployment", "code_class", "mirrored")
    assert values(found["azureml_online_requests"], *labels, suffix="_total") == {
        ("measured", "scoring", "blue", "2xx", "false"): 3,
        ("measured", "scoring", "blue", "4xx", "false"): 2,
        ("measured", "scoring", "shadow", "2xx", "true"): 1,
    }
    throttled = values(found["azureml_online_requests_throttled"], "deployment", suffix="_total")
    assert throttled == {("blue",): 2}
    buckets = values(
        found["azureml_online_request_duration_seconds"], "deployment", "code_class", "le", suffix="_bucket"
    )
    assert buckets["blue", "2xx", "0.0025"] == 0
    assert buckets["blue", "2xx", "0.005"] == buckets["blue", "2xx", "0.5"] == 2
    assert buckets["blue", "2xx", "1.0"] == buckets["blue", "2xx", "+Inf"] == 3
    sums = values(found["azureml_online_request_duration_seconds"], "deployment", "code_class", suffix="_sum")
    assert sums["blue", "2xx"] == pytest.approx(0.706)


def test_instances_and_what_they_use(local: Azure) -> None:
    blue = f"{endpoint(local, 'blue').id}/deployments/blue"
    listen(local)
    use(local, blue, 150, memory=1 << 20, instance=0, capacity=2, restarts=1)
    use(local, blue, 50, memory=1 << 21, instance=1, capacity=2, restarts=1)
    found = scrape(local)
    assert values(found["azureml_online_instance_cpu_cores"], "instance") == {("0",): 1.5, ("1",): 0.5}
    assert values(found["azureml_online_instance_memory_bytes"], "instance") == {("0",): 1 << 20, ("1",): 1 << 21}
    assert values(found["azureml_online_deployment_instances"], "endpoint", "deployment") == {("scoring", "blue"): 2}
    assert values(found["azureml_online_deployment_restarts"], "deployment", suffix="_total") == {("blue",): 1}
    local.clock.advance(300)
    assert scrape(local)["azureml_online_instance_cpu_cores"].samples == [], "silent instances are gone"


def test_names_follow_the_conventions(local: Azure) -> None:
    scoring = endpoint(local, "blue")
    listen(local)
    serve(local, scoring, "blue", 3)
    use(local, f"{scoring.id}/deployments/blue", 10)
    for name, family in scrape(local).items():
        assert family.documentation.endswith("."), name
        assert name.startswith(("azureml_online_", "groundplan_emulator_"))
        assert not name.endswith(("_total", "_count", "_sum", "_bucket", "_info")), name
        assert not any(word in name for word in ("milli", "mega", "kilo", "percent", "minutes", family.type)), name
        for sample in family.samples:
            assert sample.name.endswith("_total") == (family.type == "counter"), sample.name


def test_scrapers_need_no_token(azure: RunningAzure) -> None:
    azure.group("scraped")
    tls = ssl.create_default_context(cafile=str(azure.bundle))
    for base in (azure.http, azure.https):
        answer = httpx.get(f"{base}/metrics", verify=tls, trust_env=False)
        found = {family.name: family for family in text_string_to_metric_families(answer.text)}
        assert values(found["groundplan_emulator_resources"], "type")["microsoft.resources/resourcegroups",] >= 1
    assert azure.client.post(f"{azure.http}/metrics").status_code == 404
