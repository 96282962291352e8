# SPDX-License-Identifier: Apache-2.0
"""Durations of limits: ISO 8601 in jobs (`PT30M`), whole seconds in nodes of pipelines (`30`)."""

from __future__ import annotations

from groundplan_emulator import iso_durations


def seconds(given: object) -> float | None:
    """Seconds, or None for no limit."""
    if given is None or given == "":
        return None
    if isinstance(given, int | float):
        return float(given)
    text = str(given)
    return float(text) if text.isdigit() else iso_durations.seconds(text)


def iso(given: object) -> str:
    """As ISO 8601."""
    return f"PT{seconds(given) or 0:g}S"
