# SPDX-License-Identifier: Apache-2.0
"""Log files of a job: collected line by line, and written to the artifact store of its workspace while it runs."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final

from groundplan_emulator.ml import files
from groundplan_emulator.ml.references import NotFoundError
from groundplan_emulator.planes.blob.rows import Place

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

STANDARD: Final = "user_logs/std_log.txt"
BUILD: Final = "azureml-logs/20_image_build_log.txt"
_MOST_BYTES: Final = 16 << 20
"""Of one file; what a job writes beyond that is left out, and the file says so."""
_BYTES_PER_SECOND: Final = 4 << 20
"""A file is written anew with each addition: the larger it is, the more seldom."""
_LEAST_PAUSE: Final = 0.25


class Logs:
    """The log files of one job, below a place."""

    def __init__(self, azure: Azure, job_id: str, below: Place) -> None:
        self._azure = azure
        self._job_id = job_id
        self._below = below
        self._texts: dict[str, bytearray] = {}
        self._dirty: set[str] = set()
        self._full: set[str] = set()
        self._writer: asyncio.Task[None] | None = None

    def add(self, name: str, text: str) -> None:
        """Add a line to a file."""
        content = self._texts.setdefault(name, bytearray())
        if name in self._full:
            return
        line = f"{text}\n".encode("utf-8", "replace")
        if len(content) + len(line) > _MOST_BYTES:
            self._full.add(name)
            line = f"(what follows is left out: a log file keeps {_MOST_BYTES >> 20} MiB)\n".encode()
        content += line
        self._dirty.add(name)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_soon())

    async def _write_soon(self) -> None:
        while self._dirty:
            size = sum(len(self._texts[name]) for name in self._dirty)
            await asyncio.sleep(max(_LEAST_PAUSE, size / _BYTES_PER_SECOND))
            self._write()

    def _write(self) -> None:
        names, self._dirty = self._dirty, set()
        if not names:
            return
        # a workspace or account that is deleted meanwhile has nowhere to keep a log
        quiet = self._azure.store.transaction(quiet=True)
        with contextlib.suppress(NotFoundError), quiet, self._azure.working() as ctx:
            for name in names:
                place = Place(self._below.account, self._below.container, f"{self._below.name}/{name}")
                files.write(ctx, place, bytes(self._texts[name]), content_type="text/plain; charset=utf-8")
            job = ctx.get(self._job_id)
            # only files that are there are told of
            if job is not None and not names.issubset(job.private.get("logs", ())):
                job.private["logs"] = sorted(names.union(job.private.get("logs", ())))
                ctx.save(job)

    async def close(self) -> None:
        """Write what is left."""
        if self._writer is not None:
            self._writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._writer
        self._write()
