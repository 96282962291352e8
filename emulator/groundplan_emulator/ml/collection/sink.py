# SPDX-License-Identifier: Apache-2.0
"""Takes what was collected at once, and writes it to blobs a moment later."""

from __future__ import annotations

import logging
import uuid
import weakref
from collections import deque
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.identity import STORAGE_SUFFIX
from groundplan_emulator.ml import files
from groundplan_emulator.ml.collection import places, settings
from groundplan_emulator.ml.collection.events import Collected
from groundplan_emulator.ml.metrics import recorder
from groundplan_emulator.ml.references import NotFoundError
from groundplan_emulator.planes.blob import rows
from groundplan_emulator.planes.blob.rows import Place

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

log = logging.getLogger("groundplan.emulator")
_MOST_BYTES: Final = 64 * 1024 * 1024
"""That wait; more is refused."""
_FILE_BYTES: Final = 256 * 1024
"""A file that has more gets no more lines: each flush writes it anew."""
_MOST_FILES: Final = 1_000
_Group = tuple[str, str, int, str]
"""Deployment, collection, instance, folder: what a file is for."""


class Sink:
    """What was collected and is not written yet."""

    def __init__(self) -> None:
        self._waiting: deque[Collected] = deque()
        self._bytes = 0
        self._files: dict[_Group, str] = {}

    def take(self, event: Collected) -> bool:
        """Whether there is room for it."""
        if self._bytes + len(event.data) > _MOST_BYTES:
            return False
        self._waiting.append(event)
        self._bytes += len(event.data)
        return True

    def flush(self, azure: Azure, most: int | None = None) -> bool:
        """Write what waits, the oldest first; whether more waits."""
        count = len(self._waiting) if most is None else min(most, len(self._waiting))
        groups: dict[tuple[str, str, int], list[Collected]] = {}
        for _ in range(count):
            event = self._waiting.popleft()
            self._bytes -= len(event.data)
            groups.setdefault((event.deployment, event.collection, event.instance), []).append(event)
        if groups:
            with azure.store.transaction(quiet=True), azure.working() as ctx:
                for (deployment, collection, instance), events in groups.items():
                    self._write(ctx, deployment, collection, instance, events)
        return bool(self._waiting)

    def _write(self, ctx: Context, deployment: str, collection: str, instance: int, events: list[Collected]) -> None:
        found = ctx.get(deployment)
        collector = settings.of(found.properties.get("dataCollector") if found is not None else None)
        try:
            base = places.of(ctx, deployment, collection, collector)
            folders: dict[str, list[Collected]] = {}
            for event in events:
                folders.setdefault(collector.folder(event.at), []).append(event)
            for folder, some in folders.items():
                self._append(ctx, base, (deployment, collection, instance, folder), some)
            reason = ""
        except (NotFoundError, ArmError) as error:
            log.warning("%d collected lines of %s have no place: %s", len(events), deployment, error)
            reason = "NoPlace"
        told = recorder.of(ctx.store)
        told.collected(deployment, instance, collection, len(events), ctx.clock.now(), reason=reason)

    def _append(self, ctx: Context, base: Place, group: _Group, events: list[Collected]) -> None:
        folder = f"{base.name}/{group[3]}"
        name = self._files.get(group) or f"{folder}/{uuid.uuid4()}.jsonl"
        before = rows.content(ctx, Place(base.account, base.container, name))
        if not before or len(before) > _FILE_BYTES:
            name, before = f"{folder}/{uuid.uuid4()}.jsonl", b""
        if len(self._files) > _MOST_FILES:
            self._files.clear()
        self._files[group] = name
        lines = [self._line(ctx, base, folder, event) for event in events]
        target = Place(base.account, base.container, name)
        files.write(ctx, target, before + b"".join(lines), content_type="application/octet-stream")

    @staticmethod
    def _line(ctx: Context, base: Place, folder: str, event: Collected) -> bytes:
        if not event.apart:
            return event.line()
        target = Place(base.account, base.container, f"{folder}/{event.id}")
        files.write(ctx, target, event.data, content_type=event.attributes["datacontenttype"])
        address = f"{ctx.settings.https}/{target.account}.blob.{STORAGE_SUFFIX}/{target.container}/{quote(target.name)}"
        return event.line(address)


_SINKS: weakref.WeakKeyDictionary[Azure, Sink] = weakref.WeakKeyDictionary()


def of(azure: Azure) -> Sink:
    """The sink of an emulated Azure."""
    return _SINKS.setdefault(azure, Sink())
