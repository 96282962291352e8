# SPDX-License-Identifier: Apache-2.0
"""Model monitors with Microsoft's client: what was collected is compared with a baseline when the clock says so."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from azure.ai.ml import Input
from azure.ai.ml.constants import MonitorDatasetContext
from azure.ai.ml.entities import (
    AlertNotification,
    BaselineDataRange,
    CategoricalDriftMetrics,
    CronTrigger,
    Data,
    DataDriftMetricThreshold,
    DataDriftSignal,
    DataQualityMetricsCategorical,
    DataQualityMetricsNumerical,
    DataQualityMetricThreshold,
    DataQualitySignal,
    ManagedOnlineEndpoint,
    MonitorDefinition,
    MonitoringTarget,
    MonitorSchedule,
    NumericalDriftMetrics,
    PredictionDriftMetricThreshold,
    PredictionDriftSignal,
    ProductionData,
    ReferenceData,
    ServerlessSparkCompute,
)
from azure.core.exceptions import HttpResponseError

from tests.emulator.ml.collection.conftest import Collecting, Deployed
from tests.emulator.ml.jobs.conftest import CLOUD, ENDED, client_of, until
from tests.fixtures.azure import RunningAzure, running

TAG = "azureml_modelmonitor_threshold_breached"
DAY = 86400.0


@pytest.fixture(scope="module")
def clocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAzure]:
    """A server of the module's own: moving its clock disturbs nobody else."""
    with running(tmp_path_factory.mktemp("clocked")) as server:
        yield server


@pytest.fixture(scope="module")
def ml(clocked: RunningAzure) -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        yield client_of(clocked, patch)
        os.environ.pop(CLOUD, None)


@pytest.fixture
def collected(clocked: RunningAzure, ml: Any, tmp_path: Path) -> Callable[..., Any]:
    """Data as the data collector writes it: rows of yesterday and, long before, others that no window reaches."""
    now = datetime.fromisoformat(clocked.control("GET", "clock")["now"])

    def go(name: str, rows: list[dict[str, Any]]) -> Any:
        folder = tmp_path / name
        for at, data in ((now - timedelta(hours=2), rows), (now - timedelta(days=60), [{"age": 1e9, "city": "old"}])):
            file = folder / at.strftime("%Y/%m/%d/%H") / "instance.jsonl"
            file.parent.mkdir(parents=True)
            event = {"specversion": "1.0", "id": "1", "time": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "data": data}
            file.write_text(json.dumps(event) + "\n")
        return ml.data.create_or_update(Data(name=name, path=str(folder), type="uri_folder"))

    return go


@pytest.fixture
def baseline(ml: Any, tmp_path: Path) -> Callable[..., Any]:
    def go(name: str, rows: list[dict[str, Any]]) -> Any:
        names = list(rows[0])
        lines = [",".join(names), *(",".join(str(row[each]) for each in names) for row in rows)]
        (tmp_path / f"{name}.csv").write_text("\n".join(lines))
        return ml.data.create_or_update(Data(name=name, path=str(tmp_path / f"{name}.csv"), type="uri_file"))

    return go


def people(count: int, mean: float, cities: str, seed: int) -> list[dict[str, Any]]:
    chance = random.Random(seed)
    return [{"age": round(chance.gauss(mean, 5), 2), "city": chance.choice(cities)} for _ in range(count)]


def production(asset: Any) -> ProductionData:
    window = BaselineDataRange(lookback_window_size="P2D", lookback_window_offset="P0D")
    return ProductionData(
        input_data=Input(type=asset.type, path=asset.id),
        data_context=MonitorDatasetContext.MODEL_INPUTS,
        data_window=window,
    )


def reference(asset: Any) -> ReferenceData:
    return ReferenceData(input_data=Input(type=asset.type, path=asset.id), data_context=MonitorDatasetContext.TRAINING)


