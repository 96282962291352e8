# SPDX-License-Identifier: Apache-2.0
"""MLflow's real client against workspaces that azure-ai-ml made."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import mlflow
import pytest
from azure.ai.ml import MLClient
from azure.ai.ml.constants import _common
from azure.ai.ml.entities import Workspace
from azure.identity import DefaultAzureCredential
from mlflow import MlflowClient

from tests.fixtures.azure import RunningAzure

GROUP, LOCATION = "mlflow", "westeurope"
CLOUD = "AZUREML_CURRENT_CLOUD"


@pytest.fixture
def environment(azure: RunningAzure, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningAzure]:
    """The variables of `local env`, and no run or registry that an earlier test left in the process."""
    point_at(azure, monkeypatch)
    yield azure
    forget()


def point_at(azure: RunningAzure, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set what a shell on the local target has."""
    for name, value in azure.env.items():
        monkeypatch.setenv(name, value)
    for name in ("MLFLOW_RUN_ID", "MLFLOW_EXPERIMENT_NAME", "MLFLOW_EXPERIMENT_ID", "MLFLOW_TRACKING_URI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    monkeypatch.setattr(_common.LROConfigurations, "SLEEP_TIME", 0)
    monkeypatch.setattr(_common.LROConfigurations, "POLL_INTERVAL", 0)
    os.environ.pop(CLOUD, None)


def forget() -> None:
    """What the clients keep in the process."""
    os.environ.pop(CLOUD, None)
    while mlflow.active_run() is not None:
        mlflow.end_run()
    mlflow.set_tracking_uri("")


def workspace(azure: RunningAzure, name: str) -> MLClient:
    """A client of a workspace, which is made where it is not there."""
    azure.group(GROUP, LOCATION)
    ml = MLClient(DefaultAzureCredential(), azure.subscription_id, GROUP, name)
    if azure.arm("GET", ml_id(azure, name), api_version="2024-10-01").status_code == 404:
        ml.workspaces.begin_create(Workspace(name=name, location=LOCATION)).result()
    return ml


def ml_id(azure: RunningAzure, name: str) -> str:
    """The id of a workspace."""
    group = f"/subscriptions/{azure.subscription_id}/resourceGroups/{GROUP}"
    return f"{group}/providers/Microsoft.MachineLearningServices/workspaces/{name}"


@pytest.fixture
def ml(environment: RunningAzure) -> MLClient:
    """A client of the workspace that these tests share."""
    return workspace(environment, "tracking-ws")


@pytest.fixture
def uri(ml: MLClient) -> str:
    """The workspace's tracking URI, as azure-ai-ml reads it."""
    found = ml.workspaces.get("tracking-ws").mlflow_tracking_uri
    assert isinstance(found, str)
    return found


@pytest.fixture
def client(uri: str) -> MlflowClient:
    """MLflow's client of the workspace; the fluent functions use it too."""
    mlflow.set_tracking_uri(uri)
    return MlflowClient()


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """A name that no other test uses, the same in every run."""
    return f"gp{zlib.crc32(request.node.nodeid.encode()):08x}"


@pytest.fixture
def experiment(client: MlflowClient, name: str) -> str:
    """The id of an experiment of the test's own."""
    return client.create_experiment(name)


@pytest.fixture
def log_model(client: MlflowClient, experiment: str, tmp_path: Path) -> Callable[[str], str]:
    """Logs a run with a folder of an MLflow model below its artifacts; the run's id."""

    def log(path: str) -> str:
        run = client.create_run(experiment).info.run_id
        folder = tmp_path / path
        folder.mkdir()
        (folder / "MLmodel").write_text(
            "flavors:\n  python_function:\n    loader_module: churn\n    python_version: '3.11'\n"
        )
        (folder / "weights.bin").write_bytes(b"\x00\x01")
        client.log_artifacts(run, str(folder), path)
        return run

    return log
