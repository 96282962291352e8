# SPDX-License-Identifier: Apache-2.0
"""Messages to the user, through the engine that called."""

import contextlib
import random
from collections.abc import Generator
from typing import Literal

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

Severity = Literal["info", "warning", "error"]

_SEVERITIES = {"info": engine_pb2.INFO, "warning": engine_pb2.WARNING, "error": engine_pb2.ERROR}


class EngineLog:
    """Writes to the engine's log. A message that can not be delivered is dropped: the call itself goes on."""

    def __init__(self, address: str) -> None:
        self._channel = grpc.insecure_channel(address) if address else None
        self._stream = random.getrandbits(31)  # groups the lines of one task

    def say(self, text: str, severity: Severity = "info", *, ephemeral: bool = False) -> None:
        """Show a message; an ephemeral one is progress that is gone at the end."""
        if self._channel is None:
            return
        request = engine_pb2.LogRequest(
            message=text, severity=_SEVERITIES[severity], ephemeral=ephemeral, streamId=self._stream
        )
        with contextlib.suppress(grpc.RpcError):
            engine_pb2_grpc.EngineStub(self._channel).Log(request, timeout=10)

    def sink(self, name: Literal["stdout", "stderr"], chunk: bytes) -> None:
        """Show a process's output as progress."""
        self.say(chunk.decode(errors="replace"), "info" if name == "stdout" else "error", ephemeral=True)

    def close(self) -> None:
        """Let go of the connection."""
        if self._channel is not None:
            self._channel.close()


@contextlib.contextmanager
def engine_log(address: str) -> Generator[EngineLog]:
    """Open the log of the engine at `address` (`host:port`; empty means nobody listens)."""
    log = EngineLog(address)
    try:
        yield log
    finally:
        log.close()
