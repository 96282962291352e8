# SPDX-License-Identifier: Apache-2.0
"""The job of a batch endpoint: it is what its one step is."""

from __future__ import annotations

import asyncio
from typing import Final

from groundplan_emulator.ml.jobs import states
from groundplan_emulator.ml.jobs.executors import JobError
from groundplan_emulator.ml.jobs.run import Run
from groundplan_emulator.store import Resource

RESUMES: Final = True


async def execute(run: Run) -> None:
    """Wait for the step, and cancel it with the job."""
    step_id = f"{run.id.rsplit('/', 1)[0]}/{run.private['step']}"
    run.enter("Running")
    try:
        step = await _ended(run, step_id)
    except asyncio.CancelledError:
        _cancel(run, step_id)
        raise
    if states.status_of(step) == "Completed":
        return
    told = step.private.get("error") or {}
    message = told.get("message") or f"The step 'batchscoring' ({step.name}) was canceled."
    raise JobError(message, code=told.get("code", "UserError"), exit_code=told.get("exitCode"))


async def _ended(run: Run, step_id: str) -> Resource:
    store = run.azure.store
    while True:
        revision, step = store.revision, store.get(step_id)
        if step is None:
            raise JobError("The step 'batchscoring' was deleted.")
        if states.ended(step):
            return step
        await run.azure.changed(revision)


def _cancel(run: Run, step_id: str) -> None:
    with run.azure.working() as ctx:
        job, step = ctx.get(run.id), ctx.get(step_id)
        asked = job is None or job.private.get("cancel")  # otherwise the emulator ends
        if asked and step is not None and not states.ended(step):
            states.cancel(ctx, step)
