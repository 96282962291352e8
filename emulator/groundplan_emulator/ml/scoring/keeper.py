# SPDX-License-Identifier: Apache-2.0
"""Keeps one deployment: brings its processes from what serves to what is wanted, and ends the operation that waits for that.

What serves is kept in the store beside the deployment, so that a failed or broken-off update, or a restart of the emulator, leaves or
brings back what served before. New processes are ready before old ones stop.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from groundplan_emulator.arm import operations
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.messages import Request
from groundplan_emulator.ml import environments
from groundplan_emulator.ml.environments import Needs, UnsolvableError
from groundplan_emulator.ml.scoring import folders, plan
from groundplan_emulator.ml.scoring.failures import DeploymentError
from groundplan_emulator.ml.scoring.journal import Journal
from groundplan_emulator.ml.scoring.models import needs_of_model
from groundplan_emulator.ml.scoring.plan import Plan
from groundplan_emulator.ml.scoring.replica import Parts, Replica, stop_all
from groundplan_emulator.store import Resource

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

log = logging.getLogger("groundplan.emulator")
_DRAIN_SECONDS: Final = 300.0
"""The longest that requests in flight hold up the end of what served them; their timeout, where that is less."""
_AGAIN_SECONDS: Final = 30.0


class Keeper:
    """`look` when the deployment has changed; `end` when it is gone, `close` when the emulator stops."""

    def __init__(self, azure: Azure, deployment: Resource, gate: asyncio.Semaphore) -> None:
        self.key = deployment.key
        self.incarnation = deployment.private.get(plan.INCARNATION)
        self.folder = folders.of(azure.settings, deployment)
        self.journal = Journal(azure, deployment.id, self.folder / "logs")
        self.replicas: list[Replica] = []
        self.starting: list[Replica] = []
        self._azure = azure
        self._gate = gate
        self._parts: Parts | None = None
        self._coming = ""
        """The fingerprint of what is coming up."""
        self._changed = asyncio.Event()
        self._retiring: set[asyncio.Task[None]] = set()
        self._task = asyncio.create_task(self._run(), name=self.key)

    def look(self) -> None:
        """The store has changed."""
        self._changed.set()

    async def end(self) -> None:
        """The deployment is gone: its processes and files go too."""
        await self._stop(drain=5.0)
        await asyncio.to_thread(shutil.rmtree, self.folder, ignore_errors=True)

    async def close(self) -> None:
        """The emulator stops: processes end, files stay."""
        await self._stop(drain=0.0)

    async def _stop(self, drain: float) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await stop_all([*self.starting, *self.replicas], drain=drain, grace=2.0)
        for each in self._retiring:
            each.cancel()
        await asyncio.gather(*self._retiring, return_exceptions=True)
        self.journal.close()

    async def _run(self) -> None:
        while True:
            self._changed.clear()
            again = None
            try:
                await self._settle()
            except Exception:
                log.exception("online deployment %s", self.key)
                self._finish(
                    {
                        "code": "InternalServerError",
                        "message": "The emulator failed on this deployment; its log says why.",
                    }
                )
                again = _AGAIN_SECONDS
            try:
                async with asyncio.timeout(again):
                    await self._changed.wait()
            except TimeoutError:
                continue

    # -- from what serves to what is wanted

    async def _settle(self) -> None:
        ctx = self._reading()
        wanted = ctx.get(self.key)
        if wanted is None or wanted.private.get(plan.INCARNATION) != self.incarnation:
            return
        waiting = bool(_waiting(ctx, self.key))
        before = plan.as_it_served(wanted)
        hollow = plan.runs(ctx, wanted)
        if hollow:
            await self._stop_serving()
            if waiting:
                self._finish(None)
            return
        if before is not None and self._parts is None:
            await self._bring_back(before)
        if waiting:
            await self._update(wanted)
        elif before is not None and self._parts is not None:
            most = max(plan.left(self._reading(), self.key), len(self.replicas), 1)
            await self._scale_quietly(min(plan.capacity(wanted if plan.serves(wanted) else before), most))

    async def _update(self, wanted: Resource) -> None:
        try:
            found = self._plan(wanted)
            if self._parts is not None and self._parts.plan.fingerprint == found.fingerprint:
                await self._scale(found.capacity)
            else:
                await self._replace(found)
        except DeploymentError as failure:
            self.journal.event(0, f"Type: Warning, Message: {failure.code}: {failure}")
            self._finish(failure.error())
        else:
            self._finish(None)

    async def _bring_back(self, before: Resource) -> None:
        """After a restart of the emulator."""
        try:
            await self._replace(self._plan(before))
        except DeploymentError as failure:
            self.journal.event(0, f"Type: Warning, Message: what served before cannot be brought back: {failure}")
            log.warning("online deployment %s does not serve again: %s", self.key, failure)

    def _plan(self, deployment: Resource) -> Plan:
        return plan.of(self._reading(), deployment)

    def _reading(self) -> Context:
        """For what writes nothing: a transaction would wake everyone who waits for a change."""
        azure = self._azure
        request = Request("GET", "/", "", {}, b"", azure.settings.https)
        return Context(azure.store, azure.clock, azure.settings, azure.registry, request)

    async def _replace(self, wanted: Plan) -> None:
        """New processes, then the end of the old ones. Where the new ones do not come up, the old ones stay."""
        self._coming = wanted.fingerprint
        try:
            parts = await self._prepare(wanted)
            made = await self._start(parts, range(wanted.capacity))
        except DeploymentError:
            self._coming = ""
            await self._forget(wanted.fingerprint)
            raise
        old, self.replicas = self.replicas, made
        before, self._parts, self._coming = self._parts, parts, ""
        for each in made:
            each.keep()
        self._retire(old, before)

    async def _scale_quietly(self, capacity: int) -> None:
        """Where nobody waits for how it ends: autoscale, or what serves beside a failed update."""
        try:
            await self._scale(capacity)
        except DeploymentError as failure:
            self.journal.event(0, f"Type: Warning, Message: not scaled to {capacity} instances: {failure}")

    async def _scale(self, capacity: int) -> None:
        parts = self._parts
        assert parts is not None  # noqa: S101  (something serves)
        if capacity > len(self.replicas):
            used = {each.number for each in self.replicas}
            numbers = [number for number in range(capacity) if number not in used][: capacity - len(self.replicas)]
            made = await self._start(parts, numbers)
            self.replicas += made
            for each in made:
                each.keep()
        elif capacity < len(self.replicas):
            kept, gone = self.replicas[:capacity], self.replicas[capacity:]
            self.replicas = kept
            self._retire(gone, parts)

    async def _start(self, parts: Parts, numbers: Any) -> list[Replica]:
        """Replicas that are ready. Where one fails, all of them end. Raises `DeploymentError`."""
        self.starting = [Replica(self._azure, parts, number) for number in numbers]
        tasks = [asyncio.create_task(each.start()) for each in self.starting]
        try:
            await asyncio.gather(*tasks)
        except BaseException:
            for each in tasks:
                each.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await stop_all(self.starting, drain=0.0)
            raise
        else:
            return self.starting
        finally:
            self.starting = []

    async def _stop_serving(self) -> None:
        old, self.replicas = self.replicas, []
        before, self._parts = self._parts, None
        self._retire(old, before)

    def _retire(self, old: list[Replica], parts: Parts | None) -> None:
        """End processes in the background, when they have answered what they were asked."""
        if not old or parts is None:
            return
        drain = min(parts.plan.timeout + 1.0, _DRAIN_SECONDS)
        task = asyncio.create_task(self._retired(old, parts, drain))
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)

    async def _retired(self, old: list[Replica], parts: Parts, drain: float) -> None:
        try:
            await stop_all(old, drain=drain)
        except asyncio.CancelledError:
            await stop_all(old, drain=0.0, grace=1.0)
            raise
        await self._forget(parts.plan.fingerprint)

    async def _forget(self, fingerprint: str) -> None:
        """Remove the files of a version, unless it serves or comes up again."""
        if fingerprint != self._coming and (self._parts is None or self._parts.plan.fingerprint != fingerprint):
            await asyncio.to_thread(shutil.rmtree, self.folder / fingerprint, ignore_errors=True)

    # -- files and environments

    async def _prepare(self, wanted: Plan) -> Parts:
        say = self.journal.setup
        say(f"Files: {wanted.code or 'no code'}, {wanted.model or 'no model'}")
        generation = await folders.generate(self._azure, wanted, self.folder)
        needs, extra = wanted.needs, [environments.SCORING_SERVER]
        try:
            if wanted.mlflow:
                extra += environments.MLFLOW
                extra += [environments.COLLECTOR] if wanted.collector.get("collections") else []
                if needs is None:
                    needs = await asyncio.to_thread(needs_of_model, generation.model, wanted.model_name)
            interpreter = await environments.prepare(needs or Needs(), extra, say)
        except UnsolvableError as error:
            raise _unmade(wanted, error) from None
        return Parts(wanted, generation, Path(interpreter), self.journal, self._gate)

    # -- the store

    def _finish(self, error: dict[str, Any] | None) -> None:
        """End the operation that waits; what came up is kept for the next start."""
        with self._azure.working() as ctx:
            deployment = ctx.get(self.key)
            if deployment is None or deployment.private.get(plan.INCARNATION) != self.incarnation:
                return
            if error is None:
                parts = self._parts
                deployment.private[plan.SERVING] = plan.snapshot(deployment, parts.plan) if parts is not None else None
                ctx.save(deployment)
            for operation in _waiting(ctx, self.key):
                operations.finish(ctx, operation, error)


def _unmade(wanted: Plan, error: UnsolvableError) -> DeploymentError:
    """An environment that cannot be made, and whose file is to be mended: that of the environment, or that of an MLflow model."""
    if wanted.environment:
        named, advice = f"environment '{wanted.environment}'", "Mend its conda file, and make a new version of it."
    elif wanted.mlflow:
        named = f"environment of the model '{wanted.model_name}'"
        advice = "Mend the requirements in the model's folder (conda.yaml, else requirements.txt), and register a new version of it."
    else:
        named, advice = "environment", "Name an environment whose packages can be installed."
    return DeploymentError("ImageBuildFailure", f"The {named} cannot be made: {str(error).rstrip('.')}.", advice)


def _waiting(ctx: Context, key: str) -> list[Any]:
    return [each for each in ctx.store.running_operations(key) if each.kind != "delete" and each.due == float("inf")]


def starts_at_once() -> asyncio.Semaphore:
    """Python's start is all work for a core: more at once would only make each of them late."""
    return asyncio.Semaphore(max(2, os.cpu_count() or 2))
