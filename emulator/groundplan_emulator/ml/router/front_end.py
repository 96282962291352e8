# SPDX-License-Identifier: Apache-2.0
"""A request to an online endpoint, from its first byte to its record."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from starlette.types import Receive, Scope, Send

from groundplan_emulator.ml.router import answers, authentication, splitter
from groundplan_emulator.ml.router.admission import Admission
from groundplan_emulator.ml.router.answers import Refusal
from groundplan_emulator.ml.router.client import Client, Nobody, Watch
from groundplan_emulator.ml.router.exchange import COLLECTED, AbortedError, Exchanger, LeftError, Question, Record
from groundplan_emulator.ml.router.tables import Deployment, Table, Tables
from groundplan_emulator.ml.router.upstream import Headers
from groundplan_emulator.ml.telemetry import Served

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

log = logging.getLogger("groundplan.emulator")
DEPLOYMENT_HEADER: Final = b"azureml-model-deployment"
MOST_MIRRORED: Final = 64
"""Copies under way at once; what comes beyond is not copied."""


class ClientLeftError(Exception):
    """The client closed its connection."""


class Router:
    """All online endpoints of one emulated Azure."""

    def __init__(self, azure: Azure) -> None:
        self._azure = azure
        self._tables = Tables(azure)
        self._exchanger = Exchanger(Admission(azure.instances))
        self._mirrors: set[asyncio.Task[None]] = set()

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and say what came of it."""
        host, _, rest = scope["path"].lstrip("/").partition("/")
        host = host.lower()
        if self._tables.find(host) is None and rest.lower().startswith("jobs"):
            # a batch endpoint: Azure's host names of both look the same, the emulator's do not
            place = f"/{host.partition('.inference.')[0]}.batch.inference.ml.core.local/"
            moved = {**scope, "path": place + rest, "raw_path": (place + quote(rest)).encode()}
            await self._azure.answer(moved, receive, send)
            return
        await _Call(self, self._azure, self._tables, self._exchanger, host, scope).serve(receive, send)

    def waiting(self, deployment: str) -> int:
        """How many requests wait for an instance of a deployment (its key)."""
        return self._exchanger.admission.waiting(deployment)

    def mirror(self, work: Coroutine[Any, Any, None]) -> None:
        """Let a copy go its way, if there are not too many already."""
        if len(self._mirrors) >= MOST_MIRRORED:
            work.close()
            log.debug("a request is not mirrored: %d copies are under way", MOST_MIRRORED)
            return
        task = asyncio.create_task(work)
        self._mirrors.add(task)
        task.add_done_callback(self._mirrors.discard)

    async def close(self) -> None:
        """End copies, close connections."""
        mirrors = list(self._mirrors)
        for task in mirrors:
            task.cancel()
        await asyncio.gather(*mirrors, return_exceptions=True)
        self._exchanger.connections.close()


