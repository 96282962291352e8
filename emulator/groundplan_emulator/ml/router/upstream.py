# SPDX-License-Identifier: Apache-2.0
"""HTTP/1.1 to a scoring process: connections that are kept, one request at a time on each, bytes passed on as they come.

Not aiohttp's client: the router must know whether a connection was used before and whether a byte of the answer came, to decide whether
a request may be sent again; and this takes an eighth of the processor's time. httptools does the parsing.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final, cast

import httptools

from groundplan_emulator.ml.instances import Instance

Headers = list[tuple[bytes, bytes]]
_MOST_IDLE: Final = 64
"""Connections to one instance that are kept while they have nothing to do."""
_MOST_INSTANCES: Final = 64
"""Beyond so many, instances are looked for that are gone."""
_BUFFERED: Final = 1 << 18
"""Bytes of an answer that wait for the client before the model is slowed down."""


class BrokenError(Exception):
    """The connection failed. `began`: bytes of the answer had come; `reused`: it had served another request before."""

    def __init__(self, why: str, *, began: bool, reused: bool) -> None:
        super().__init__(why)
        self.began = began
        self.reused = reused


class Connection(asyncio.Protocol):
    """A connection to an instance. `send`, then `head`, then `piece` until it gives b''."""

    def __init__(self) -> None:
        self.status = 0
        self.reason = b""
        self.headers: Headers = []
        self.complete = False
        self.began = False
        self.reused = False
        self.closed = False
        self._keep = False
        self._bodiless = False
        self._has_head = False
        self._pieces: deque[bytes] = deque()
        self._buffered = 0
        self._paused = False
        self._fault: str | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._transport: asyncio.Transport
        self._parser = httptools.HttpResponseParser(self)

    # -- what the router calls

    def send(self, head: bytes, body: bytes, *, bodiless: bool) -> None:
        """Send a request. `bodiless`: its answer has no body whatever the headers say (HEAD)."""
        self.status, self.reason, self.headers = 0, b"", []
        self.complete = self.began = self._has_head = False
        self._bodiless = bodiless
        if len(body) < _BUFFERED:
            self._transport.write(head + body)
        else:
            self._transport.write(head)
            self._transport.write(body)

    async def head(self) -> None:
        """Wait for status and headers. Raises BrokenError."""
        while not self._has_head:
            await self._more()

    async def piece(self) -> bytes:
        """The next part of the body, b'' after the last. Raises BrokenError."""
        while not self._pieces and not self.complete:
            await self._more()
        if not self._pieces:
            return b""
        found = self._pieces.popleft() if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces.clear()
        self._buffered = 0
        if self._paused:
            self._paused = False
            self._transport.resume_reading()
        return found

    @property
    def ended(self) -> bool:
        """Whether `piece` has given all."""
        return self.complete and not self._pieces

    @property
    def reusable(self) -> bool:
        """Whether another request may follow."""
        return self.complete and self._keep and not self.closed and not self._bodiless

    def close(self) -> None:
        """Give up, whatever is under way: the model's answer goes nowhere."""
        self.closed = True
        self._transport.abort()

    async def _more(self) -> None:
        if self._fault is not None:
            raise BrokenError(self._fault, began=self.began, reused=self.reused)
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # -- what the event loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Bytes of an answer."""
        if self.complete:  # nobody asked
            self.close()
            return
        self.began = True
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fault = f"no HTTP answer: {error}"
            self.close()
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """The other side closed. An answer without a length ends so."""
        self.closed = True
        if not self.complete:
            if self._has_head and not self._bounded():
                self.complete = True
            else:
                self._fault = self._fault or f"the connection was closed ({exc or 'by the process'})"
        self._wake()

    def _bounded(self) -> bool:
        return any(name in (b"content-length", b"transfer-encoding") for name, _ in self.headers)

    # -- what the parser calls

    def on_message_begin(self) -> None:
        """An answer begins; a second one to the same question is none."""
        if self.complete:
            raise ValueError("more than one answer")

    def on_status(self, status: bytes) -> None:
        """Words of the status line."""
        self.reason += status

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header."""
        self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """The body follows, or another status line after an interim one."""
        status = self._parser.get_status_code()
        if status < 200:
            self.headers, self.reason = [], b""
            return
        self.status = status
        self._has_head = True
        self.complete = self._bodiless

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        self._pieces.append(body)
        self._buffered += len(body)
        if self._buffered > _BUFFERED and not self._paused:
            self._paused = True
            self._transport.pause_reading()

    def on_message_complete(self) -> None:
        """The end, where the answer says its length."""
        if self._has_head:
            self.complete = True
            self._keep = self._parser.should_keep_alive()


class Connections:
    """Idle connections by instance, the one used last first: what is idle for long is closed by the other side."""

    def __init__(self) -> None:
        self._idle: dict[tuple[int, int], list[Connection]] = {}

    async def get(self, instance: Instance, *, fresh: bool = False) -> Connection:
        """A connection to an instance. Raises BrokenError where nobody listens."""
        idle = self._idle.get((instance.pid, instance.port))
        while idle and not fresh:
            found = idle.pop()
            if not found.closed:
                found.reused = True
                return found
        loop = asyncio.get_running_loop()
        try:
            _, made = await loop.create_connection(Connection, "127.0.0.1", instance.port)
        except OSError as error:
            raise BrokenError(error.strerror or str(error), began=False, reused=False) from None
        return made

    def put(self, instance: Instance, connection: Connection) -> None:
        """A request is over: keep its connection where that is possible."""
        if not connection.reusable:
            if not connection.closed:
                connection.close()
            return
        idle = self._idle.setdefault((instance.pid, instance.port), [])
        if len(idle) < _MOST_IDLE:
            idle.append(connection)
        else:
            connection.close()
        if len(self._idle) > _MOST_INSTANCES:
            self._idle = {key: kept for key, kept in self._idle.items() if any(not each.closed for each in kept)}

    def close(self) -> None:
        """Close all that is idle."""
        for idle in self._idle.values():
            for connection in idle:
                connection.close()
        self._idle.clear()
