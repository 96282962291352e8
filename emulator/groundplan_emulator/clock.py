# SPDX-License-Identifier: Apache-2.0
"""The emulator's time: `instant` operations end at once, `realistic` ones take seconds, `manual` ones wait for `advance`."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Literal, get_args

Mode = Literal["instant", "realistic", "manual"]
MODES: tuple[Mode, ...] = get_args(Mode)


class Clock:
    """Seconds since the epoch as the emulated Azure sees them: the machine's time plus what was skipped with `advance`."""

    def __init__(self, mode: Mode = "instant", *, skipped: float = 0.0) -> None:
        self.mode: Mode = mode
        self.skipped = skipped

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self.skipped

    def advance(self, seconds: float) -> None:
        """Skip time; operations and retention periods that end in between are due."""
        if seconds < 0:
            raise ValueError(f"the clock only goes forward, not by {seconds} s")
        self.skipped += seconds

    def stamp(self) -> str:
        """Now, as ARM writes times: `2026-01-31T12:00:00.000000Z`."""
        return datetime.fromtimestamp(self.now(), UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
