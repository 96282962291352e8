# SPDX-License-Identifier: Apache-2.0
"""The service that runs jobs: every job of the store that has not ended has a task here, which carries it to its end.

What a job was doing when the emulator died is over: its processes ended with it. A job whose executor `RESUMES` (it keeps what it needs
in the store: pipelines, sweeps) goes on; another one is started again where it may be (`retries`, `preempted`), and fails otherwise.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
from typing import TYPE_CHECKING, Any, Final

from groundplan_emulator.arm.context import Context
from groundplan_emulator.ml import tracking
from groundplan_emulator.ml.jobs import executors, states
from groundplan_emulator.ml.jobs.executors import JobError, JobTimeoutError
from groundplan_emulator.ml.jobs.placement import Placement
from groundplan_emulator.ml.jobs.run import Run
from groundplan_emulator.ml.tracking import runs
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.service import workspace_of

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

log = logging.getLogger("groundplan.emulator")
_PAUSE: Final = 0.5
_OF_MLFLOW: Final[dict[states.Status, runs.Status]] = {
    "Completed": "FINISHED",
    "Failed": "FAILED",
    "Canceled": "KILLED",
}
_INTERRUPTED: Final = (
    "The local Azure ended while the job ran, and its processes ended with it. Submit the job again; on low-priority nodes, and with"
    " retries, it is started again by itself."
)


async def run(azure: Azure) -> None:
    """Run jobs until cancelled."""
    await Runner(azure).work()


class Runner:
    """The jobs that are being carried to their end."""

    def __init__(self, azure: Azure) -> None:
        self._azure = azure
        self._placement = Placement(azure)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._stopped: set[str] = set()
        """Keys of tasks that were cancelled: a second time would cut their clearing up short."""
        self._ending = False

    async def work(self) -> None:
        """Watch the store; on cancellation end every process."""
        if (self._azure.settings.folder / "ml" / "jobs").exists():
            await asyncio.to_thread(shutil.rmtree, self._azure.settings.folder / "ml" / "jobs", ignore_errors=True)
        self._placement.recover()
        seen = -1
        try:
            while True:
                revision, (changes, keys) = self._azure.store.revision, states.opened(self._azure.store)
                for key in self._tasks:
                    if not self._azure.store.exists(key):
                        self._stop(key)
                if changes != seen:
                    seen = changes
                    self._look(keys)
                await self._azure.changed(revision)
        finally:
            self._ending = True
            tasks = tuple(self._tasks.values())
            for key in tuple(self._tasks):
                self._stop(key)
            await asyncio.gather(*tasks, return_exceptions=True)

    def _look(self, keys: list[str]) -> None:
        gone: set[str] = set()
        for key in set(self._tasks).difference(keys):
            self._stop(key)  # cancelled before it did anything
        for key in keys:
            job = self._azure.store.get(key)
            task = self._tasks.get(key)
            if job is None:
                gone.add(key)
            elif task is None:
                self._tasks[key] = task = asyncio.create_task(self._carry(job), name=f"job {job.name}")
                task.add_done_callback(lambda _, key=key: self._done(key))
            elif job.private.get("cancel"):
                self._stop(key)
        if gone:
            with self._azure.working() as ctx:
                states.forget(ctx, gone)

    def _stop(self, key: str) -> None:
        if key not in self._stopped:
            self._stopped.add(key)
            self._tasks[key].cancel()

    def _done(self, key: str) -> None:
        self._tasks.pop(key, None)
        self._stopped.discard(key)
        if not self._ending:  # a job that was deleted may be there anew, under the same name
            asyncio.get_running_loop().call_later(_PAUSE, self._look_again, key)

    def _look_again(self, key: str) -> None:
        keys = states.opened(self._azure.store)[1]
        if key in keys and not self._ending:
            self._look(keys)

    async def _carry(self, job: Resource) -> None:
        attempt: Run | None = None
        try:
            while True:
                if not self._may_start(job):
                    return
                attempt = Run(self._azure, job, self._placement)
                try:
                    attempt.open()
                    await executors.find(job.private["executor"])(attempt)
                except JobTimeoutError as error:
                    await attempt.close()
                    self._end(job.key, "Canceled", _told(error))
                    return
                except JobError as error:
                    await attempt.close()
                    if not self._again(job.key, _told(error)):
                        return
                else:
                    await attempt.close()
                    self._end(job.key, "Completed")
                    return
                job = self._azure.store.get(job.key) or job
        except asyncio.CancelledError:
            # cancelled by its user, deleted, or the emulator ends: that one finds the job as it is when it starts again
            if attempt is not None:
                await asyncio.shield(attempt.close())
            current = self._azure.store.get(job.key)
            if current is None or not current.private.get("cancel"):
                raise
            self._end(job.key, "Canceled")
        except Exception:
            log.exception("job %s failed in the emulator", job.id)
            if attempt is not None:
                with contextlib.suppress(Exception):
                    await attempt.close()
            message = "The emulator failed on this job; its log says why."
            self._end(job.key, "Failed", {"code": "ServiceError", "message": message})

    def _may_start(self, job: Resource) -> bool:
        """Begin an attempt, unless the job was cancelled or interrupted for good."""
        if job.private.get("cancel"):
            self._end(job.key, "Canceled")
            return False
        begun = states.status_of(job) not in ("NotStarted", "Queued")
        if begun and not executors.resumes(job.private.get("executor", "")):
            if not self._again(job.key, {"code": "ServiceError", "message": _INTERRUPTED}, interrupted=True):
                return False
            job.private.update((self._azure.store.get(job.key) or job).private)
        with self._azure.working() as ctx:
            current = ctx.get(job.key)
            if current is None:
                return False
            current.private["attempt"] = current.private.get("attempt", 0) + 1
            ctx.save(current)
            job.private.update(current.private)
        return True

    def _again(self, key: str, error: dict[str, Any], *, interrupted: bool = False) -> bool:
        """Put a job back to be started again, where it may be; otherwise it fails."""
        with self._azure.working() as ctx:
            job = ctx.get(key)
            if job is None or states.ended(job):
                return False
            if job.private.get("cancel"):
                _move(ctx, job, "Canceled")
                return False
            if not (interrupted and job.private.get("preempted")):
                left = job.private.get("retries", 0)
                if left <= 0:
                    _move(ctx, job, "Failed", error)
                    return False
                job.private["retries"] = left - 1
            states.move(ctx, job, "Queued")
            return True

    def _end(self, key: str, status: states.Status, error: dict[str, Any] | None = None) -> None:
        with self._azure.working() as ctx:
            job = ctx.get(key)
            if job is not None and not states.ended(job):
                _move(ctx, job, "Canceled" if job.private.get("cancel") else status, error)


def _move(ctx: Context, job: Resource, status: states.Status, error: dict[str, Any] | None = None) -> None:
    """End a job, and its run of MLflow's."""
    states.move(ctx, job, status, error=error)
    tracking.end_run(ctx, workspace_of(ctx, job.id), job.name, _OF_MLFLOW[status])


def _told(error: JobError) -> dict[str, Any]:
    told: dict[str, Any] = {"code": error.code, "message": error.message}
    return told if error.exit_code is None else {**told, "exitCode": error.exit_code}
