# SPDX-License-Identifier: Apache-2.0
"""Which connections clients hold to each endpoint, as far as requests show it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

IDLE_SECONDS: Final = 5.0
"""An idle connection counts for so long: then the server closes it (uvicorn's keep-alive)."""


@dataclass(slots=True)
class Connections:
    """When each connection of each endpoint was used last, on a clock that only goes forward."""

    _used: dict[str, dict[str, float]] = field(default_factory=dict)

    def use(self, endpoint: str, connection: str, now: float) -> bool:
        """A request came over a connection; whether it is a new one."""
        used = self._used.setdefault(endpoint, {})
        new = now - used.get(connection, float("-inf")) > IDLE_SECONDS
        used[connection] = now
        return new

    def active(self, now: float) -> dict[str, int]:
        """How many connections each endpoint has; those that went idle are forgotten."""
        for endpoint, used in list(self._used.items()):
            kept = {name: at for name, at in used.items() if now - at <= IDLE_SECONDS}
            if kept:
                self._used[endpoint] = kept
            else:
                del self._used[endpoint]
        return {endpoint: len(used) for endpoint, used in self._used.items()}
