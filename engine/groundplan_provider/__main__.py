# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E402  (the parent has to be known before the slow imports)
"""`python -m groundplan_provider [engine-address]`: the plugin process. Prints its port, then serves until the engine is gone."""

import os

PARENT = os.getppid()  # an engine that is killed during our start leaves us another one

import contextlib
import queue
import signal
import sys
from concurrent.futures import ThreadPoolExecutor

import grpc
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import provider_pb2_grpc

from groundplan_provider.server import Provider

THREADS = 256  # more than the engine uses at once, so that Cancel always finds one
WATCH_SECONDS = 1.0
GRACE_SECONDS = 2.0


def main(arguments: list[str]) -> None:
    """Serve on a free port of 127.0.0.1."""
    # at its end the engine sends SIGINT, and waits 5 s before it kills; a terminal's Ctrl-C does not come here, as the engine
    # starts us in a process group of our own
    # not an Event: a signal that interrupts its wait() can find its lock taken, for ever
    told: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _frame: told.put(number))
    server = grpc.server(ThreadPoolExecutor(THREADS), options=_GRPC_CHANNEL_OPTIONS)
    engine_address = next((argument for argument in arguments if not argument.startswith("-")), None)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Provider(engine_address), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    _wait(told)
    server.stop(grace=GRACE_SECONDS).wait(GRACE_SECONDS)
    os._exit(0)  # threads that still wait for Azure must not hold the process


def _wait(told: queue.SimpleQueue[int]) -> None:
    # an engine that was killed closes nothing: a new parent is how its end shows
    while os.getppid() == PARENT:
        with contextlib.suppress(queue.Empty):
            told.get(timeout=WATCH_SECONDS)
            return


if __name__ == "__main__":
    main(sys.argv[1:])
