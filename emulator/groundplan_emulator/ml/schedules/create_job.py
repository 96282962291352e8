# SPDX-License-Identifier: Apache-2.0
"""Schedules that submit a job: one that they define, or one that ran before (`sourceJobId`), with changes."""

from __future__ import annotations

from typing import Any, Final, cast

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.resource import Write
from groundplan_emulator.ml.jobs import admission
from groundplan_emulator.ml.jobs.submit import submit
from groundplan_emulator.ml.schedules.actions import TARGET, Due
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.service import user_error, workspace_of

DEFINITION: Final = f"{TARGET}.jobDefinition"
_TRIGGER_TIME: Final = "${{creation_context.trigger_time}}"
_NAME: Final = "${{name}}"
_OF_SUBMISSION: Final = ("services", "status", "sourceJobId", "isArchived", "properties", "displayName")
"""What a job that ran before does not pass on."""


def check(write: Write, action: dict[str, Any]) -> None:
    """A definition of a kind that runs here, or a job that exists."""
    definition: dict[str, Any] = action.get("jobDefinition") or {}
    kind = str(definition.get("jobType") or "")
    if kind not in admission.TYPES:
        raise user_error(
            f"A schedule cannot submit a job of type '{kind}'; it can: {', '.join(admission.TYPES)}.",
            f"{DEFINITION}.jobType",
        )
    source = definition.get("sourceJobId")
    if source:
        _source(write.ctx, workspace_of(write.ctx, write.id.id), str(source))
    elif kind == "Pipeline" and not definition.get("jobs"):
        raise user_error(
            "The schedule's pipeline has no steps: give it 'jobs', or the id of a job that exists as 'sourceJobId'.",
            f"{DEFINITION}.jobs",
        )


def start(ctx: Context, due: Due, action: dict[str, Any]) -> Resource:
    """Submit the job."""
    definition = dict(cast("dict[str, Any]", action["jobDefinition"]))
    workspace = workspace_of(ctx, due.schedule.id)
    if source := definition.pop("sourceJobId", None):
        found = _source(ctx, workspace, str(source)).properties
        definition = _over({name: value for name, value in found.items() if name not in _OF_SUBMISSION}, definition)
    definition["displayName"] = due.job_name
    definition["experimentName"] = definition.get("experimentName") or due.schedule.name
    definition["isArchived"] = False
    definition["inputs"] = _filled(definition.get("inputs"), "value", _TRIGGER_TIME, _moment(due))
    definition["outputs"] = _filled(definition.get("outputs"), "uri", _NAME, due.job_name)
    # the executor is named, so that a job whose compute has gone is there to be seen, and fails
    return submit(ctx, workspace, due.job_name, definition, private={**due.private, "executor": definition["jobType"]})


def _source(ctx: Context, workspace: Resource, reference: str) -> Resource:
    name = reference.removeprefix("azureml:").rsplit("/", 1)[-1]
    found = ctx.get(f"{workspace.id}/jobs/{name}")
    if found is None:
        raise user_error(
            f"The job '{name}' that the schedule repeats does not exist in workspace '{workspace.name}'.",
            f"{DEFINITION}.sourceJobId",
        )
    return found


def _over(source: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A job with changes: inputs, outputs and settings one by one, all else as a whole. Empty values change nothing."""
    merged = dict(source)
    for name, value in changes.items():
        if name in ("inputs", "outputs", "settings") and isinstance(value, dict):
            merged[name] = {**(merged.get(name) or {}), **cast("dict[str, Any]", value)}
        elif value not in (None, "", {}, []):
            merged[name] = value
    return merged


def _filled(entries: dict[str, Any] | None, field: str, expression: str, value: str) -> dict[str, Any]:
    """Inputs or outputs in which an expression of Azure's schedules has become its value."""
    filled: dict[str, Any] = {}
    for name, entry in (entries or {}).items():
        filled[name] = entry
        if isinstance(entry, dict):
            known = cast("dict[str, Any]", entry)
            text = known.get(field)
            if isinstance(text, str):
                filled[name] = {**known, field: text.replace(expression, value)}
    return filled


def _moment(due: Due) -> str:
    return str(due.private["notes"]["azureml.scheduleTime"])
