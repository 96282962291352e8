# SPDX-License-Identifier: Apache-2.0
"""Experiments, runs, metrics and artifacts, through MLflow's own client and the workspace's tracking URI."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import httpx
import mlflow
import pytest
from azure.ai.ml import MLClient
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag
from mlflow.exceptions import RestException
from mlflow.models import Model
from mlflow.utils.rest_utils import http_request

from tests.emulator.ml.tracking.conftest import workspace
from tests.fixtures.azure import RunningAzure

pytestmark = pytest.mark.azure_spec


def test_a_run_of_the_default_experiment(client: MlflowClient):
    """The first lines of every tutorial: no experiment is set."""
    with mlflow.start_run(run_name="first") as run:
        mlflow.log_param("depth", 3)
        mlflow.log_metrics({"loss": 0.5, "auc": 0.7}, step=1)
        mlflow.log_metric("loss", 0.25, step=2)
        mlflow.set_tag("team", "churn")

    found = client.get_run(run.info.run_id)
    assert found.info.status == "FINISHED"
    assert found.info.run_name == "first"
    assert found.data.params == {"depth": "3"}
    assert found.data.metrics == {"loss": 0.25, "auc": 0.7}
    assert found.data.tags["team"] == "churn"
    assert client.get_experiment(found.info.experiment_id).name == "Default"
    assert client.get_experiment("0").experiment_id == found.info.experiment_id
    assert run.info.run_id in {each.info.run_id for each in client.search_runs(["0"])}


def test_a_metric_keeps_its_history(client: MlflowClient, experiment: str):
    run = client.create_run(experiment).info.run_id
    for step in range(5):
        client.log_metric(run, "loss", 1 / (step + 1), timestamp=1000 + step, step=step)

    history = client.get_metric_history(run, "loss")

    assert [(each.step, each.timestamp, each.value) for each in history] == [
        (n, 1000 + n, 1 / (n + 1)) for n in range(5)
    ]


def test_a_batch_and_a_search(client: MlflowClient, experiment: str):
    """Filters over metrics, parameters and tags, in an order, a page at a time."""
    for number in range(6):
        run = client.create_run(experiment, run_name=f"run {number}").info.run_id
        client.log_batch(
            run,
            metrics=[Metric("auc", number / 10, 0, 0)],
            params=[Param("depth", str(number % 2))],
            tags=[RunTag("kind", "grid")],
        )
    query = "metrics.auc >= 0.1 and params.depth = '1' and tags.kind = 'grid'"

    first = client.search_runs([experiment], query, order_by=["metrics.auc DESC"], max_results=2)
    rest = client.search_runs([experiment], query, order_by=["metrics.auc DESC"], max_results=2, page_token=first.token)

    assert [run.data.metrics["auc"] for run in [*first, *rest]] == [0.5, 0.3, 0.1]
    assert client.search_experiments(filter_string=f"name = '{client.get_experiment(experiment).name}'")


def test_runs_are_deleted_and_restored(client: MlflowClient, experiment: str):
    run = client.create_run(experiment).info.run_id
    client.delete_run(run)
    assert not client.search_runs([experiment])

    client.restore_run(run)
    assert [each.info.run_id for each in client.search_runs([experiment])] == [run]


def test_artifacts_are_blobs_of_the_workspace(
    client: MlflowClient, ml: MLClient, environment: RunningAzure, experiment: str, tmp_path: Path
):
    """Where azure-ai-ml finds them as well."""
    run = client.create_run(experiment).info.run_id
    (tmp_path / "a b.txt").write_text("one")
    client.log_artifact(run, str(tmp_path / "a b.txt"), "sub/folder")
    client.log_text(run, "two", "top.txt")

    assert [(each.path, each.is_dir, each.file_size) for each in client.list_artifacts(run)] == [
        ("sub", True, None),
        ("top.txt", False, 3),
    ]
    assert [each.path for each in client.list_artifacts(run, "sub/folder")] == ["sub/folder/a b.txt"]
    got = Path(client.download_artifacts(run, "", str(tmp_path)))
    assert (got / "sub/folder/a b.txt").read_text() == "one"
    store = ml.datastores.get("workspaceartifactstore")
    account = store.account_name.rpartition("/")[2]
    blob = f"{environment.http}/blob/{account}/{store.container_name}/ExperimentRun/dcid.{run}/top.txt"
    answer = environment.client.get(blob, headers={"Authorization": f"Bearer {environment.token}"})
    assert (answer.status_code, answer.text) == (200, "two")


def test_several_processes_log_at_once(client: MlflowClient, experiment: str):
    """As the trials of a sweep do: nothing is lost."""
    run = client.create_run(experiment).info.run_id
    code = (
        "import sys, mlflow; c = mlflow.MlflowClient(sys.argv[1]);"
        "[c.log_metric(sys.argv[2], 'loss', i, step=i * 10 + int(sys.argv[3])) for i in range(10)]"
    )
    command = [sys.executable, "-c", code, client.tracking_uri, run]
    children = [subprocess.Popen([*command, str(number)], stderr=subprocess.PIPE) for number in range(2)]

    assert [(child.communicate()[1], child.returncode)[1] for child in children] == [0, 0]
    assert len(client.get_metric_history(run, "loss")) == 20


def test_workspaces_are_apart(client: MlflowClient, ml: MLClient, environment: RunningAzure, experiment: str):
    """Neither experiments nor runs of one are seen in another."""
    run = client.create_run(experiment).info.run_id
    other = workspace(environment, "tracking-other").workspaces.get("tracking-other").mlflow_tracking_uri
    elsewhere = MlflowClient(other)

    assert [each.name for each in elsewhere.search_experiments()] == ["Default"]
    with pytest.raises(RestException, match="not found"):
        elsewhere.get_run(run)


def test_who_has_no_token_is_told(uri: str, environment: RunningAzure):
    answer = httpx.get(f"{uri}/api/2.0/mlflow/experiments/search", verify=str(environment.bundle))

    assert answer.status_code == 401
    assert answer.json()["error_code"] == "UNAUTHENTICATED"
    assert "MLFLOW_TRACKING_TOKEN" in answer.json()["message"]


def test_an_unknown_workspace_is_told(uri: str):
    absent = MlflowClient(uri.replace("tracking-ws", "nowhere"))

    with pytest.raises(RestException, match="RESOURCE_DOES_NOT_EXIST: There is no workspace 'nowhere'"):
        absent.search_experiments()


def test_a_model_of_an_mlflow_2_client_is_noted(client: MlflowClient, experiment: str):
    """Such clients tell the server of each model that they log, with its signature, and try for a minute where that fails."""
    run = client.create_run(experiment).info.run_id
    model = Model(run_id=run, artifact_path="model", flavors={"python_function": {"loader_module": "mlflow.sklearn"}})
    told = {**model.to_dict(), "signature": {"inputs": '[{"type": "double", "name": "age"}]', "outputs": None}}
    call = {"run_id": run, "model_json": json.dumps(told)}

    answer = http_request(
        client._tracking_client.store.get_host_creds(), "/api/2.0/mlflow/runs/log-model", "POST", json=call
    )

    assert answer.status_code == 200, answer.text
    noted = json.loads(client.get_run(run).data.tags["mlflow.log-model.history"])
    assert [(each["artifact_path"], each["flavors"]) for each in noted] == [("model", model.flavors)]


def test_what_mlflow_refuses_arrives_as_it_is(client: MlflowClient, experiment: str):
    run = client.create_run(experiment).info.run_id
    client.log_param(run, "depth", "1")

    with pytest.raises(Exception, match="Changing param values is not allowed"):
        client.log_param(run, "depth", "2")
    with pytest.raises(RestException, match="RESOURCE_DOES_NOT_EXIST"):
        client.get_run("0" * 32)


def test_artifacts_do_not_lead_out_of_their_folder(client: MlflowClient, uri: str, environment: RunningAzure):
    answer = httpx.put(
        f"{uri}/api/2.0/mlflow-artifacts/artifacts/a/%2e%2e/%2e%2e/b.txt",
        content=b"x",
        headers={"Authorization": "Bearer x"},
        verify=str(environment.bundle),
    )

    assert (answer.status_code, answer.json()["error_code"]) == (400, "INVALID_PARAMETER_VALUE")


def test_only_the_api_is_passed_on(client: MlflowClient, uri: str, environment: RunningAzure):
    """Neither what sets workspaces apart, nor what the emulator alone asks of MLflow's server."""
    for path in ("/api/3.0/mlflow/workspaces", "/groundplan/runs", "/"):
        answer = httpx.get(uri + path, headers={"Authorization": "Bearer x"}, verify=str(environment.bundle))
        assert (answer.status_code, answer.json()["error_code"]) == (404, "ENDPOINT_NOT_FOUND")
