# SPDX-License-Identifier: Apache-2.0
"""`Sketch`: percentiles of any number of values in little space, with a known relative error, and mergeable.

Values are counted in bins whose bounds grow by a constant factor (the idea of DDSketch: Masson, Rim and Lee, VLDB 2019), so a percentile
is off by `RELATIVE_ERROR` at most, whatever the values are, and two sketches merge by adding their bins.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Final

import orjson

RELATIVE_ERROR: Final = 0.01
SMALLEST: Final = 1e-3
"""Smaller values count as this one."""
LARGEST: Final = 1e9
"""Larger values count as this one; with `SMALLEST` it bounds a sketch to some 1,400 bins."""
_GROWTH: Final = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR)
_LOG: Final = math.log(_GROWTH)


class Sketch:
    """How many values fell into each bin."""

    __slots__ = ("bins",)

    def __init__(self, bins: Mapping[int, int] | None = None) -> None:
        self.bins: dict[int, int] = dict(bins or {})

    def add(self, value: float) -> None:
        """Count a value."""
        index = math.ceil(math.log(min(max(value, SMALLEST), LARGEST)) / _LOG)
        self.bins[index] = self.bins.get(index, 0) + 1

    def merge(self, other: Sketch) -> None:
        """Count what another one has counted."""
        for index, count in other.bins.items():
            self.bins[index] = self.bins.get(index, 0) + count

    def quantile(self, share: float) -> float | None:
        """The value below which a share (0 to 1) of the values lies, None where there are none.

        It is the one at rank `floor(share * (n - 1))` of the sorted values, within `RELATIVE_ERROR`.
        """
        rank = math.floor(share * (sum(self.bins.values()) - 1))
        passed = 0
        for index in sorted(self.bins):
            passed += self.bins[index]
            if passed > rank:
                return 2 * _GROWTH**index / (_GROWTH + 1)  # as far from both bounds of the bin, relatively
        return None

    def dump(self) -> bytes:
        """As bytes, for `load`."""
        return orjson.dumps([number for pair in sorted(self.bins.items()) for number in pair])

    @classmethod
    def load(cls, data: bytes | None) -> Sketch:
        """From what `dump` made; empty for None."""
        numbers: list[int] = orjson.loads(data) if data else []
        return cls(dict(zip(numbers[::2], numbers[1::2], strict=True)))


def merged(sketches: Iterable[Sketch]) -> Sketch:
    """One sketch of all the values."""
    result = Sketch()
    for each in sketches:
        result.merge(each)
    return result
