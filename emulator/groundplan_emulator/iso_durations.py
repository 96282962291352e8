# SPDX-License-Identifier: Apache-2.0
"""Durations of ISO 8601 (`PT5M`) in seconds."""

from __future__ import annotations

from datetime import timedelta

import isodate


def seconds(duration: object) -> float:
    """Seconds. Raises `ValueError` for what is no duration, and for years and months, which have no fixed length."""
    try:
        found = isodate.parse_duration(str(duration))
    except isodate.ISO8601Error:
        found = None
    if isinstance(found, timedelta):  # the library's own class leaves years and months out of its total
        return found.total_seconds()
    raise ValueError(f"'{duration}' is no duration such as PT5M")


def seconds_or(duration: object, default: float) -> float:
    """Seconds; the default where there is none."""
    try:
        return seconds(duration) if duration else default
    except ValueError:
        return default
