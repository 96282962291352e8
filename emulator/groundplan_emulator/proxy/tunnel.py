# SPDX-License-Identifier: Apache-2.0
"""Connections to hosts that are none of Azure's, passed through: directly, or through the proxy that the user's shell had before ours.

`groundplan local env --proxy` writes that one down in `proxy.json` of the state folder (mode 0600, as its address may hold a password):
`{"proxy": "http://user:password@host:port" or "", "no_proxy": "..."}`.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ipaddress
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

RECORD: Final = "proxy.json"
_CONNECT_SECONDS: Final = 30.0
_CHUNK: Final = 1 << 16
_HEAD: Final = 1 << 16

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class UnreachableError(Exception):
    """A host that could not be reached; the message says why."""


@dataclass(frozen=True, slots=True)
class Upstream:
    """The proxy behind ours: its URL, '' for none, and the hosts that it is not for."""

    url: str = ""
    no_proxy: str = ""

    @classmethod
    def load(cls, folder: Path) -> Upstream:
        """What the last `groundplan local env --proxy` found in its shell."""
        try:
            saved = json.loads((folder / RECORD).read_text(encoding="utf-8"))
            return cls(str(saved["proxy"]), str(saved["no_proxy"]))
        except (OSError, ValueError, KeyError, TypeError):
            return cls()

    def save(self, folder: Path) -> None:
        """Write it down for the server of a state folder."""
        temporary = folder / f"{RECORD}.new"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"proxy": self.url, "no_proxy": self.no_proxy}, file)
        temporary.replace(folder / RECORD)

    def is_for(self, host: str) -> bool:
        """Whether a host is reached through it."""
        return bool(self.url) and not spared(host, self.no_proxy)


def spared(host: str, no_proxy: str) -> bool:
    """Whether NO_PROXY has a host: by name, by domain (`.example.com`, `example.com`), by network, or `*`."""
    host = host.lower().strip("[]")
    for entry in (each.strip().lower() for each in no_proxy.split(",")):
        if entry == "*":
            return True
        name = entry.removeprefix("*").lstrip(".").partition(":")[0] if entry.count(":") < 2 else entry
        if name and (host == name or host.endswith(f".{name}")):
            return True
        with contextlib.suppress(ValueError):
            if ipaddress.ip_address(host) in ipaddress.ip_network(entry, strict=False):
                return True
    return False


async def reach(upstream: Upstream, host: str, port: int) -> Streams:
    """A connection to a host. Raises `UnreachableError`."""
    try:
        async with asyncio.timeout(_CONNECT_SECONDS):
            if upstream.is_for(host):
                return await _through(upstream.url, host, port)
            return await asyncio.open_connection(host, port)
    except TimeoutError:
        raise UnreachableError(f"{host}:{port} did not answer within {_CONNECT_SECONDS:.0f} s") from None
    except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise UnreachableError(f"{host}:{port} could not be reached: {error}") from None


async def _through(url: str, host: str, port: int) -> Streams:
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme not in ("http", "https"):
        raise UnreachableError(
            f"{host}:{port} is behind a {parts.scheme} proxy; only http and https ones can stand behind this one"
        )
    secure = parts.scheme == "https"
    where = parts.hostname or "", parts.port or (443 if secure else 80)
    reader, writer = await asyncio.open_connection(*where, ssl=secure or None, limit=_HEAD)
    head = f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n"
    if parts.username:
        user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        head += f"Proxy-Authorization: Basic {base64.b64encode(user.encode()).decode()}\r\n"
    writer.write(f"{head}\r\n".encode("latin-1"))
    answer = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").splitlines()[0]
    if answer.split(" ")[1:2] != ["200"]:
        writer.close()
        raise UnreachableError(f"the proxy {where[0]}:{where[1]} answered '{answer}' for {host}:{port}")
    return reader, writer


async def pump(left: Streams, right: Streams) -> None:
    """Pass bytes both ways until both sides have ended; each end is passed on as such."""
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_copy(left[0], right[1]))
            group.create_task(_copy(right[0], left[1]))
    finally:
        for _, writer in (left, right):
            writer.close()


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while chunk := await source.read(_CHUNK):
            target.write(chunk)
            await target.drain()
        if target.can_write_eof():
            target.write_eof()
            return
    target.close()
