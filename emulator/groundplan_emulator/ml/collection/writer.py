# SPDX-License-Identifier: Apache-2.0
"""The service that writes what was collected, twice a second, and collects the bodies of requests and responses."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from groundplan_emulator.ml.collection import events, settings, sink
from groundplan_emulator.ml.collection.settings import REQUEST, RESPONSE
from groundplan_emulator.ml.telemetry import Served

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

FLUSH_SECONDS: Final = 0.5
_AT_ONCE: Final = 200
"""Lines that are written before other requests get a turn."""


async def run(azure: Azure) -> None:
    """Write until cancelled; what waits then is written."""
    taken = sink.of(azure)
    deafen = azure.telemetry.listen(Served, lambda event: payloads(azure, event))
    try:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            while taken.flush(azure, _AT_ONCE):
                await asyncio.sleep(0)
    finally:
        deafen()
        taken.flush(azure)


def payloads(azure: Azure, event: Served) -> None:
    """Collect the bodies of a request that reached a model, where its deployment wants them."""
    if event.bodies is None or not event.model_status:
        return
    deployment = azure.store.get(f"{event.endpoint}/deployments/{event.deployment}")
    if deployment is None:
        return
    collector = settings.of(deployment.properties.get("dataCollector"))
    for name, which, size, make in (
        (REQUEST, 0, event.request_bytes, events.of_request),
        (RESPONSE, 1, event.response_bytes, events.of_response),
    ):
        collection = collector.enabled(name)
        whole = len(event.bodies[which]) == size
        if collection is not None and whole and collection.samples(event.request_id):
            sink.of(azure).take(make(deployment.id, event))
