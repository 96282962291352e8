# SPDX-License-Identifier: Apache-2.0
"""Blobs as rows of the store: one row a blob, one row a block that is not committed yet."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from groundplan_emulator.arm.context import Context
from groundplan_emulator.types.storage.containers import BLOCKS

SETTABLE = (
    "content-type",
    "content-encoding",
    "content-language",
    "content-disposition",
    "cache-control",
    "content-md5",
)


RANGE_SIZE = 4 * 2**20
"""What Microsoft's client reads at a time."""
_last: list[Any] = ["", b""]
"""The large blob that was read last: its etag, which no other content has, and its content."""


@dataclass(frozen=True, slots=True)
class Place:
    """Account, container ('' for the account itself) and blob ('' for the container itself)."""

    account: str
    container: str
    name: str


@dataclass(slots=True)
class Blob:
    """A block blob without its content. `properties` are HTTP headers in lower case; `blocks` are (id, size) in order."""

    name: str
    size: int
    etag: str
    created: float
    modified: float
    properties: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    blocks: list[tuple[str, int]] = field(default_factory=list)
    tier: str = ""
    copied: dict[str, str] = field(default_factory=dict)


def new_etag() -> str:
    """An etag as the blob service writes them, never used before."""
    return f'"0x{uuid.uuid4().hex[:15].upper()}"'


def md5(content: bytes) -> str:
    """The content's MD5, base64, as `Content-MD5` carries it."""
    return base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()


def find(ctx: Context, place: Place) -> Blob | None:
    """A blob without its content, or None."""
    row = ctx.store.database.execute(
        "SELECT name, headers FROM blobs WHERE account = ? AND container = ? AND name = ?", _key(place)
    ).fetchone()
    return _blob(row) if row else None


def content(ctx: Context, place: Place, etag: str = "") -> bytes:
    """A blob's content; empty where there is no such blob.

    With the blob's etag a large one is kept for the next read: clients read it range by range, and a row is only read whole.
    """
    if etag and _last[0] == etag:
        return _last[1]
    row = ctx.store.database.execute(
        "SELECT content FROM blobs WHERE account = ? AND container = ? AND name = ?", _key(place)
    ).fetchone()
    data = bytes(row[0]) if row else b""
    if etag and len(data) > RANGE_SIZE:
        _last[:] = [etag, data]
    return data


def save(ctx: Context, place: Place, blob: Blob, data: bytes | None = None, *, touch: bool = True) -> None:
    """Write a blob; without data only what is said about it. Touched, it gets a new etag and modification time."""
    if touch:
        blob.etag, blob.modified = new_etag(), ctx.clock.now()
    headers = orjson.dumps({name: getattr(blob, name) for name in Blob.__slots__})
    if data is None:
        ctx.store.database.execute(
            "UPDATE blobs SET headers = ? WHERE account = ? AND container = ? AND name = ?", (headers, *_key(place))
        )
    else:
        ctx.store.database.execute("INSERT OR REPLACE INTO blobs VALUES (?, ?, ?, ?, ?)", (*_key(place), headers, data))


def remove(ctx: Context, place: Place) -> None:
    """Forget a blob and its uncommitted blocks."""
    ctx.store.database.execute("DELETE FROM blobs WHERE account = ? AND container = ? AND name = ?", _key(place))
    drop_blocks(ctx, place)


def listing(ctx: Context, place: Place, prefix: str) -> Iterator[Blob]:
    """The blobs of a container whose names start with a prefix, in the order of their names."""
    rows = ctx.store.database.execute(
        "SELECT name, headers FROM blobs WHERE account = ? AND container = ? AND name >= ? ORDER BY name",
        (place.account, place.container, prefix),
    )
    for row in rows:
        if not row[0].startswith(prefix):
            return
        yield _blob(row)


# -- blocks


def stage(ctx: Context, place: Place, block: str, data: bytes) -> None:
    """Keep a block until a block list names it."""
    key = (place.account, place.container + BLOCKS, f"{place.name}\0{block}")
    ctx.store.database.execute("INSERT OR REPLACE INTO blobs VALUES (?, ?, ?, ?, ?)", (*key, b"{}", data))


def staged(ctx: Context, place: Place) -> dict[str, bytes]:
    """The uncommitted blocks of a blob by id."""
    rows = ctx.store.database.execute(
        "SELECT name, content FROM blobs WHERE account = ? AND container = ? AND name >= ? AND name < ? ORDER BY name",
        (place.account, place.container + BLOCKS, f"{place.name}\0", f"{place.name}\1"),
    )
    return {row[0].partition("\0")[2]: bytes(row[1]) for row in rows}


def committed(ctx: Context, place: Place, blob: Blob | None) -> dict[str, bytes]:
    """The blocks that a blob consists of, by id."""
    found: dict[str, bytes] = {}
    data, at = (content(ctx, place), 0) if blob and blob.blocks else (b"", 0)
    for block, size in blob.blocks if blob else []:
        found[block] = data[at : at + size]
        at += size
    return found


def drop_blocks(ctx: Context, place: Place) -> None:
    """Forget the uncommitted blocks of a blob."""
    ctx.store.database.execute(
        "DELETE FROM blobs WHERE account = ? AND container = ? AND name >= ? AND name < ?",
        (place.account, place.container + BLOCKS, f"{place.name}\0", f"{place.name}\1"),
    )


def _key(place: Place) -> tuple[str, str, str]:
    return place.account, place.container, place.name


def _blob(row: tuple[str, bytes]) -> Blob:
    headers: dict[str, Any] = orjson.loads(row[1])
    headers["blocks"] = [(block, size) for block, size in headers["blocks"]]
    return Blob(**headers)
