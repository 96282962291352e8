# SPDX-License-Identifier: Apache-2.0
"""Which jobs are taken: what a PUT of a new one is refused for, with 400 UserError. What a client does not look up is looked up here."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Final

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.resource import Write
from groundplan_emulator.ml import references
from groundplan_emulator.ml.jobs import graph, inputs, placeholders, placement, sampling, steps, sweep_nodes
from groundplan_emulator.ml.jobs.computes import id_of
from groundplan_emulator.ml.jobs.executors import JobError
from groundplan_emulator.ml.jobs.graph import Node
from groundplan_emulator.ml.references import NotFoundError
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.service import check_duration, user_error, workspace_of

TYPES: Final = ("Command", "Sweep", "Pipeline")


def check(write: Write) -> None:
    """Refuse a job of another type, and one that refers to what is not there."""
    properties = write.properties
    kind = str(properties.get("jobType"))
    if kind not in TYPES:
        raise user_error(
            f"Jobs of type '{kind}' do not run on the local Azure; those that do: {', '.join(TYPES)}.",
            "properties.jobType",
        )
    workspace = workspace_of(write.ctx, write.id.id)
    for name in ("timeout", "trialTimeout"):
        check_duration(f"properties.limits.{name}", (properties.get("limits") or {}).get(name))
    _check_compute(write, properties.get("computeId"), properties.get("resources") or {}, "properties.computeId")
    _check_inputs(write.ctx, workspace, properties)
    if kind == "Command":
        _check_program(write.ctx, workspace, properties, "properties")
        _check_command(properties, str(properties.get("command", "")), ())
    elif kind == "Sweep":
        _check_sweep(write.ctx, workspace, properties)
    else:
        _check_pipeline(write, workspace, properties)


@contextmanager
def _refused(target: str) -> Generator[None]:
    try:
        yield
    except JobError as error:
        raise user_error(error.message, target) from None
    except sampling.SpaceError as error:
        raise user_error(str(error), target) from None


def _check_compute(write: Write, compute_id: object, resources: dict[str, Any], target: str) -> None:
    found = id_of(write.id.id, compute_id)
    if found is None:
        return
    count = resources.get("instanceCount") or resources.get("instance_count") or 1
    bound = placeholders.whole(count) is not None
    with _refused(target):
        placement.usable(write.ctx, found, 1 if bound else int(count))


def _check_inputs(ctx: Context, workspace: Resource, properties: dict[str, Any]) -> None:
    """Assets are there; files may still come."""
    for name, given in (properties.get("inputs") or {}).items():
        if given.get("jobInputType") == inputs.LITERAL:
            continue
        _check_input(ctx, workspace, name, given, f"properties.inputs.{name}")


def _check_input(ctx: Context, workspace: Resource, name: str, given: dict[str, Any], target: str) -> None:
    try:
        inputs.uri_of(ctx, workspace, given)
    except NotFoundError as error:
        raise user_error(f"The input '{name}' ('{given.get('uri')}') was not found: {error}.", target) from None


def _check_program(ctx: Context, workspace: Resource, given: dict[str, Any], target: str) -> None:
    """Environment and code, as jobs (`environmentId`) and components (`environment`) name them."""
    for names, kind, what in (
        (("environmentId", "environment"), "environments", "environment"),
        (("codeId", "code"), "codes", "code"),
    ):
        for name in names:
            if not (reference := given.get(name)):
                continue
            try:
                references.version(ctx, str(reference), kind=kind, workspace=workspace)
            except NotFoundError as error:
                raise user_error(f"The {what} '{reference}' was not found: {error}.", f"{target}.{name}") from None


def _check_command(properties: dict[str, Any], command: str, space: tuple[str, ...]) -> None:
    known = {f"inputs.{name}": "" for name in properties.get("inputs") or ()}
    known |= {f"outputs.{name}": "" for name in properties.get("outputs") or ()}
    with _refused("properties.command"):
        placeholders.resolve(command, known | {f"search_space.{name}": "" for name in space})


def _check_sweep(ctx: Context, workspace: Resource, properties: dict[str, Any]) -> None:
    trial: dict[str, Any] = properties.get("trial") or {}
    space: dict[str, Any] = properties.get("searchSpace") or {}
    algorithm = str((properties.get("samplingAlgorithm") or {}).get("samplingAlgorithmType", "Random"))
    with _refused("properties.searchSpace"):
        sampling.check(space, algorithm)
    if not (properties.get("objective") or {}).get("primaryMetric"):
        raise user_error("A sweep needs the metric that it is about.", "properties.objective.primaryMetric")
    for name in ("maxTotalTrials", "maxConcurrentTrials"):
        value = (properties.get("limits") or {}).get(name)
        if value is not None and value < 1:
            raise user_error(f"'{name}' is {value}; it must be 1 or more.", f"properties.limits.{name}")
    _check_program(ctx, workspace, trial, "properties.trial")
    _check_command(properties, str(trial.get("command", "")), tuple(space))


def _check_pipeline(write: Write, workspace: Resource, pipeline: dict[str, Any], at: str = "properties") -> None:
    """The nodes of a pipeline, and those of pipelines among them. `at`: where it is in the body."""
    with _refused(f"{at}.jobs"):
        nodes = graph.nodes(write.ctx, workspace, pipeline)
    for name, node in nodes.items():
        target = f"{at}.jobs.{name}"
        _check_node_inputs(write.ctx, workspace, node, target)
        if node.kind == "pipeline":
            named = _own_compute(node, pipeline, target) or pipeline.get("computeId")
            above = {"computeId": named, "settings": pipeline.get("settings")}
            _check_pipeline(write, workspace, {**node.spec, "inputs": _declared(node), **above}, target)
            continue
        resources = {**(node.spec.get("resources") or {}), **(node.given.get("resources") or {})}
        compute, where = _compute_of(node, pipeline, target, at)
        _check_compute(write, compute, resources, where)
        _check_program(write.ctx, workspace, node.spec, target)
        if node.kind == "sweep":
            _check_sweep_node(node, target)


def _compute_of(node: Node, pipeline: dict[str, Any], target: str, at: str) -> tuple[object, str]:
    """The compute that a node will run on, its own or the pipeline's, and where that is said."""
    if own := _own_compute(node, pipeline, target):
        return own, f"{target}.computeId"
    if above := pipeline.get("computeId"):
        return above, f"{at}.computeId"
    return (pipeline.get("settings") or {}).get("default_compute"), "properties.settings.default_compute"


