# SPDX-License-Identifier: Apache-2.0
"""Paths that are answered outside of the one-transaction-a-request rule, because the answer takes time or comes in pieces.

The first segment of a path chooses. A stream is a module with `async def serve(azure, scope, receive, send)`, imported at first use.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.types import Receive, Scope, Send

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

Stream = Callable[["Azure", Scope, Receive, Send], Awaitable[None]]

STREAMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[^/.]+\.[^/.]+\.inference\.ml\.(core\.local|azure\.com)", re.IGNORECASE), "router"),
    (re.compile(r"mlflow"), "tracking.stream"),
    (re.compile(r"v1|api\.loganalytics\.[\w.]+", re.IGNORECASE), "logs.query_api"),
    (re.compile(r"modeldata"), "collection.agent"),
    (re.compile(r"applicationinsights", re.IGNORECASE), "logs.ingestion"),
)
"""Pattern of the first segment, module below `groundplan_emulator.ml`."""


def find(path: str) -> Stream | None:
    """The stream that serves a path, or None for all that is answered in one transaction."""
    first = path.lstrip("/").partition("/")[0]
    for pattern, module in STREAMS:
        if pattern.fullmatch(first):
            return importlib.import_module(f"groundplan_emulator.ml.{module}").serve
    return None
