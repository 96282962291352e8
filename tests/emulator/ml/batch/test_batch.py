# SPDX-License-Identifier: Apache-2.0
"""Batch endpoints with Microsoft's client: the scoring script really runs over the files."""

from __future__ import annotations

import ast
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from azure.ai.ml import Input, Output
from azure.ai.ml.entities import BatchRetrySettings, Data, Model, ModelBatchDeployment, ModelBatchDeploymentSettings
from azure.ai.ml.exceptions import JobException

from tests.emulator.ml.batch.conftest import workers_of
from tests.emulator.ml.jobs.conftest import ENDED, ended, log_of, until
from tests.fixtures.azure import RunningAzure


def invoke(ml: Any, folder: Path, deployment: str | None = None, **more: Any) -> str:
    job = ml.batch_endpoints.invoke(
        endpoint_name="scorer", deployment_name=deployment, input=Input(type="uri_folder", path=str(folder)), **more
    )
    return job.name


def step_of(ml: Any, name: str) -> Any:
    return next(iter(ml.jobs.list(parent_job_name=name)))


def predictions(ml: Any, name: str, folder: Path, file: str = "predictions.csv") -> list[str]:
    ml.jobs.download(name=name, download_path=folder, output_name="score")
    return (folder / "named-outputs" / "score" / file).read_text().splitlines()


@pytest.mark.azure_spec
def test_a_job_of_the_default_deployment_scores_every_file(
    ml: Any, deploy: Callable[..., Any], data: Path, tmp_path: Path
):
    deploy("triple")
    endpoint = ml.batch_endpoints.get("scorer")
    endpoint.defaults = {"deployment_name": "triple"}
    ml.batch_endpoints.begin_create_or_update(endpoint).result()

    name = invoke(ml, data)

    job = ended(ml, name)
    assert (job.status, job.type, job.experiment_name) == ("Completed", "pipeline", "scorer")
    step = step_of(ml, name)
    assert step.display_name == "batchscoring"
    expected = ["0.txt 0", "1.txt 3", "2.txt 6", "3.txt 9", "4.txt 12"]
    assert predictions(ml, step.name, tmp_path / "of-step") == expected
    assert predictions(ml, name, tmp_path / "of-job") == expected
    assert len(list((tmp_path / "of-job" / "named-outputs" / "score").glob("by-script-*.txt"))) == 3
    log = log_of(ml, step.name)
    assert log.count("mini-batch of 2") == 2
    assert "factor 3 hello" in log
    assert name in [each.name for each in ml.batch_endpoints.list_jobs("scorer")]
    assert name in [each.name for each in ml.batch_deployments.list_jobs("scorer", name="triple")]
    assert step.name not in [each.name for each in ml.jobs.list()]


@pytest.mark.azure_spec
def test_settings_of_an_invocation_go_before_those_of_the_deployment(
    ml: Any, deploy: Callable[..., Any], data: Path, tmp_path: Path
):
    deploy("changed")
    chosen = f"azureml://datastores/workspaceblobstore/paths/chosen/{uuid.uuid4()}/"

    name = invoke(
        ml,
        data,
        "changed",
        outputs={"anything": Output(type="uri_folder", path=chosen)},
        params_override=[{"mini_batch_size": 5}, {"output_file_name": "mine.csv"}],
        experiment_name="tried",
        job_name=f"named-{uuid.uuid4()}",
    )

    job = ended(ml, name)
    assert (job.status, job.experiment_name) == ("Completed", "tried")
    assert name.startswith("named-")
    assert "mini-batch of 5" in log_of(ml, step_of(ml, name).name)
    assert job.outputs["score"].path == chosen
    assert len(predictions(ml, name, tmp_path / "out", "mine.csv")) == 5

    again = invoke(
        ml,
        data,
        "changed",
        outputs={"score": Output(type="uri_folder", path=chosen)},
        params_override=[{"output_file_name": "mine.csv"}],
    )
    assert ended(ml, again).status == "Failed"
    assert "Output already exists" in error_of(ml, again)


@pytest.mark.azure_spec
def test_a_data_asset_of_one_file_and_an_output_of_one_file(
    ml: Any, deploy: Callable[..., Any], data: Path, tmp_path: Path
):
    deploy("single")
    asset = ml.data.create_or_update(Data(name="one-number", path=str(data / "3.txt"), type="uri_file"))
    folder = f"azureml://datastores/workspaceblobstore/paths/single/{uuid.uuid4()}"

    job = ml.batch_endpoints.invoke(
        endpoint_name="scorer",
        deployment_name="single",
        inputs={"numbers": Input(type="uri_file", path=asset.id)},
        outputs={"score": Output(type="uri_file", path=f"{folder}/result.txt")},
    )

    assert ended(ml, job.name).status == "Completed"
    ml.jobs.download(name=job.name, download_path=tmp_path / "out", output_name="score")
    assert next((tmp_path / "out").rglob("result.txt")).read_text() == "3.txt 9\n"


