# SPDX-License-Identifier: Apache-2.0
"""Sweeps: trials over a space, and the best one by what they logged."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from azure.ai.ml import Output, command
from azure.ai.ml.sweep import BanditPolicy, Choice, Normal, QUniform, Uniform
from azure.core.exceptions import HttpResponseError

from tests.emulator.ml.jobs.conftest import ended, error_of, log_of, until

pytestmark = pytest.mark.azure_spec

# without MLflow, whose installation would take longer than the test
TRAIN = """
import json, os, pathlib, ssl, sys, time, urllib.request
rate, depth, out = float(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
loss = (rate - 0.2) ** 2 + depth
pathlib.Path(out, "model.json").write_text(json.dumps({"rate": rate, "depth": depth}))
body = {"run_id": os.environ["MLFLOW_RUN_ID"], "key": "loss", "value": loss, "timestamp": int(time.time() * 1000), "step": 0}
request = urllib.request.Request(
    os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/runs/log-metric",
    json.dumps(body).encode(),
    {"Authorization": "Bearer " + os.environ["MLFLOW_TRACKING_TOKEN"], "Content-Type": "application/json"},
)
context = ssl.create_default_context(cafile=os.environ["REQUESTS_CA_BUNDLE"])
urllib.request.urlopen(request, context=context, timeout=60)
print("rate", os.environ.get("AZUREML_SWEEP_rate"), "depth", depth)
"""


def base(folder: Path, line: str = "python train.py ${{inputs.rate}} ${{inputs.depth}} ${{outputs.model}}") -> Any:
    (folder / "src").mkdir(exist_ok=True)
    (folder / "src" / "train.py").write_text(TRAIN)
    return command(
        code=str(folder / "src"),
        command=line,
        inputs={"rate": 0.1, "depth": 1},
        outputs={"model": Output(type="uri_folder")},
        environment="plain:1",
        compute="cpu",
    )


def test_a_grid(ml: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    sweep = base(tmp_path)(rate=Choice([0.1, 0.2]), depth=Choice([2, 1])).sweep(
        sampling_algorithm="grid", primary_metric="loss", goal="minimize"
    )
    sweep.set_limits(max_total_trials=10, max_concurrent_trials=2, trial_timeout=600)
    job = ml.jobs.create_or_update(sweep)

    ml.jobs.stream(job.name)

    done = ml.jobs.get(job.name)
    assert done.status == "Completed"
    trials = {child.name: json.loads(child.tags["hyperparameters"]) for child in ml.jobs.list(parent_job_name=job.name)}
    assert sorted(trials) == [f"{job.name}_{number}" for number in range(4)]
    assert sorted(map(str, trials.values())) == sorted(
        str({"rate": rate, "depth": depth}) for rate in (0.1, 0.2) for depth in (1, 2)
    )
    best = done.properties["best_child_run_id"]
    assert trials[best] == {"rate": 0.2, "depth": 1}
    assert float(done.properties["score"]) == pytest.approx(1.0)
    assert log_of(ml, best) == "rate 0.2 depth 1\n"
    ml.jobs.download(job.name, output_name="model", download_path=str(tmp_path / "best"))
    assert json.loads(next((tmp_path / "best").rglob("model.json")).read_text()) == {"rate": 0.2, "depth": 1}
    assert f"The best trial is {best}" in capsys.readouterr().out


def test_a_named_output_is_registered_once(ml: Any, tmp_path: Path):
    """The best trial's, under exactly the version asked for: the first trial to end has no right to it."""
    named = Output(type="custom_model", name="swept", version="4")
    made = base(tmp_path)
    made.outputs["model"] = named
    sweep = made(rate=Choice([0.2]), depth=Choice([2, 1])).sweep(
        sampling_algorithm="grid", primary_metric="loss", goal="minimize"
    )
    sweep.outputs["model"] = named
    sweep.set_limits(max_total_trials=2, max_concurrent_trials=1)
    job = ml.jobs.create_or_update(sweep)

    assert ended(ml, job.name).status == "Completed"
    assert [trial.status for trial in ml.jobs.list(parent_job_name=job.name)] == ["Completed", "Completed"]
    assert [model.version for model in ml.models.list("swept")] == ["4"]
    model = ml.models.get("swept", "4")
    assert model.job_name == job.name
    ml.models.download("swept", "4", download_path=str(tmp_path / "got"))
    assert json.loads(next((tmp_path / "got").rglob("model.json")).read_text()) == {"rate": 0.2, "depth": 1}


def test_a_trial_that_falls_behind_is_terminated(ml: Any, tmp_path: Path):
    """By what it and the others have logged: the worse one would sleep for ten minutes."""
    line = "python train.py 0.2 ${{inputs.depth}} ${{outputs.model}}; [ ${{inputs.depth}} = 1 ] || sleep 600"
    sweep = base(tmp_path, line)(depth=Choice([1, 2])).sweep(
        sampling_algorithm="grid", primary_metric="loss", goal="minimize"
    )
    sweep.set_limits(max_total_trials=2, max_concurrent_trials=2)
    sweep.early_termination = BanditPolicy(slack_factor=0.1, evaluation_interval=1)
    job = ml.jobs.create_or_update(sweep)

    assert ended(ml, job.name).status == "Completed"
    status = {trial.tags["hyperparameters"]: trial.status for trial in ml.jobs.list(parent_job_name=job.name)}
    assert status == {'{"depth": 1}': "Completed", '{"depth": 2}': "Canceled"}


def test_random_samples(ml: Any, tmp_path: Path):
    """As many as the limit says, each from the distributions, none of them before its turn."""
    line = "echo ${{inputs.rate}} ${{inputs.depth}}"
    sweep = base(tmp_path, line)(rate=Uniform(0.5, 0.6), depth=QUniform(10, 20, 5)).sweep(
        sampling_algorithm="random", primary_metric="loss", goal="maximize"
    )
    sweep.set_limits(max_total_trials=3, max_concurrent_trials=1)
    job = ml.jobs.create_or_update(sweep)

    assert ended(ml, job.name).status == "Completed"
    trials = list(ml.jobs.list(parent_job_name=job.name))
    samples = [json.loads(trial.tags["hyperparameters"]) for trial in trials]
    assert len({sample["rate"] for sample in samples}) == 3
    assert all(0.5 <= sample["rate"] <= 0.6 and sample["depth"] in (10, 15, 20) for sample in samples)
    runs = sorted(
        (ml.jobs._runs_operations.get_run(trial.name) for trial in trials), key=lambda run: run.start_time_utc
    )
    assert all(before.end_time_utc <= after.start_time_utc for before, after in itertools.pairwise(runs))
    assert "best_child_run_id" not in ml.jobs.get(job.name).properties


def test_a_sweep_whose_trials_fail(ml: Any, tmp_path: Path):
    sweep = base(tmp_path, "exit ${{inputs.depth}}")(depth=Choice([1, 2])).sweep(
        sampling_algorithm="grid", primary_metric="loss", goal="minimize"
    )
    sweep.set_limits(max_total_trials=2)
    job = ml.jobs.create_or_update(sweep)

    assert ended(ml, job.name).status == "Failed"
    assert "Every trial of the sweep failed" in error_of(ml, job.name).message


def test_a_canceled_sweep_cancels_its_trials(ml: Any, tmp_path: Path):
    sweep = base(tmp_path, "sleep 600; echo ${{inputs.depth}}")(depth=Choice([1, 2])).sweep(
        sampling_algorithm="grid", primary_metric="loss", goal="minimize"
    )
    sweep.set_limits(max_total_trials=2)
    job = ml.jobs.create_or_update(sweep)
    trials = until(lambda: (found := list(ml.jobs.list(parent_job_name=job.name))) and len(found) == 2 and found)

    ml.jobs.begin_cancel(job.name).result()

    assert ended(ml, job.name).status == "Canceled"
    assert [ended(ml, trial.name).status for trial in trials] == ["Canceled", "Canceled"]


def test_a_space_that_cannot_be_sampled_is_refused(ml: Any, tmp_path: Path):
    sweep = base(tmp_path)(rate=Normal(0, 1), depth=Choice([1])).sweep(
        sampling_algorithm="grid", primary_metric="loss", goal="minimize"
    )
    sweep.set_limits(max_total_trials=2)

    with pytest.raises(HttpResponseError, match="Grid sampling takes choices only, but 'rate' is 'normal'"):
        ml.jobs.create_or_update(sweep)
