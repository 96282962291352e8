# SPDX-License-Identifier: Apache-2.0
"""What was tracked outlives the emulator; MLflow's server does not, and a reset forgets all of it."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest
from mlflow import MlflowClient
from mlflow.exceptions import RestException

from tests.emulator.ml.tracking.conftest import forget, point_at, workspace
from tests.fixtures.azure import RunningAzure, start, stop


def connect(azure: RunningAzure, monkeypatch: pytest.MonkeyPatch) -> MlflowClient:
    forget()
    point_at(azure, monkeypatch)
    return MlflowClient(workspace(azure, "kept-ws").workspaces.get("kept-ws").mlflow_tracking_uri)


def children(azure: RunningAzure) -> list[psutil.Process]:
    """Processes below the emulator that run MLflow's server."""
    found = psutil.Process(azure.process.pid).children(recursive=True)
    return [each for each in found if any("child.py" in part for part in each.cmdline())]


def test_runs_outlive_the_emulator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Stopped and killed, it comes back with every run, metric and artifact; its server never stays behind."""
    azure = start(tmp_path / "azure")
    try:
        client = connect(azure, monkeypatch)
        experiment = client.create_experiment("kept")
        run = client.create_run(experiment).info.run_id
        client.log_metric(run, "loss", 0.5)
        client.log_text(run, "kept", "note.txt")
        server = children(azure)
        assert server
        azure.process.kill()
        azure.process.wait(10)
        assert not psutil.wait_procs(server, 10)[1]
        azure.client.close()

        azure = start(tmp_path / "azure")
        client = connect(azure, monkeypatch)
        assert client.get_run(run).data.metrics == {"loss": 0.5}
        assert Path(client.download_artifacts(run, "note.txt", str(tmp_path))).read_text() == "kept"
        server = children(azure)
        stop(azure)
        assert not psutil.wait_procs(server, 10)[1]

        azure = start(tmp_path / "azure")
        client = connect(azure, monkeypatch)
        assert client.get_run(run).info.experiment_id == experiment
        azure.control("POST", "reset")
        client = connect(azure, monkeypatch)
        assert [each.name for each in client.search_experiments()] == ["Default"]
        assert not client.search_registered_models()
    finally:
        stop(azure)
        forget()


def test_a_killed_server_is_started_anew(fresh_azure: RunningAzure, monkeypatch: pytest.MonkeyPatch):
    client = connect(fresh_azure, monkeypatch)
    run = client.create_run("0").info.run_id
    server = children(fresh_azure)
    for each in reversed(server):
        each.kill()
    psutil.wait_procs(server, 10)

    try:
        assert client.get_run(run).info.status == "RUNNING"
    finally:
        forget()


def test_a_server_that_cannot_be_installed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """At once, and the models are there all the same: they need no server."""
    with monkeypatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        patch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
        patch.setenv("UV_OFFLINE", "1")
        azure = start(tmp_path / "azure")
    try:
        client = connect(azure, monkeypatch)
        with pytest.raises(
            RestException, match=r"(?s)MLflow's tracking server could not be installed: .*package index"
        ):
            client.create_experiment("never")
        assert not client.search_registered_models()
    finally:
        stop(azure)
        forget()
