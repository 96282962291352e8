# SPDX-License-Identifier: Apache-2.0
"""Every rule answers its own cases as they say, and is well described."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import groundplan_arm
from groundplan_policies import catalog, controls
from groundplan_policies.cases import Case, cases_of
from groundplan_policies.rule import Entry

CATALOG = catalog.load()
CASES = [
    pytest.param(case, id=f"{case.rule.id}-{case.name}")
    for entry in CATALOG.entries.values()
    for case in cases_of(entry)
]
ENTRIES = [pytest.param(entry, id=entry.rule.id) for entry in CATALOG.entries.values()]


@pytest.mark.parametrize("case", CASES)
def test_case(case: Case) -> None:
    assert case.problem(case.findings()) == ""


@pytest.mark.parametrize("entry", ENTRIES)
def test_rule_is_described(entry: Entry) -> None:
    """Known controls and types, texts in sentences, a short file."""
    rule = entry.rule
    known = controls.load()
    assert [key for key in rule.controls if key not in known] == []
    table = groundplan_arm.load()
    assert [each for each in rule.types if each != "*" and table.by_arm_type(each) is None] == []
    for text in (rule.rationale, rule.remediation, rule.absent, rule.unknown):
        assert text[0].isupper() or text[0] == "`", text
        assert text.endswith("."), text
    assert rule.title[0].isupper()
    source = Path(entry.file).read_text(encoding="utf-8")
    assert source.count("\n") <= 160, f"{entry.file} is long for one rule"
    assert (ast.get_docstring(ast.parse(source)) or "").endswith(".")


def test_controls_are_covered() -> None:
    """Every control that can be decided at preview has a rule."""
    covered = {key for rule in CATALOG for key in rule.controls}
    missing = [
        key for key, control in controls.load().items() if control.phase in ("preview", "stack") and key not in covered
    ]
    assert missing == []
