# SPDX-License-Identifier: Apache-2.0
"""What GET and a list answer of jobs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from groundplan_emulator.arm.context import Context
from groundplan_emulator.ml import references
from groundplan_emulator.ml.jobs import states
from groundplan_emulator.store import Resource


def view(ctx: Context, job: Resource) -> dict[str, Any]:
    """The stored body with status, services, where the outputs are, and what the service noted."""
    page = f"{ctx.settings.https}/studio/runs/{job.name}"
    studio = {"jobServiceType": "Studio", "endpoint": page, "port": None, "status": None, "properties": {}}
    properties = dict(job.properties)
    properties["services"] = {**(properties.get("services") or {}), "Studio": studio}
    properties["status"] = states.status_of(job)
    properties["properties"] = {**(properties.get("properties") or {}), **job.private.get("notes", {})}
    if "parent" in job.private:
        _without_shared_code(properties)
    places: dict[str, dict[str, str]] = job.private.get("outputs", {})
    if places:
        outputs = dict(properties.get("outputs") or {})
        for name, place in places.items():
            outputs[name] = {"jobOutputType": place["type"], **outputs.get(name, {}), "uri": place["uri"]}
        properties["outputs"] = outputs
    return {**job.body, "properties": properties}


def _without_shared_code(properties: dict[str, Any]) -> None:
    """Leave out code of a registry, which a step has from its component: azure-ai-ml refuses to read a job with such code."""
    if _shared(properties.get("codeId")):
        del properties["codeId"]
    trial: dict[str, Any] = properties.get("trial") or {}
    if _shared(trial.get("codeId")):
        properties["trial"] = {name: value for name, value in trial.items() if name != "codeId"}


def _shared(code: object) -> bool:
    found = references.parse(str(code or ""))
    return found is not None and bool(found.registry)


def listed(ctx: Context, found: Iterable[Resource]) -> Iterable[Resource]:
    """Jobs of the workspace's own, newest first; `jobType`, `tag`, `scheduled` and `scheduleId` choose."""
    kind, tag = ctx.request.query.get("jobtype", "").lower(), ctx.request.query.get("tag")
    kept = [
        job
        for job in found
        if "parent" not in job.private
        and (not kind or str(job.properties.get("jobType")).lower() == kind)
        and (tag is None or tag in (job.properties.get("tags") or {}))
        and _of_schedule(ctx, job)
    ]
    kept.sort(key=lambda job: -job.private.get("at", {}).get("NotStarted", 0.0))
    return kept


def _of_schedule(ctx: Context, job: Resource) -> bool:
    wanted, name = ctx.request.query.get("scheduled", "").lower(), ctx.request.query.get("scheduleid", "")
    schedule = str(job.private.get("schedule", ""))
    if wanted in ("true", "false") and (wanted == "true") != bool(schedule):
        return False
    return not name or schedule.lower() == name.rsplit("/", 1)[-1].lower()
