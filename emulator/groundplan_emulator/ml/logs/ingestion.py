# SPDX-License-Identifier: Apache-2.0
"""The ingestion endpoint in the connection string of an Application Insights component: `POST /applicationinsights/{region}/v2.1/track`.

SDKs send a JSON array of items, or one item a line, as they are or compressed by gzip. Each names the component by its key.

Differs from Azure:
- a component without a Log Analytics workspace keeps nothing
- page views and availability results are refused; live metrics are not answered
- a token is not asked for where `DisableLocalAuth` is set
"""

from __future__ import annotations

import asyncio
import re
import zlib
from typing import TYPE_CHECKING, Any, Final

import orjson
from starlette.types import Receive, Scope, Send

from groundplan_emulator import asgi
from groundplan_emulator.ml.logs import destinations, items, rows
from groundplan_emulator.ml.logs.destinations import Application
from groundplan_emulator.ml.logs.items import ItemError
from groundplan_emulator.ml.logs.rows import Row

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

COMPONENTS: Final = "Microsoft.Insights/components"
_LARGEST: Final = 16 * 1024 * 1024
"""Bytes of a body, compressed or not."""
_GZIP: Final = 31
"""The window size by which zlib reads gzip."""
_PATH = re.compile(r"applicationinsights/[^/]+/+v2(?:\.\d)?/track", re.IGNORECASE)


async def serve(azure: Azure, scope: Scope, receive: Receive, send: Send) -> None:
    """Take a batch of items: 200 for all of them, 206 for a part, 400 for none."""
    status, body = await _take(azure, scope, receive)
    await asgi.send_json(send, status, body)


async def _take(azure: Azure, scope: Scope, receive: Receive) -> tuple[int, dict[str, Any]]:
    if scope["method"] != "POST" or _PATH.fullmatch(scope["path"].strip("/")) is None:
        return 404, _result(0, [(0, 404, "Application Insights takes POST .../v2.1/track here, and nothing else.")])
    try:
        body = await asgi.body(receive, _LARGEST)
    except asgi.TooLargeError:
        return 413, _result(0, [(0, 413, f"A batch has at most {_LARGEST} bytes.")])
    encoding = next((value for name, value in scope["headers"] if name.lower() == b"content-encoding"), b"")
    try:
        found = await asyncio.to_thread(_items, body, encoding == b"gzip")
    except (orjson.JSONDecodeError, zlib.error):
        return 400, _result(0, [(0, 400, "The body is no JSON: neither a list of items nor one item a line.")])
    return _write(azure, found)


def _items(body: bytes, compressed: bool) -> list[Any]:
    if compressed:
        body = zlib.decompressobj(_GZIP).decompress(body, _LARGEST)
    if body.lstrip()[:1] == b"[":
        return orjson.loads(body)
    return [orjson.loads(line) for line in body.splitlines() if line.strip()]


def _write(azure: Azure, found: list[Any]) -> tuple[int, dict[str, Any]]:
    errors: list[tuple[int, int, str]] = []
    with azure.store.transaction(quiet=True), azure.working() as ctx:
        applications = {
            str(each.properties.get("InstrumentationKey", "")).lower(): destinations.application(ctx, each.id)
            for each in ctx.store.of_type(COMPONENTS)
        }
        for index, item in enumerate(found):
            try:
                rows.write(ctx.store.database, _rows(applications, item))
            except ItemError as error:
                errors.append((index, 400, str(error)))
    status = 200 if not errors else 206 if len(errors) < len(found) else 400
    return status, _result(len(found), errors)


def _rows(applications: dict[str, Application | None], item: Any) -> list[Row]:
    """The rows of an item; none where its component has no workspace."""
    key = str(item.get("iKey", "")).lower() if isinstance(item, dict) else ""
    if key not in applications:
        raise ItemError("Invalid instrumentation key")
    application = applications[key]
    return list(items.row_of(item, application)) if application is not None else []


def _result(received: int, errors: list[tuple[int, int, str]]) -> dict[str, Any]:
    said = [{"index": index, "statusCode": status, "message": message} for index, status, message in errors]
    return {"itemsReceived": received, "itemsAccepted": max(received - len(errors), 0), "errors": said}
