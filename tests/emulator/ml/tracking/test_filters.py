# SPDX-License-Identifier: Apache-2.0
"""MLflow's filters over models and versions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundplan_emulator.ml.tracking import filters
from groundplan_emulator.ml.tracking.refusal import Refusal

FIELDS = ("name", "version_number", "run_id")
ITEM = {"name": "churn-model", "version_number": "12", "run_id": ""}
TAGS = {"team": "churn", "a key": "it's"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True),
        ("name = 'churn-model'", True),
        ('name="churn-model"', True),
        ("name != 'churn-model'", False),
        ("name LIKE 'churn%' AND name like '%mode_'", True),
        ("name LIKE 'CHURN%'", False),
        ("name ILIKE 'CHURN%' and tags.team = 'churn'", True),
        ("tag.`a key` = 'it''s'", True),
        ("tags.absent != 'x'", False),
        ("version_number > 9", True),
        ("version_number <= 9.5", False),
        ("run_id = ''", True),
        ("name IN ('a', 'churn-model')", True),
        ("name NOT IN ('a', 'churn-model')", False),
        ("name NOT LIKE 'x%'", True),
    ],
)
def test_what_passes(text: str, expected: bool):
    assert filters.test_of(text, FIELDS)(ITEM, TAGS) is expected


@pytest.mark.parametrize(
    "text",
    ["name", "name = ", "name = 'a' OR name = 'b'", "name = 'a' AND", "stage = 'x'", "name ~ 'x'", "(name = 'a')"],
)
def test_what_is_refused(text: str):
    with pytest.raises(Refusal, match=r"is not understood at|cannot be filtered by"):
        filters.test_of(text, FIELDS)


@given(st.text())
def test_any_text_is_answered_or_refused(text: str):
    try:
        test = filters.test_of(text, FIELDS)
    except Refusal as refusal:
        status = refusal.status
    else:
        test(ITEM, TAGS)
        status = 200
    assert status in (200, 400)


@given(st.text().filter(lambda text: "\x00" not in text))
def test_any_name_is_found_by_itself(name: str):
    quoted = name.replace("'", "''")

    assert filters.test_of(f"name = '{quoted}'", FIELDS)({"name": name}, {})


def test_order():
    items = [{"name": "b", "version": "9"}, {"name": "a", "version": "10"}, {"name": "a", "version": "9"}]

    found = filters.ordered(items, ["name"], ["version_number DESC"])

    assert [(each["name"], each["version"]) for each in found] == [("a", "10"), ("a", "9"), ("b", "9")]
    with pytest.raises(Refusal, match="is no order; allowed"):
        filters.ordered(items, ["colour"], [])
