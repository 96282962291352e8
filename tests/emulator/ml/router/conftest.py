# SPDX-License-Identifier: Apache-2.0
"""An emulated Azure with real scoring processes behind real sockets, in the event loop of one test."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from groundplan_emulator.app import Azure
from groundplan_emulator.clock import Clock
from groundplan_emulator.ml import router
from groundplan_emulator.ml.instances import Instance
from groundplan_emulator.ml.telemetry import Served
from groundplan_emulator.server import bind
from groundplan_emulator.settings import Identity, Settings
from groundplan_emulator.store import Resource, Store
from groundplan_emulator.types.machine_learning_services import endpoint_keys

LOCATION = "westeurope"
MODEL = Path(__file__).with_name("model.py")


@dataclass
class Rig:
    """What a scenario works with."""

    azure: Azure
    client: httpx.AsyncClient
    served: list[Served] = field(default_factory=list)
    processes: list[asyncio.subprocess.Process] = field(default_factory=list)

    def endpoint(self, name: str = "ep", **properties: Any) -> Resource:
        """An endpoint in the store; with `traffic`, `mirrorTraffic`, `authMode`, `compute`."""
        resource = self.known(name) or Resource(
            self.id(name), "Microsoft.MachineLearningServices/workspaces/onlineEndpoints", name, {"location": LOCATION}
        )
        resource.private["born"] = 1
        resource.body["properties"] = {"authMode": "Key", **resource.properties, **properties}
        return self.saved(resource)

    def saved(self, resource: Resource) -> Resource:
        with self.azure.store.transaction():
            self.azure.store.put(resource, resource.id.rsplit("/", 2)[0])
        return resource

    def deployment(self, name: str, endpoint: str = "ep", **properties: Any) -> str:
        """A deployment in the store; its key."""
        id_ = f"{self.id(endpoint)}/deployments/{name}"
        resource = Resource(
            id_,
            "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
            name,
            {"properties": properties},
        )
        with self.azure.store.transaction():
            self.azure.store.put(resource, self.id(endpoint))
        return resource.key

    async def model(self, deployment: str, name: str, number: int = 0) -> Instance:
        """A scoring process of a deployment, ready."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(MODEL), name, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        self.processes.append(process)
        assert process.stdout is not None
        async with asyncio.timeout(30):
            port = int(await process.stdout.readline())
        instance = Instance(number, process.pid, port)
        self.azure.instances.add(deployment, instance)
        return instance

    async def stop(self, deployment: str, instance: Instance) -> None:
        """As whoever keeps instances does it: out of the list, then wait, then stop."""
        self.azure.instances.remove(deployment, instance)
        async with asyncio.timeout(30):
            while instance.in_flight:
                await asyncio.sleep(0.01)
        process = next(each for each in self.processes if each.pid == instance.pid)
        process.terminate()
        await process.wait()

    async def score(self, body: Any = None, *, endpoint: str = "ep", **options: Any) -> httpx.Response:
        """POST to the scoring URI with the primary key."""
        headers = {"Authorization": f"Bearer {self.key(endpoint)}", **options.pop("headers", {})}
        path, method = options.pop("path", "/score"), options.pop("method", "POST")
        url = f"/{endpoint}.{LOCATION}.inference.ml.core.local{path}"
        if method == "POST" and not {"content", "data"} & options.keys():
            options["json"] = body or {}
        return await self.client.request(method, url, headers=headers, **options)

    def key(self, endpoint: str = "ep", which: str = "primary") -> str:
        resource = self.known(endpoint)
        assert resource is not None
        return endpoint_keys.derived(self.azure.settings.identity, resource, which)

    def known(self, name: str) -> Resource | None:
        return self.azure.store.get(self.id(name))

    def waiting(self, deployment: str) -> Any:
        """Who waits for a place."""
        return router.router(self.azure).waiting(deployment)

    async def heard(self, number: int) -> list[Served]:
        """The records, once there are so many: a copy's comes after the answer is out."""
        async with asyncio.timeout(30):
            while len(self.served) < number:
                await asyncio.sleep(0.01)
        return self.served

    @staticmethod
    def id(name: str) -> str:
        return (
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/onlineEndpoints/"
            + name
        )


@contextlib.asynccontextmanager
async def rig(folder: Path) -> AsyncGenerator[Rig]:
    listener = bind(0)
    port = listener.getsockname()[1]
    store = Store(folder / "state.db")
    azure = Azure(Settings(folder, port, port, Identity.load(folder)), store, Clock())
    server = uvicorn.Server(
        uvicorn.Config(azure, lifespan="off", access_log=False, log_config=None, server_header=False)
    )
    server.capture_signals = contextlib.nullcontext
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    working = asyncio.create_task(router.run(azure))
    async with asyncio.timeout(30):
        while not server.started:
            await asyncio.sleep(0.005)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as client:
        made = Rig(azure, client)
        azure.telemetry.listen(Served, made.served.append)
        try:
            yield made
        finally:
            for process in made.processes:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
    server.should_exit = True
    await serving
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    store.close()


Scenario = Callable[[Rig], Awaitable[None]]


@pytest.fixture
def play(tmp_path: Path) -> Callable[[Scenario], None]:
    """Runs a scenario (a coroutine function of a rig) to its end, in bounded time."""

    async def run(scenario: Scenario) -> None:
        async with asyncio.timeout(120), rig(tmp_path) as made:
            await scenario(made)

    return lambda scenario: asyncio.run(run(scenario))