class _Call:
    """One request of a client."""

    def __init__(
        self, router: Router, azure: Azure, tables: Tables, exchanger: Exchanger, host: str, scope: Scope
    ) -> None:
        self._router, self._azure, self._tables, self._exchanger = router, azure, tables, exchanger
        self._host = host
        self._scope = scope
        self._headers: Headers = scope["headers"]
        self._at, self._begin = azure.clock.now(), time.perf_counter()
        self._request_id = str(uuid.uuid4())
        self._body = b""
        self._table: Table | None = None
        self._deployment: Deployment | None = None
        self._record = Record()
        self._copy: tuple[Question, Deployment] | None = None

    async def serve(self, receive: Receive, send: Send) -> None:
        record, client = self._record, Client(send)
        try:
            await self._answer(receive, client)
        except Refusal as refusal:
            await self._refuse(refusal, client)
        except AbortedError:
            pass  # uvicorn cuts the connection under an answer that is not whole
        except ClientLeftError:
            record.status, record.reason = answers.GONE, "client_disconnected"
        except asyncio.CancelledError:
            record.status, record.reason = answers.GONE, "client_disconnected"
            if client.watch is None or not client.watch.left():
                raise
        except Exception:
            log.exception("the router failed on %s %s", self._scope["method"], self._scope["path"])
            if not client.begun:
                await self._refuse(answers.failed(), client)
        finally:
            if client.watch is not None:
                client.watch.end()
            self._publish(record, self._deployment, mirrored=False)
        if self._copy is not None:
            self._router.mirror(self._mirror(*self._copy))

    async def _answer(self, receive: Receive, client: Client) -> None:
        table = self._authenticated()
        await self._faulted()
        self._body = await self._read(receive, table.payload_limit)
        question = self._question()
        client.watch = Watch(receive)
        while True:
            self._table = table = self._known()
            self._deployment = deployment = self._chosen(table)
            if self._copy is None and (mirrored := self._mirrored(table)) is not None:
                self._copy = question, mirrored
            try:
                await self._exchanger.run(question, deployment, client, self._record, kubernetes=table.kubernetes)
            except LeftError:
                continue  # traffic goes elsewhere by now
            return

    def _known(self) -> Table:
        table = self._tables.find(self._host)
        if table is None:
            raise answers.no_endpoint(self._host)
        return table

    def _authenticated(self) -> Table:
        self._table = table = self._known()
        try:
            authentication.check(self._azure, table, self._header(b"authorization"))
        except authentication.UnauthorizedError as error:
            raise answers.unauthorized(error.word, str(error)) from None
        return table

    async def _faulted(self) -> None:
        fault = self._azure.faults.take(self._scope["method"], self._scope["path"])
        if fault is not None:
            await asyncio.sleep(fault.delay)
            if fault.status:
                raise answers.injected(fault.status, fault.code, fault.message)

    async def _read(self, receive: Receive, limit: int) -> bytes:
        length = self._header(b"content-length")
        if length.isdigit() and int(length) > limit:
            raise answers.too_large(limit)
        message = await receive()
        content: bytes = message.get("body", b"")
        parts, size = [content], len(content)
        while message.get("more_body", False) and size <= limit:
            message = await receive()
            parts.append(message.get("body", b""))
            size += len(parts[-1])
        if message["type"] == "http.disconnect":
            raise ClientLeftError
        if size > limit:
            raise answers.too_large(limit)
        return b"".join(parts) if len(parts) > 1 else content

    def _chosen(self, table: Table) -> Deployment:
        """The deployment that the header names, or else one by the traffic map."""
        names = [each.name for each in table.deployments.values()]
        if wanted := self._header(DEPLOYMENT_HEADER).decode("latin-1").strip():
            if (named := table.named(wanted)) is None:
                raise answers.no_deployment(table.resource.name, wanted, names)
            return named
        chosen = table.splitter.choose(table.chance.split)
        if chosen is None:
            raise answers.no_traffic(table.resource.name, names)
        return table.deployments[chosen]

    def _mirrored(self, table: Table) -> Deployment | None:
        if table.mirrored is None or self._header(DEPLOYMENT_HEADER).strip():
            return None
        deployment, percent = table.mirrored
        return deployment if splitter.happens(table.chance.mirror, percent) else None

    def _question(self) -> Question:
        raw: bytes = self._scope.get("raw_path") or self._scope["path"].encode()
        target = b"/" + raw.lstrip(b"/").partition(b"/")[2]
        if query := self._scope["query_string"]:
            target += b"?" + query
        return Question(self._scope["method"].encode(), target, self._headers, self._body, self._request_id.encode())

    async def _mirror(self, question: Question, deployment: Deployment) -> None:
        record = Record()
        self._at, self._begin = self._azure.clock.now(), time.perf_counter()
        try:
            await self._exchanger.run(question, deployment, Nobody(), record, kubernetes=False)
        except Refusal as refusal:
            record.status, record.reason = refusal.status, refusal.reason
        except (LeftError, AbortedError):
            record.status, record.reason = answers.GONE, record.reason or "model_not_ready"
        self._publish(record, deployment, mirrored=True)

    async def _refuse(self, refusal: Refusal, client: Client) -> None:
        content = refusal.text.encode()
        self._record.status, self._record.reason = refusal.status, refusal.reason
        self._record.response_bytes = len(content)
        headers: Headers = [
            (b"content-type", b"text/plain"),
            (b"content-length", str(len(content)).encode()),
            answers.SERVER,
            (b"x-request-id", self._request_id.encode()),
            (b"x-ms-request-id", self._request_id.encode()),
        ]
        if self._deployment is not None:
            headers.append((DEPLOYMENT_HEADER, self._deployment.name.encode()))
        if refusal.model_error:
            headers.append((answers.ERROR_REASON, refusal.reason.encode()))
        await client.begin(refusal.status, headers)
        await client.write(content, last=True)

    def _publish(self, record: Record, deployment: Deployment | None, *, mirrored: bool) -> None:
        if self._table is None:
            return  # nobody's
        bodies = None
        if deployment is not None and any(deployment.collects):
            request = self._body if deployment.collects[0] and len(self._body) <= COLLECTED else b""
            bodies = request, record.response or b""
        self._azure.telemetry.publish(
            Served(
                at=self._at,
                endpoint=self._table.id,
                deployment=deployment.name if deployment else "",
                status=record.status,
                model_status=record.model_status,
                seconds=time.perf_counter() - self._begin,
                model_seconds=record.model_seconds,
                request_bytes=len(self._body),
                response_bytes=record.response_bytes,
                request_id=self._request_id,
                client_request_id=self._header(b"x-ms-client-request-id").decode("latin-1"),
                method=self._scope["method"],
                path="/" + self._scope["path"].lstrip("/").partition("/")[2],
                reason=record.reason,
                mirrored=mirrored,
                bodies=bodies,
                instance=record.instance,
                connection=":".join(map(str, self._scope.get("client") or ())),
            )
        )

    def _header(self, name: bytes) -> bytes:
        for key, value in self._headers:
            if key == name:
                return value
        return b""
