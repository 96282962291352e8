# SPDX-License-Identifier: Apache-2.0
"""Pipelines are refused when they are submitted for what commands and sweeps are refused for."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from azure.ai.ml import Input, Output, command, dsl
from azure.ai.ml.entities import JobResourceConfiguration
from azure.ai.ml.sweep import Choice, Uniform
from azure.core.exceptions import HttpResponseError

from tests.emulator.ml.jobs.conftest import ended

pytestmark = pytest.mark.azure_spec

DATA = "azureml://datastores/workspaceblobstore/paths/data/"


def copying(**extra: Any) -> Any:
    return command(
        command="ls ${{inputs.data}}; echo ${{inputs.rate}} > ${{outputs.out}}/rate",
        environment="plain:1",
        inputs={"data": Input(type="uri_folder", path=DATA), "rate": Input(type="number", default=1)},
        outputs={"out": Output(type="uri_folder")},
        **extra,
    ).component


def pipeline(fill: Callable[[], Any], compute: str | None = "cpu") -> Any:
    @dsl.pipeline(default_compute=compute)  # pyright: ignore[reportCallIssue, reportArgumentType, reportUntypedFunctionDecorator]
    def made():
        fill()

    return made()


def plain(path: str = DATA) -> Any:
    return copying()(data=Input(type="uri_folder", path=path))


def many() -> None:
    plain().resources = JobResourceConfiguration(instance_count=99)


def sweep(**space: Any) -> None:
    node = copying()(data=Input(type="uri_folder", path=DATA), **space)
    node = node.sweep(sampling_algorithm="grid", primary_metric="loss", goal="minimize")
    node.set_limits(max_total_trials=2)


def inside(fill: Callable[[], Any]) -> Callable[[], Any]:
    """A pipeline in which there is another one with the nodes."""

    def outer() -> None:
        @dsl.pipeline()  # pyright: ignore[reportCallIssue, reportArgumentType, reportUntypedFunctionDecorator]
        def inner():
            fill()

        inner()

    return outer


@pytest.mark.parametrize(
    ("fill", "compute", "message"),
    [
        (plain, "nope", "Compute 'nope' was not found in the workspace"),
        (many, "cpu", "The job needs 99 nodes, but compute 'cpu' has at most 4"),
        (lambda: plain("azureml:nope:1"), "cpu", "The input 'data' .*'jobs-ws' has no data asset 'nope'"),
        (lambda: sweep(rate=Uniform(0, 1)), "cpu", "Grid sampling takes choices only, but 'rate' is 'uniform'"),
    ],
    ids=["compute", "nodes", "asset", "space"],
)
@pytest.mark.parametrize("nested", [False, True], ids=["", "nested"])
def test_what_ends_badly_is_refused(ml: Any, fill: Callable[[], Any], compute: str, message: str, *, nested: bool):
    with pytest.raises(HttpResponseError, match=message) as refused:
        ml.jobs.create_or_update(pipeline(inside(fill) if nested else fill, compute))
    assert (refused.value.status_code, refused.value.error.code) == (400, "UserError")


def test_inputs_that_are_bound_are_no_references(ml: Any, tmp_path: Path):
    """To the parent's, through two pipelines; each node runs on the compute of the outer one."""

    @dsl.pipeline()  # pyright: ignore[reportCallIssue, reportArgumentType, reportUntypedFunctionDecorator]
    def inner(rate: float, data: Input):
        one = copying()(rate=rate, data=data)
        copying()(data=one.outputs.out)

    @dsl.pipeline(default_compute="cpu")  # pyright: ignore[reportCallIssue, reportArgumentType, reportUntypedFunctionDecorator]
    def outer(rate: float, data: Input):
        inner(rate=rate, data=data)
        node: Any = copying()(data=data, rate=Choice([1, 2]))
        node.sweep(sampling_algorithm="grid", primary_metric="loss", goal="minimize").set_limits(max_total_trials=2)

    (tmp_path / "text").write_text("text")
    job = ml.jobs.create_or_update(outer(rate=2.0, data=Input(type="uri_folder", path=str(tmp_path))))

    assert ended(ml, job.name).status == "Completed"
