# SPDX-License-Identifier: Apache-2.0
"""JUnit's XML, which CI servers show as tests: a suite a pack, a test case a rule."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Xml  # only ever written here

if TYPE_CHECKING:
    from groundplan_workflows.policy.report import Finding, PolicyReport

_CONTROL = {code: None for code in range(32) if chr(code) not in "\t\n\r"}
"""Characters that XML can not hold."""


def write(report: PolicyReport, folder: Path) -> str:
    """Rules that fail the check are failures, those that raised errors; what is not decided or accepted is skipped."""
    found: dict[str, list[Finding]] = {}
    for each in report.findings:
        found.setdefault(each.rule_id, []).append(each)
    names = {each.id: f"{each.id} {each.title}" for each in report.rules}
    names |= {each.rule_id: each.rule_id for each in report.findings if each.rule_id not in names}
    suite = Xml.Element("testsuite", name=" ".join(report.packs), tests=str(len(names)), time=f"{report.seconds:.3f}")
    counts = {"failure": 0, "error": 0, "skipped": 0}
    for identifier, name in sorted(names.items()):
        case = Xml.SubElement(suite, "testcase", classname=f"policy.{report.source}", name=_clean(name))
        outcome = _outcome(report, found.get(identifier, []))
        if outcome is not None:
            kind, about = outcome
            counts[kind] += 1
            node = Xml.SubElement(case, kind, message=_clean(_first_line(about)))
            node.text = _clean("\n".join(_line(each, folder) for each in about))
    suite.set("failures", str(counts["failure"]))
    suite.set("errors", str(counts["error"]))
    suite.set("skipped", str(counts["skipped"]))
    suites = Xml.Element("testsuites", name="groundplan policy")
    suites.append(suite)
    Xml.indent(suites)
    return Xml.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _outcome(report: PolicyReport, found: Sequence[Finding]) -> tuple[str, Sequence[Finding]] | None:
    errors = [each for each in found if each.verdict == "error"]
    if errors:
        return "error", errors
    failing = [each for each in found if each.fails(report.threshold)]
    if failing:
        return "failure", failing
    return ("skipped", found) if found else None


def _first_line(found: Sequence[Finding]) -> str:
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return f"{found[0].label}: {found[0].message}{more}" if found[0].label else f"{found[0].message}{more}"


def _line(each: Finding, folder: Path) -> str:
    place = f"{each.place.relative(folder)}:{each.place.line}: " if each.place else ""
    accepted = f" (accepted until {each.exemption['expires']}: {each.exemption['reason']})" if each.exemption else ""
    return f"{place}[{each.verdict}] {each.label}: {each.message}{accepted}"


def _clean(text: str) -> str:
    return text.translate(_CONTROL)
