# SPDX-License-Identifier: Apache-2.0
"""`python -m benchmarks.serving_stub FOLDER ANSWERS`: answers recorded bytes over TLS and does nothing else; prints its port first.

FOLDER has the certificates of an emulator, ANSWERS is `{path: body}`. Ends with its standard input.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import uvicorn
from starlette.types import Receive, Scope, Send

from groundplan_emulator import certificates
from groundplan_emulator.server import bind

JSON = (b"content-type", b"application/json; charset=utf-8")


async def main(folder: Path, recorded: Path) -> None:
    """Serve until nobody holds the other end of standard input."""
    listener = bind(0)
    here = f"https://127.0.0.1:{listener.getsockname()[1]}"
    answers: dict[str, bytes] = {}
    for path, text in json.loads(recorded.read_text()).items():
        if path == "/metadata/endpoints":  # names the emulator, which must be this stub
            [cloud] = json.loads(text)
            answers[path] = json.dumps([{**cloud, "resourceManager": f"{here}/"}]).encode()
        else:
            answers[path] = text.encode()

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        body = answers.get(scope["path"])
        headers = [JSON, (b"content-length", str(len(body or b"")).encode())]
        await send({"type": "http.response.start", "status": 404 if body is None else 200, "headers": headers})
        await send({"type": "http.response.body", "body": body or b""})

    config = uvicorn.Config(app, lifespan="off", access_log=False, log_config=None, server_header=False)
    config.load()
    config.ssl = certificates.ensure(folder)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    print(listener.getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.should_exit = True
    await serving


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
