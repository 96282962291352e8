# SPDX-License-Identifier: Apache-2.0
"""Turns work that reports through a callback into a stream of messages."""

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Literal

from groundplan_engine.language_host.children import Sink

Chunk = tuple[Literal["stdout", "stderr"], bytes]


def chunks(work: Callable[[Sink], None]) -> Iterator[Chunk]:
    """Run `work` in a thread and yield what it hands to its sink, in order; its exception is raised at the end."""
    passed: queue.SimpleQueue[Chunk | None] = queue.SimpleQueue()
    failure: list[Exception] = []

    def run() -> None:
        try:
            work(lambda name, chunk: passed.put((name, chunk)))
        except Exception as error:  # noqa: BLE001  # handed on to the caller's thread
            failure.append(error)
        finally:
            passed.put(None)

    threading.Thread(target=run, daemon=True).start()
    while (chunk := passed.get()) is not None:
        yield chunk
    if failure:
        raise failure[0]
