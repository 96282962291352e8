# SPDX-License-Identifier: Apache-2.0
"""What a deployment collects: its `dataCollector`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

REQUEST, RESPONSE = "request", "response"
PAYLOADS: Final = (REQUEST, RESPONSE)
"""Collections that need no code of the user's."""
_ROLLED: Final = {"year": "%Y", "month": "%Y/%m", "day": "%Y/%m/%d", "hour": "%Y/%m/%d/%H", "minute": "%Y/%m/%d/%H/%M"}
_WHOLE: Final = 1 << 32


@dataclass(frozen=True, slots=True)
class Collection:
    """`name` as it was given; `rate`: the share that is collected, 0 to 1; `data`: the reference of a data asset, or ''."""

    name: str
    enabled: bool
    rate: float
    data: str

    def samples(self, request_id: str) -> bool:
        """Whether a request is in the share. The same for every collection of one rate, so that questions keep their answers."""
        digest = hashlib.sha256(request_id.encode()).digest()
        return int.from_bytes(digest[:4]) < self.rate * _WHOLE


@dataclass(frozen=True, slots=True)
class Collector:
    """Collections by name in lower case."""

    collections: dict[str, Collection]
    rolling: str

    def enabled(self, name: str) -> Collection | None:
        """A collection that is on, by its name in any case."""
        found = self.collections.get(name.lower())
        return found if found is not None and found.enabled else None

    def folder(self, at: float) -> str:
        """The folder, below the collection's own, of what happened at a time (seconds since the epoch): `2026/01/31/12`."""
        return datetime.fromtimestamp(at, UTC).strftime(_ROLLED[self.rolling])


def of(said: dict[str, Any] | None) -> Collector:
    """The `dataCollector` of a deployment's properties, read."""
    collector = said or {}
    rolling = str(collector.get("rollingRate") or "hour").lower()
    return Collector(
        {
            name.lower(): Collection(
                name,
                str(each.get("dataCollectionMode", "")).lower() == "enabled",
                _rate(each.get("samplingRate")),
                str(each.get("dataId") or ""),
            )
            for name, each in (collector.get("collections") or {}).items()
        },
        rolling if rolling in _ROLLED else "hour",
    )


def _rate(said: object) -> float:
    return min(max(float(said), 0.0), 1.0) if isinstance(said, int | float) else 1.0
