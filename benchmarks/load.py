# SPDX-License-Identifier: Apache-2.0
"""A small HTTP/1.1 load generator: one request after the other on each connection, statuses counted."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import uvloop

Message = Callable[[int], bytes]


@dataclass(frozen=True)
class Rate:
    """How many requests were answered in how many seconds, by status."""

    seconds: float
    statuses: dict[int, int]

    @property
    def per_second(self) -> float:
        return sum(self.statuses.values()) / self.seconds


class _Connection(asyncio.Protocol):
    """One connection; `answer` is the status of the request under way, `closed` whether another needs a new connection."""

    def __init__(self) -> None:
        self.closed = False
        self.answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # pyright: ignore[reportAttributeAccessIssue]

    def ask(self, message: bytes) -> asyncio.Future[int]:
        """Send a request; its status."""
        self.answer = asyncio.get_running_loop().create_future()
        self._transport.write(message)
        return self.answer

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = 0
        for line in head.lower().split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name == b"content-length":
                length = int(value)
            elif name == b"connection" and value.strip() == b"close":
                self.closed = True
        if len(rest) >= length and not self.answer.done():
            self._buffer = rest[length:]
            self.answer.set_result(int(head[9:12]))

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        if not self.answer.done():
            self.answer.set_exception(exc or ConnectionError("the server closed the connection without an answer"))


def run(port: int, message: Message, *, requests: int, connections: int = 8, seconds: float = 120) -> Rate:
    """Send `message(0) ... message(requests - 1)` to 127.0.0.1:port over some connections; TimeoutError after so many seconds."""
    statuses: Counter[int] = Counter()
    numbers = iter(range(requests))

    async def work() -> None:
        loop = asyncio.get_running_loop()
        connection: _Connection | None = None
        for number in numbers:
            if connection is None or connection.closed:
                _, connection = await loop.create_connection(_Connection, "127.0.0.1", port)
            statuses[await connection.ask(message(number))] += 1

    async def drive() -> float:
        begin = time.perf_counter()
        async with asyncio.timeout(seconds):
            await asyncio.gather(*(work() for _ in range(connections)))
        return time.perf_counter() - begin

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        taken = runner.run(drive())
    return Rate(taken, dict(statuses))


def http(method: str, path: str, *, body: bytes = b"", headers: dict[str, str] | None = None) -> bytes:
    """One request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    if body:
        lines.append("Content-Type: application/json")
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
