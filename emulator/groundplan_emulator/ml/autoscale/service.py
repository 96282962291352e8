# SPDX-License-Identifier: Apache-2.0
"""The service that runs autoscale settings: every 30 s by the emulator's clock, and at once when it is advanced, a setting changes or its
target becomes ready.

It writes a deployment's `sku.capacity` and an entry of the activity log; who keeps the scoring processes does the rest.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Final

from groundplan_emulator.ml.autoscale.targets import SETTINGS, target_of

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

log = logging.getLogger("groundplan.emulator")
PERIOD_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 1.0


async def run(azure: Azure) -> None:
    """Evaluate settings until cancelled."""
    evaluated, before = float("-inf"), None
    while True:
        seen, moment = azure.store.revision, _moment(azure)
        if moment[1] and (moment != before or azure.clock.now() - evaluated >= PERIOD_SECONDS):
            evaluated = azure.clock.now()
            for setting_id, _, _ in moment[1]:
                _evaluate(azure, setting_id)
        before = moment
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LOOK_SECONDS):
                await azure.changed(seen)


def _moment(azure: Azure) -> tuple[float, tuple[tuple[str, str, bool], ...]]:
    """What makes an evaluation due at once when it changes: skipped time; id, etag and whether the target is ready of each setting."""
    settings = azure.store.of_type(SETTINGS)
    return azure.clock.skipped, tuple(
        (each.id, each.etag, target_of(azure.store, each) is not None) for each in settings
    )


def _evaluate(azure: Azure, setting_id: str) -> None:
    """One setting in a transaction of its own: one that fails hurts no other."""
    from groundplan_emulator.ml.autoscale import evaluation  # not needed before there is a setting

    try:
        with azure.working() as ctx:
            setting = ctx.get(setting_id)
            if setting is not None:
                evaluation.evaluate(ctx, setting)
    except Exception:
        log.exception("the autoscale setting %s could not be evaluated", setting_id)