@pytest.mark.azure_spec
def test_with_summary_only_the_script_alone_writes(ml: Any, deploy: Callable[..., Any], data: Path, tmp_path: Path):
    deploy("summary", output_action="summary_only")

    name = invoke(ml, data, "summary")

    assert ended(ml, name).status == "Completed"
    ml.jobs.download(name=name, download_path=tmp_path / "out", output_name="score")
    written = sorted(each.name for each in (tmp_path / "out").rglob("*.*"))
    assert written == ["by-script-0.txt", "by-script-2.txt", "by-script-4.txt"]


@pytest.mark.azure_spec
def test_an_mlflow_model_needs_no_script(ml: Any, tmp_path: Path):
    mlflow_model(tmp_path / "model")
    ml.models.create_or_update(Model(name="sums", version="1", path=tmp_path / "model", type="mlflow_model"))
    deployment = ModelBatchDeployment(
        name="sums",
        endpoint_name="scorer",
        model="azureml:sums:1",
        compute="cpu",
        settings=ModelBatchDeploymentSettings(
            mini_batch_size=1, retry_settings=BatchRetrySettings(max_retries=0, timeout=60)
        ),
    )
    ml.batch_deployments.begin_create_or_update(deployment).result()
    tables = tmp_path / "tables"
    tables.mkdir()
    (tables / "a.csv").write_text("x,y\n1,2\n3,4\n")
    (tables / "b.csv").write_text("x,y\n5,6\n")

    name = invoke(ml, tables, "sums")

    until(lambda: ml.jobs.get(name).status in ENDED, 240)  # its environment may have to be made
    assert ml.jobs.get(name).status == "Completed", log_of(ml, step_of(ml, name).name)
    rows = [ast.literal_eval(row) for row in predictions(ml, name, tmp_path / "out")]
    assert rows == [["a.csv", 3], ["a.csv", 7], ["b.csv", 11]]

    (tables / "c.parquet").write_text("no table")
    failed = invoke(ml, tables, "sums")
    assert ended(ml, failed).status == "Failed"
    assert "File type 'parquet' is not supported" in error_of(ml, failed)


@pytest.mark.azure_spec
@pytest.mark.parametrize(
    ("name", "script", "settings", "words"),
    [
        ("broken-import", "import nowhere", {}, "No module named 'nowhere'"),
        ("broken-init", "def init(): raise ValueError('no model')\ndef run(b): return b", {}, "ValueError: no model"),
        ("broken-run", "def run(b): raise ValueError('no number')", {}, "ValueError: no number"),
        ("too-few", "def run(b): return b[1:]", {"error_threshold": 1}, "2 files failed, error_threshold allows 1"),
        ("not-a-list", "def run(b): return 'text'", {}, "must return a pandas DataFrame"),
    ],
)
def test_what_a_script_does_wrong_fails_the_job_and_is_told(
    ml: Any, deploy: Callable[..., Any], data: Path, name: str, script: str, settings: dict[str, Any], words: str
):
    deploy(name, script, **settings)

    job = invoke(ml, data, name)

    assert ended(ml, job).status == "Failed"
    assert words in error_of(ml, job)


@pytest.mark.azure_spec
def test_an_input_that_is_not_there_fails_the_job(ml: Any, deploy: Callable[..., Any]):
    deploy("no-input")

    job = ml.batch_endpoints.invoke(
        endpoint_name="scorer",
        deployment_name="no-input",
        input=Input(type="uri_folder", path="azureml://datastores/workspaceblobstore/paths/nowhere/"),
    )

    assert ended(ml, job.name).status == "Failed"
    assert "was not found" in error_of(ml, job.name)


@pytest.mark.azure_assumed
def test_cancelling_the_job_ends_its_processes(ml: Any, deploy: Callable[..., Any], data: Path):
    deploy("endless", "import time, os\ndef run(b):\n    print('pid', os.getpid(), flush=True)\n    time.sleep(600)")
    name = invoke(ml, data, "endless")
    step = step_of(ml, name)
    until(lambda: ml.jobs.get(step.name).status == "Running")
    workers = until(lambda: workers_of(step.name))

    ml.jobs.begin_cancel(name).result()

    assert ended(ml, name).status == "Canceled"
    assert ended(ml, step.name).status == "Canceled"
    assert psutil.wait_procs(workers, 10)[1] == []


def post(azure: RunningAzure, ml: Any, body: Any, **headers: str) -> httpx.Response:
    token = azure.client.get(
        f"{azure.http}/msi/token",
        params={"resource": "https://ml.azure.com", "api-version": "2019-08-01"},
        headers={"X-IDENTITY-HEADER": azure.identity_header},
    ).json()["access_token"]
    address = ml.batch_endpoints.get("scorer").scoring_uri
    return httpx.post(
        address, json=body, headers={"Authorization": f"Bearer {token}", **headers}, verify=str(azure.bundle)
    )


