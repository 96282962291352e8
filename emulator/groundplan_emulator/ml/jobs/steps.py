# SPDX-License-Identifier: Apache-2.0
"""The jobs that the nodes of a pipeline become."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from groundplan_emulator.ml.jobs import graph, node_settings, placeholders, sweep_nodes
from groundplan_emulator.ml.jobs.durations import iso
from groundplan_emulator.ml.jobs.executors import JobError
from groundplan_emulator.ml.jobs.graph import EXECUTORS, STEP, Node, value_of
from groundplan_emulator.ml.jobs.inputs import LITERAL

FILES: Final = ("uri_file", "uri_folder", "mltable", "custom_model", "mlflow_model", "triton_model")
_MODES: Final = {
    "ro_mount": "ReadOnlyMount",
    "rw_mount": "ReadWriteMount",
    "download": "Download",
    "direct": "Direct",
    "upload": "Upload",
    "eval_mount": "EvalMount",
    "eval_download": "EvalDownload",
}
Outputs = Callable[[str, str], dict[str, str] | None]
"""(node, output) -> `uri` and `type`, None where it has none."""


def job_of(node: Node, pipeline: dict[str, Any], outputs: Outputs) -> tuple[dict[str, Any], dict[str, Any]]:
    """The job of a node whose turn it is: `properties` and `private` for `submit`. Raises `JobError`."""
    given, spec, settings = node.given, node.spec, pipeline.get("settings") or {}
    common: dict[str, Any] = {
        "jobType": EXECUTORS[node.kind],
        "displayName": given.get("display_name") or node.name,
        "description": given.get("description"),
        "tags": given.get("tags") or {},
        "computeId": graph.setting_of(given.get("computeId") or given.get("compute"), node.name, pipeline)
        or pipeline.get("computeId")
        or settings.get("default_compute"),
        "inputs": _inputs(node, pipeline, outputs),
        "outputs": _outputs(node, pipeline),
        "properties": {"azureml.moduleName": str(spec.get("name", "")), "azureml.nodeName": node.name},
    }
    private: dict[str, Any] = {"executor": EXECUTORS[node.kind], "node": node.name}
    if store := settings.get("default_datastore"):
        private["datastore"] = str(store).rsplit("/", 1)[-1].removeprefix("azureml:")
    if node.kind == "pipeline":
        return {**common, "jobs": spec.get("jobs") or {}, "settings": settings}, private
    private["retries"] = int((given.get("retry_settings") or {}).get("max_retries") or 0)
    common |= node_settings.of_job(given)
    if node.kind == "sweep":
        return {**common, **_sweep(node)}, private
    timeout = (given.get("limits") or {}).get("timeout")
    limits = {"jobLimitsType": "Command", "timeout": iso(timeout)} if timeout else None
    return {**common, **_program(node, str(spec.get("command", ""))), "limits": limits}, private


def _program(node: Node, command: str) -> dict[str, Any]:
    given, spec = node.given, node.spec
    variables = {**(spec.get("environment_variables") or {}), **(given.get("environment_variables") or {})}
    found: dict[str, Any] = {
        "command": command,
        "codeId": _asset(spec.get("code")),
        "environmentId": _asset(given.get("environmentId") or given.get("environment") or spec.get("environment")),
        "environmentVariables": {name: str(value) for name, value in variables.items()},
        "resources": node_settings.camel({**(spec.get("resources") or {}), **(given.get("resources") or {})}),
        "distribution": node_settings.distribution(given.get("distribution") or spec.get("distribution")),
    }
    return {name: value for name, value in found.items() if value}


def _asset(given: object) -> str:
    text = str(given or "")
    return text.removeprefix("azureml:") if text.startswith("azureml:/sub") else text


def _sweep(node: Node) -> dict[str, Any]:
    program = _program(node, sweep_nodes.command(node.given, str(node.spec.get("command", ""))))
    return {"trial": program, "resources": program.get("resources"), **sweep_nodes.settings(node.given)}


def _inputs(node: Node, pipeline: dict[str, Any], outputs: Outputs) -> dict[str, Any]:
    found: dict[str, Any] = {}
    given: dict[str, Any] = node.given.get("inputs") or {}
    for name, wanted in (node.spec.get("inputs") or {}).items():
        value = _input(node, name, given[name], pipeline, outputs) if name in given else None
        if value is None and wanted.get("default") is not None and name not in (node.given.get("search_space") or {}):
            value = {"jobInputType": LITERAL, "value": str(wanted["default"])}
        if value is None:
            continue
        if value["jobInputType"] != LITERAL and wanted.get("type") in FILES:
            value["jobInputType"] = wanted["type"]
        mode = (given.get(name) or {}).get("mode") if isinstance(given.get(name), dict) else None
        mode = mode or wanted.get("mode") or value.get("mode")
        found[name] = {**value, **({"mode": _MODES.get(str(mode), mode)} if mode else {})}
    return found


def _input(node: Node, name: str, given: Any, pipeline: dict[str, Any], outputs: Outputs) -> dict[str, Any] | None:
    """What an input of a node is, with its binding followed; None where that has no value."""
    if isinstance(given, dict) and given.get("uri"):
        return {
            "jobInputType": given.get("jobInputType") or given.get("job_input_type") or "uri_folder",
            "uri": given["uri"],
        }
    text = str(value_of(given))
    bound = placeholders.whole(text)
    declared: dict[str, Any] = pipeline.get("inputs") or {}
    if bound is not None and (step := STEP.fullmatch(bound)) is not None:
        output = outputs(step["node"], step["output"])
        if output is None:
            raise JobError(
                f"Output '{step['output']}' of node '{step['node']}', which input '{name}' of '{node.name}' needs, is not there."
            )
        return {"jobInputType": output["type"], "uri": output["uri"]}
    if bound is not None and bound.startswith("parent.inputs."):
        value = declared.get(bound.removeprefix("parent.inputs."))
        return None if value is None else {**value}
    values = {f"parent.inputs.{key}": str(each.get("value", each.get("uri", ""))) for key, each in declared.items()}
    return {
        "jobInputType": LITERAL,
        "value": placeholders.resolve(text, values, f"Input '{name}' of node '{node.name}'"),
    }


def _outputs(node: Node, pipeline: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    given: dict[str, Any] = node.given.get("outputs") or {}
    for name, wanted in (node.spec.get("outputs") or {}).items():
        said = given.get(name) or {}
        said = {"value": said} if isinstance(said, str) else said
        above = _above(said)
        declared: dict[str, Any] = (pipeline.get("outputs") or {}).get(above) or {} if above else {}
        output: dict[str, Any] = {"jobOutputType": wanted.get("type") or declared.get("jobOutputType") or "uri_folder"}
        uri, mode = said.get("uri") or declared.get("uri"), said.get("mode") or declared.get("mode")
        if uri:
            output["uri"] = uri
        if mode:
            output["mode"] = _MODES.get(str(mode), mode)
        for short, key in (("name", "assetName"), ("version", "assetVersion")):
            if value := said.get(short) or said.get(key) or declared.get(key):
                output[key] = str(value)
        found[name] = output
    return found


def _above(said: dict[str, Any]) -> str | None:
    bound = placeholders.whole(said.get("value"))
    return bound.removeprefix("parent.outputs.") if bound is not None and bound.startswith("parent.outputs.") else None


def bound_outputs(every: Mapping[str, Node]) -> dict[str, tuple[str, str]]:
    """Which node's which output each output of the pipeline is."""
    found: dict[str, tuple[str, str]] = {}
    for node in every.values():
        for name, said in (node.given.get("outputs") or {}).items():
            above = _above({"value": said} if isinstance(said, str) else said or {})
            if above is not None:
                found[above] = (node.name, name)
    return found
