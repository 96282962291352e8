# SPDX-License-Identifier: Apache-2.0
"""Schedules with Microsoft's client, on a server whose clock the tests move."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from azure.ai.ml import Input, Output, command, dsl
from azure.ai.ml.entities import (
    AmlCompute,
    BatchEndpoint,
    CodeConfiguration,
    CronTrigger,
    Data,
    JobSchedule,
    Model,
    ModelBatchDeployment,
    ModelBatchDeploymentSettings,
    RecurrencePattern,
    RecurrenceTrigger,
)
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from tests.emulator.ml.jobs.conftest import CLOUD, client_of, ended, until
from tests.fixtures.azure import RunningAzure, start, stop

DAY = 86400.0


def now(azure: RunningAzure) -> datetime:
    return datetime.fromisoformat(azure.control("GET", "clock")["now"])


def pipeline(text: str = "on schedule") -> Any:
    say = command(
        name="say",
        command="echo ${{inputs.text}} > ${{outputs.said}}/said.txt",
        environment="azureml:plain:1",
        compute="cpu",
        inputs={"text": Input(type="string")},
        outputs={"said": Output(type="uri_folder")},
    )

    @dsl.pipeline(name="speaking")  # pyright: ignore[reportCallIssue, reportArgumentType, reportUntypedFunctionDecorator]
    def speaking(text: str):
        step = say(text=text)
        return {"said": step.outputs.said}

    return speaking(text=text)  # pyright: ignore[reportCallIssue]


def jobs_of(ml: Any, name: str) -> list[Any]:
    return list(ml.jobs.list(scheduled_job_name=name))


def advance(azure: RunningAzure, ml: Any, name: str, seconds: float, count: int) -> list[Any]:
    """Move the clock; the jobs of a schedule once there are as many as expected, the newest first."""
    azure.clock(advance=seconds)
    return until(lambda: len(found := jobs_of(ml, name)) >= count and found)


def create(ml: Any, name: str, trigger: Any, job: Any = None) -> Any:
    schedule = JobSchedule(name=name, trigger=trigger, create_job=job or pipeline())
    return ml.schedules.begin_create_or_update(schedule).result()


def disable(ml: Any, name: str) -> None:
    ml.schedules.begin_disable(name).result()


def refusal(ml: Any, name: str, trigger: Any, job: Any = None) -> str:
    with pytest.raises(HttpResponseError) as refused:
        create(ml, name, trigger, job)
    assert refused.value.status_code == 400
    return str(refused.value)


@pytest.mark.azure_spec
def test_a_cron_schedule_submits_its_pipeline_when_the_clock_passes(clocked: RunningAzure, ml: Any, tmp_path: Path):
    schedule = JobSchedule(
        name="nightly",
        trigger=CronTrigger(expression="30 2 * * *"),
        create_job=pipeline("${{creation_context.trigger_time}}"),
    )
    made = ml.schedules.begin_create_or_update(schedule).result()
    assert (made.is_enabled, made.provisioning_state, made.trigger.expression) == (True, "Succeeded", "30 2 * * *")
    before = now(clocked)
    due = before.replace(hour=2, minute=30, second=0, microsecond=0)
    due += timedelta(days=1) if due <= before else timedelta(0)

    assert jobs_of(ml, "nightly") == []
    job = advance(clocked, ml, "nightly", DAY, 1)[0]

    assert job.display_name == due.strftime("nightly-%Y%m%dT%H%M%SZ")
    assert job.properties["azureml.scheduleId"] == "nightly"
    assert ended(ml, job.name).status == "Completed"
    ml.jobs.download(name=job.name, download_path=tmp_path, output_name="said")
    assert next(tmp_path.rglob("said.txt")).read_text().strip() == due.strftime("%Y-%m-%dT%H:%M:%SZ")
    disable(ml, "nightly")


@pytest.mark.azure_assumed
def test_a_long_advance_submits_one_job_and_not_all_that_were_missed(clocked: RunningAzure, ml: Any):
    create(ml, "hourly", CronTrigger(expression="0 * * * *"))

    jobs = advance(clocked, ml, "hourly", 10 * DAY, 1)

    [due] = [datetime.strptime(f"{job.display_name}+0000", "hourly-%Y%m%dT%H%M%SZ%z") for job in jobs]
    assert (due.minute, due.second) == (0, 0)
    assert timedelta(0) <= now(clocked) - due < timedelta(hours=2)
    assert len(advance(clocked, ml, "hourly", 3600, 2)) == 2
    disable(ml, "hourly")


@pytest.mark.azure_spec
def test_a_recurrence_without_start_runs_at_once_and_then_counts_from_there(clocked: RunningAzure, ml: Any):
    create(ml, "often", RecurrenceTrigger(frequency="minute", interval=45))

    first = until(lambda: jobs_of(ml, "often"))
    second = advance(clocked, ml, "often", 45 * 60 + 1, 2)

    assert len(first) == 1
    times = [datetime.strptime(job.display_name, "often-%Y%m%dT%H%M%SZ") for job in second]
    assert times[0] - times[1] == timedelta(minutes=45)
    disable(ml, "often")


@pytest.mark.azure_spec
def test_a_recurrence_with_a_pattern_in_a_time_zone(clocked: RunningAzure, ml: Any):
    pattern = RecurrencePattern(hours=9, minutes=[0, 30], week_days="monday")
    create(
        ml,
        "mondays",
        RecurrenceTrigger(frequency="week", interval=1, schedule=pattern, time_zone="Tokyo Standard Time"),
    )
    assert ml.schedules.get("mondays").trigger.schedule.week_days == ["Monday"]

    job = advance(clocked, ml, "mondays", 7 * DAY, 1)[0]

    due = datetime.strptime(job.display_name, "mondays-%Y%m%dT%H%M%SZ")
    assert (due.weekday(), due.hour, due.minute) in [(0, 0, 30), (0, 0, 0)]  # nine in Tokyo is midnight in UTC
    disable(ml, "mondays")


@pytest.mark.azure_assumed
def test_a_disabled_schedule_rests_and_makes_up_for_nothing(clocked: RunningAzure, ml: Any):
    create(ml, "resting", CronTrigger(expression="*/5 * * * *"))
    disable(ml, "resting")

    clocked.clock(advance=DAY)
    assert ml.schedules.get("resting").is_enabled is False
    assert "resting" not in [each.name for each in ml.schedules.list()]
    assert "resting" in [each.name for each in ml.schedules.list(list_view_type="All")]
    with pytest.raises(HttpResponseError, match="enable it first"):
        ml.schedules.trigger("resting")
    ml.schedules.begin_enable("resting").result()
    jobs = advance(clocked, ml, "resting", 300, 1)

    assert len(jobs) == 1
    disable(ml, "resting")


@pytest.mark.azure_spec
def test_a_schedule_is_triggered_by_hand(ml: Any):
    create(ml, "by-hand", CronTrigger(expression="0 0 * * *"))

    started = ml.schedules.trigger("by-hand")

    assert started.schedule_action_type == "CreateJob"
    assert ended(ml, started.job_name).status == "Completed"
    assert [job.name for job in jobs_of(ml, "by-hand")] == [started.job_name]
    disable(ml, "by-hand")


@pytest.mark.azure_assumed
def test_a_trigger_by_hand_takes_the_emulators_time_where_the_client_names_none(clocked: RunningAzure, ml: Any):
    create(ml, "by-which-time", CronTrigger(expression="0 0 1 1 *"))
    clocked.clock(advance=DAY)

    by_client, by_emulator = (
        datetime.strptime(ml.schedules.trigger("by-which-time", **said).job_name, "by-which-time-%Y%m%dT%H%M%S%z")
        for said in ({}, {"schedule_time": None})
    )

    assert abs(datetime.now(UTC) - by_client) < timedelta(hours=1)
    assert abs(now(clocked) - by_emulator) < timedelta(hours=1)
    disable(ml, "by-which-time")


@pytest.mark.azure_spec
def test_only_a_disabled_schedule_is_deleted(ml: Any):
    create(ml, "leaving", CronTrigger(expression="0 0 * * *"))

    with pytest.raises(HttpResponseError, match="disable it before you delete it"):
        ml.schedules.begin_delete("leaving").result()
    disable(ml, "leaving")
    ml.schedules.begin_delete("leaving").result()

    with pytest.raises(ResourceNotFoundError):
        ml.schedules.get("leaving")


@pytest.mark.azure_spec
def test_a_job_that_ran_before_is_repeated(clocked: RunningAzure, ml: Any, tmp_path: Path):
    source = ml.jobs.create_or_update(pipeline("said before"), experiment_name="first")
    assert ended(ml, source.name).status == "Completed"

    create(ml, "repeating", CronTrigger(expression="0 0 * * *"), source.id)
    job = advance(clocked, ml, "repeating", DAY, 1)[0]

    assert ended(ml, job.name).status == "Completed"
    assert job.experiment_name == "first"
    ml.jobs.download(name=job.name, download_path=tmp_path, output_name="said")
    assert next(tmp_path.rglob("said.txt")).read_text() == "said before\n"
    disable(ml, "repeating")


@pytest.mark.azure_assumed
def test_what_cannot_be_scheduled_is_refused(clocked: RunningAzure, ml: Any):
    daily: dict[str, Any] = {"frequency": "day", "interval": 1}
    yesterday = (now(clocked) - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S")

    assert "five: minutes" in refusal(ml, "bad", CronTrigger(expression="0 0 0 * * *"))
    assert "no time zone" in refusal(ml, "bad", CronTrigger(expression="0 0 * * *", time_zone="Europe/Berlin"))
    ends = RecurrenceTrigger(**daily, start_time="2020-01-01T00:00:00", end_time=yesterday)
    assert "has passed" in refusal(ml, "bad", ends)
    assert "interval must be" in refusal(ml, "bad", RecurrenceTrigger(frequency="day", interval=0))
    assert "does not exist" in refusal(ml, "bad", RecurrenceTrigger(**daily), f"{ml.workspaces.get().id}/jobs/nothing")


@pytest.mark.azure_assumed
def test_a_job_whose_compute_has_gone_is_there_and_says_so(clocked: RunningAzure, ml: Any):
    ml.compute.begin_create_or_update(AmlCompute(name="short-lived", size="Standard_DS3_v2", max_instances=1)).result()
    job = pipeline()
    job.settings.default_compute = "short-lived"
    job.jobs["step"].compute = None
    create(ml, "homeless", CronTrigger(expression="0 0 * * *"), job)
    ml.compute.begin_delete("short-lived", action="Delete").result()

    submitted = advance(clocked, ml, "homeless", DAY, 1)[0]

    assert ended(ml, submitted.name).status == "Failed"
    disable(ml, "homeless")


@pytest.mark.azure_assumed
def test_schedules_survive_the_death_of_the_emulator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    server = start(tmp_path / "azure")
    try:
        create(client_of(server, monkeypatch), "lasting", CronTrigger(expression="0 0 * * *"))
        server.process.kill()
        server.process.wait()

        server = start(tmp_path / "azure")
        ml = client_of(server, monkeypatch)
        assert len(advance(server, ml, "lasting", DAY, 1)) == 1
    finally:
        stop(server)
        os.environ.pop(CLOUD, None)


@pytest.mark.azure_assumed
def test_a_batch_endpoint_is_invoked_on_schedule(clocked: RunningAzure, ml: Any, tmp_path: Path):
    code, data = tmp_path / "code", tmp_path / "data"
    for folder, name, text in ((code, "score.py", "def run(files): return files"), (data, "one.txt", "1")):
        folder.mkdir()
        (folder / name).write_text(text)
    ml.models.create_or_update(Model(name="any", version="1", path=data / "one.txt", type="custom_model"))
    numbers = ml.data.create_or_update(Data(name="numbers", path=str(data), type="uri_folder"))
    ml.batch_endpoints.begin_create_or_update(BatchEndpoint(name="on-schedule")).result()
    deployment = ModelBatchDeployment(
        name="only",
        endpoint_name="on-schedule",
        model="azureml:any:1",
        environment="azureml:plain:1",
        code_configuration=CodeConfiguration(code=str(code), scoring_script="score.py"),
        compute="cpu",
        settings=ModelBatchDeploymentSettings(mini_batch_size=1),
    )
    ml.batch_deployments.begin_create_or_update(deployment).result()
    inputs = {"data": {"jobInputType": "UriFolder", "uri": numbers.id}}
    definition: dict[str, Any] = {"endpointName": "on-schedule", "deploymentName": "only", "inputData": inputs}
    body: dict[str, Any] = {
        "trigger": {"triggerType": "Cron", "expression": "0 6 * * *"},
        "action": {"actionType": "InvokeBatchEndpoint", "endpointInvocationDefinition": definition},
    }
    # azure-ai-ml has no such schedule
    path = f"{ml.batch_endpoints.get('on-schedule').id.rsplit('/', 2)[0]}/schedules/scoring"
    answer = clocked.arm("PUT", path, {"properties": body}, api_version="2024-10-01")
    assert answer.status_code == 201, answer.text

    job = advance(clocked, ml, "scoring", DAY, 1)[0]

    assert ended(ml, job.name).status == "Completed"
    assert [each.name for each in ml.batch_endpoints.list_jobs("on-schedule")] == [job.name]
    body["action"]["endpointInvocationDefinition"] = {**definition, "endpointName": "nothing"}
    assert clocked.arm("PUT", path, {"properties": body}, api_version="2024-10-01").status_code == 400
    clocked.arm("PUT", path, {"properties": {**answer.json()["properties"], "isEnabled": False}})
