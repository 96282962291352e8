# SPDX-License-Identifier: Apache-2.0
"""`python model.py NAME`: a scoring process that does what the request says, and prints its port first.

A body `{"sleep": 0.1, "status": 500, "big": 100000, "close": true, "hang_up": true, "die": true}`, or `{"stream": 3, "pause": 0.1,
"break": true}`; the answer tells who answered and what arrived. Only the standard library: it is up in a tenth of a second.
"""

import asyncio
import json
import os
import sys
from typing import Any

SEEN = {"requests": 0}


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Requests of one connection."""
    try:
        while await answer(reader, writer):
            pass
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """One request; whether another may follow."""
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    content = await reader.readexactly(int(headers.get("content-length", 0)))
    SEEN["requests"] += 1
    wanted: dict[str, Any] = json.loads(content or b"{}")
    await asyncio.sleep(wanted.get("sleep", 0))
    if wanted.get("die"):
        os._exit(1)
    if wanted.get("hang_up"):
        writer.transport.abort()
        return False
    if "stream" in wanted:
        return await stream(writer, wanted)
    told = {
        "by": sys.argv[1],
        "path": path,
        "method": method,
        "headers": headers,
        "bytes": len(content),
        "big": "x" * wanted.get("big", 0),
        "requests": SEEN["requests"],
    }
    body = json.dumps(told).encode()
    head = [
        f"HTTP/1.1 {wanted.get('status', 200)} Said",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Server: model",
        "x-ms-run-function-failed: False",
        *(["Connection: close"] if wanted.get("close") else []),
    ]
    writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + (b"" if method == "HEAD" else body))
    await writer.drain()
    return not wanted.get("close")


async def stream(writer: asyncio.StreamWriter, wanted: dict[str, Any]) -> bool:
    """An answer in pieces, which may break off."""
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for part in range(wanted["stream"]):
        piece = b"%d\n" % part
        writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        await writer.drain()
        await asyncio.sleep(wanted.get("pause", 0))
    if wanted.get("break"):
        writer.transport.abort()
        return False
    writer.write(b"0\r\n\r\n")
    return True


async def main() -> None:
    """Serve for as long as whoever started it holds the other end of standard input."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)


asyncio.run(main())
