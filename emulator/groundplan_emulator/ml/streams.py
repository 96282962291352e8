# SPDX-License-Identifier: Apache-2.0
"""Paths that are answered outside of the one-transaction-a-request rule, because the answer takes time or comes in pieces.

The first segment of a path chooses. A stream is a module with `async def serve(azure, scope, receive, send)`, imported at first use.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.types import Receive, Scope, Send

from groundplan_emulator.first_segment import Table

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

Stream = Callable[["Azure", Scope, Receive, Send], Awaitable[None]]

STREAMS = Table(
    "groundplan_emulator.ml",
    "serve",
    (
        (re.compile(r"[^/.]+\.[^/.]+\.inference\.ml\.(core\.local|azure\.com)", re.IGNORECASE), "router"),
        (re.compile(r"mlflow"), "tracking.stream"),
        (re.compile(r"v1|api\.loganalytics\.[\w.]+", re.IGNORECASE), "logs.query_api"),
        (re.compile(r"modeldata"), "collection.agent"),
        (re.compile(r"applicationinsights", re.IGNORECASE), "logs.ingestion"),
    ),
)
"""By the first segment, modules below `groundplan_emulator.ml`."""


def find(path: str) -> Stream | None:
    """The stream that serves a path, or None for all that is answered in one transaction."""
    return STREAMS.find(path)
