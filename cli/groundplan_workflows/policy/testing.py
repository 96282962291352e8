# SPDX-License-Identifier: Apache-2.0
"""Runs the cases that stand beside rules, and says which branches of a rule no case reaches."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groundplan_policies.cases import Case, cases_of

if TYPE_CHECKING:
    from groundplan_policies.evaluate import Finding
    from groundplan_policies.rule import Entry


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that did not come out as it says."""

    case: Case
    problem: str
    found: tuple[str, ...]

    def lines(self) -> list[str]:
        """What was expected (-) and what was found (+)."""
        wanted = {
            "good": "nothing",
            "bad": f"violation that says {self.case.says!r}",
            "unknown": "no decision",
        }[self.case.expected]
        found = [f"  + {each}" for each in self.found] or ["  + nothing"]
        return [f"{self.case.rule.id} {self.case.rule.slug}: case {self.case.name!r}", f"  - {wanted}", *found]


@dataclass(slots=True)
class RuleTest:
    """What came of one rule's cases."""

    entry: Entry
    passed: int = 0
    failures: list[Failure] = field(default_factory=list[Failure])
    branches: int = 0
    reached: int = 0
    missing: list[str] = field(default_factory=list[str])
    """Branches that no case takes, as `line 12 to line 14`."""

    @property
    def coverage(self) -> float:
        """Share of the branches that some case takes, in percent."""
        return 100.0 * self.reached / self.branches if self.branches else 100.0


def run(entries: Sequence[Entry]) -> list[RuleTest]:
    """All cases of some rules, with the branches they take."""
    from coverage import Coverage

    results = {each.file: RuleTest(each) for each in entries}
    meter = Coverage(data_file=None, branch=True, include=[each.file for each in entries], config_file=False)
    meter.start()
    try:
        for result in results.values():
            for case in cases_of(result.entry):
                _run(case, result)
    finally:
        meter.stop()
    measured = _measured(meter, [each.file for each in entries])
    for file, result in results.items():
        _cover(result, measured.get(str(Path(file).resolve()), {}))
    return list(results.values())


def _run(case: Case, result: RuleTest) -> None:
    findings = case.findings()
    problem = case.problem(findings)
    if problem:
        result.failures.append(Failure(case, problem, tuple(map(_said, findings))))
    else:
        result.passed += 1


def _said(finding: Finding) -> str:
    return f"{finding.verdict}: {finding.message}"


def _measured(meter: Any, files: Sequence[str]) -> dict[str, Any]:
    """Coverage's own report of the files, by their whole path."""
    from coverage.exceptions import NoDataError

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "coverage.json"
        try:
            meter.json_report(morfs=list(files), outfile=str(path))
        except NoDataError:
            return {}
        report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return {str(Path(name).resolve()): each for name, each in report["files"].items()}


def _cover(result: RuleTest, measured: dict[str, Any]) -> None:
    """Branches inside of functions: what a module does while it is loaded is no case's work."""
    for name, function in measured.get("functions", {}).items():
        if not name:
            continue
        taken, missed = function["executed_branches"], function["missing_branches"]
        result.branches += len(taken) + len(missed)
        result.reached += len(taken)
        result.missing += [f"line {start} to {f'line {end}' if end > 0 else 'the end'}" for start, end in missed]
