# SPDX-License-Identifier: Apache-2.0
"""Percentiles of sketches against those of numpy over the values themselves."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from groundplan_emulator.ml.metrics.samples import Samples
from groundplan_emulator.ml.metrics.sketch import RELATIVE_ERROR, Sketch

LATENCIES = st.lists(st.floats(min_value=0.01, max_value=1e6), min_size=1, max_size=200)
SHARES = st.sampled_from([0.0, 0.5, 0.9, 0.95, 0.99, 1.0])


def sampled(values: list[float]) -> Samples:
    samples = Samples()
    for value in values:
        samples.add(value, sketch=True)
    return samples


@given(values=LATENCIES, share=SHARES)
def test_a_percentile_is_off_by_the_stated_error_at_most(values: list[float], share: float) -> None:
    exact = float(np.quantile(values, share, method="lower"))
    found = sampled(values).quantile(share)
    assert found is not None
    assert abs(found - exact) <= RELATIVE_ERROR * exact * (1 + 1e-9)


@given(first=LATENCIES, second=LATENCIES, share=SHARES)
def test_merged_sketches_know_what_one_would(first: list[float], second: list[float], share: float) -> None:
    together = sampled(first)
    together.merge(sampled(second))
    assert together.quantile(share) == sampled(first + second).quantile(share)


@given(values=LATENCIES)
def test_bytes_keep_a_sketch(values: list[float]) -> None:
    sketch = sampled(values).sketch
    assert Sketch.load(sketch.dump()).bins == sketch.bins


@given(values=st.lists(st.floats(min_value=0, max_value=1e300), max_size=50))
def test_extreme_values_stay_in_bounded_space(values: list[float]) -> None:
    sketch = sampled(values).sketch
    assert sum(sketch.bins.values()) == len(values)
    assert all(-400 < index < 1100 for index in sketch.bins)


def test_without_values_there_is_no_percentile() -> None:
    assert Samples().quantile(0.5) is None
