# SPDX-License-Identifier: Apache-2.0
"""The weighted choice: never a name without weight, as often as the weights say, the same again with the same seed."""

from __future__ import annotations

from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from groundplan_emulator.ml.router.splitter import Splitter, happens

NAMES = st.text("abcdefghij-", min_size=3, max_size=8)
WEIGHTS = st.dictionaries(NAMES, st.integers(0, 100), max_size=20)
CONFIDENCE = 0.9999


class Constant(Random):
    """Always the same number."""

    def __init__(self, value: float) -> None:
        super().__init__(0)
        self.value = value

    def random(self) -> float:
        return self.value


@given(WEIGHTS, st.integers(0, 2**32))
def test_only_what_has_weight_is_chosen(weights: dict[str, int], seed: int):
    splitter, chance = Splitter(weights), Random(seed)
    chosen = {splitter.choose(chance) for _ in range(50)}
    allowed = {name for name, weight in weights.items() if weight}
    assert chosen <= allowed if allowed else chosen == {None}


@given(WEIGHTS.filter(lambda weights: any(weights.values())), st.sampled_from([0.0, 0.5, 1 - 2**-53]))
def test_the_ends_of_the_range_belong_to_somebody(weights: dict[str, int], value: float):
    name = Splitter(weights).choose(Constant(value))
    assert name is not None
    assert weights[name] > 0


@given(st.lists(st.integers(1, 100), min_size=2, max_size=4), st.integers(0, 2**32))
def test_the_order_of_the_map_changes_nothing(weights: list[int], seed: int):
    named = {f"d{number}": weight for number, weight in enumerate(weights)}
    backwards = dict(reversed(list(named.items())))
    first, second = Random(seed), Random(seed)
    one, other = Splitter(named), Splitter(backwards)
    assert [one.choose(first) for _ in range(20)] == [other.choose(second) for _ in range(20)]


def test_shares_are_within_their_bounds():
    weights = {"blue": 89, "green": 10, "canary": 1, "off": 0}
    splitter, chance = Splitter(weights), Random("shares")
    counts = Counter(splitter.choose(chance) for _ in range(100_000))
    assert set(counts) == {"blue", "green", "canary"}
    for name, weight in weights.items():
        if weight:
            interval = binomtest(counts[name], 100_000).proportion_ci(CONFIDENCE)
            assert interval.low <= weight / 100 <= interval.high, (name, counts)


def test_percentages_happen_as_often_as_they_say():
    chance = Random("mirror")
    assert not any(happens(chance, 0) for _ in range(1000))
    assert all(happens(chance, 100) for _ in range(1000))
    count = sum(happens(chance, 30) for _ in range(100_000))
    interval = binomtest(count, 100_000).proportion_ci(CONFIDENCE)
    assert interval.low <= 0.3 <= interval.high
