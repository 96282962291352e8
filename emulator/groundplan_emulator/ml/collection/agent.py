# SPDX-License-Identifier: Apache-2.0
"""The agent's side of `azureml-ai-monitoring`: `POST /modeldata/log`, one call of `Collector.collect` each."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from starlette.types import Receive, Scope, Send

from groundplan_emulator import asgi
from groundplan_emulator.ml.collection import environment, events, settings, sink

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

_LARGEST: Final = 32 * 1024 * 1024
"""Bytes of a body."""


async def serve(azure: Azure, scope: Scope, receive: Receive, send: Send) -> None:
    """Take one payload."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    status, message = await _take(azure, scope, headers, receive)
    await asgi.send_json(send, status, {"message": message})


async def _take(azure: Azure, scope: Scope, headers: dict[str, str], receive: Receive) -> tuple[int, str]:
    if scope["method"] != "POST" or scope["path"].strip("/").lower() != "modeldata/log":
        return 404, "The data collector takes POST /modeldata/log."
    found = environment.sender(azure.store, azure.settings, headers.get("authorization", ""))
    if found is None:
        return 401, "Only scoring processes of a deployment that collects data may send."
    try:
        body = await asgi.body(receive, _LARGEST)
    except asgi.TooLargeError:
        return 413, f"A payload has at most {_LARGEST} bytes."
    deployment_id, instance = found
    event = await asyncio.to_thread(events.of_script, deployment_id, instance, headers, body, azure.clock.skipped)
    deployment = azure.store.get(deployment_id)
    said = deployment.properties.get("dataCollector") if deployment is not None else None
    if settings.of(said).enabled(event.collection) is None:
        return 404, f"The deployment has no collection '{event.collection}' that is enabled."
    if not sink.of(azure).take(event):
        return 503, "Too much data waits to be written; it was dropped."
    return 200, "accepted"
