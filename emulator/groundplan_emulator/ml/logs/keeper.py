# SPDX-License-Identifier: Apache-2.0
"""The service that hears what happens and keeps it as rows of the workspaces that it is sent to, at least twice a second."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.messages import Request
from groundplan_emulator.ml.logs import destinations, records, rows
from groundplan_emulator.ml.logs.destinations import Application, Endpoint
from groundplan_emulator.ml.logs.rows import Row
from groundplan_emulator.ml.logs.tracebacks import Tracebacks
from groundplan_emulator.ml.telemetry import Lifecycle, LogLine, Served

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

FLUSH_SECONDS: Final = 0.5
TRIM_SECONDS: Final = 30.0
_AT_ONCE: Final = 50
"""Events that are written before other requests get a turn."""
_MOST_WAITING: Final = 50_000
"""Events; the oldest go when more wait."""
_MOST_READERS: Final = 1_000
LOG_WORKSPACES: Final = "Microsoft.OperationalInsights/workspaces"
_DAY: Final = 24 * 3600.0


class Keeper:
    """Takes events at once, and turns them into rows later."""

    def __init__(self, azure: Azure) -> None:
        self._azure = azure
        self._waiting: deque[Served | LogLine | Lifecycle] = deque(maxlen=_MOST_WAITING)
        self._tracebacks: dict[tuple[str, int, str], Tracebacks] = {}

    def take(self, event: Served | LogLine | Lifecycle) -> None:
        """Remember an event."""
        self._waiting.append(event)

    def flush(self, most: int | None = None) -> bool:
        """Write what waits, the oldest first; whether more waits."""
        count = len(self._waiting) if most is None else min(most, len(self._waiting))
        events = [self._waiting.popleft() for _ in range(count)]
        found = _Destinations(self._azure)
        written = [row for event in events for row in self._rows(found, event)]
        if written:
            with self._azure.store.transaction(quiet=True):
                rows.write(self._azure.store.database, written)
        return bool(self._waiting)

    def _rows(self, found: _Destinations, event: Served | LogLine | Lifecycle) -> Iterator[Row]:
        if isinstance(event, Served):
            yield from _served(found, event)
            return
        endpoint_id, deployment = records.deployment_of(event.source)
        endpoint = found.endpoint(endpoint_id) if endpoint_id else None
        if endpoint is None:
            return
        resource = endpoint.resource.key
        if isinstance(event, Lifecycle):
            columns = records.lifecycle(deployment, event)
            for workspace in endpoint.categories.get("AmlOnlineEndpointEventLog", ()) if columns else ():
                yield Row(workspace, "AmlOnlineEndpointEventLog", event.at, resource, columns or {})
            return
        columns = records.console(deployment, event)
        for workspace in endpoint.categories.get("AmlOnlineEndpointConsoleLog", ()):
            yield Row(workspace, "AmlOnlineEndpointConsoleLog", event.at, resource, columns)
        if (application := found.application(endpoint, deployment)) is not None:
            yield from self._application_rows(application, deployment, event)

    def _application_rows(self, application: Application, deployment: str, event: LogLine) -> Iterator[Row]:
        trace = records.trace(deployment, application.key, event)
        yield Row(application.workspace, "AppTraces", event.at, application.component, trace)
        if len(self._tracebacks) > _MOST_READERS:
            self._tracebacks.clear()
        reader = self._tracebacks.setdefault((event.source, event.instance, event.stream), Tracebacks())
        if (raised := reader.feed(event.text)) is not None:
            columns = records.exception(deployment, event.instance, application.key, raised)
            yield Row(application.workspace, "AppExceptions", event.at, application.component, columns)


class _Destinations:
    """Where events go, each endpoint looked up once."""

    def __init__(self, azure: Azure) -> None:
        request = Request("GET", "/", "", {}, b"", azure.settings.https)
        self._ctx = Context(azure.store, azure.clock, azure.settings, azure.registry, request)
        self._endpoints: dict[str, Endpoint | None] = {}
        self._insights: dict[str, bool] = {}

    def endpoint(self, endpoint_id: str) -> Endpoint | None:
        key = endpoint_id.lower()
        if key not in self._endpoints:
            self._endpoints[key] = destinations.of_endpoint(self._ctx, endpoint_id)
        return self._endpoints[key]

    def application(self, endpoint: Endpoint, deployment: str) -> Application | None:
        """The component that a deployment sends to."""
        if endpoint.application is None or not deployment:
            return None
        key = f"{endpoint.resource.key}/deployments/{deployment.lower()}"
        if key not in self._insights:
            found = self._ctx.get(key)
            self._insights[key] = found is not None and bool(found.properties.get("appInsightsEnabled"))
        return endpoint.application if self._insights[key] else None


def _served(found: _Destinations, event: Served) -> Iterator[Row]:
    endpoint = found.endpoint(event.endpoint)
    if endpoint is None:
        return
    targets = endpoint.categories.get("AmlOnlineEndpointTrafficLog", ())
    if targets and not event.mirrored:
        columns = records.traffic(endpoint, event)
        for workspace in targets:
            yield Row(workspace, "AmlOnlineEndpointTrafficLog", event.at, endpoint.resource.key, columns)
    application = found.application(endpoint, event.deployment) if event.model_status else None
    if application is not None:
        columns = records.request(endpoint, application.key, event)
        yield Row(application.workspace, "AppRequests", event.at, application.component, columns)


def trim(azure: Azure) -> None:
    """Give up what workspaces no longer keep; a deleted workspace keeps its rows until it cannot come back."""
    now, oldest = azure.clock.now(), {}
    deleted = (each.body for each in azure.store.deleted(LOG_WORKSPACES))
    live = (each.body for each in azure.store.of_type(LOG_WORKSPACES))
    for body in itertools.chain(deleted, live):
        properties = body.get("properties", {})
        oldest[str(properties.get("customerId"))] = now - float(properties.get("retentionInDays") or 30) * _DAY
    with azure.store.transaction(quiet=True):
        rows.trim(azure.store.database, oldest)


async def run(azure: Azure) -> None:
    """Keep logs until cancelled; what waits then is written."""
    keeper = Keeper(azure)
    deafen = (
        azure.telemetry.listen(Served, keeper.take),
        azure.telemetry.listen(LogLine, keeper.take),
        azure.telemetry.listen(Lifecycle, keeper.take),
    )
    trimmed = time.monotonic()
    try:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            while keeper.flush(_AT_ONCE):
                await asyncio.sleep(0)
            if time.monotonic() - trimmed > TRIM_SECONDS:
                trim(azure)
                trimmed = time.monotonic()
    finally:
        for each in deafen:
            each()
        keeper.flush()
