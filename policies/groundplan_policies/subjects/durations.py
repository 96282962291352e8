# SPDX-License-Identifier: Apache-2.0
"""Durations as Azure writes them, in ISO 8601: `PT15M`, `P1DT12H`."""

from __future__ import annotations

from datetime import timedelta

import isodate


def seconds(text: str) -> float | None:
    """How many seconds a duration lasts; None for what is none, or counts in months and years."""
    if not any(map(str.isdigit, text)):  # isodate takes `PT` for nothing at all
        return None
    try:
        found = isodate.parse_duration(text.upper())
    except isodate.ISO8601Error:
        return None
    return found.total_seconds() if isinstance(found, timedelta) else None
