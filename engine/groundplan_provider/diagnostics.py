# SPDX-License-Identifier: Apache-2.0
"""Messages beside a resource in Pulumi's progress display."""

from typing import Protocol

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc


class Diagnostics(Protocol):
    """Where an operation says what it did beyond the obvious."""

    def info(self, urn: str, message: str) -> None:
        """A line under the resource."""
        ...


class Silent:
    """Says nothing: no engine is attached."""

    def info(self, urn: str, message: str) -> None:
        """Drop the message."""


class EngineLog:
    """The log of the engine at `address`; a message that can not be delivered is dropped, for it is never the point."""

    def __init__(self, address: str) -> None:
        self._stub = engine_pb2_grpc.EngineStub(grpc.insecure_channel(address))

    def info(self, urn: str, message: str) -> None:
        """A line under the resource."""
        try:
            self._stub.Log(engine_pb2.LogRequest(severity=engine_pb2.INFO, message=message, urn=urn), timeout=5)
        except grpc.RpcError:
            return
