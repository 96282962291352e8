# SPDX-License-Identifier: Apache-2.0
"""What the store knows of a job besides the body that a client sent, all of it in `Resource.private`.

status      Azure's status, one of `STATUSES`
executor    key of `executors.EXECUTORS`
parent      name of the job above (a step of a pipeline, a trial of a sweep), absent otherwise
attempt     how often it was started, from 1
retries     how often it is started again after it failed or was interrupted by the emulator's end
preempted   True where an interruption is no failure (low-priority nodes): it is started again, however often
cancel      True from the moment that somebody asked to cancel it
at          {status: seconds since the epoch by the emulator's clock}, the last time it came into each
error       {"code", "message"} of a failed one
notes       {name: text} that the service adds to `properties.properties` of what GET answers
outputs     {name: {"uri", "type"}} where its outputs went
usage       {"compute", "vmSize", "priority", "nodes", "nodeSeconds"} of what it ran on
logs        names of its log files below `ExperimentRun/dcid.{name}/`
"""

from __future__ import annotations

from typing import Any, Final, Literal, get_args

from groundplan_emulator.arm.context import Context
from groundplan_emulator.store import Resource, Store
from groundplan_emulator.types.machine_learning_services.service import WORKSPACES

JOBS: Final = f"{WORKSPACES}/jobs"
Status = Literal[
    "NotStarted",
    "Queued",
    "Preparing",
    "Running",
    "Finalizing",
    "CancelRequested",
    "Completed",
    "Failed",
    "Canceled",
]
STATUSES: Final[tuple[Status, ...]] = get_args(Status)
ENDED: Final[tuple[Status, ...]] = ("Completed", "Failed", "Canceled")
_OPEN: Final = "ml.jobs.open"


def status_of(job: Resource) -> Status:
    """The status of a job."""
    return job.private.get("status", "NotStarted")


def ended(job: Resource) -> bool:
    """Whether it is over."""
    return status_of(job) in ENDED


def move(ctx: Context, job: Resource, status: Status, *, error: dict[str, Any] | None = None) -> None:
    """Bring a job into a status and save it."""
    job.private["status"] = status
    job.private["at"] = {**job.private.get("at", {}), status: ctx.clock.now()}
    if error is not None:
        job.private["error"] = error
    ctx.save(job)
    announce(ctx, job)


def announce(ctx: Context, job: Resource) -> None:
    """Tell the runner that a job changed: it looks at jobs only then, and only at those that have not ended."""
    known = ctx.store.meta(_OPEN) or {}
    keys = [key for key in known.get("keys", ()) if key != job.key]
    if not ended(job):
        keys.append(job.key)
    ctx.store.set_meta(_OPEN, {"changes": known.get("changes", 0) + 1, "keys": keys})


def forget(ctx: Context, keys: set[str]) -> None:
    """Jobs that are not there any more."""
    known = ctx.store.meta(_OPEN) or {}
    kept = [key for key in known.get("keys", ()) if key not in keys]
    ctx.store.set_meta(_OPEN, {"changes": known.get("changes", 0), "keys": kept})


def opened(store: Store) -> tuple[int, list[str]]:
    """How often jobs changed, and the keys of those that have not ended, oldest change first."""
    known = store.meta(_OPEN) or {}
    return known.get("changes", 0), known.get("keys", [])


def cancel(ctx: Context, job: Resource) -> None:
    """Ask for the end of a job that has not ended."""
    job.private["cancel"] = True
    move(ctx, job, "Canceled" if status_of(job) in ("NotStarted", "Queued") else "CancelRequested")


def cancel_running(ctx: Context, key: str) -> None:
    """The same for a job that may not be there, or may have ended."""
    job = ctx.get(key)
    if job is not None and not ended(job) and not job.private.get("cancel"):
        cancel(ctx, job)


def root_of(ctx: Context, job: Resource) -> str:
    """The name of the job at the top of the pipelines and sweeps that a job belongs to; its own where it belongs to none."""
    while parent := job.private.get("parent"):
        above = ctx.get(f"{job.id.rsplit('/', 1)[0]}/{parent}")
        if above is None:
            return str(parent)
        job = above
    return job.name
