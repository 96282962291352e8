# SPDX-License-Identifier: Apache-2.0
"""What the router of online endpoints adds, how many requests it passes on, what a deployment weighs, and calls of the SDK per second."""

from __future__ import annotations

import asyncio
import json
import os
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
import uvloop

from benchmarks import load
from benchmarks.report import Row
from tests.fixtures.azure import RunningAzure, running

ASKED, WARM, LOAD, CALLS = 1_500, 100, 4_000, 100
ENDPOINT, LOCATION = "bench-ep", "westeurope"
PATH = f"/{ENDPOINT}.{LOCATION}.inference.ml.core.local/score"
BODY = b'{"data": [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]]}'
MIB = 1 << 20


def client(azure: RunningAzure, *arguments: str) -> Any:
    """Run `serving_sdk.py` in a process of its own with the emulator's variables; its answer."""
    environment = {**os.environ, **azure.env}
    environment.pop("AZUREML_CURRENT_CLOUD", None)
    file = azure.folder / "answer.json"
    command = [sys.executable, "-m", "benchmarks.serving_sdk", str(file), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(file.read_text())


class Asker:
    """Asks one server again and again, on one connection for as long as the server keeps it."""

    def __init__(self, port: int, message: bytes, tls: ssl.SSLContext | None = None) -> None:
        self._port, self._message, self._tls = port, message, tls
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.seconds: list[float] = []

    async def ask(self) -> None:
        """One request; its time, a new connection included where one is needed, goes to `seconds`."""
        begin = time.perf_counter()
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, ssl=self._tls)
        reader, writer = self._streams
        writer.write(self._message)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        assert head.startswith(b"http/1.1 200"), head
        await reader.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]))
        self.seconds.append(time.perf_counter() - begin)
        if b"connection: close" in head:
            self.close()

    def close(self) -> None:
        """Give the connection up."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    def percentile(self, of: int) -> float:
        """Milliseconds, without the first requests."""
        return statistics.quantiles(self.seconds[WARM:], n=100)[of - 1] * 1000


def interleaved(*askers: Asker) -> None:
    """One request of each in turn: whatever else the machine does, it does to all of them."""

    async def drive() -> None:
        for _ in range(ASKED + WARM):
            for asker in askers:
                await asker.ask()
        for asker in askers:
            asker.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(drive())


def instances(azure: RunningAzure, deployment: str = "blue") -> list[dict[str, Any]]:
    """The scoring processes of a deployment."""
    found = azure.control("GET", "instances")["value"]
    return next(ready for key, ready in found.items() if key.endswith(f"/{ENDPOINT}/deployments/{deployment}"))


def memory(pid: int) -> float:
    """MiB of a process and all below it, shared pages counted once."""
    process = psutil.Process(pid)
    return sum(part.memory_full_info().pss for part in (process, *process.children(recursive=True))) / MIB


def latency(azure: RunningAzure, key: str) -> list[Row]:
    """What the router adds to a request, over plain HTTP and over TLS."""
    tls = ssl.create_default_context(cafile=str(azure.bundle))
    routed = load.http("POST", PATH, body=BODY, headers={"Authorization": f"Bearer {key}"})
    direct = Asker(instances(azure)[0]["port"], load.http("POST", "/score", body=BODY))
    plain = Asker(int(azure.http.rsplit(":", 1)[1]), routed)
    secure = Asker(int(azure.https.rsplit(":", 1)[1]), routed, tls)
    interleaved(direct, plain, secure)
    rows: list[Row] = []
    for of in (50, 99):
        base = direct.percentile(of)
        for asker, how in ((plain, "HTTP"), (secure, "TLS")):
            added = asker.percentile(of) - base
            rows.append(
                Row(
                    f"added by the router, P{of}, {how}",
                    f"{added:.2f} ms",
                    f"direct {base:.2f} ms",
                    f"{asker.percentile(of) / base:.2f}x",
                    "< 2 ms" if of == 50 else "-",
                    added < 2 if of == 50 else None,
                )
            )
    return rows


def throughput(azure: RunningAzure, key: str) -> Row:
    """Requests per second of one instance, through the router and without it."""
    port = instances(azure)[0]["port"]
    routed = load.http("POST", PATH, body=BODY, headers={"Authorization": f"Bearer {key}"})
    bare = load.http("POST", "/score", body=BODY)
    # half before and half after: what changes on the machine meanwhile, changes for both
    first = load.run(port, lambda _: bare, requests=LOAD // 2)
    ours = load.run(int(azure.http.rsplit(":", 1)[1]), lambda _: routed, requests=LOAD)
    second = load.run(port, lambda _: bare, requests=LOAD // 2)
    assert set(ours.statuses) == set(first.statuses) == set(second.statuses) == {200}, ours.statuses
    direct = LOAD / (first.seconds + second.seconds)
    return Row(
        "requests/s, 8 at once, one instance",
        f"{ours.per_second:,.0f}",
        f"direct {direct:,.0f}",
        f"{ours.per_second / direct:.2f}x",
        "-",
        None,
    )


def calls(azure: RunningAzure) -> Row:
    """`online_endpoints.get` per second, against the emulator and against a stub that answers the same bytes over the same TLS."""
    recorded = azure.folder / "answers.json"
    recorded.write_text(json.dumps(client(azure, "record", azure.https)))
    command = [sys.executable, "-m", "benchmarks.serving_stub", str(azure.folder), str(recorded)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        port = int(process.stdout.readline())
        ours, stub = client(azure, "get", azure.https, f"https://127.0.0.1:{port}", str(CALLS))
        process.stdin.close()
        process.wait(10)
    return Row(
        "online_endpoints.get/s by azure-ai-ml",
        f"{ours:.1f}",
        f"bare stub {stub:.1f}",
        f"{ours / stub:.2f}x",
        "-",
        None,
    )


def rows() -> list[Row]:
    """All measurements of serving."""
    with tempfile.TemporaryDirectory() as name, running(Path(name) / "azure") as azure:
        azure.group("bench", LOCATION)
        before = memory(azure.process.pid)
        key: str = client(azure, "deploy", azure.https, name)
        after = memory(azure.process.pid)
        answered = [*latency(azure, key), throughput(azure, key)]
        weight = Row(
            "memory of a deployment with one instance",
            f"{(after - before) / 3:.0f} MiB",
            "-",
            "-",
            "-",
            None,
        )
        return [*answered, weight, calls(azure)]
