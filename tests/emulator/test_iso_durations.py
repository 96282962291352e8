# SPDX-License-Identifier: Apache-2.0
"""Durations in seconds."""

from __future__ import annotations

from datetime import timedelta

import isodate
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundplan_emulator.iso_durations import seconds, seconds_or


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=3650)))
def test_what_is_written_is_read(length: timedelta) -> None:
    """Of any length, to the microsecond."""
    assert seconds(isodate.duration_isoformat(length)) == pytest.approx(length.total_seconds(), abs=1e-6)


@pytest.mark.parametrize("text", ["P1M", "P1Y", "P1Y2M3DT4H", "5", "", "five minutes", None, 5])
def test_what_has_no_fixed_length_is_none(text: object) -> None:
    """Years and months among them: their length depends on where they begin."""
    with pytest.raises(ValueError, match="is no duration such as PT5M"):
        seconds(text)
    assert seconds_or(text, 7.0) == 7.0


def test_absent_is_the_default() -> None:
    """Zero is a length."""
    assert seconds_or("PT0S", 7.0) == 0.0
    assert seconds_or(None, 7.0) == 7.0
