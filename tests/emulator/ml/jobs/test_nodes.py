# SPDX-License-Identifier: Apache-2.0
"""What a node of a pipeline says of itself holds for the job that it becomes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from azure.ai.ml import Output, command, dsl
from azure.ai.ml.entities import JupyterLabJobService, QueueSettings, UserIdentityConfiguration
from azure.ai.ml.sweep import BanditPolicy, Choice, RandomSamplingAlgorithm
from azure.core.exceptions import HttpResponseError

from tests.emulator.ml.jobs.conftest import ended
from tests.emulator.ml.jobs.test_sweep import base

pytestmark = pytest.mark.azure_spec


def step(ml: Any, pipeline: Any) -> Any:
    """The job of the only node, once the pipeline is over."""
    job = ml.jobs.create_or_update(pipeline)
    assert ended(ml, job.name).status == "Completed"
    [child] = ml.jobs.list(parent_job_name=job.name)
    return ml.jobs.get(child.name)


def test_a_named_output_is_registered(ml: Any):
    writing = command(
        command="echo made > ${{outputs.out}}/text",
        environment="plain:1",
        outputs={"out": Output(type="uri_folder")},
    )

    @dsl.pipeline(compute="cpu")  # pyright: ignore[reportCallIssue, reportArgumentType, reportUntypedFunctionDecorator]
    def write():
        node: Any = writing()
        node.outputs.out = Output(type="uri_folder", name="of-a-node", version="7")

    child = step(ml, write())

    assert (child.outputs["out"].name, child.outputs["out"].version) == ("of-a-node", "7")
    assert ml.data.get("of-a-node", "7").path.endswith(f"/azureml/{child.name}/out/")


def test_the_named_output_of_a_sweep_node_is_the_best_trials(ml: Any, tmp_path: Path):
    @dsl.pipeline(compute="cpu")  # pyright: ignore[reportCallIssue, reportArgumentType, reportUntypedFunctionDecorator]
    def sweep():
        node: Any = base(tmp_path)(rate=Choice([0.2]), depth=Choice([2, 1])).sweep(
            sampling_algorithm="grid", primary_metric="loss", goal="minimize"
        )
        node.set_limits(max_total_trials=2)
        node.outputs.model = Output(type="uri_folder", name="of-a-sweep-node", version="3")

    child = step(ml, sweep())

    assert [each.version for each in ml.data.list("of-a-sweep-node")] == ["3"]
    best = child.properties["best_child_run_id"]
    assert ml.data.get("of-a-sweep-node", "3").path.endswith(f"/azureml/{best}/model/")


def test_a_sweep_node_keeps_its_policy_and_how_it_samples(ml: Any, tmp_path: Path):
    """The worse trial would sleep for ten minutes, were it not terminated."""
    line = "python train.py 0.2 ${{inputs.depth}} ${{outputs.model}}; [ ${{inputs.depth}} = 1 ] || sleep 600"

    @dsl.pipeline(compute="cpu")  # pyright: ignore[reportCallIssue, reportArgumentType, reportUntypedFunctionDecorator]
    def sweep():
        node: Any = base(tmp_path, line)(depth=Choice([1, 2])).sweep(
            sampling_algorithm=RandomSamplingAlgorithm(rule="sobol", seed=5, logbase="e"),
            primary_metric="loss",
            goal="minimize",
        )
        node.set_limits(max_total_trials=2)
        node.early_termination = BanditPolicy(slack_factor=0.1, evaluation_interval=1)
        node.queue_settings = QueueSettings(job_tier="standard", priority="low")

    child = step(ml, sweep())

    policy = child.early_termination
    assert isinstance(policy, BanditPolicy)
    assert (policy.slack_factor, policy.evaluation_interval) == (0.1, 1)
    sampling = child.sampling_algorithm
    assert (sampling.rule.lower(), sampling.seed, sampling.logbase) == ("sobol", 5, "e")
    trials = list(ml.jobs.list(parent_job_name=child.name))
    assert sorted(trial.status for trial in trials) == ["Canceled", "Completed"]
    for job in (child, *trials):
        queue = ml.jobs._get_job(job.name).as_dict()["properties"]["queueSettings"]
        assert queue == {"jobTier": "Standard", "priority": 1}


def test_a_node_keeps_its_identity_queue_and_services(ml: Any):
    writing = command(command="echo fine", environment="plain:1")

    @dsl.pipeline(compute="cpu")  # pyright: ignore[reportCallIssue, reportArgumentType, reportUntypedFunctionDecorator]
    def write():
        node: Any = writing()
        node.identity = UserIdentityConfiguration()
        node.queue_settings = QueueSettings(job_tier="spot", priority="high")
        node.services = {"lab": JupyterLabJobService(nodes="all")}

    child = step(ml, write())

    assert child.identity == UserIdentityConfiguration()
    assert (child.queue_settings.job_tier, child.queue_settings.priority) == ("spot", "high")
    assert isinstance(child.services["lab"], JupyterLabJobService)
    assert child.services["lab"].nodes == "all"


def test_a_compute_that_is_an_input_of_the_pipeline(ml: Any):
    """Through a pipeline inside of a pipeline too; one that is not there is refused at once."""
    saying = command(command="echo said", environment="plain:1")

    @dsl.pipeline()  # pyright: ignore[reportCallIssue, reportUntypedFunctionDecorator]
    def inner(where="cpu"):
        node: Any = saying()
        node.compute = where

    @dsl.pipeline()  # pyright: ignore[reportCallIssue, reportUntypedFunctionDecorator]
    def outer(where="cpu"):
        inner(where=where)

    assert step(ml, inner(where="cpu")).compute == "cpu"
    job = ml.jobs.create_or_update(outer(where="cpu"))
    assert ended(ml, job.name).status == "Completed"
    with pytest.raises(HttpResponseError, match="nowhere"):
        ml.jobs.create_or_update(inner(where="nowhere"))
