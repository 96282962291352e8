# SPDX-License-Identifier: Apache-2.0
"""The life of the host's process: port, signals, and an engine that may be gone any moment."""

import contextlib
import os
import queue
import signal
import sys
from concurrent.futures import ThreadPoolExecutor

import grpc
from pulumi.runtime.proto import language_pb2_grpc

from groundplan_engine.language_host.children import Children
from groundplan_engine.language_host.host import LanguageHost

MAX_MESSAGE = 400 * 1024 * 1024
"""Bytes of the largest message in either direction, as in the engine and in the official host."""

WORKERS = 64
"""Calls at a time: each policy pack and each plugin in Python holds one for as long as it runs. Made on demand."""


def serve(engine_address: str) -> int:
    """Serve until SIGINT, SIGTERM, or the end of the engine; returns the exit code."""
    children = Children()
    # not an Event: a signal that interrupts its wait() can find its lock taken, for ever
    told: queue.SimpleQueue[int] = queue.SimpleQueue()
    parent = os.getppid()
    server = grpc.server(
        ThreadPoolExecutor(WORKERS),
        options=[
            ("grpc.max_receive_message_length", MAX_MESSAGE),
            ("grpc.max_send_message_length", MAX_MESSAGE),
            ("grpc.so_reuseport", 0),
        ],
    )
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(LanguageHost(engine_address, children), server)
    port = server.add_insecure_port("127.0.0.1:0")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _frame: told.put(number))
    server.start()
    print(port, flush=True)  # noqa: T201  # the engine's protocol
    _wait(told, parent)
    server.stop(grace=None)
    children.end_all()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # not `return`: the pool's threads may sit in calls that nobody waits for any more


def _wait(told: queue.SimpleQueue[int], parent: int) -> None:
    # An engine that was killed interrupts nobody: then we belong to another parent.
    while os.getppid() == parent:
        with contextlib.suppress(queue.Empty):
            told.get(timeout=1.0)
            return
