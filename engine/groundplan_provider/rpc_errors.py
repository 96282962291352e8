# SPDX-License-Identifier: Apache-2.0
"""Failures on their way to the engine: gRPC statuses in the form that Pulumi reads."""

import functools
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

import grpc
from google.protobuf.message import Message
from pulumi.runtime.proto import provider_pb2, status_pb2

from groundplan_arm import UnknownType
from groundplan_provider.errors import Cancelled, InitFailed, ProviderError
from groundplan_provider.secrecy import redact
from groundplan_provider.values import from_struct, to_struct

_Handler = TypeVar("_Handler", bound=Callable[..., Any])

_DETAILS = "grpc-status-details-bin"


def reported(handler: _Handler) -> _Handler:
    """A servicer method whose failures reach the user as a sentence; GROUNDPLAN_DEBUG adds a trace of unexpected ones on stderr."""

    @functools.wraps(handler)
    def guarded(servicer: Any, request: Message, context: grpc.ServicerContext) -> Any:
        try:
            return handler(servicer, request, context)
        except InitFailed as error:
            _abort_init_failed(error, _sayable(error, request), context)
        except Cancelled as error:
            context.abort(grpc.StatusCode.CANCELLED, str(error))
        except (ProviderError, UnknownType) as error:
            # "failed precondition": the engine then knows that nothing happened
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, _sayable(error, request))
        except Exception as error:  # noqa: BLE001  (the boundary of the process)
            _abort_unexpected(handler.__name__, error, context)

    return guarded  # pyright: ignore[reportReturnType]


def _sayable(error: Exception, request: Message) -> str:
    """The message without the secrets of the request: Azure quotes what it refuses."""
    bags = (
        getattr(request, name)
        for name in ("properties", "news", "olds", "old_inputs", "inputs", "args")
        if hasattr(request, name)
    )
    return redact(str(error), *map(from_struct, bags))


def _abort_unexpected(operation: str, error: Exception, context: grpc.ServicerContext) -> NoReturn:
    if os.environ.get("GROUNDPLAN_DEBUG"):
        traceback.print_exception(error, file=sys.stderr)
    context.abort(
        grpc.StatusCode.INTERNAL,
        f"the local azure-native provider failed in {operation} ({type(error).__name__}); "
        "this is a defect of Groundplan, and GROUNDPLAN_DEBUG=1 shows where",
    )


def _abort_init_failed(error: InitFailed, reason: str, context: grpc.ServicerContext) -> NoReturn:
    detail = provider_pb2.ErrorResourceInitFailed(
        id=error.resource_id,
        properties=to_struct(error.properties),
        inputs=to_struct(error.inputs),
        reasons=[reason],
    )
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=reason)
    status.details.add().Pack(detail)
    context.set_trailing_metadata(((_DETAILS, status.SerializeToString()),))
    context.abort(grpc.StatusCode.UNKNOWN, reason)
