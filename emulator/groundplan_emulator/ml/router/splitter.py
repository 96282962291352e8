# SPDX-License-Identifier: Apache-2.0
"""Which deployment a request goes to: by chance, as often as the traffic map says."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from itertools import accumulate
from random import Random
from typing import Final

PER_CENT: Final = 100


class Splitter:
    """Weights of names. A name without weight is never chosen; without any weight nothing is."""

    def __init__(self, weights: Mapping[str, int]) -> None:
        chosen = [(name, weight) for name, weight in sorted(weights.items()) if weight > 0]
        self._names = [name for name, _ in chosen]
        self._bounds = list(accumulate(weight for _, weight in chosen))

    def choose(self, chance: Random) -> str | None:
        """A name, or None; takes one number from `chance` where there is a choice."""
        if len(self._names) < 2:
            return self._names[0] if self._names else None
        # rounding may give the very end, hence the bound: as `random.choices` does
        return self._names[bisect_right(self._bounds, chance.random() * self._bounds[-1], 0, len(self._names) - 1)]


def happens(chance: Random, percent: int) -> bool:
    """True in `percent` of 100 cases."""
    return chance.random() * PER_CENT < percent
