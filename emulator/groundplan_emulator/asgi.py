# SPDX-License-Identifier: Apache-2.0
"""Bodies of requests and JSON answers, for what is answered outside of a framework."""

from __future__ import annotations

import orjson
from starlette.types import Receive, Send


class TooLargeError(Exception):
    """A body has more bytes than are taken."""


async def body(receive: Receive, most: int | None = None) -> bytes:
    """All of a request's body. Raises `TooLargeError` beyond `most` bytes."""
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        more = message.get("more_body", False)
        if most is not None and size > most:
            raise TooLargeError
    return b"".join(parts)


async def send_json(send: Send, status: int, content: object) -> None:
    """One answer."""
    data = orjson.dumps(content)
    headers = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", str(len(data)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": data})
