# SPDX-License-Identifier: Apache-2.0
"""Service: a keeper for every online deployment that the store has, and the usage of their processes."""

from __future__ import annotations

import asyncio
import shutil
from typing import TYPE_CHECKING, Final

from groundplan_emulator.ml import processes
from groundplan_emulator.ml.scoring import folders
from groundplan_emulator.ml.scoring.keeper import Keeper, starts_at_once
from groundplan_emulator.ml.scoring.plan import DEPLOYMENTS, INCARNATION
from groundplan_emulator.ml.telemetry import Usage

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

_USAGE_SECONDS: Final = 2.0


async def run(azure: Azure) -> None:
    """Until cancelled; no process is left then."""
    supervisor = Supervisor(azure)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(supervisor.reconcile())
            group.create_task(supervisor.measure())
    finally:
        await supervisor.close()


class Supervisor:
    """The keepers, by the key of their deployment."""

    def __init__(self, azure: Azure) -> None:
        self._azure = azure
        self._gate = starts_at_once()
        self._keepers: dict[str, Keeper] = {}
        self._etags: dict[str, str] = {}
        self._ending: set[asyncio.Task[None]] = set()

    async def reconcile(self) -> None:
        """Follow the store."""
        seen, swept = -1, False
        while True:
            seen = self._azure.store.revision
            self._follow()
            if not swept:
                swept = True
                await self._sweep()
            seen = await self._azure.changed(seen)

    def _follow(self) -> None:
        """Every commit comes here, so that only what has another etag than before is read."""
        store = self._azure.store
        etags = dict(store.database.execute("SELECT key, etag FROM resources WHERE type = ?", (DEPLOYMENTS.lower(),)))
        if etags == self._etags:
            return
        changed = {key: store.get(key) for key, etag in etags.items() if self._etags.get(key) != etag}
        self._etags = etags
        for key in [each for each in self._keepers if each not in etags]:
            self._end(self._keepers.pop(key))
        for key, found in changed.items():
            keeper = self._keepers.get(key)
            if keeper is not None and found is not None and keeper.incarnation == found.private.get(INCARNATION):
                keeper.look()
                continue
            if keeper is not None:
                self._end(self._keepers.pop(key))
            if found is not None:
                self._keepers[key] = Keeper(self._azure, found, self._gate)

    def _end(self, keeper: Keeper) -> None:
        task = asyncio.create_task(keeper.end())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _sweep(self) -> None:
        """Folders of deployments that went while nobody looked."""
        root = folders.root(self._azure.settings)
        known = {keeper.folder for keeper in self._keepers.values()}
        for each in root.iterdir() if root.exists() else ():
            if each not in known:
                await asyncio.to_thread(shutil.rmtree, each, ignore_errors=True)

    async def measure(self) -> None:
        """Tell what every process uses; end those that use too much memory."""
        while True:
            await asyncio.sleep(_USAGE_SECONDS)
            running = [
                (keeper, replica, replica.child)
                for keeper in self._keepers.values()
                for replica in (*keeper.replicas, *keeper.starting)
                if replica.child is not None and replica.child.running
            ]
            if not running:
                continue
            used = await asyncio.to_thread(processes.usages, [child for _, _, child in running])
            now = self._azure.clock.now()
            for (keeper, replica, child), (percent, memory) in zip(running, used, strict=True):
                plan = replica.parts.plan
                if child.running and memory > plan.memory:
                    replica.kill(f"was OOMKilled: it used {memory >> 20} MiB, and {plan.memory >> 20} MiB are allowed")
                ready = len(self._azure.instances.of(keeper.key))
                self._azure.telemetry.publish(
                    Usage(now, plan.id, replica.number, percent, memory, ready, keeper.journal.restarts)
                )

    async def close(self) -> None:
        """End every process."""
        await asyncio.gather(*(keeper.close() for keeper in self._keepers.values()), return_exceptions=True)
        await asyncio.gather(*self._ending, return_exceptions=True)
