# SPDX-License-Identifier: Apache-2.0
"""GETs and durable PUTs per second, memory and start-up of Azure on localhost, beside moto's server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psutil

from benchmarks import load
from benchmarks.report import Row
from tests.fixtures.azure import RunningAzure, running
from tests.fixtures.backends import end, free_port, wait_for_port

GETS, PUTS, PEER = 20_000, 5_000, 1_500
VERSION = "2023-01-31"
MIB = 1 << 20


@contextmanager
def moto() -> Generator[tuple[int, subprocess.Popen[bytes]]]:
    """moto's server on a free port."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for_port(port, process)
        yield port, process
    finally:
        end(process)


def on_one_core(pid: int, core: int) -> None:
    """Keep a server and the load generator out of each other's way, where the system allows it."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_setaffinity") else []
    if len(cores) > 1:
        os.sched_setaffinity(pid, {cores[core % len(cores)]})


def memory(pid: int) -> float:
    """Resident MiB of a process and its children."""
    process = psutil.Process(pid)
    return sum(part.memory_info().rss for part in (process, *process.children(recursive=True))) / MIB


def ours(azure: RunningAzure) -> tuple[load.Rate, load.Rate, float]:
    """GET rate, PUT rate, MiB afterwards."""
    azure.group("bench")
    port = int(azure.http.rsplit(":", 1)[1])
    stem = f"/subscriptions/{azure.subscription_id}/resourceGroups/bench/providers/Microsoft.Storage/storageAccounts"
    headers = {"Authorization": f"Bearer {azure.token}"}
    body = json.dumps(
        {
            "location": "westeurope",
            "kind": "StorageV2",
            "sku": {"name": "Standard_ZRS"},
            "tags": {"env": "bench", "team": "platform"},
            "properties": {
                "minimumTlsVersion": "TLS1_2",
                "allowBlobPublicAccess": False,
                "publicNetworkAccess": "Disabled",
                "networkAcls": {"defaultAction": "Deny", "bypass": "AzureServices"},
            },
        }
    ).encode()
    query = "?api-version=2024-01-01"
    puts = load.run(
        port,
        lambda number: load.http("PUT", f"{stem}/bench{number:06d}{query}", body=body, headers=headers),
        requests=PUTS,
    )
    gets = load.run(
        port,
        lambda number: load.http("GET", f"{stem}/bench{number % PUTS:06d}{query}", headers=headers),
        requests=GETS,
    )
    assert set(puts.statuses) <= {200, 201}, puts.statuses
    assert set(gets.statuses) == {200}, gets.statuses
    return gets, puts, memory(azure.process.pid)


def peer(port: int, pid: int) -> tuple[load.Rate, load.Rate, float]:
    """The same on moto: objects of a bucket, in memory."""
    auth = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
    headers = {"Authorization": auth}
    load.run(port, lambda _: load.http("PUT", "/bench", headers=headers), requests=1, connections=1)
    puts = load.run(
        port, lambda number: load.http("PUT", f"/bench/{number}", body=b"{}" * 200, headers=headers), requests=PEER
    )
    gets = load.run(port, lambda number: load.http("GET", f"/bench/{number}", headers=headers), requests=PEER)
    assert set(puts.statuses) == set(gets.statuses) == {200}, (puts.statuses, gets.statuses)
    return gets, puts, memory(pid)


def start_to_first_answer(folder: Path) -> float:
    """Seconds from starting the process to the first answered request, state and certificates made on the way."""
    begin = time.perf_counter()
    with running(folder) as azure:
        azure.status()
        return time.perf_counter() - begin


def rows() -> list[Row]:
    """All measurements of the emulator."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = start_to_first_answer(folder / "start")
        again = min(start_to_first_answer(folder / "start") for _ in range(3))
        with running(folder / "load") as azure, moto() as (port, process):
            on_one_core(0, 0)
            for pid in (azure.process.pid, process.pid):
                on_one_core(pid, 1)
            gets, puts, size = ours(azure)
            their_gets, their_puts, their_size = peer(port, process.pid)
    get_ratio = gets.per_second / their_gets.per_second
    return [
        Row(
            "GET/s",
            f"{gets.per_second:,.0f}",
            f"moto {their_gets.per_second:,.0f}",
            f"{get_ratio:.1f}x",
            "10x moto",
            get_ratio >= 10,
        ),
        Row(
            "PUT/s, durable and validated",
            f"{puts.per_second:,.0f}",
            f"moto {their_puts.per_second:,.0f} (in memory)",
            f"{puts.per_second / their_puts.per_second:.1f}x",
            "1,000/s",
            puts.per_second >= 1000,
        ),
        Row(
            f"memory with {PUTS:,} resources",
            f"{size:.0f} MiB",
            f"moto {their_size:.0f} MiB",
            f"{size / their_size:.2f}x",
            "< 120 MB",
            size * MIB < 120e6,
        ),
        Row("start to first answer, empty folder", f"{first:.2f} s", "-", "-", "< 1 s", first < 1),
        Row("start to first answer, again (best of 3)", f"{again:.2f} s", "-", "-", "< 1 s", again < 1),
    ]
