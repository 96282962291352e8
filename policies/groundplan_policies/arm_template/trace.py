# SPDX-License-Identifier: Apache-2.0
"""What a value came out of, noted while it is evaluated."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Trace:
    """The resources that a value came out of.

    `targets`: their symbolic ids; one that is no id (it does not start with `/`) is the name of a resource of the same template.
    `open`: it came out of something else as well that nobody knows, such as a parameter without a value.
    """

    targets: set[str] = field(default_factory=set[str])
    open: bool = False

    def add(self, other: Trace) -> None:
        """What another value came out of, this one did too."""
        self.targets |= other.targets
        self.open = self.open or other.open


@dataclass(frozen=True, slots=True)
class Traced:
    """A value of a parameter or variable: itself, what it came out of, and its symbolic text."""

    value: Any
    trace: Trace
    symbol: str


class Recorder:
    """The trace of the value that is being evaluated."""

    def __init__(self) -> None:
        self._traces: list[Trace] = [Trace()]

    @property
    def current(self) -> Trace:
        """The innermost."""
        return self._traces[-1]

    @contextmanager
    def record(self) -> Generator[Trace]:
        """A trace of its own for the time being."""
        trace = Trace()
        self._traces.append(trace)
        try:
            yield trace
        finally:
            self._traces.pop()
