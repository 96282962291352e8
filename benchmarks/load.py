# SPDX-License-Identifier: Apache-2.0
"""A small HTTP/1.1 load generator: keep-alive connections, one request after the other on each, statuses counted."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
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
    def __init__(
        self, numbers: Iterator[int], message: Message, statuses: Counter[int], done: asyncio.Future[None]
    ) -> None:
        self._numbers, self._message, self._statuses, self._done = numbers, message, statuses, done
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # pyright: ignore[reportAttributeAccessIssue]
        self._next()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if len(rest) >= length:
            self._statuses[int(head[9:12])] += 1
            self._buffer = rest[length:]
            self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(exc or ConnectionError("the server closed the connection"))

    def _next(self) -> None:
        number = next(self._numbers, None)
        if number is None:
            if not self._done.done():
                self._done.set_result(None)
            self._transport.close()
        else:
            self._transport.write(self._message(number))


def run(port: int, message: Message, *, requests: int, connections: int = 8) -> Rate:
    """Send `message(0) ... message(requests - 1)` to 127.0.0.1:port over some connections."""
    statuses: Counter[int] = Counter()

    async def drive() -> float:
        loop = asyncio.get_running_loop()
        numbers = iter(range(requests))
        begin = time.perf_counter()
        waiting: list[asyncio.Future[None]] = []
        for _ in range(connections):
            done: asyncio.Future[None] = loop.create_future()
            await loop.create_connection(
                lambda done=done: _Connection(numbers, message, statuses, done), "127.0.0.1", port
            )
            waiting.append(done)
        await asyncio.gather(*waiting)
        return time.perf_counter() - begin

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        seconds = runner.run(drive())
    return Rate(seconds, dict(statuses))


def http(method: str, path: str, *, body: bytes = b"", headers: dict[str, str] | None = None) -> bytes:
    """One request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    if body:
        lines.append("Content-Type: application/json")
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
