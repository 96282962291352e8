# SPDX-License-Identifier: Apache-2.0
"""Jobs as runs: what they are, how they go, what is below them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from groundplan_emulator.arm.context import Context
from groundplan_emulator.identity import STORAGE_SUFFIX
from groundplan_emulator.ml.history import assets
from groundplan_emulator.ml.jobs import states, usage
from groundplan_emulator.ml.jobs.executors import JobError
from groundplan_emulator.ml.jobs.run import artifacts
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.service import workspace_of
from groundplan_emulator.types.storage import keys

LOGS_LIFETIME = 24 * 3600.0
PAGE = 100
JUST_ENDED = 60.0


def run(ctx: Context, job: Resource) -> dict[str, Any]:
    """A run. Times are ISO 8601, durations `d.hh:mm:ss` as .NET writes them."""
    workspace, private, properties = workspace_of(ctx, job.id), job.private, job.properties
    at: dict[str, float] = private.get("at", {})
    created, started, ended = at.get("NotStarted"), at.get("Running"), _ended(job)
    who = {
        "userObjectId": ctx.settings.identity.principal_id,
        "userTenantId": ctx.settings.identity.tenant_id,
        "userName": "local",
    }
    now = ctx.clock.now()
    used: dict[str, Any] = private.get("usage", {})
    experiment = str(properties.get("experimentName", "Default"))
    return {
        "runId": job.name,
        "runUuid": ctx.guid("run", job.key),
        "parentRunId": private.get("parent"),
        "rootRunId": states.root_of(ctx, job),
        "experimentId": ctx.guid("experiment", workspace.key, experiment),
        "displayName": properties.get("displayName"),
        "name": properties.get("displayName"),
        "description": properties.get("description"),
        "status": states.status_of(job),
        "createdUtc": _time(created),
        "startTimeUtc": _time(started),
        "endTimeUtc": _time(ended),
        "lastModifiedUtc": _time(max(at.values(), default=created or now)),
        "duration": _duration((ended or now) - started) if started else None,
        "computeDuration": _duration((ended or now) - started) if started else None,
        "createdBy": who,
        "lastModifiedBy": who,
        "userId": who["userObjectId"],
        "hidden": bool(properties.get("isArchived", False)),
        "runType": kind(job),
        "runTypeV2": {"orchestrator": None, "traits": [], "attribution": None, "computeType": None},
        "dataContainerId": f"dcid.{job.name}",
        "tags": _texts(properties.get("tags")),
        "properties": _texts(
            {**(properties.get("properties") or {}), **private.get("notes", {}), **_counted(job, now)}
        ),
        "parameters": {},
        "target": used.get("compute"),
        "compute": _compute(used),
        "error": error(job),
        "warnings": [{"source": "local Azure", "message": text} for text in private.get("warnings", ())],
        "services": {},
        "inputs": assets.inputs(job),
        "outputs": assets.outputs(workspace, job),
        "cancelationReason": (private.get("error") or {}).get("message")
        if states.status_of(job) == "Canceled"
        else None,
        "primaryMetricName": (properties.get("objective") or {}).get("primaryMetric"),
        "revision": len(at),
    }


def details(ctx: Context, job: Resource) -> dict[str, Any]:
    """A run's details: the run with the addresses of its log files, which need no token."""
    found = run(ctx, job)
    if _unseen(ctx, job):
        found |= {"status": "Finalizing", "endTimeUtc": None}
    return {**found, "createdTimeUtc": found["createdUtc"], "logFiles": log_files(ctx, job)}


def _unseen(ctx: Context, job: Resource) -> bool:
    """Whether this is the first look at a run that has just ended: azure-ai-ml streams the log of those only that it saw running."""
    ended = _ended(job)
    if "looked" in job.private:
        return False
    with ctx.store.transaction(quiet=True):
        job.private["looked"] = True
        ctx.save(job)
    return ended is not None and ctx.clock.now() - ended < JUST_ENDED


def log_files(ctx: Context, job: Resource) -> dict[str, str]:
    """Signed addresses of the log files that there are."""
    names: list[str] = job.private.get("logs", [])
    if not names:
        return {}
    try:
        below = artifacts(ctx, workspace_of(ctx, job.id), job.name)
    except JobError:
        return {}
    account = next(iter(ctx.store.of_type("Microsoft.Storage/storageAccounts", name=below.account)), None)
    if account is None:
        return {}
    token = keys.container_sas(ctx, account, below.container, permissions="r", seconds=LOGS_LIFETIME)
    base = f"{ctx.settings.https}/{account.name}.blob.{STORAGE_SUFFIX}/{below.container}/{below.name}"
    return {name: f"{base}/{quote(name)}?{token}" for name in names}


