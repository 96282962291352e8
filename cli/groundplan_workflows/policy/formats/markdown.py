# SPDX-License-Identifier: Apache-2.0
"""Markdown, for the comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groundplan_workflows.policy.report import Finding, PolicyReport


def write(report: PolicyReport, folder: Path) -> str:
    """A verdict, a table of what fails, and folded ones of the rest."""
    return "\n".join(_lines(report, folder)) + "\n"


def _lines(report: PolicyReport, folder: Path) -> Iterator[str]:
    failing = report.failing
    accepted = [each for each in report.findings if each.exemption is not None]
    undecided = [
        each for each in report.findings if each.verdict == "undecided" and each not in failing and each not in accepted
    ]
    shown = (failing, accepted, undecided)
    rest = [each for each in report.findings if not any(each in group for group in shown)]
    verdict = f"failed, {len(failing)} to mend" if failing else "passed"
    yield f"## Policy check: {verdict}"
    yield ""
    where = f"target {report.target}, " if report.target else ""
    yield f"{where}packs {', '.join(report.packs)}: {len(report.rules)} rules on {report.resources} resources."
    for stack, why in report.unchecked.items():
        yield ""
        yield f"**{stack} was not checked**: {_cell(why)}"
    if failing:
        yield ""
        yield from _table(failing, folder, with_fix=True)
    for title, group in (
        ("told, not enforced", rest),
        ("not decided before the update", undecided),
        ("accepted by exemptions", accepted),
    ):
        if group:
            yield ""
            yield f"<details><summary>{len(group)} {title}</summary>"
            yield ""
            yield from _table(group, folder, with_fix=False)
            yield ""
            yield "</details>"


def _table(found: Sequence[Finding], folder: Path, *, with_fix: bool) -> Iterator[str]:
    fix = " fix |" if with_fix else ""
    yield f"| rule | severity | resource | where | found |{fix}"
    yield f"|---|---|---|---|---|{'---|' if with_fix else ''}"
    for each in found:
        cells = [f"{each.rule_id}", each.severity, each.label or each.stack, _where(each, folder), _said(each)]
        if with_fix:
            cells.append(each.rule.remediation if each.rule and each.verdict == "violation" else "")
        yield f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _said(each: Finding) -> str:
    if each.exemption is None:
        return each.message
    return (
        f"{each.message} (until {each.exemption['expires']}, {each.exemption['approver']}: {each.exemption['reason']})"
    )


def _where(each: Finding, folder: Path) -> str:
    return f"{each.place.relative(folder)}:{each.place.line}" if each.place else ""


def _cell(text: str) -> str:
    """Text of others in a table: no cell, tag or link of its own."""
    escaped = text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("[", "\\[")
    return " ".join(escaped.split())