@pytest.mark.azure_assumed
def test_what_the_endpoint_refuses(azure: RunningAzure, ml: Any, deploy: Callable[..., Any]):
    deploy("refusing")
    body = {"properties": {"InputData": {"x": {"JobInputType": "UriFolder", "Uri": "azureml:numbers:1"}}}}
    chosen = {"azureml-model-deployment": "refusing"}

    def refused(body: Any, **headers: str) -> tuple[int, str]:
        answer = post(azure, ml, body, **headers)
        return answer.status_code, answer.json()["error"]["message"]

    assert refused(body, Authorization="")[0] == 401
    assert refused(body, Authorization=f"Bearer {azure.token}")[0] == 401  # made for another audience
    status, message = refused(body, **{"azureml-model-deployment": "nobody"})
    assert (status, "no deployment 'nobody'" in message, "refusing" in message) == (404, True, True)
    for wrong in (
        {"properties": {}},
        {"properties": {"InputData": {"x": {"JobInputType": "MLTable", "Uri": "azureml:numbers:1"}}}},
        {"properties": {"InputData": {"x": {"JobInputType": "Literal", "Value": "1"}}}},
        {"properties": {**body["properties"], "MiniBatchSize": 0}},
        {"properties": {**body["properties"], "dataset": "old"}},
    ):
        assert refused(wrong, **chosen)[0] == 400


@pytest.mark.azure_spec
def test_an_endpoint_without_default_deployment_says_so(azure: RunningAzure, ml: Any, deploy: Callable[..., Any]):
    deploy("forgotten")
    endpoint = ml.batch_endpoints.get("scorer")
    endpoint.defaults = {}
    ml.batch_endpoints.begin_create_or_update(endpoint).result()

    answer = post(azure, ml, {"properties": {}})

    assert answer.status_code == 400
    assert "No valid deployments to route to" in answer.json()["error"]["message"]


@pytest.mark.azure_spec
def test_a_default_deployment_is_chosen_in_what_get_answered(ml: Any, deploy: Callable[..., Any]):
    """Microsoft's tutorials set a field of `defaults` of an endpoint that has no default yet."""
    deploy("chosen")
    endpoint = ml.batch_endpoints.get("scorer")
    endpoint.defaults = {}
    ml.batch_endpoints.begin_create_or_update(endpoint).result()

    endpoint = ml.batch_endpoints.get("scorer")
    before = endpoint.defaults.deployment_name
    endpoint.defaults.deployment_name = "chosen"
    ml.batch_endpoints.begin_create_or_update(endpoint).result()

    assert (before, ml.batch_endpoints.get("scorer").defaults.deployment_name) == (None, "chosen")


@pytest.mark.azure_assumed
@pytest.mark.parametrize(
    ("change", "target"),
    [
        ({"model": {"referenceType": "Id", "assetId": "azureml:nothing:9"}}, "properties.model"),
        ({"environmentId": "azureml:nothing:9"}, "properties.environmentId"),
        ({"codeConfiguration": None}, "properties.codeConfiguration"),
        ({"compute": None}, "properties.compute"),
        ({"compute": "nowhere"}, "properties.compute"),
        ({"miniBatchSize": 0}, "properties.miniBatchSize"),
        ({"retrySettings": {"timeout": "30 s"}}, "properties.retrySettings.timeout"),
    ],
)
def test_deployments_that_could_not_score_are_refused(
    azure: RunningAzure, ml: Any, deploy: Callable[..., Any], change: dict[str, Any], target: str
):
    deploy("template")
    path = f"{ml.batch_endpoints.get('scorer').id}/deployments/template"
    body = azure.arm("GET", path, api_version="2024-10-01").json()

    changed = {"location": body["location"], "properties": {**body["properties"], **change}}
    answer = azure.arm("PUT", path, changed, api_version="2024-10-01")

    assert (answer.status_code, answer.json()["error"]["target"]) == (400, target)


def error_of(ml: Any, name: str) -> str:
    """Why a job failed, as the client's `stream` says it."""
    with pytest.raises(JobException) as failed:
        ml.jobs.stream(name)
    return str(failed.value)


def mlflow_model(folder: Path) -> None:
    """A model that adds up the columns of each row, in MLflow's format."""
    (folder / "code").mkdir(parents=True)
    flavor = "{loader_module: sums, code: code, env: {conda: conda.yaml}, python_version: 3.11.0}"
    (folder / "MLmodel").write_text(f"flavors:\n  python_function: {flavor}\n")
    (folder / "conda.yaml").write_text("dependencies: [python=3.11, pip]\n")
    (folder / "code" / "sums.py").write_text(
        "class Sums:\n    def predict(self, table):\n        return table.sum(axis=1)\n\n\n"
        "def _load_pyfunc(path):\n    return Sums()\n"
    )
