# SPDX-License-Identifier: Apache-2.0
"""Deployments of pipeline components below batch endpoints, and jobs that the death of the emulator interrupts."""

import os
from pathlib import Path
from typing import Any

import psutil
import pytest
from azure.ai.ml import Input, Output, command, dsl
from azure.ai.ml.entities import (
    BatchEndpoint,
    CodeConfiguration,
    Model,
    ModelBatchDeployment,
    ModelBatchDeploymentSettings,
    PipelineComponentBatchDeployment,
)
from azure.core.exceptions import HttpResponseError

from tests.emulator.ml.batch.conftest import workers_of
from tests.emulator.ml.jobs.conftest import CLOUD, client_of, ended, until
from tests.fixtures.azure import start, stop


@pytest.mark.azure_spec
def test_a_pipeline_component_runs_with_literal_inputs(ml: Any, tmp_path: Path):
    say = command(
        name="say",
        command="echo ${{inputs.text}} ${{inputs.times}} > ${{outputs.said}}/said.txt",
        environment="azureml:plain:1",
        inputs={"text": Input(type="string"), "times": Input(type="integer")},
        outputs={"said": Output(type="uri_folder")},
    )

    @dsl.pipeline(name="speaking")  # pyright: ignore[reportCallIssue, reportArgumentType, reportUntypedFunctionDecorator]
    def speaking(text: str, times: int):
        step = say(text=text, times=times)
        return {"said": step.outputs.said}

    component = ml.components.create_or_update(speaking)
    ml.batch_endpoints.begin_create_or_update(BatchEndpoint(name="speaker")).result()
    deployment = PipelineComponentBatchDeployment(
        name="aloud", endpoint_name="speaker", component=component, settings={"default_compute": "cpu"}
    )
    ml.batch_deployments.begin_create_or_update(deployment).result()

    job = ml.batch_endpoints.invoke(
        endpoint_name="speaker",
        deployment_name="aloud",
        inputs={"text": Input(type="string", default="hello"), "times": Input(type="integer", default=3)},
    )

    assert ended(ml, job.name).status == "Completed"
    ml.jobs.download(name=job.name, download_path=tmp_path, output_name="said")
    assert next(tmp_path.rglob("said.txt")).read_text() == "hello 3\n"
    assert [each.name for each in ml.batch_endpoints.list_jobs("speaker")] == [job.name]


@pytest.mark.azure_spec
def test_a_pipeline_component_that_is_not_there_is_refused(ml: Any):
    ml.batch_endpoints.begin_create_or_update(BatchEndpoint(name="silent")).result()
    deployment = PipelineComponentBatchDeployment(
        name="aloud", endpoint_name="silent", component=f"{ml.workspaces.get().id}/components/none/versions/1"
    )

    with pytest.raises(HttpResponseError) as refused:
        ml.batch_deployments.begin_create_or_update(deployment).result()

    assert refused.value.status_code == 400


@pytest.mark.azure_assumed
def test_what_the_death_of_the_emulator_interrupted_is_scored_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    mark = tmp_path / "go-on"
    script = (
        "import time\nfrom pathlib import Path\n\ndef run(files):\n"
        f"    while not Path({str(mark)!r}).exists():\n        time.sleep(0.05)\n    return ['scored'] * len(files)\n"
    )
    for folder, name, text in (("code", "score.py", script), ("data", "one.txt", "1")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(text)
    server = start(tmp_path / "azure")
    try:
        ml = client_of(server, monkeypatch)
        ml.models.create_or_update(Model(name="any", version="1", path=tmp_path / "data", type="custom_model"))
        ml.batch_endpoints.begin_create_or_update(BatchEndpoint(name="patient")).result()
        deployment = ModelBatchDeployment(
            name="only",
            endpoint_name="patient",
            model="azureml:any:1",
            environment="azureml:plain:1",
            code_configuration=CodeConfiguration(code=str(tmp_path / "code"), scoring_script="score.py"),
            compute="cpu",
            settings=ModelBatchDeploymentSettings(mini_batch_size=1),
        )
        ml.batch_deployments.begin_create_or_update(deployment).result()
        name = ml.batch_endpoints.invoke(
            endpoint_name="patient",
            deployment_name="only",
            input=Input(type="uri_folder", path=str(tmp_path / "data")),
        ).name
        step = next(iter(ml.jobs.list(parent_job_name=name))).name
        workers = until(lambda: workers_of(step))

        server.process.kill()
        server.process.wait()
        assert psutil.wait_procs(workers, 10)[1] == []
        server = start(tmp_path / "azure")
        ml = client_of(server, monkeypatch)
        mark.touch()

        assert ended(ml, name).status == "Completed"
        ml.jobs.download(name=name, download_path=tmp_path, output_name="score")
        assert next(tmp_path.rglob("predictions.csv")).read_text() == "scored\n"
    finally:
        stop(server)
        os.environ.pop(CLOUD, None)