def _own_compute(node: Node, pipeline: dict[str, Any], target: str) -> object:
    with _refused(f"{target}.computeId"):
        return graph.setting_of(node.given.get("computeId") or node.given.get("compute"), node.name, pipeline)


def _check_node_inputs(ctx: Context, workspace: Resource, node: Node, target: str) -> None:
    """Assets that a node names itself are there; bindings name none."""
    declared: dict[str, Any] = node.spec.get("inputs") or {}
    for name, given in (node.given.get("inputs") or {}).items():
        if name not in declared or not isinstance(given, dict) or not given.get("uri"):
            continue
        wanted = str(declared[name].get("type", ""))
        kind = wanted if wanted in steps.FILES else given.get("jobInputType") or given.get("job_input_type")
        reference = {"jobInputType": kind, "uri": given["uri"]}
        _check_input(ctx, workspace, name, reference, f"{target}.inputs.{name}")


def _check_sweep_node(node: Node, target: str) -> None:
    space = sweep_nodes.space(node.given)
    if unknown := [each for each in space if each not in (node.spec.get("inputs") or {})]:
        raise user_error(f"The search space of node '{node.name}' has '{unknown[0]}', which is no input of it.", target)
    with _refused(f"{target}.search_space"):
        sampling.check(space, sweep_nodes.algorithm(node.given)["samplingAlgorithmType"])


def _declared(node: Node) -> dict[str, Any]:
    return dict.fromkeys(node.spec.get("inputs") or {}, "")
