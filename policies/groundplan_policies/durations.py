# SPDX-License-Identifier: Apache-2.0
"""Durations as Azure writes them, in ISO 8601: `PT15M`, `P1DT12H`."""

from __future__ import annotations

import re
from typing import Final

_NUMBER: Final = r"(\d+(?:\.\d+)?)"
_FORM: Final = re.compile(
    rf"P(?=.)(?:{_NUMBER}W)?(?:{_NUMBER}D)?(?:T(?=.)(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?", re.IGNORECASE
)
_SECONDS: Final = (604_800, 86_400, 3_600, 60, 1)


def seconds(text: str) -> float | None:
    """How many seconds a duration lasts; None for what is none, or counts in months and years."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    return sum(float(count or 0) * unit for count, unit in zip(found.groups(), _SECONDS, strict=True))