def monitor(name: str, signals: dict[str, Any], emails: list[str] | None = None) -> MonitorSchedule:
    definition = MonitorDefinition(
        compute=ServerlessSparkCompute(instance_type="standard_e4s_v3", runtime_version="3.4"),
        monitoring_target=MonitoringTarget(ml_task="classification"),
        monitoring_signals=signals,
        alert_notification=AlertNotification(emails=emails or ["someone@example.org"]),
    )
    return MonitorSchedule(name=name, trigger=CronTrigger(expression="0 6 * * *"), create_monitor=definition)


def quality(produced: Any, compared: Any, **limits: float) -> DataQualitySignal:
    return DataQualitySignal(
        production_data=production(produced),
        reference_data=reference(compared),
        metric_thresholds=DataQualityMetricThreshold(
            numerical=DataQualityMetricsNumerical(**limits), categorical=DataQualityMetricsCategorical(**limits)
        ),
    )


def result(clocked: RunningAzure, ml: Any, schedule: MonitorSchedule, tmp_path: Path) -> tuple[Any, Path]:
    """The job of a monitor once the clock has passed its time, and the folder with its results."""
    ml.schedules.begin_create_or_update(schedule).result()
    clocked.clock(advance=DAY)
    name = until(lambda: list(ml.jobs.list(scheduled_job_name=schedule.name)))[0].name
    job = until(lambda: (job := ml.jobs.get(name)).status in ENDED and job, 300)  # an environment may have to be made
    ml.schedules.begin_disable(schedule.name).result()
    ml.jobs.download(name=name, download_path=tmp_path / "results", output_name="monitoring_results")
    return job, tmp_path / "results" / "named-outputs" / "monitoring_results"


@pytest.mark.azure_spec
def test_data_within_its_thresholds_passes(
    clocked: RunningAzure, ml: Any, collected: Callable[..., Any], baseline: Callable[..., Any], tmp_path: Path
):
    rows = people(50, 40, "ab", 1)
    signals = {"quality": quality(collected("calm", rows), baseline("calm-base", rows), out_of_bounds_rate=0.01)}

    job, results = result(clocked, ml, monitor("calm", signals), tmp_path)

    assert (job.status, job.tags) == ("Completed", {})
    assert job.properties["azureml.monitor.quality"] == "passed"
    found = json.loads((results / "signals" / "quality.json").read_text())
    assert (found["productionRows"], found["referenceRows"]) == (50, 50)
    assert {each["feature"]: each["value"] for each in found["metrics"]} == {"age": 0.0, "city": 0.0}
    assert not (results / "alerts.json").exists()


@pytest.mark.azure_spec
def test_drift_and_broken_data_are_told(
    clocked: RunningAzure, ml: Any, collected: Callable[..., Any], baseline: Callable[..., Any], tmp_path: Path
):
    older = people(400, 60, "ab", 2)
    older[0]["age"] = None
    inputs, before = collected("shifted", older), baseline("shifted-base", people(400, 40, "ab", 3))
    answers = collected("answers", [{"label": each["city"]} for each in people(300, 0, "ab", 4)])
    answered = baseline("answers-base", [{"label": each["city"]} for each in people(300, 0, "ab", 5)])
    signals = {
        "inputs": DataDriftSignal(
            production_data=production(inputs),
            reference_data=reference(before),
            metric_thresholds=DataDriftMetricThreshold(
                numerical=NumericalDriftMetrics(normalized_wasserstein_distance=0.5),
                categorical=CategoricalDriftMetrics(jensen_shannon_distance=0.2),
            ),
        ),
        "predictions": PredictionDriftSignal(
            production_data=production(answers),
            reference_data=reference(answered),
            metric_thresholds=PredictionDriftMetricThreshold(
                numerical=NumericalDriftMetrics(population_stability_index=0.2),
                categorical=CategoricalDriftMetrics(pearsons_chi_squared_test=1e-6),
            ),
        ),
        "quality": quality(inputs, before, null_value_rate=0.001, data_type_error_rate=0.5),
    }

    job, results = result(clocked, ml, monitor("shifting", signals), tmp_path)

    assert job.status == "Failed"
    assert "'shifting_inputs' has failed due to one or more features violating metric thresholds" in job.tags[TAG]
    notes = {name: job.properties[f"azureml.monitor.{name}"] for name in signals}
    assert notes == {"inputs": "1 thresholds breached", "predictions": "passed", "quality": "1 thresholds breached"}
    alerts = {each["signal"]: each for each in json.loads((results / "alerts.json").read_text())}
    assert set(alerts) == {"inputs", "quality"}
    assert alerts["inputs"]["emails"] == ["someone@example.org"]
    [drifted] = alerts["inputs"]["breached"]
    assert (drifted["feature"], drifted["metric"]) == ("age", "NormalizedWassersteinDistance")
    # two normal distributions four standard deviations apart
    assert drifted["value"] == pytest.approx(4.0, abs=0.4)
    [null] = alerts["quality"]["breached"]
    assert (null["feature"], null["metric"], null["value"]) == ("age", "NullValueRate", pytest.approx(1 / 400))


