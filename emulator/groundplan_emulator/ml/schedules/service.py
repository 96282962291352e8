# SPDX-License-Identifier: Apache-2.0
"""The service that starts what schedules define, when the emulator's clock passes the moment that they are due at.

Where the clock passed several such moments at once (it was advanced, or the emulator did not run), the last one counts and those before it
are left out, as Azure's recurrence triggers do not make up for what they missed.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Final

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.ml.schedules import actions, diary, triggers
from groundplan_emulator.ml.schedules.actions import Due
from groundplan_emulator.store import Resource

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

log = logging.getLogger("groundplan.emulator")
_LONGEST_WAIT: Final = 3600.0
"""Seconds; the machine's clock may be put forward meanwhile."""


async def run(azure: Azure) -> None:
    """Start what is due until cancelled."""
    while True:
        revision, now = azure.store.revision, azure.clock.now()
        known = diary.dues(azure.store)
        for key in [key for key, due in known.items() if due <= now]:
            _start(azure, key)
            await asyncio.sleep(0)
        dues = diary.dues(azure.store).values()
        # no deadline at all would be the same, but for a machine whose clock is set
        wait = min(min(dues, default=now + _LONGEST_WAIT) - azure.clock.now(), _LONGEST_WAIT)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(wait, 0.0)):
                await azure.changed(revision)


def _start(azure: Azure, key: str) -> None:
    with azure.working() as ctx:
        schedule = ctx.get(key)
        if schedule is None or schedule.private.get("due") is None:
            diary.strike(ctx, key)
            return
        now = ctx.clock.now()
        trigger = triggers.understand(schedule.properties["trigger"], schedule.private["anchor"])
        at = trigger.last(schedule.private["due"], now)
        schedule.private["due"] = trigger.next(now)
        try:
            with ctx.store.attempt():
                job = trigger_now(ctx, schedule, at)
                log.info("schedule %s started job %s", schedule.name, job.name)
        except ArmError as error:
            diary.remember(schedule, {"at": at, "error": f"{error.code}: {error.message}"})
            log.warning("schedule %s started nothing: %s", schedule.name, error)
        except Exception:
            diary.remember(schedule, {"at": at, "error": "The emulator failed on it; its log says why."})
            log.exception("schedule %s failed in the emulator", schedule.id)
        ctx.save(schedule)
        diary.enter(ctx, schedule)


def trigger_now(ctx: Context, schedule: Resource, at: float) -> Resource:
    """Start what a schedule defines, for a moment; its job. The caller saves the schedule. Raises `ArmError`."""
    action = schedule.properties["action"]
    job = actions.find(action).start(ctx, Due(schedule, at), action)
    diary.remember(schedule, {"at": at, "job": job.name})
    return job
