# SPDX-License-Identifier: Apache-2.0
"""Pipelines: steps one after the other, what they hand on, and what becomes of failures."""

from pathlib import Path
from typing import Any

import pytest
from azure.ai.ml import Input, MLClient, Output, command, dsl
from azure.ai.ml.entities import Environment, Model, PipelineJob
from azure.ai.ml.exceptions import JobException
from azure.ai.ml.sweep import Choice
from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential

from tests.emulator.ml.jobs.conftest import ended, log_of
from tests.fixtures.azure import RunningAzure

pytestmark = pytest.mark.azure_spec

ENVIRONMENT = "plain:1"


def component(name: str, line: str, **inputs: Input) -> Any:
    return command(
        name=name,
        version="1",
        command=line,
        environment=ENVIRONMENT,
        inputs=inputs,
        outputs={"out": Output(type="uri_folder")},
    ).component


@pytest.fixture(scope="module")
def parts(ml: Any) -> dict[str, Any]:
    folder, number = Input(type="uri_folder"), Input(type="number", default=2)
    prepare = component(
        "prepare", "cat ${{inputs.raw}}/*.txt > ${{outputs.out}}/clean; echo ${{inputs.rate}} >> ${{outputs.out}}/clean",
        raw=folder, rate=number,
    )  # fmt: skip
    train = component(
        "train", "wc -l < ${{inputs.data}}/clean > ${{outputs.out}}/model; cat ${{outputs.out}}/model", data=folder
    )
    return {
        "prepare": ml.components.create_or_update(prepare),
        "train": train,
        "fail": component("fail", "echo broken; exit 3"),
    }


def children(ml: Any, name: str) -> dict[str, Any]:
    return {child.display_name: child for child in ml.jobs.list(parent_job_name=name)}