@pytest.mark.azure_spec
def test_a_deployment_is_compared_with_its_own_past(clocked: RunningAzure, ml: Any, tmp_path: Path):
    """Production and baseline are those that the client fills in: the last 7 days, and the 14 days before them."""
    workspace, store = ml.workspaces.get(), ml.datastores.get("workspaceblobstore")
    ml.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name="watched", auth_mode="key")).result()
    collecting = Collecting(
        clocked,
        workspace.id,
        store.account_name.rpartition("/")[2],
        store.container_name.removeprefix("azureml-blobstore-"),
        f"{workspace.id}/onlineEndpoints/watched",
    )
    collections: dict[str, Any] = {}
    for name in ("model_inputs", "model_outputs"):
        path = f"azureml://datastores/workspaceblobstore/paths/watched/{name}"
        asset = ml.data.create_or_update(Data(name=f"watched-{name}", version="1", path=path, type="uri_folder"))
        collections[name] = {"dataCollectionMode": "Enabled", "dataId": asset.id}
    deployed = collecting.deploy(collections)
    assert deployed.send("model_inputs", json.dumps(people(40, 40, "ab", 9))).status_code == 200
    clocked.clock(advance=8 * DAY)
    assert deployed.send("model_inputs", json.dumps(people(20, 400, "ab", 10))).status_code == 200
    until(lambda: collected_files(deployed) == 2)
    schedule = monitor(
        "watching",
        {
            "quality": DataQualitySignal(
                metric_thresholds=DataQualityMetricThreshold(
                    numerical=DataQualityMetricsNumerical(out_of_bounds_rate=0.5),
                    categorical=DataQualityMetricsCategorical(out_of_bounds_rate=0.5),
                )
            )
        },
    )
    schedule.create_monitor.monitoring_target = MonitoringTarget(
        ml_task="classification", endpoint_deployment_id=f"azureml:watched:{deployed.id.rpartition('/')[2]}"
    )

    job, results = result(clocked, ml, schedule, tmp_path)

    found = json.loads((results / "signals" / "quality.json").read_text())
    assert (found["productionRows"], found["referenceRows"]) == (20, 40)
    assert {each["feature"]: each["value"] for each in found["metrics"]} == {"age": 1.0, "city": 0.0}
    assert (job.status, TAG in job.tags) == ("Failed", True)


def collected_files(deployed: Deployed) -> int:
    """How many files the collector has written below the path of its data asset."""
    return len(deployed.collecting.blobs("watched/model_inputs/"))


@pytest.mark.azure_assumed
def test_a_window_without_data_fails_the_job(
    clocked: RunningAzure, ml: Any, collected: Callable[..., Any], baseline: Callable[..., Any], tmp_path: Path
):
    rows = people(5, 40, "ab", 6)
    signals = {"quality": quality(collected("stale", rows), baseline("stale-base", rows), null_value_rate=0.1)}
    clocked.clock(advance=7 * DAY)

    job, _ = result(clocked, ml, monitor("stale", signals), tmp_path)

    assert job.status == "Failed"


