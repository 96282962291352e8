# SPDX-License-Identifier: Apache-2.0
"""A query on its way, which ends when its time is over or when nobody waits for it any more."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Generator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import duckdb

_AGAIN: Final = 0.05
"""Seconds; an interrupt between two statements has no effect, so it is tried again."""


class Running:
    """`seconds` from now on, for everything that the query needs."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._deadline = time.monotonic() + seconds
        self._ended = threading.Event()

    @property
    def over(self) -> bool:
        """Whether it has no time left."""
        return self._ended.is_set() or time.monotonic() >= self._deadline

    def end(self) -> None:
        """End it now; from any thread."""
        self._ended.set()

    @contextlib.contextmanager
    def guarding(self, connection: duckdb.DuckDBPyConnection) -> Generator[None]:
        """What runs on the connection is interrupted when the time is over."""
        done = threading.Event()

        def watch() -> None:
            while not done.is_set():
                if self.over:
                    connection.interrupt()
                self._ended.wait(_AGAIN) if not self.over else done.wait(_AGAIN)

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()