def test_two_steps(ml: Any, parts: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """A component of the workspace and an inline one, bound to each other and to inputs and outputs of the pipeline."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text("1\n2\n")

    @dsl.pipeline(compute="cpu")  # pyright: ignore[reportCallIssue, reportArgumentType, reportUntypedFunctionDecorator]
    def learn(raw: Input, rate: float):
        first = parts["prepare"](raw=raw, rate=rate)
        second = parts["train"](data=first.outputs.out)
        return {"model": second.outputs.out}

    pipeline: PipelineJob = learn(raw=Input(type="uri_folder", path=str(tmp_path / "raw")), rate=0.5)  # pyright: ignore[reportAssignmentType]
    pipeline.outputs.model.path = "azureml://datastores/workspaceblobstore/paths/models/${{name}}"  # pyright: ignore[reportAttributeAccessIssue]
    job = ml.jobs.create_or_update(pipeline, experiment_name="learning")
    ml.jobs.stream(job.name)

    assert ml.jobs.get(job.name).status == "Completed"
    said = capsys.readouterr().out
    assert "Streaming logs/azureml/executionlogs.txt" in said
    assert "(second): Completed" in said
    steps = children(ml, job.name)
    assert {name: child.status for name, child in steps.items()} == {"first": "Completed", "second": "Completed"}
    assert log_of(ml, steps["second"].name) == "3\n"
    ml.jobs.download(job.name, output_name="model", download_path=str(tmp_path / "got"))
    assert next((tmp_path / "got").rglob("model")).is_dir()
    assert [file.read_text() for file in (tmp_path / "got").rglob("model") if file.is_file()] == ["3\n"]
    assert job.name in {found.name for found in ml.jobs.list()}
    assert steps["first"].name not in {found.name for found in ml.jobs.list()}


def test_a_failed_step_fails_the_pipeline(ml: Any, parts: dict[str, Any]):
    """What waits for it never starts; with continue_on_step_failure what does not wait for it does."""

    @dsl.pipeline(compute="cpu", continue_on_step_failure=True)  # pyright: ignore[reportCallIssue, reportArgumentType, reportUntypedFunctionDecorator]
    def broken():
        bad = parts["fail"]()
        good = component("good", "echo fine > ${{outputs.out}}/x")()
        parts["train"](data=bad.outputs.out)
        component("copy", "cp ${{inputs.data}}/x ${{outputs.out}}/y", data=Input(type="uri_folder"))(
            data=good.outputs.out
        )

    job = ml.jobs.create_or_update(broken())
    with pytest.raises(JobException, match="Failed nodes: 'bad'"):
        ml.jobs.stream(job.name)

    assert ml.jobs.get(job.name).status == "Failed"
    status = {name: child.status for name, child in children(ml, job.name).items()}
    assert status == {"bad": "Failed", "good": "Completed", "copy": "Completed"}


def test_without_continuing_the_rest_is_canceled(ml: Any, parts: dict[str, Any]):
    @dsl.pipeline(compute="cpu")  # pyright: ignore[reportCallIssue, reportArgumentType, reportUntypedFunctionDecorator]
    def broken():
        parts["fail"]()
        component("sleep", "sleep 600")()

    job = ml.jobs.create_or_update(broken())

    assert ended(ml, job.name).status == "Failed"
    status = {name: child.status for name, child in children(ml, job.name).items()}
    assert status == {"fail": "Failed", "sleep": "Canceled"}


def test_a_pipeline_inside_of_a_pipeline(ml: Any, parts: dict[str, Any], tmp_path: Path):
    (tmp_path / "a.txt").write_text("1\n")

    @dsl.pipeline()  # pyright: ignore[reportCallIssue, reportArgumentType, reportUntypedFunctionDecorator]
    def inner(raw: Input):
        first = parts["prepare"](raw=raw)
        return {"clean": first.outputs.out}

    @dsl.pipeline(compute="cpu")  # pyright: ignore[reportCallIssue, reportArgumentType, reportUntypedFunctionDecorator]
    def outer(raw: Input):
        one = inner(raw=raw)
        two = parts["train"](data=one.outputs.clean)  # pyright: ignore[reportAttributeAccessIssue, reportOptionalMemberAccess]
        return {"model": two.outputs.out}

    job = ml.jobs.create_or_update(outer(raw=Input(type="uri_folder", path=str(tmp_path))))

    assert ended(ml, job.name).status == "Completed"
    assert log_of(ml, children(ml, job.name)["two"].name) == "2\n"


def test_what_cannot_run_is_refused_when_it_is_submitted(ml: Any, parts: dict[str, Any]):
    @dsl.pipeline(compute="cpu")  # pyright: ignore[reportCallIssue, reportArgumentType, reportUntypedFunctionDecorator]
    def fine():
        parts["fail"]()

    job = ml.jobs.create_or_update(fine())
    body = ml.jobs._get_job(job.name).as_dict()
    asked: dict[str, Any] = {"jobType": "Pipeline", "jobs": body["properties"]["jobs"]}
    asked["jobs"]["again"] = {
        **asked["jobs"]["fail"],
        "inputs": {"x": {"job_input_type": "literal", "value": "${{parent.jobs.no.outputs.x}}"}},
    }

    answer = ml.jobs.service_client_01_2024_preview_arm.jobs
    with pytest.raises(HttpResponseError, match=r"bound to node 'no', which is not there") as refused:
        answer.create_or_update(
            id="refused", resource_group_name="jobs", workspace_name="jobs-ws", body={"properties": asked}
        )
    assert (refused.value.status_code, refused.value.error.code) == (400, "UserError")


def test_a_step_with_retries_is_started_again(ml: Any, parts: dict[str, Any]):
    """As Azure's parallel steps have them; azure-ai-ml has no word for them on others."""

    @dsl.pipeline(compute="cpu")  # pyright: ignore[reportCallIssue, reportArgumentType, reportUntypedFunctionDecorator]
    def fine():
        parts["fail"]()

    job = ml.jobs.create_or_update(fine())
    node = ml.jobs._get_job(job.name).as_dict()["properties"]["jobs"]["fail"]
    again = {"jobType": "Pipeline", "jobs": {"fail": {**node, "retry_settings": {"max_retries": 2}}}}
    ml.jobs.service_client_01_2024_preview_arm.jobs.create_or_update(
        id="with-retries", resource_group_name="jobs", workspace_name="jobs-ws", body={"properties": again}
    )

    assert ended(ml, "with-retries").status == "Failed"
    assert ended(ml, job.name).status == "Failed"
    steps = [children(ml, name)["fail"] for name in (job.name, "with-retries")]
    assert [step.properties["azureml.attempts"] for step in steps] == ["1", "3"]


REGIONS = [
    {
        "location": "westeurope",
        "acrDetails": [{"systemCreatedAcrAccount": {"acrAccountSku": "Premium"}}],
        "storageAccountDetails": [
            {"systemCreatedStorageAccount": {"storageAccountType": "Standard_LRS", "storageAccountHnsEnabled": False}}
        ],
    }
]


@pytest.fixture(scope="module")
def shared_component(azure: RunningAzure, ml: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A component of a registry with its environment and code."""
    tmp_path = tmp_path_factory.mktemp("shared")
    body = {"location": "westeurope", "identity": {"type": "SystemAssigned"}, "properties": {"regionDetails": REGIONS}}
    registry = "/resourceGroups/jobs/providers/Microsoft.MachineLearningServices/registries/jobs-registry"
    assert azure.arm("PUT", registry, body, api_version="2024-10-01").status_code in (200, 201, 202)
    shared = MLClient(DefaultAzureCredential(), azure.subscription_id, "jobs", registry_name="jobs-registry")
    environment = shared.environments.create_or_update(
        Environment(name="plain", version="1", image="example.org/image:1")
    )
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "text").write_text("from the registry\n")
    made: Any = command(
        name="shared",
        version="1",
        code=str(tmp_path / "src"),
        command="cat text; echo ${{inputs.number}} > ${{outputs.model}}/weights",
        environment=environment.id,
        inputs={"number": Input(type="integer", default=3)},
        outputs={"model": Output(type="custom_model")},
    ).component
    shared.components.create_or_update(made)
    return shared.components.get("shared", version="1")


def test_a_component_of_a_registry(ml: Any, shared_component: Any, tmp_path: Path):
    """What it made is registered, and read by a job; the step itself can be read too."""

    @dsl.pipeline(compute="cpu")  # pyright: ignore[reportCallIssue, reportArgumentType, reportUntypedFunctionDecorator]
    def learn():
        return {"model": shared_component(number=5).outputs.model}

    job = ml.jobs.create_or_update(learn())
    assert ended(ml, job.name).status == "Completed"
    assert [log_of(ml, child.name) for child in ml.jobs.list(parent_job_name=job.name)] == ["from the registry\n"]
    [step] = ml.jobs.list(parent_job_name=job.name)
    assert ml.jobs.get(step.name).status == "Completed"
    ml.jobs.download(step.name, output_name="model", download_path=str(tmp_path / "got"))
    assert next((tmp_path / "got").rglob("weights")).read_text() == "5\n"
    model = Model(name="shared", version="1", path=f"azureml://jobs/{job.name}/outputs/model", type="custom_model")
    ml.models.create_or_update(model)
    given = {"model": Input(type="custom_model", path="azureml:shared:1")}
    reader = ml.jobs.create_or_update(
        command(command="cat ${{inputs.model}}/weights", inputs=given, environment=ENVIRONMENT, compute="cpu")
    )
    assert ended(ml, reader.name).status == "Completed"
    assert log_of(ml, reader.name) == "5\n"


def test_a_sweep_over_a_component_of_a_registry(ml: Any, shared_component: Any):
    """The sweep and its trials can be read, and run the registry's code."""

    @dsl.pipeline(compute="cpu")  # pyright: ignore[reportCallIssue, reportArgumentType, reportUntypedFunctionDecorator]
    def tune():
        node: Any = shared_component(number=Choice([1, 2]))
        node = node.sweep(sampling_algorithm="grid", primary_metric="loss", goal="minimize")
        node.set_limits(max_total_trials=2)

    job = ml.jobs.create_or_update(tune())
    assert ended(ml, job.name).status == "Completed"
    [child] = ml.jobs.list(parent_job_name=job.name)
    assert ml.jobs.get(child.name).status == "Completed"
    trials = [ml.jobs.get(trial.name) for trial in ml.jobs.list(parent_job_name=child.name)]
    assert [log_of(ml, trial.name) for trial in trials] == ["from the registry\n"] * 2