def children(ctx: Context, job: Resource) -> Iterable[Resource]:
    """The steps or trials of a job, in the order in which they were made."""
    found = (
        each for each in ctx.children(job.id.rsplit("/jobs/", 1)[0], job.type) if each.private.get("parent") == job.name
    )
    return sorted(found, key=lambda each: (each.private.get("at", {}).get("NotStarted", 0.0), each.name))


def query(ctx: Context, workspace: Resource, experiment: str) -> Iterable[Resource]:
    """The runs of a workspace, newest first."""
    wanted = str(ctx.request.json_object().get("filter") or "").lower()
    found = [
        job
        for job in ctx.children(workspace.id, states.JOBS)
        if (not experiment or job.properties.get("experimentName") == experiment)
        and ("status eq" not in wanted or f"'{states.status_of(job).lower()}'" in wanted)
    ]
    return sorted(found, key=lambda job: -job.private.get("at", {}).get("NotStarted", 0.0))


def page(ctx: Context, found: Iterable[Resource]) -> dict[str, Any]:
    """A page of runs; `$top` and `$continuationToken` go through them."""
    items = list(found)
    asked = ctx.request.query
    top, start = asked.get("$top", ""), asked.get("$continuationtoken", "0")
    size, first = int(top) if top.isdigit() and int(top) else PAGE, int(start) if start.isdigit() else 0
    shown = [run(ctx, each) for each in items[first : first + size]]
    body: dict[str, Any] = {"value": shown, "continuationToken": None, "nextLink": None}
    if first + size < len(items):
        token = str(first + size)
        more = urlencode({**asked, "$continuationToken": token})
        body |= {"continuationToken": token, "nextLink": f"{ctx.request.base}{quote(ctx.request.path)}?{more}"}
    return body


def kind(job: Resource) -> str:
    """The run's type, as Azure names it."""
    executor = str(job.private.get("executor", ""))
    return {"Command": "azureml.commandjob", "Sweep": "azureml.sweepjob", "Pipeline": "azureml.PipelineRun"}.get(
        executor, f"azureml.{executor.lower()}"
    )


def error(job: Resource) -> dict[str, Any] | None:
    """Why a run failed."""
    said = job.private.get("error")
    if not said or states.status_of(job) != "Failed":
        return None
    root: dict[str, Any] = {"code": said["code"], "message": said["message"], "details": [], "messageParameters": {}}
    if "exitCode" in said:
        root |= {"messageFormat": said["message"], "messageParameters": {"ExitCode": str(said["exitCode"])}}
    return {
        "error": root,
        "correlation": {"operation": job.name},
        "environment": "local",
        "componentName": "CommonRuntime",
    }


def _compute(used: dict[str, Any]) -> dict[str, Any] | None:
    if not used:
        return None
    return {
        "target": used.get("compute"),
        "targetType": "Serverless" if used.get("compute") == "serverless" else "AmlCompute",
        "vmSize": used.get("vmSize"),
        "instanceCount": used.get("nodes"),
        "priority": used.get("priority"),
    }


def _counted(job: Resource, now: float) -> dict[str, str]:
    found = {"azureml.attempts": str(job.private["attempt"])} if "attempt" in job.private else {}
    used = {"azureml.nodeSeconds": f"{usage.of_job(job, now):.3f}"} if job.private.get("usage") else {}
    return found | used


def _ended(job: Resource) -> float | None:
    return job.private.get("at", {}).get(states.status_of(job)) if states.ended(job) else None


def _texts(given: dict[str, Any] | None) -> dict[str, str]:
    return {str(name): str(value) for name, value in (given or {}).items()}


def _time(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _duration(seconds: float) -> str:
    days, rest = divmod(max(seconds, 0.0), 86400)
    hours, rest = divmod(rest, 3600)
    minutes, rest = divmod(rest, 60)
    whole = f"{int(hours):02d}:{int(minutes):02d}:{rest:010.7f}"
    return f"{int(days)}.{whole}" if days else whole
