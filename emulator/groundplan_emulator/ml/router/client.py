# SPDX-License-Identifier: Apache-2.0
"""The other end of a request: a client that waits, leaves or never was."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.types import Receive, Send

from groundplan_emulator.ml.router.upstream import Headers


class Watch:
    """Cancels the request that made it when its client leaves."""

    def __init__(self, receive: Receive) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  (made inside of a request)
        self._task = task
        self._left = self._over = False
        self._watch = asyncio.ensure_future(receive())
        self._watch.add_done_callback(self._heard)

    def _heard(self, watch: asyncio.Future[Any]) -> None:
        if not self._over and not watch.cancelled():
            self._left = True
            self._task.cancel()

    def left(self) -> bool:
        """Whether the cancellation that came was this one's; it is taken back then."""
        if self._left:
            self._task.uncancel()
        return self._left

    def end(self) -> None:
        """The answer is out, or nobody waits for it."""
        self._over = True
        self._watch.cancel()


class Client:
    """Delivers to the client."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.watch: Watch | None = None
        self.begun = False

    async def begin(self, status: int, headers: Headers) -> None:
        """Status and headers."""
        self.begun = True
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def write(self, piece: bytes, *, last: bool) -> None:
        """Part of the body; after the last the client may leave."""
        if last and self.watch is not None:
            self.watch.end()
        await self._send({"type": "http.response.body", "body": piece, "more_body": not last})


class Nobody:
    """Delivers to nobody: the answer of a mirrored request."""

    async def begin(self, status: int, headers: Headers) -> None:
        """Nothing."""

    async def write(self, piece: bytes, *, last: bool) -> None:
        """Nothing."""
