# SPDX-License-Identifier: Apache-2.0
"""`Run`: what an executor has to do with. One of it lives as long as one attempt at a job."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import shutil
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from groundplan_emulator.arm.context import Context
from groundplan_emulator.ml import files, processes
from groundplan_emulator.ml.jobs import log, states
from groundplan_emulator.ml.jobs.executors import JobError
from groundplan_emulator.ml.jobs.placement import Placement
from groundplan_emulator.ml.references import NotFoundError
from groundplan_emulator.ml.telemetry import LogLine
from groundplan_emulator.planes.blob.rows import Place
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.service import workspace_of

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

ARTIFACTS = "azureml://datastores/workspaceartifactstore/paths/ExperimentRun/dcid."


class Run:
    """An attempt at a job. `id` is the job's ARM id, `folder` its own on disk: empty at first, gone afterwards."""

    def __init__(self, azure: Azure, job: Resource, placement: Placement) -> None:
        self.azure = azure
        self.id = job.id
        self.name = job.name
        self.properties: dict[str, Any] = job.properties
        """The job's, as they were submitted."""
        self.private: dict[str, Any] = job.private
        """The job's, as they were when the attempt began."""
        self.folder = folder_of(azure, job)
        self._placement = placement
        self._logs: log.Logs | None = None
        self._children: set[processes.Child] = set()

    def job(self, ctx: Context) -> Resource:
        """The job as it is now. Raises `JobError` where it was deleted."""
        found = ctx.get(self.id)
        if found is None:
            raise JobError(f"The job '{self.name}' was deleted while it ran.")
        return found

    def workspace(self, ctx: Context) -> Resource:
        """The workspace of the job."""
        return workspace_of(ctx, self.id)

    # -- what it tells

    def enter(self, status: states.Status) -> None:
        """Come into a status; one that cancels keeps saying so."""
        with self.azure.working() as ctx:
            job = self.job(ctx)
            if not job.private.get("cancel") and not states.ended(job) and states.status_of(job) != status:
                states.move(ctx, job, status)

    def note(self, **private: Any) -> None:
        """Set entries of the job's `private`; a mapping is merged into one that is there."""
        with self.azure.working() as ctx:
            job = self.job(ctx)
            for name, value in private.items():
                old = job.private.get(name)
                if isinstance(old, dict) and isinstance(value, dict):
                    value = {**cast("dict[str, Any]", old), **cast("dict[str, Any]", value)}  # noqa: PLW2901
                job.private[name] = value
            ctx.save(job)

    def open(self) -> None:
        """Find where the logs go, before there is anything to log. Raises `JobError` where there is no place for them."""
        with self.azure.working() as ctx:
            below = artifacts(ctx, self.workspace(ctx), self.name)
            if next(iter(ctx.store.of_type("Microsoft.Storage/storageAccounts", name=below.account)), None) is None:
                raise JobError(
                    f"The storage account '{below.account}' of the workspace, which keeps its files, is not there."
                )
            self._logs = log.Logs(self.azure, self.id, below)

    def say(self, text: str, *, file: str = log.STANDARD, stream: str = "stdout") -> None:
        """A line into a log file of the job."""
        if self._logs is not None:
            self._logs.add(file, text)
        self.azure.telemetry.publish(LogLine(self.azure.clock.now(), self.id, 0, stream, text))

    # -- what it does

    @contextlib.asynccontextmanager
    async def placed(self, compute_id: str | None, *, nodes: int = 1, size: str = "") -> AsyncGenerator[None]:
        """Hold nodes of a compute, and one of the emulator's places for processes, for as long as the block lasts.

        None stands for serverless compute of the VM `size`. The job is `Queued` until there are both. Raises `JobError` where the compute
        is gone, stopped or too small.
        """
        lease = await self._placement.take(self, compute_id, nodes, size)
        try:
            yield
        finally:
            self._placement.give_back(lease)

    async def process(
        self,
        command: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        file: str = log.STANDARD,
        heard: Callable[[str], object] = lambda _: None,
    ) -> int:
        """Run a command with exactly this environment to its end, its output into a log file; the exit code.

        `heard` gets each line too. All of its processes end when the executor is cancelled.
        """

        def on_line(stream: processes.OutputStream, text: str) -> None:
            self.say(text, file=file, stream=stream)
            heard(text)

        child = await processes.start(command, cwd=cwd, env=env, on_line=on_line)
        self._children.add(child)
        try:
            return await child.wait()
        finally:
            if child.running:
                await asyncio.shield(child.stop())
            self._children.discard(child)

    async def close(self) -> None:
        """End what still runs, keep the logs, remove the folder."""
        for child in tuple(self._children):
            await child.stop()
        if self._logs is not None:
            await self._logs.close()
        await asyncio.to_thread(shutil.rmtree, self.folder, ignore_errors=True)


def artifacts(ctx: Context, workspace: Resource, name: str) -> Place:
    """Where the artifacts of a run are: its logs, and what it wrote to `./outputs` and `./logs`. Raises `JobError`."""
    try:
        return files.place(ctx, f"{ARTIFACTS}{name}", workspace)
    except NotFoundError as error:
        raise JobError(
            f"The workspace has nowhere to keep the job's artifacts: {error}.", code="ServiceError"
        ) from None


def folder_of(azure: Azure, job: Resource) -> Path:
    """The folder of a job on disk: short, as paths below it are long."""
    return azure.settings.folder / "ml" / "jobs" / hashlib.sha256(job.key.encode()).hexdigest()[:16]
