# SPDX-License-Identifier: Apache-2.0
"""Inputs that are somewhere on the web, outside of this Azure: a file behind an address that anybody may read, as Azure takes it too."""

from __future__ import annotations

import asyncio
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from groundplan_emulator.arm.context import Context
from groundplan_emulator.ml import files
from groundplan_emulator.ml.references import NotFoundError

_MOST_BYTES: Final = 1 << 30
_TIMEOUT_SECONDS: Final = 60.0


def outside(ctx: Context, uri: str) -> bool:
    """Whether an address leads to no storage account of this Azure."""
    if not uri.lower().startswith(("https://", "http://")):
        return False
    if uri.startswith((ctx.settings.https, ctx.settings.http)):
        return False
    try:
        account = files.place(ctx, uri).account
    except NotFoundError:
        return True
    return next(iter(ctx.store.of_type("Microsoft.Storage/storageAccounts", name=account)), None) is None


async def fetch(uri: str, folder: Path) -> Path:
    """Load the file into a folder, under its own name. Raises `NotFoundError` with what the other side said."""
    import httpx

    target = folder / (PurePosixPath(unquote(urlsplit(uri).path)).name or "data")
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    shown = uri.partition("?")[0]
    loaded = 0
    try:
        async with (
            httpx.AsyncClient(follow_redirects=True, timeout=_TIMEOUT_SECONDS) as client,
            client.stream("GET", uri) as answer,
        ):
            if answer.status_code != 200:
                raise NotFoundError(f"'{shown}' answered {answer.status_code}")
            with target.open("wb") as file:
                async for piece in answer.aiter_bytes(1 << 20):
                    loaded += len(piece)
                    if loaded > _MOST_BYTES:
                        raise NotFoundError(f"'{shown}' has more than {_MOST_BYTES >> 30} GiB")
                    await asyncio.to_thread(file.write, piece)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NotFoundError(f"'{shown}' could not be read: {error or type(error).__name__}") from None
    return target
