# SPDX-License-Identifier: Apache-2.0
"""What works in the background for as long as the emulator runs: each service is a module with `async def run(azure)`.

A service keeps nothing that a restart must know outside of the store, and cleans up when it is cancelled. One that fails is logged and
started anew; the emulator goes on.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

log = logging.getLogger("groundplan.emulator")
SERVICES: tuple[str, ...] = (
    "autoscale.service",
    "collection.writer",
    "jobs.runner",
    "logs.keeper",
    "metrics.recorder",
    "router",
    "schedules.service",
    "scoring.supervisor",
    "tracking.server",
)
"""Modules below `groundplan_emulator.ml`. They import what is heavy when there is work, not before."""
_PAUSE = 1.0


async def run(azure: Azure) -> None:
    """Run every service until cancelled."""
    async with asyncio.TaskGroup() as group:
        for name in SERVICES:
            group.create_task(_keep(azure, name), name=name)


async def _keep(azure: Azure, name: str) -> None:
    while True:
        try:
            await importlib.import_module(f"groundplan_emulator.ml.{name}").run(azure)
        except Exception:
            log.exception("%s failed and starts anew", name)
        await asyncio.sleep(_PAUSE)
