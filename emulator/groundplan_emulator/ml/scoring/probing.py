# SPDX-License-Identifier: Apache-2.0
"""`GET /` of a scoring process, as Kubernetes asks whether a container is alive and ready."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable

from groundplan_emulator.ml.scoring.plan import Probe

_REQUEST = (
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: kube-probe/1.31\r\nAccept: */*\r\nConnection: close\r\n\r\n"
)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


async def answers(port: int, timeout: float) -> bool:
    """Whether it answers with a 2xx or 3xx in time."""
    writer = None
    try:
        async with asyncio.timeout(timeout):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(_REQUEST)
            status = (await reader.readline()).split()
            await reader.read()
            return len(status) > 1 and 200 <= int(status[1]) < 400
    except (OSError, TimeoutError, ValueError):
        return False
    finally:
        if writer is not None:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


async def watch(port: int, probe: Probe, change: Callable[[bool], None]) -> None:
    """Tell when the answer changes for good: False after `failures` bad ones in a row, True after `successes` good ones."""
    well, same = True, 0
    while True:
        await asyncio.sleep(probe.period)
        if await answers(port, probe.timeout) == well:
            same = 0
            continue
        same += 1
        if same >= (probe.failures if well else probe.successes):
            well, same = not well, 0
            change(well)
