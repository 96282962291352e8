# SPDX-License-Identifier: Apache-2.0
"""An Azure in this process, with an endpoint and deployments in its store, that is told of requests and usage."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from groundplan_emulator.app import Azure
from groundplan_emulator.clock import Clock
from groundplan_emulator.ml.metrics import recorder
from groundplan_emulator.ml.telemetry import Served, Usage
from groundplan_emulator.settings import Identity, Settings
from groundplan_emulator.store import Resource, Store

TYPE = "Microsoft.MachineLearningServices/workspaces"
LOCATION = "westeurope"


class StillClock(Clock):
    """A clock that stands still until it is advanced: at 12:00:00 on a Wednesday in UTC, unless told otherwise."""

    START = 1_770_811_200.0

    def __init__(self, start: float = START) -> None:
        super().__init__("manual")
        self.start = start

    def now(self) -> float:
        return self.start + self.skipped


@contextmanager
def opened(folder: Path, clock: Clock | None = None) -> Generator[Azure]:
    """The store and identity of a state folder, as a server would open them."""
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.closing(Store(folder / "state.db")) as store:
        yield Azure(Settings(folder, 1, 2, Identity.load(folder)), store, clock or StillClock())


@contextlib.asynccontextmanager
async def recording(azure: Azure) -> AsyncGenerator[None]:
    """The recorder's service, as the server runs it."""
    service = asyncio.create_task(recorder.run(azure))
    await asyncio.sleep(0)
    try:
        yield
    finally:
        service.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await service


def listen(azure: Azure) -> recorder.Recorder:
    """The recorder without its service: nothing is written until `flush`."""
    found = recorder.of(azure.store)
    azure.telemetry.listen(Served, found.served)
    azure.telemetry.listen(Usage, found.used)
    return found


def put(azure: Azure, id_: str, type_: str, body: dict[str, Any]) -> Resource:
    """A resource in the store, whatever its type's rules are."""
    name = id_.rsplit("/", 1)[1]
    resource = Resource(id_, type_, name, {"id": id_, "name": name, "type": type_, **body}, str(uuid.uuid4()))
    with azure.working() as ctx:
        ctx.store.put(resource, id_.rsplit("/", 2)[0])
    return resource


def endpoint(azure: Azure, *deployments: str, name: str = "scoring", capacity: int = 1) -> Resource:
    """An endpoint in a workspace, with deployments on two cores and 8 GiB."""
    subscription = azure.settings.identity.subscription_id
    group = f"/subscriptions/{subscription}/resourceGroups/metrics"
    workspace = f"{group}/providers/{TYPE}/measured"
    if azure.store.get(workspace) is None:
        put(azure, group, "Microsoft.Resources/resourceGroups", {"location": LOCATION})
        put(azure, workspace, TYPE, {"location": LOCATION, "properties": {"provisioningState": "Succeeded"}})
    made = put(
        azure,
        f"{workspace}/onlineEndpoints/{name}",
        f"{TYPE}/onlineEndpoints",
        {"location": LOCATION, "properties": {"authMode": "Key"}, "systemData": {"createdAt": azure.clock.stamp()}},
    )
    for each in deployments:
        put(
            azure,
            f"{made.id}/deployments/{each}",
            f"{made.type}/deployments",
            {
                "location": LOCATION,
                "sku": {"name": "Default", "capacity": capacity},
                "properties": {
                    "endpointComputeType": "Managed",
                    "instanceType": "Standard_D2s_v3",
                    "scaleSettings": {"scaleType": "Default"},
                    "provisioningState": "Succeeded",
                },
                "systemData": {"createdAt": azure.clock.stamp()},
            },
        )
    return made


def serve(
    azure: Azure,
    endpoint: Resource,
    deployment: str,
    *milliseconds: float,
    status: int = 200,
    mirrored: bool = False,
    connection: str = "",
) -> None:
    """Tell of one request for each latency."""
    for each in milliseconds:
        azure.telemetry.publish(
            Served(
                at=azure.clock.now(),
                endpoint=endpoint.id,
                deployment=deployment,
                status=status,
                model_status=status if status in (200, 500) else 0,
                seconds=each / 1000,
                model_seconds=each / 1000,
                request_bytes=100,
                response_bytes=50,
                request_id=str(uuid.uuid4()),
                mirrored=mirrored,
                connection=connection,
            )
        )


def use(
    azure: Azure,
    deployment_id: str,
    cpu: float,
    *,
    memory: int = 1 << 30,
    instance: int = 0,
    capacity: int = 1,
    restarts: int = 0,
) -> None:
    """Tell what an instance uses: per cent of one core, bytes."""
    azure.telemetry.publish(Usage(azure.clock.now(), deployment_id, instance, cpu, memory, capacity, restarts))
