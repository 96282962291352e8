# SPDX-License-Identifier: Apache-2.0
"""A real job that speaks to MLflow: its run has the job's name, what it logged, its end, and the model that it registered."""

from __future__ import annotations

from pathlib import Path

import pytest
from azure.ai.ml import MLClient, command
from azure.ai.ml.entities import AmlCompute, Environment
from mlflow import MlflowClient

CODE = """
from pathlib import Path

import mlflow

with mlflow.start_run():
    mlflow.log_param("depth", 3)
    for step in range(3):
        mlflow.log_metric("auc", 0.5 + step / 10, step=step)
    Path("model").mkdir()
    Path("model/MLmodel").write_text("flavors: {python_function: {loader_module: churn}}")
    mlflow.log_artifacts("model", "model")
    run = mlflow.active_run().info.run_id
    with mlflow.start_run(nested=True) as child:
        mlflow.log_metric("part", 1.0)
mlflow.register_model(f"runs:/{run}/model", "NAME")
"""


@pytest.mark.azure_spec
def test_a_job_tracks_itself(client: MlflowClient, ml: MLClient, name: str, tmp_path: Path):
    """With no line of code that says where the tracking server is."""
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "train.py").write_text(CODE.replace("NAME", name))
    conda = {"name": "tracked", "dependencies": ["python=3.11", "pip", {"pip": ["mlflow-skinny==3.17.2"]}]}
    (tmp_path / "conda.yml").write_text(str(conda))
    ml.compute.begin_create_or_update(AmlCompute(name="cpu", size="Standard_DS3_v2", max_instances=2)).result()
    job = command(
        name=f"job-{name}",
        experiment_name="tracked",
        display_name="a tracked job",
        code=str(tmp_path / "code"),
        command="python train.py",
        compute="cpu",
        environment=Environment(
            name=f"env-{name}",
            image="mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04",
            conda_file=str(tmp_path / "conda.yml"),
        ),
    )

    made = f"job-{name}"
    ml.jobs.create_or_update(job)
    ml.jobs.stream(made)

    run = client.get_run(made)
    assert (run.info.status, run.info.run_name, run.data.params) == ("FINISHED", "a tracked job", {"depth": "3"})
    assert run.data.metrics == {"auc": 0.7}
    assert client.get_experiment(run.info.experiment_id).name == "tracked"
    (child,) = client.search_runs([run.info.experiment_id], f"tags.mlflow.parentRunId = '{made}'")
    assert child.data.metrics == {"part": 1.0}
    model = ml.models.get(name, "1")
    assert (model.type, model.job_name) == ("mlflow_model", made)
