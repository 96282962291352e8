# SPDX-License-Identifier: Apache-2.0
"""Where and how long jobs run: queues, limits, usage, streams, and the death of the emulator."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import Any

import psutil
import pytest
from azure.ai.ml import Input, Output, command, dsl
from azure.ai.ml.entities import AmlCompute, ComputeInstance

from tests.emulator.ml.jobs.conftest import client_of, ended, error_of, log_of, until
from tests.fixtures import azure as fixtures
from tests.fixtures.azure import RunningAzure

pytestmark = pytest.mark.azure_spec


def submit(ml: Any, line: str, **options: Any) -> Any:
    given: dict[str, Any] = {"environment": "plain:1", "compute": "cpu", **options}
    return ml.jobs.create_or_update(command(command=line, **given))


def pid_of(path: Path) -> psutil.Process:
    until(lambda: path.exists() and path.read_text().strip())
    return psutil.Process(int(path.read_text()))


def test_the_log_is_streamed_while_the_job_runs(ml: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    job = submit(ml, f"echo first; while [ ! -e {tmp_path}/go ]; do sleep 0.1; done; echo last")
    stream = threading.Thread(target=ml.jobs.stream, args=(job.name,))
    said = ""

    stream.start()
    while "first" not in said:
        said += until(lambda: capsys.readouterr().out)
    assert stream.is_alive()
    assert "last" not in said
    (tmp_path / "go").touch()
    stream.join(60)

    assert "last" in capsys.readouterr().out
    assert not stream.is_alive()


def test_jobs_beyond_the_nodes_of_a_cluster_are_queued(azure: RunningAzure, ml: Any, tmp_path: Path):
    ml.compute.begin_create_or_update(AmlCompute(name="narrow", size="Standard_DS3_v2", max_instances=1)).result()
    first = submit(ml, f"touch {tmp_path}/up; while [ ! -e {tmp_path}/go ]; do sleep 0.1; done", compute="narrow")
    until((tmp_path / "up").exists)
    second = submit(ml, "echo", compute="narrow")
    until(lambda: ml.jobs.get(second.name).status == "Queued")

    shown = ml.compute.get("narrow")
    answer = azure.arm("GET", shown.id, api_version="2024-10-01").json()["properties"]["properties"]
    nodes = azure.arm("POST", f"{shown.id}/listNodes", api_version="2024-10-01").json()["nodes"]
    (tmp_path / "go").touch()

    assert (answer["currentNodeCount"], answer["nodeStateCounts"]["runningNodeCount"]) == (1, 1)
    assert [(node["runId"], node["nodeState"]) for node in nodes] == [(first.name, "running")]
    assert [ended(ml, job.name).status for job in (first, second)] == ["Completed", "Completed"]


def test_a_queued_job_can_be_canceled(ml: Any, tmp_path: Path):
    ml.compute.begin_create_or_update(AmlCompute(name="small", size="Standard_DS3_v2", max_instances=1)).result()
    first = submit(ml, f"touch {tmp_path}/up; while [ ! -e {tmp_path}/go ]; do sleep 0.1; done", compute="small")
    until((tmp_path / "up").exists)
    second = submit(ml, f"touch {tmp_path}/never", compute="small")

    ml.jobs.begin_cancel(second.name).result()
    (tmp_path / "go").touch()

    assert [ended(ml, job.name).status for job in (first, second)] == ["Completed", "Canceled"]
    assert not (tmp_path / "never").exists()


def test_how_many_jobs_run_at_once_can_be_set(azure: RunningAzure, ml: Any, tmp_path: Path):
    azure.control("POST", "settings", {"job_processes": 1})
    try:
        first = submit(ml, f"touch {tmp_path}/up; while [ ! -e {tmp_path}/go ]; do sleep 0.1; done")
        until((tmp_path / "up").exists)
        second = submit(ml, "echo", compute=None)
        until(lambda: ml.jobs.get(second.name).status == "Queued")
        (tmp_path / "go").touch()
        assert [ended(ml, job.name).status for job in (first, second)] == ["Completed", "Completed"]
    finally:
        azure.control("POST", "settings", {"job_processes": 0})


def test_a_stopped_instance_runs_nothing(ml: Any):
    ml.compute.begin_create_or_update(ComputeInstance(name="jobs-ci", size="Standard_DS3_v2")).result()
    assert ended(ml, submit(ml, "echo", compute="jobs-ci").name).status == "Completed"

    ml.compute.begin_stop("jobs-ci").result()

    with pytest.raises(Exception, match="Compute instance 'jobs-ci' is stopped"):
        submit(ml, "echo", compute="jobs-ci")


def test_serverless_compute(ml: Any):
    job = submit(ml, "echo here", compute=None, resources={"instance_type": "Standard_D4s_v3", "instance_count": 1})

    assert ended(ml, job.name).status == "Completed"
    compute = ml.jobs._runs_operations.get_run(job.name).compute
    assert (compute.target, compute.vm_size) == ("serverless", "Standard_D4s_v3")


def test_a_limit_by_the_clock_and_what_was_used(fresh_azure: RunningAzure, fresh_ml: Any, tmp_path: Path):
    """The job is canceled when its time is up; its node idles, and goes."""
    ml = fresh_ml
    job = submit(ml, f"echo $$ > {tmp_path}/pid; sleep 600", timeout=3600)
    process = pid_of(tmp_path / "pid")

    fresh_azure.clock(advance=3600)

    assert ended(ml, job.name).status == "Canceled"
    assert not process.is_running()
    assert "limit of 3600 s" in ml.jobs._runs_operations.get_run(job.name).cancelation_reason
    used = fresh_azure.control("GET", "usage")
    (cluster,), (ran,) = used["computes"], used["jobs"]
    assert (cluster["nodes"], ran["compute"], ran["nodes"]) == (1, "cpu", 1)
    assert 3600 <= ran["nodeSeconds"] < 3660
    assert ran["nodeSeconds"] <= cluster["nodeSeconds"] < 3720
    fresh_azure.clock(advance=3600)
    (after,) = fresh_azure.control("GET", "usage")["computes"]
    assert (after["nodes"], after["vmSize"]) == (0, "Standard_DS3_v2")
    idle = 60
    assert ran["nodeSeconds"] + idle - 1 < after["nodeSeconds"] < ran["nodeSeconds"] + idle + 10


def test_reset_ends_what_runs(fresh_azure: RunningAzure, fresh_ml: Any, tmp_path: Path):
    submit(fresh_ml, f"echo $$ > {tmp_path}/pid; sleep 600")
    process = pid_of(tmp_path / "pid")

    fresh_azure.control("POST", "reset")

    until(lambda: not process.is_running())
    until(lambda: not any((fresh_azure.folder / "ml" / "jobs").glob("*")))


def two_steps(line: str) -> Any:
    """A pipeline on low-priority nodes: a line, and what reads what it wrote."""

    def step(name: str, line: str, **inputs: Any) -> Any:
        kinds = dict.fromkeys(inputs, Input(type="uri_folder"))
        outputs = {"out": Output(type="uri_folder")}
        return command(name=name, command=line, environment="plain:1", inputs=kinds, outputs=outputs)(**inputs)

    @dsl.pipeline(compute="spot")  # pyright: ignore[reportCallIssue, reportArgumentType, reportUntypedFunctionDecorator]
    def both():
        first = step("first", f"{line} | tee ${{{{outputs.out}}}}/said")
        step("second", "cat ${{inputs.data}}/said", data=first.outputs.out)

    return both()


def test_kill_9(tmp_path: Path):
    """What ran is over: it fails, on low-priority nodes it is started again; what was queued runs; pipelines go on."""
    folder = tmp_path / "azure"
    with pytest.MonkeyPatch.context() as patch:
        azure = fixtures.start(folder)
        try:
            ml = client_of(azure, patch)
            spot = AmlCompute(name="spot", size="Standard_DS3_v2", max_instances=1, tier="low_priority")
            ml.compute.begin_create_or_update(spot).result()
            again = tmp_path / "again"
            failing = submit(ml, f"echo $$ > {tmp_path}/a; sleep 600")
            line = f"(echo $$ > {tmp_path}/b; [ -e {again} ] || sleep 600; echo done)"
            pipeline = ml.jobs.create_or_update(two_steps(line))
            processes = [pid_of(tmp_path / name) for name in "ab"]
            queued = submit(ml, "echo late", compute="spot")
            until(lambda: ml.jobs.get(queued.name).status == "Queued")

            os.kill(azure.process.pid, signal.SIGKILL)
            azure.process.wait(10)
            until(lambda: not any(process.is_running() for process in processes))
        finally:
            fixtures.stop(azure)
        again.touch()
        ports = ("--http-port", azure.http.rsplit(":", 1)[1], "--https-port", azure.https.rsplit(":", 1)[1])
        with fixtures.running(folder, *ports):
            assert ended(ml, failing.name).status == "Failed"
            assert "ended while the job ran" in error_of(ml, failing.name).message
            assert ended(ml, pipeline.name).status == "Completed"
            steps = {child.display_name: child for child in ml.jobs.list(parent_job_name=pipeline.name)}
            assert {name: child.status for name, child in steps.items()} == {
                "first": "Completed",
                "second": "Completed",
            }
            assert [log_of(ml, steps[name].name) for name in ("first", "second")] == ["done\n", "done\n"]
            assert ended(ml, queued.name).status == "Completed"
            until(lambda: not any((folder / "ml" / "jobs").glob("*")))


def test_a_workspace_without_its_storage(fresh_azure: RunningAzure, fresh_ml: Any, tmp_path: Path):
    """It fails with a word about why, and so does what runs while its storage account goes."""
    ml = fresh_ml
    account = fresh_ml.workspaces.get("jobs-ws").storage_account
    running = submit(ml, f"while [ ! -e {tmp_path}/go ]; do sleep 0.1; done; echo 1 > outputs/one")
    until(lambda: ml.jobs.get(running.name).status == "Running")
    fresh_azure.arm("DELETE", account, api_version="2024-01-01")
    (tmp_path / "go").touch()

    jobs = [running, submit(ml, "echo")]

    assert [ended(ml, job.name).status for job in jobs] == ["Failed", "Failed"]
    assert "there is no storage account" in error_of(ml, jobs[0].name).message
    assert "of the workspace, which keeps its files, is not there" in error_of(ml, jobs[1].name).message


def test_a_deleted_job_ends_and_its_name_is_free(azure: RunningAzure, ml: Any, tmp_path: Path):
    first = submit(ml, f"echo $$ > {tmp_path}/pid; sleep 600", name="named")
    process = pid_of(tmp_path / "pid")

    azure.arm("DELETE", first.id, api_version="2024-10-01")
    second = submit(ml, "echo anew", name="named")

    assert ended(ml, second.name).status == "Completed"
    assert not process.is_running()
    assert log_of(ml, "named") == "anew\n"


def test_deleting_a_cluster_cancels_what_runs_on_it(ml: Any, tmp_path: Path):
    ml.compute.begin_create_or_update(AmlCompute(name="leaving", size="Standard_DS3_v2", max_instances=1)).result()
    running = submit(ml, f"echo $$ > {tmp_path}/pid; sleep 600", compute="leaving")
    process = pid_of(tmp_path / "pid")
    queued = submit(ml, "echo", compute="leaving")

    ml.compute.begin_delete("leaving").result()

    assert ended(ml, running.name).status == "Canceled"
    assert not process.is_running()
    assert ended(ml, queued.name).status == "Failed"
    assert "Compute 'leaving' was not found" in error_of(ml, queued.name).message
