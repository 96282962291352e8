# SPDX-License-Identifier: Apache-2.0
"""`python model.py NAME`: a scoring process that does what the request says, and prints its port first.

A body `{"sleep": 0.1, "status": 500, "die": true, "hang_up": true, "big": 100000}`; the answer tells who answered and what arrived.
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

from aiohttp import web

SEEN = {"requests": 0}


async def answer(request: web.Request) -> web.StreamResponse:
    content = await request.read()
    SEEN["requests"] += 1
    wanted: dict[str, Any] = await request.json() if content else {}
    await asyncio.sleep(wanted.get("sleep", 0))
    if wanted.get("die"):
        os._exit(1)
    if wanted.get("hang_up"):
        assert request.transport is not None
        request.transport.abort()
    if wanted.get("stream"):
        return await stream(request, wanted)
    told = {
        "by": sys.argv[1],
        "path": request.raw_path,
        "method": request.method,
        "headers": {name.lower(): value for name, value in request.headers.items()},
        "bytes": len(content),
        "big": "x" * wanted.get("big", 0),
        "requests": SEEN["requests"],
    }
    headers = {"x-ms-run-function-failed": "False", "Server": "model"}
    if wanted.get("close"):
        headers["Connection"] = "close"
    return web.json_response(told, status=wanted.get("status", 200), headers=headers)


async def stream(request: web.Request, wanted: dict[str, Any]) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for part in range(wanted["stream"]):
        await response.write(b"%d\n" % part)
        await asyncio.sleep(wanted.get("pause", 0))
    if wanted.get("break"):
        assert request.transport is not None
        request.transport.abort()
    await response.write_eof()
    return response


async def main() -> None:
    app = web.Application(client_max_size=1 << 30)
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    # ends with whoever started it
    await asyncio.to_thread(sys.stdin.read)


asyncio.run(main())
