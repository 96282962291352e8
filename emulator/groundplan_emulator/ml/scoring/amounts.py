# SPDX-License-Identifier: Apache-2.0
"""Amounts of memory as the service writes them."""

from __future__ import annotations

import re
from typing import Final

_UNITS: Final = {
    "": 1,
    "k": 10**3,
    "m": 10**6,
    "g": 10**9,
    "t": 10**12,
    "ki": 2**10,
    "mi": 2**20,
    "gi": 2**30,
    "ti": 2**40,
}
_AMOUNT: Final = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]i?|)", re.IGNORECASE)


def bytes_of(amount: object) -> int | None:
    """Bytes of a Kubernetes amount such as '512Mi'; None where it is none."""
    match = _AMOUNT.fullmatch(str(amount or "").strip())
    return int(float(match[1]) * _UNITS[match[2].lower()]) if match else None
