# SPDX-License-Identifier: Apache-2.0
"""What the store knows of a schedule besides its body, and of all schedules together: which are due when.

anchor    when the trigger was written: the start of one that names no start time
due       when it is due next, None where it is not any more (or is disabled)
history   [{"at", "job"} or {"at", "error"}] of the last times, the newest last
"""

from __future__ import annotations

from typing import Any, Final

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.resource import Write
from groundplan_emulator.ml.schedules import triggers
from groundplan_emulator.store import Resource, Store

_DUE: Final = "ml.schedules.due"
_KEPT: Final = 100


def plan(write: Write, trigger: dict[str, Any], *, enabled: bool) -> None:
    """Decide when a schedule that is written is due next. The trigger is known to be right."""
    now = write.ctx.clock.now()
    old = write.old_properties
    if write.old is None or old.get("trigger") != trigger:
        write.private["anchor"] = now
        write.private.pop("due", None)
    understood = triggers.understand(trigger, write.private["anchor"])
    if not enabled:
        write.private["due"] = None
    elif "due" not in write.private:
        write.private["due"] = understood.next(now) if trigger.get("startTime") else understood.first()
    elif not old.get("isEnabled", True):
        write.private["due"] = understood.next(now)


def enter(ctx: Context, schedule: Resource) -> None:
    """Note when a stored schedule is due, for the service that waits for it."""
    known = dict(ctx.store.meta(_DUE) or {})
    due = schedule.private.get("due")
    if due is None:
        known.pop(schedule.key, None)
    else:
        known[schedule.key] = due
    ctx.store.set_meta(_DUE, known)


def strike(ctx: Context, key: str) -> None:
    """A schedule is not there any more."""
    known = dict(ctx.store.meta(_DUE) or {})
    if known.pop(key, None) is not None:
        ctx.store.set_meta(_DUE, known)


def dues(store: Store) -> dict[str, float]:
    """Keys of schedules, and when they are due."""
    return store.meta(_DUE) or {}


def remember(schedule: Resource, entry: dict[str, Any]) -> None:
    """Add to the history. The caller saves the schedule."""
    schedule.private["history"] = [*schedule.private.get("history", []), entry][-_KEPT:]
