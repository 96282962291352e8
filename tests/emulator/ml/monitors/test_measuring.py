# SPDX-License-Identifier: Apache-2.0
"""Data quality and the reading of tables, without an environment around them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from groundplan_emulator.ml.monitors import measuring

REFERENCE = [{"age": age, "city": city} for age, city in ((20, "Bern"), (30, "Basel"), (40.5, "Bern"))]
PRODUCTION = [
    {"age": 25, "city": "Bern"},
    {"age": 99, "city": "Oslo"},
    {"age": "old", "city": 7},
    {"age": None, "city": ""},
]


@pytest.mark.parametrize(
    ("feature", "kind", "metric", "value"),
    [
        ("age", "Numerical", "NullValueRate", 1 / 4),
        ("age", "Numerical", "DataTypeErrorRate", 1 / 3),
        ("age", "Numerical", "OutOfBoundsRate", 1 / 2),
        ("city", "Categorical", "NullValueRate", 1 / 4),
        ("city", "Categorical", "DataTypeErrorRate", 1 / 3),
        ("city", "Categorical", "OutOfBoundsRate", 2 / 3),
        ("gone", "Numerical", "OutOfBoundsRate", None),
        ("gone", "Numerical", "NullValueRate", 1.0),
    ],
)
def test_quality(feature: str, kind: str, metric: str, value: float | None):
    found = measuring.quality(feature, {"dataType": kind, "metric": metric}, PRODUCTION, REFERENCE)

    assert found == value if value is None else found == pytest.approx(value)


@pytest.mark.parametrize(
    ("metric", "value", "threshold", "breached"),
    [
        ("JensenShannonDistance", 0.2, 0.1, True),
        ("JensenShannonDistance", 0.1, 0.1, False),
        ("TwoSampleKolmogorovSmirnovTest", 0.01, 0.05, True),
        ("TwoSampleKolmogorovSmirnovTest", 0.2, 0.05, False),
        ("NullValueRate", None, 0.0, False),
        ("NullValueRate", 0.5, None, False),
    ],
)
def test_p_values_are_breached_from_below_and_all_else_from_above(
    metric: str, value: float | None, threshold: float | None, breached: bool
):
    asked = {"dataType": "Numerical", "metric": metric, "value": threshold}

    assert measuring.entry("age", asked, value)["breached"] is breached


def test_tables_of_all_kinds_have_the_same_rows(tmp_path: Path):
    (tmp_path / "a.csv").write_text("age,city\n20,Bern\n30,Basel\n40.5,Bern\n")
    (tmp_path / "b.jsonl").write_text("\n".join(json.dumps(row) for row in REFERENCE))
    (tmp_path / "c.json").write_text(json.dumps(REFERENCE))
    (tmp_path / "MLTable").write_text("paths: []")

    for name in ("a.csv", "b.jsonl", "c.json"):
        assert measuring.rows_of([str(tmp_path / name)]) == REFERENCE
    assert measuring.rows_of([str(tmp_path / "MLTable")]) == []
    assert measuring.kinds_of(REFERENCE) == {"age": "Numerical", "city": "Categorical"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"production": []}, "production data has no rows"),
        ({"features": ["height"]}, "has no column 'height'; its columns: age, city"),
    ],
)
def test_what_cannot_be_compared_is_told(tmp_path: Path, change: dict[str, Any], words: str):
    (tmp_path / "a.json").write_text(json.dumps(REFERENCE))
    file = [str(tmp_path / "a.json")]
    signal = {"name": "q", "type": "DataQuality", "production": file, "reference": file, "thresholds": []}

    with pytest.raises(SystemExit, match=words):
        measuring.measured({**signal, **change})
