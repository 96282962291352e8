# SPDX-License-Identifier: Apache-2.0
# the functions are the SDK's own
"""Shorter ways to what the Pulumi SDK does at each resource: a third of the time of a program of 800 resources.

Each stands in for one function of the SDK, whose very text it was written against: in an SDK where that text is another one,
the SDK's own stays. Used by program.py, on an interpreter that may have the SDK and nothing of ours.
"""

from __future__ import annotations

import asyncio
import functools
import hashlib
import importlib
import os
import re
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType

    from pulumi.runtime.proto import source_pb2

ENVIRONMENT = "GROUNDPLAN_SDK_SHORTCUTS"
"""The variable that leaves the SDK as it is, where it is `off`."""


def urn_of_known_parts(create_urn: Callable[..., Any]) -> Callable[..., Any]:
    """`create_urn`, with one output instead of six where all parts are known: before each registration, that is so.

    The SDK asks for it there for programs that run without an engine, and throws it away otherwise.
    """
    from pulumi import Output
    from pulumi.runtime import settings

    @functools.wraps(create_urn)
    def shorter(name: Any, type_: Any, parent: Any = None, project: str | None = None, stack: str | None = None) -> Any:
        if not (isinstance(name, str) and isinstance(type_, str) and isinstance(parent, str | None)):
            return create_urn(name, type_, parent, project, stack)
        if parent is None:
            before = f"urn:pulumi:{settings.get_stack() if stack is None else stack}"
            before += f"::{settings.get_project() if project is None else project}::"
        else:
            before = parent[0 : parent.rfind("::")] + "$"
        return Output.from_input(before + type_ + "::" + name)

    return shorter


def frames_without_their_text(
    _get_stack_trace: Callable[[], source_pb2.StackTrace],
) -> Callable[[], source_pb2.StackTrace]:
    """`_get_stack_trace`, without reading the source line of each frame, and with one URI for each place."""
    from pulumi.runtime import resource
    from pulumi.runtime.proto import source_pb2

    @functools.cache
    def told(code: CodeType, line: int) -> source_pb2.StackFrame:
        summary = traceback.FrameSummary(code.co_filename, line, code.co_name, lookup_line=False)
        return source_pb2.StackFrame(pc=resource._get_source_position_for_frame(summary))

    @functools.wraps(_get_stack_trace)
    def shorter() -> source_pb2.StackTrace:
        frame: FrameType | None = sys._getframe(1)
        constructors = (
            0  # Resource's, that of CustomResource or ComponentResource, and that of the resource's own class
        )
        while frame is not None:
            constructors += frame.f_code.co_name == "__init__"
            if constructors == 3:
                break
            frame = frame.f_back
        frames: list[source_pb2.StackFrame] = []
        while frame is not None and (frame := frame.f_back) is not None:
            frames.append(told(frame.f_code, frame.f_lineno))
        return source_pb2.StackTrace(frames=frames)

    return shorter


def wait_once_for_all(wait_for_rpcs: Callable[..., Any]) -> Callable[..., Any]:
    """`wait_for_rpcs`, waiting for all outputs together: the SDK begins anew, with all of them, whenever one is there."""
    from pulumi.runtime import settings, stack

    @functools.wraps(wait_for_rpcs)
    async def shorter(await_all_outstanding_tasks: bool = True) -> None:  # the SDK's own
        shared: Any = vars(settings)["SETTINGS"]
        while True:
            await wait_for_rpcs(await_all_outstanding_tasks=False)
            while await_all_outstanding_tasks:
                with shared.lock:
                    pending: list[asyncio.Future[Any]] = list(shared.outputs)
                    shared.outputs.clear()
                if not pending:
                    break
                done, others = await asyncio.wait(pending, return_when=asyncio.FIRST_EXCEPTION)
                for task in done:
                    await task
                with shared.lock:
                    shared.outputs.update(others)
            if not vars(stack)["_get_rpc_manager"]().rpcs:
                return

    return shorter


SHORTCUTS: dict[tuple[str, str], tuple[Callable[[Any], Any], str]] = {
    ("pulumi.runtime.resource", "create_urn"): (urn_of_known_parts, "89596a4fa9d2c31a"),
    ("pulumi.runtime.resource", "_get_stack_trace"): (frames_without_their_text, "c1f8beec3dad09fa"),
    ("pulumi.runtime.stack", "wait_for_rpcs"): (wait_once_for_all, "0bf483f44da06fc7"),
    ("pulumi._types", "_types_from_annotations"): (functools.cache, "9b9f950e50634f45"),
}
"""By module and function of the SDK: what makes the shorter one of it, and the digest of the text that it knows."""


def take(environment: str | None = os.environ.get(ENVIRONMENT)) -> list[str]:
    """Put the shortcuts in place; return the names of the functions that they stand in for."""
    if environment == "off":
        return []
    taken: list[str] = []
    for (name, function), (shorten, known) in SHORTCUTS.items():
        module = importlib.import_module(name)
        if digest(module.__file__ or "", function) == known:
            setattr(module, function, shorten(getattr(module, function)))
            taken.append(function)
    return taken


def digest(file: str, function: str) -> str | None:
    """The beginning of the SHA-256 of a function's text; None where the file has no such function."""
    try:
        text = Path(file).read_text(encoding="utf-8")
    except OSError:
        return None  # an SDK in an archive, say
    found = re.search(rf"^(?:async )?def {function}\(.*?(?=^\S(?<!\)))", text + "#", re.MULTILINE | re.DOTALL)
    return hashlib.sha256(found[0].rstrip().encode()).hexdigest()[:16] if found else None
