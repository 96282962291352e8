# SPDX-License-Identifier: Apache-2.0
"""Durations of ISO 8601 (`PT5M`) in seconds."""

from __future__ import annotations

import isodate


def seconds(duration: object) -> float:
    """Seconds. Raises `ValueError` for what is no duration, and for years and months, which have no fixed length."""
    try:
        return isodate.parse_duration(str(duration)).total_seconds()
    except (isodate.ISO8601Error, AttributeError):
        raise ValueError(f"'{duration}' is no duration such as PT5M") from None


def seconds_or(duration: object, default: float) -> float:
    """Seconds; the default where there is none."""
    try:
        return seconds(duration) if duration else default
    except ValueError:
        return default
