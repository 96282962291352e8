# SPDX-License-Identifier: Apache-2.0
"""Jobs that are made of other jobs: pipelines with their steps, sweeps with their trials."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from typing import Any

from groundplan_emulator.arm.context import Context
from groundplan_emulator.ml import tracking
from groundplan_emulator.ml.jobs import states
from groundplan_emulator.ml.jobs.run import Run
from groundplan_emulator.ml.jobs.submit import submit
from groundplan_emulator.store import Resource

_LOOK_SECONDS = 0.5


def child(ctx: Context, run: Run, name: str) -> Resource | None:
    """The job of a name beside a job, or None."""
    return ctx.get(f"{run.id.rsplit('/', 1)[0]}/{name}")


def make(ctx: Context, run: Run, name: str, properties: dict[str, Any], private: dict[str, Any]) -> Resource:
    """Submit a job below another one. It has its experiment, and its compute where it names none."""
    job = run.job(ctx)
    properties = {"experimentName": job.properties.get("experimentName", "Default"), **properties}
    if not properties.get("computeId") and job.properties.get("computeId"):
        properties["computeId"] = job.properties["computeId"]
    properties = {key: value for key, value in properties.items() if value is not None}
    return submit(ctx, run.workspace(ctx), name, properties, private={"parent": run.name, **private})


async def changes(run: Run) -> AsyncGenerator[None]:
    """Now, and again whenever a job changed (and now and then, as time passes too)."""
    while True:
        seen, _ = states.opened(run.azure.store)
        yield
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LOOK_SECONDS):
                while states.opened(run.azure.store)[0] == seen:
                    await run.azure.changed(run.azure.store.revision)


def cancel(ctx: Context, run: Run, names: list[str]) -> list[str]:
    """Ask for the end of those that have not ended; their names."""
    asked: list[str] = []
    for name in names:
        job = child(ctx, run, name)
        if job is not None and not states.ended(job):
            asked.append(name)
            if not job.private.get("cancel"):
                states.cancel(ctx, job)
    return asked


async def end(run: Run, names: list[str]) -> None:
    """Cancel those that have not ended, and wait until they have."""
    async for _ in changes(run):
        with run.azure.working() as ctx:
            if not cancel(ctx, run, names):
                return


def cancelled(run: Run, names: list[str]) -> None:
    """The executor is being cancelled: its children with it, unless it is the emulator that ends."""
    with run.azure.working() as ctx:
        job = ctx.get(run.id)
        if job is None or job.private.get("cancel"):
            cancel(ctx, run, names)


def begin(run: Run) -> None:
    """Give the job above a run of MLflow's, which those of its children belong to."""
    with run.azure.working() as ctx:
        job = run.job(ctx)
        tracking.begin_run(
            ctx,
            run.workspace(ctx),
            run.name,
            experiment=str(job.properties.get("experimentName", "")),
            name=str(job.properties.get("displayName") or run.name),
            parent=str(job.private.get("parent", "")),
        )
