# SPDX-License-Identifier: Apache-2.0
"""Where jobs run: nodes of their compute, and one of the few places for processes that the emulator has."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from groundplan_emulator.arm.context import Context
from groundplan_emulator.ml.jobs import nodes, states
from groundplan_emulator.ml.jobs.executors import JobError
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services import vm_sizes
from groundplan_emulator.types.machine_learning_services.service import WORKSPACES

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure
    from groundplan_emulator.ml.jobs.run import Run

COMPUTES: Final = f"{WORKSPACES}/computes"
KINDS: Final = ("AmlCompute", "ComputeInstance", "Kubernetes", "VirtualMachine")
"""Computes that run jobs."""
PLACES: Final = max(2, os.cpu_count() or 2)
PLACES_SETTING: Final = "job_processes"
"""Setting: how many jobs have processes at the same time, of all workspaces together; the rest is queued. 0 stands for `PLACES`."""
_LOOK_AGAIN: Final = 0.25
_PER_CORE: Final = 2
"""Jobs that a compute instance runs at once, by vCPU."""


@dataclass(frozen=True, slots=True)
class Lease:
    """What a job holds."""

    job_id: str
    compute_id: str | None


@dataclass(slots=True)
class _Waiting:
    job_id: str
    compute_id: str | None
    nodes: int
    size: str
    granted: asyncio.Future[Lease]


class Placement:
    """Who waits and who holds what. Queued jobs are served in order, but one whose compute is full holds up nobody else."""

    def __init__(self, azure: Azure) -> None:
        self._azure = azure
        self._waiting: list[_Waiting] = []
        self._held: list[Lease] = []
        self._looking: asyncio.Task[None] | None = None

    def recover(self) -> None:
        """Free the nodes of jobs that a former emulator ran."""
        with self._azure.working() as ctx:
            for compute in ctx.store.of_type(COMPUTES):
                for job in {node["job"] for node in compute.private.get("nodes") or () if node["job"]}:
                    _release(ctx, job, compute.id)
            for key in states.opened(ctx.store)[1]:
                _release(ctx, key, None)

    async def take(self, run: Run, compute_id: str | None, count: int, size: str) -> Lease:
        """Wait for nodes and a place. Raises `JobError` where there will never be any."""
        granted: asyncio.Future[Lease] = asyncio.get_running_loop().create_future()
        waiting = _Waiting(run.id, compute_id, count, size, granted)
        run.enter("Queued")
        self._waiting.append(waiting)
        self._serve()
        if self._waiting and (self._looking is None or self._looking.done()):
            self._looking = asyncio.create_task(self._look())
        try:
            return await granted
        except asyncio.CancelledError:
            if granted.done() and not granted.cancelled() and granted.exception() is None:
                self.give_back(granted.result())
            raise
        finally:
            self._waiting = [each for each in self._waiting if each is not waiting]

    def give_back(self, lease: Lease) -> None:
        """The nodes idle, the place is free."""
        self._held.remove(lease)
        with self._azure.working() as ctx:
            _release(ctx, lease.job_id.lower(), lease.compute_id)
        self._serve()

    async def _look(self) -> None:
        # a compute that is started or enlarged tells nobody
        while self._waiting:
            await asyncio.sleep(_LOOK_AGAIN)
            self._serve()

    def _serve(self) -> None:
        places = int(self._azure.store.meta(PLACES_SETTING) or PLACES)
        for waiting in tuple(self._waiting):
            if len(self._held) >= places:
                return
            if waiting.granted.done():
                continue
            try:
                with self._azure.working() as ctx:
                    lease = self._grant(ctx, waiting)
            except JobError as error:
                waiting.granted.set_exception(error)
                continue
            if lease is not None:
                self._held.append(lease)
                waiting.granted.set_result(lease)

    def _grant(self, ctx: Context, waiting: _Waiting) -> Lease | None:
        job = ctx.get(waiting.job_id)
        if job is None:
            raise JobError("The job was deleted while it was queued.")
        now = ctx.clock.now()
        spot = (job.properties.get("queueSettings") or {}).get("jobTier") == "Spot"
        usage: dict[str, Any] = {"compute": "serverless", "vmSize": waiting.size}
        usage["priority"] = "LowPriority" if spot else "Dedicated"
        if waiting.compute_id is not None:
            compute = usable(ctx, waiting.compute_id, waiting.nodes)
            kind, inner = compute.properties["computeType"], compute.properties.get("properties", {})
            if kind == "AmlCompute":
                if not nodes.take(compute, job.key, waiting.nodes, now):
                    return None
                ctx.save(compute)
            elif kind == "ComputeInstance" and self._on(compute) >= _PER_CORE * _cores(inner):
                return None
            size, priority = inner.get("vmSize", ""), inner.get("vmPriority", "Dedicated")
            usage = {"compute": compute.name, "vmSize": size, "priority": priority}
        before = job.private.get("usage", {}).get("nodeSeconds", 0.0)
        job.private["preempted"] = usage["priority"] == "LowPriority"
        job.private["usage"] = {**usage, "nodes": waiting.nodes, "nodeSeconds": before, "since": now}
        ctx.save(job)
        return Lease(job.id, waiting.compute_id)

    def _on(self, compute: Resource) -> int:
        return Counter((lease.compute_id or "").lower() for lease in self._held)[compute.key]


def usable(ctx: Context, compute_id: str, count: int) -> Resource:
    """The compute, if it can run a job on this many nodes. Raises `JobError` with what is to be done."""
    name = compute_id.rsplit("/", 1)[-1]
    compute = ctx.get(compute_id)
    if compute is None or compute.type.lower() != COMPUTES.lower():
        raise JobError(
            f"Compute '{name}' was not found in the workspace: create it, or name another one. For serverless compute name none."
        )
    kind = str(compute.properties.get("computeType"))
    if kind not in KINDS:
        raise JobError(f"Compute '{name}' is of type '{kind}', which runs no jobs; those that do: {', '.join(KINDS)}.")
    if kind == "ComputeInstance" and compute.private.get("state", "Running") != "Running":
        raise JobError(f"Compute instance '{name}' is {compute.private['state'].lower()}: start it, then submit again.")
    if kind == "AmlCompute" and count > nodes.most(compute):
        raise JobError(
            f"The job needs {count} nodes, but compute '{name}' has at most {nodes.most(compute)}:"
            " lower resources.instance_count or raise the cluster's max_instances."
        )
    if kind in ("ComputeInstance", "VirtualMachine") and count > 1:
        raise JobError(f"The job needs {count} nodes, but compute '{name}' of type '{kind}' is a single one.")
    return compute


def _release(ctx: Context, job_key: str, compute_id: str | None) -> None:
    now = ctx.clock.now()
    if compute_id is not None and (compute := ctx.get(compute_id)) is not None and "nodes" in compute.private:
        nodes.give_back(compute, job_key, now)
        ctx.save(compute)
    job = ctx.get(job_key)
    usage = job.private.get("usage", {}) if job is not None else {}
    if job is not None and "since" in usage:
        usage["nodeSeconds"] = round(usage["nodeSeconds"] + usage["nodes"] * (now - usage.pop("since")), 3)
        ctx.save(job)


def _cores(inner: dict[str, Any]) -> int:
    size = vm_sizes.sizes().get(str(inner.get("vmSize", "")).lower())
    return size.cores if size is not None else 1
