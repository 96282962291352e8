# SPDX-License-Identifier: Apache-2.0
"""The ASGI application: reads a request, chooses who answers, runs the handler in one transaction, writes the answer."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import time
import uuid
from collections.abc import Generator
from typing import Any
from urllib.parse import unquote

from starlette.types import Receive, Scope, Send

from groundplan_arm import load
from groundplan_emulator import asgi, control, identity, planes
from groundplan_emulator.arm import operations, router
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.arm.messages import Request, Response
from groundplan_emulator.arm.registry import Registry
from groundplan_emulator.clock import Clock
from groundplan_emulator.faults import Fault, Faults
from groundplan_emulator.ml import streams
from groundplan_emulator.ml.instances import Instances
from groundplan_emulator.ml.telemetry import Telemetry
from groundplan_emulator.settings import Settings
from groundplan_emulator.store import Store

log = logging.getLogger("groundplan.emulator")
READS = frozenset({"GET", "HEAD", "OPTIONS"})


class Azure:
    """One emulated Azure. `settings` may be set again after the ports are known."""

    def __init__(self, settings: Settings, store: Store, clock: Clock) -> None:
        self.settings = settings
        self.store = store
        self.clock = clock
        self.faults = Faults(store)
        self.registry = Registry(load())
        self.instances = Instances()
        """The scoring processes that are ready, by deployment."""
        self.telemetry = Telemetry()
        self._started = time.monotonic()
        self._change = asyncio.Event()
        store.on_commit = self._committed

    def _committed(self) -> None:
        change, self._change = self._change, asyncio.Event()
        change.set()

    async def changed(self, seen: int) -> int:
        """Wait until the store is at another revision than `seen`; the revision then."""
        while self.store.revision == seen:
            await self._change.wait()
        return self.store.revision

    @contextlib.contextmanager
    def working(self) -> Generator[Context]:
        """A transaction of the emulator's own, outside of any request. Nothing may be awaited inside."""
        request = Request("POST", "/", "", {}, b"", self.settings.https)
        with self.store.transaction():
            yield Context(self.store, self.clock, self.settings, self.registry, request)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry point for HTTP; lifespan events need nothing from us."""
        if scope["type"] != "http":
            return
        if (stream := streams.find(scope["path"])) is not None:
            await stream(self, scope, receive, send)
            return
        await self.answer(scope, receive, send)

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in one transaction: control, identity, planes and ARM. Streams come here with what is not theirs."""
        request = await _read(scope, receive)
        response = await self._respond(request)
        await _send(send, request, response)

    async def _respond(self, request: Request) -> Response:
        try:
            response = await self._faulted(request)
        except ArmError as error:
            response = Response(error.status, error.envelope(), error.headers)
        except Exception:
            log.exception("%s %s failed", request.method, request.path)
            body = {"code": "InternalServerError", "message": "The emulator failed on this request; its log says why."}
            response = Response(500, {"error": body})
        if request.method not in READS or response.status >= 500:
            log.info("%s %s %d", request.method, request.path, response.status)
        return response

    async def _faulted(self, request: Request) -> Response:
        if request.path.startswith(control.PREFIX):
            return self._run(request, None)
        fault = self.faults.take(request.method, request.path)
        if fault is None:
            return self._run(request, None)
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.status and fault.phase == "before":
            raise fault.error()
        response = self._run(request, fault)
        if fault.status and fault.phase == "after":
            raise fault.error()
        return response

    def _run(self, request: Request, fault: Fault | None) -> Response:
        """Handlers are plain functions: nothing else runs between the first read and the commit."""
        ctx = Context(self.store, self.clock, self.settings, self.registry, request)
        if request.method in READS:
            return self._answer(ctx, fault)
        with self.store.transaction():
            return self._answer(ctx, fault)

    def _answer(self, ctx: Context, fault: Fault | None) -> Response:
        request = ctx.request
        if request.path.startswith(control.PREFIX):
            return control.answer(ctx, self.faults, self.instances, self._started)
        if (answered := identity.answer(request, self.settings, self.clock)) is not None:
            return answered
        if (plane := planes.find(request.path)) is not None:
            return plane(ctx)
        if not request.headers.get("authorization", "").lower().startswith("bearer "):
            raise ArmError(
                401,
                "AuthenticationFailed",
                "Authentication failed. The 'Authorization' header is missing.",
                headers={
                    "WWW-Authenticate": f'Bearer authorization_uri="{self.settings.https}/{self.settings.identity.tenant_id}"'
                },
            )
        failing = fault is not None and fault.phase == "operation"
        return router.handle(ctx, {"code": fault.code, "message": fault.message} if fault and failing else None)

    async def keep_time(self) -> None:
        """End operations as their time comes; runs until cancelled."""
        while True:
            await asyncio.sleep(0.05)
            timed = (each.due != math.inf for each in self.store.running_operations())
            if self.clock.mode == "manual" or not any(timed):
                continue
            with self.working() as ctx:
                operations.settle(ctx)


async def _read(scope: Scope, receive: Receive) -> Request:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    content = await asgi.body(receive)
    path = unquote(scope["raw_path"].decode("latin-1").partition("?")[0]) if scope.get("raw_path") else scope["path"]
    while "//" in path:
        path = path.replace("//", "/")
    return Request(
        method=scope["method"],
        path=path if planes.exact(path) else path.rstrip("/") or "/",
        query_string=scope["query_string"].decode("latin-1"),
        headers=headers,
        content=content,
        base=f"{scope['scheme']}://{headers.get('host', '127.0.0.1')}",
    )


async def _send(send: Send, request: Request, response: Response) -> None:
    content = response.encode()
    headers: list[tuple[bytes, bytes]] = [(b"x-ms-request-id", uuid.uuid4().hex.encode())]
    names = {name.lower() for name in response.headers}
    if content and "content-type" not in names:
        headers.append((b"content-type", response.content_type.encode()))
    if response.status != 204 and "content-length" not in names:
        headers.append((b"content-length", str(len(content)).encode()))
    headers += [(name.lower().encode(), value.encode()) for name, value in response.headers.items()]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    body: dict[str, Any] = {"type": "http.response.body", "body": b"" if request.method == "HEAD" else content}
    await send(body)