@pytest.mark.azure_spec
def test_monitors_read_back_as_they_were_written(ml: Any, collected: Callable[..., Any], baseline: Callable[..., Any]):
    rows = people(5, 40, "ab", 7)
    signals = {"quality": quality(collected("same", rows), baseline("same-base", rows), null_value_rate=0.1)}

    made = ml.schedules.begin_create_or_update(monitor("same", signals)).result()
    ml.schedules.begin_disable("same").result()

    found = made.create_monitor
    assert found.alert_notification.emails == ["someone@example.org"]
    assert found.monitoring_signals["quality"].production_data.data_window.lookback_window_size == "P2D"
    assert found.monitoring_signals["quality"].metric_thresholds.numerical.null_value_rate == 0.1


@pytest.mark.azure_assumed
def test_what_cannot_be_monitored_is_refused(
    clocked: RunningAzure, ml: Any, collected: Callable[..., Any], baseline: Callable[..., Any]
):
    rows = people(5, 40, "ab", 8)
    data, base = collected("wrong", rows), baseline("wrong-base", rows)
    with pytest.raises(HttpResponseError, match="is no email address"):
        ml.schedules.begin_create_or_update(
            monitor("wrong", {"q": quality(data, base, null_value_rate=0.1)}, ["nobody"])
        )
    ml.schedules.begin_create_or_update(monitor("wrong", {"q": quality(data, base, null_value_rate=0.1)})).result()
    ml.schedules.begin_disable("wrong").result()
    path = f"{ml.workspaces.get().id}/schedules/wrong"
    body = clocked.arm("GET", path, api_version="2023-06-01-preview").json()["properties"]
    signal = body["action"]["monitorDefinition"]["signals"]["q"]

    def refused(change: dict[str, Any]) -> str:
        action = {**body["action"], "monitorDefinition": {**body["action"]["monitorDefinition"], **change}}
        answer = clocked.arm("PUT", path, {"properties": {**body, "action": action}}, api_version="2023-06-01-preview")
        assert answer.status_code == 400, answer.text
        return answer.json()["error"]["target"].removeprefix("properties.action.monitorDefinition.")

    def with_data(**change: Any) -> dict[str, Any]:
        return {"signals": {"q": {**signal, "productionData": {**signal["productionData"], **change}}}}

    limit = {"dataType": "Numerical", "metric": "JensenShannonDistance", "threshold": {"value": 0.1}}
    assert refused({"signals": {}}) == "signals"
    attribution = {
        "signalType": "FeatureAttributionDrift",
        "productionData": [signal["productionData"]],
        "referenceData": signal["referenceData"],
        "featureImportanceSettings": {"mode": "Enabled", "targetColumn": "age"},
        "metricThreshold": {"metric": "NormalizedDiscountedCumulativeGain", "threshold": {"value": 0.9}},
    }
    assert refused({"signals": {"q": attribution}}) == "signals.q.signalType"
    assert refused({"signals": {"q": {**signal, "metricThresholds": [limit]}}}) == "signals.q.metricThresholds"
    assert refused({"signals": {"q": {**signal, "metricThresholds": []}}}) == "signals.q.metricThresholds"
    assert refused(with_data(uri="azureml:nothing:1")) == "signals.q.productionData"
    assert refused(with_data(windowSize="2 days")) == "signals.q.productionData.windowSize"
    assert refused({"monitoringTarget": {"taskType": "Classification", "deploymentId": f"{path}/x/y"}}) == (
        "monitoringTarget.deploymentId"
    )
    compute = {**body["action"]["monitorDefinition"]["computeConfiguration"], "runtimeVersion": "2.0"}
    assert refused({"computeConfiguration": compute}) == "computeConfiguration.runtimeVersion"
