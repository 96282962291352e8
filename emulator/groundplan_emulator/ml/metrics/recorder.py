# SPDX-License-Identifier: Apache-2.0
"""The service that records what endpoints serve and instances use: minute by minute, written to the store twice a second.

What is not written yet is in memory, and counts in every query; a killed emulator loses half a second of it. Kept for 93 days by the
emulator's clock, as Azure Monitor does, and `MOST_ROWS` at most: then the oldest go.
"""

from __future__ import annotations

import asyncio
import shutil
import time
import weakref
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from groundplan_emulator.ml.metrics import limits, samples
from groundplan_emulator.ml.metrics.connections import Connections
from groundplan_emulator.ml.metrics.definitions import RETENTION_DAYS
from groundplan_emulator.ml.metrics.exposition import Exposition
from groundplan_emulator.ml.metrics.samples import MINUTE, Key, Samples
from groundplan_emulator.ml.telemetry import Served, Usage
from groundplan_emulator.store import Store

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

FLUSH_SECONDS: Final = 0.5
MOST_ROWS: Final = 500_000
_PRUNE_SECONDS: Final = 3600.0
_STEP: Final = 6 * 3600
"""Seconds of rows that are dropped at a time, so that requests go on in between."""


class Recorder:
    """Samples that are not in the store yet, and who puts them there."""

    def __init__(self, store: Store) -> None:
        self._store: Store = weakref.proxy(store)  # else the store would never be forgotten
        self._connections = Connections()
        self._pruned = float("-inf")
        self.pending: dict[Key, Samples] = {}
        self.exposition = Exposition()

    def served(self, event: Served) -> None:
        """A request was answered, or a copy of one."""
        self.exposition.served(event)
        endpoint = event.endpoint.lower()
        dimensions = (
            event.deployment,
            str(event.status),
            str(event.model_status),
            "true" if event.mirrored else "false",
            str(event.model_status or event.status),
        )
        self._add(endpoint, "requests", event.at, event.seconds * 1000, dimensions, sketch=True)
        if event.mirrored:
            return
        self._add(endpoint, "bytes", event.at, event.request_bytes + event.response_bytes)
        if event.connection and self._connections.use(endpoint, event.connection, time.monotonic()):
            self._add(endpoint, "connections.new", event.at, 1)

    def used(self, event: Usage) -> None:
        """An instance said what it uses."""
        self.exposition.used(event)
        deployment = self._store.get(event.deployment)
        if deployment is None:
            return
        most, instance = limits.of(deployment), str(event.instance)
        disk = shutil.disk_usage(self._store.path.absolute().parent)
        key, at = deployment.key, event.at
        self._add(key, "cpu", at, min(event.cpu_percent / most.cores, 100.0), (instance,))
        self._add(key, "memory", at, min(100 * event.memory_bytes / most.memory, 100.0), (instance,))
        self._add(key, "disk", at, 100 * disk.used / disk.total, (instance, "/"))
        self._add(key, "capacity", at, event.capacity, (instance, "Ready"))

    def collected(
        self, deployment: str, instance: int, collection: str, number: int, at: float, *, reason: str = ""
    ) -> None:
        """Events of the data collector were written, or dropped for a reason. `deployment`: its ARM id."""
        endpoint, name = deployment.rsplit("/deployments/", 1)
        series, dimensions = "collected", (name, str(instance), collection)
        if reason:
            series, dimensions = "dropped", (*dimensions, reason)
        self._add(endpoint.lower(), series, at, number, dimensions)

    def flush(self, now: float) -> None:
        """Write what is pending; samples of resources that are gone are dropped."""
        for endpoint, number in self._connections.active(time.monotonic()).items():
            self._add(endpoint, "connections.active", now, number)
        if not self.pending:
            return
        known = {resource for resource in {key.resource for key in self.pending} if self._store.exists(resource)}
        with self._store.transaction(quiet=True):
            for key, found in self.pending.items():
                if key.resource in known:
                    samples.merge(self._store, key, found)
        self.pending.clear()

    async def prune(self, now: float) -> None:
        """Drop what is too old or too much, once an hour of the emulator's clock."""
        if now - self._pruned < _PRUNE_SECONDS:
            return
        self._pruned = now
        cutoff = now - RETENTION_DAYS * 86400
        while (oldest := samples.oldest(self._store)) is not None:
            if oldest >= cutoff and samples.count(self._store) <= MOST_ROWS:
                return
            before = oldest + _STEP if oldest >= cutoff else min(oldest + _STEP, int(cutoff) + 1)
            with self._store.transaction(quiet=True):
                samples.forget(self._store, before)
            await asyncio.sleep(0)

    def _add(
        self,
        resource: str,
        series: str,
        at: float,
        value: float,
        dimensions: tuple[str, ...] = (),
        *,
        sketch: bool = False,
    ) -> None:
        key = Key(resource, series, int(at // MINUTE) * MINUTE, dimensions)
        found = self.pending.get(key)
        if found is None:
            found = self.pending[key] = Samples()
        found.add(value, sketch=sketch)


_recorders: weakref.WeakKeyDictionary[Store, Recorder] = weakref.WeakKeyDictionary()


def of(store: Store) -> Recorder:
    """The recorder of a store; it stays the same as long as the store is open, even when the service starts anew."""
    found = _recorders.get(store)
    if found is None:
        found = _recorders[store] = Recorder(store)
    return found


def read(
    store: Store, resource: str, series: str, start: int, end: int, *, sketches: bool = False
) -> Iterator[tuple[Key, Samples]]:
    """All that was recorded of a series from minute `start` to before `end`, written or not; keys may come twice."""
    yield from samples.read(store, resource, series, start, end, sketches=sketches)
    pending: Mapping[Key, Samples] = of(store).pending
    for key, found in pending.items():
        if key.resource == resource and key.series == series and start <= key.minute < end:
            yield key, found


async def run(azure: Azure) -> None:
    """Record until cancelled, and write the rest then."""
    recorder = of(azure.store)
    leave = (azure.telemetry.listen(Served, recorder.served), azure.telemetry.listen(Usage, recorder.used))
    try:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            recorder.flush(azure.clock.now())
            await recorder.prune(azure.clock.now())
    finally:
        for each in leave:
            each()
        recorder.flush(azure.clock.now())
