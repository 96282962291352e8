# SPDX-License-Identifier: Apache-2.0
"""The listener of the proxy: reads `CONNECT host:port`, then speaks TLS for that host itself, or passes the bytes through."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import socket
import ssl
from typing import TYPE_CHECKING, Any, Final, cast

import uvicorn

from groundplan_emulator.certificates import Leaves
from groundplan_emulator.proxy import hosts, tunnel

if TYPE_CHECKING:
    from uvicorn.server import ServerState

    from groundplan_emulator.app import Azure

log = logging.getLogger("groundplan.emulator")
_CONNECT: Final = re.compile(
    r"CONNECT (?P<host>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9_.-]{1,253}):(?P<port>\d{1,5}) HTTP/1\.[01]"
)
_HEAD_BYTES: Final = 1 << 14
_HEAD_SECONDS: Final = 30.0
_HTTPS: Final = 443


class Proxy:
    """One listener. `config` is uvicorn's, with `hosts.Router` for its application; `state` is that of the server whose end it shares."""

    def __init__(self, azure: Azure, config: uvicorn.Config, state: ServerState) -> None:
        self._folder = azure.settings.folder
        self._port = azure.settings.proxy_port
        self._config = config
        self._state = state
        self._leaves = Leaves(self._folder)
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, listener: socket.socket) -> None:
        """Answer until cancelled; connections that are passed through end then."""
        server = await asyncio.start_server(self._accept, sock=listener, limit=_HEAD_BYTES)
        async with server:
            try:
                await server.serve_forever()
            finally:
                # before the server waits for its connections
                for task in self._tasks:
                    task.cancel()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._answer(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_HEAD_SECONDS):
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            writer.close()
            return
        try:
            await self._serve(head.partition("\r\n")[0], reader, writer)
        except (OSError, ssl.SSLError) as error:
            log.debug("a connection through the proxy ended: %s", error)
            writer.close()
        except Exception:
            log.exception("a connection through the proxy failed")
            writer.close()

    async def _serve(self, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        match = _CONNECT.fullmatch(line)
        if match is None:
            await _refuse(
                writer, "405 Method Not Allowed", "This proxy takes CONNECT requests alone: set it as HTTPS_PROXY."
            )
            return
        host, port = match["host"].strip("[]").lower(), int(match["port"])
        if hosts.is_azure(host):
            if port != _HTTPS:
                await _refuse(
                    writer, "403 Forbidden", f"The local Azure serves {host} on port 443 alone, not on {port}."
                )
                return
            await self._terminate(host, writer)
            return
        if host in ("127.0.0.1", "localhost") and port == self._port:
            await _refuse(writer, "403 Forbidden", "This is the proxy itself.")
            return
        upstream = tunnel.Upstream.load(self._folder)
        try:
            other = await tunnel.reach(upstream, host, port)
        except tunnel.UnreachableError as error:
            await _refuse(writer, "502 Bad Gateway", f"{error}.")
            return
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await tunnel.pump((reader, writer), other)

    async def _terminate(self, host: str, writer: asyncio.StreamWriter) -> None:
        """Go on as the HTTPS server of a host, on the same connection."""
        loop = asyncio.get_running_loop()
        context = self._leaves.context(host)
        factory = cast("Any", self._config.http_protocol_class)
        protocol = factory(config=self._config, server_state=self._state, app_state={}, _loop=loop)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        # at once: what the client says next belongs to TLS
        transport = await loop.start_tls(writer.transport, protocol, context, server_side=True)
        if transport is not None:
            protocol.connection_made(transport)


async def _refuse(writer: asyncio.StreamWriter, status: str, message: str) -> None:
    content = f"{message}\n".encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len(content)}\r\nConnection: close\r\n\r\n"
    with contextlib.suppress(OSError):
        writer.write(head.encode() + content)
        await writer.drain()
    writer.close()
