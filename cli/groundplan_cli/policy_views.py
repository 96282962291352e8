# SPDX-License-Identifier: Apache-2.0
"""How rules and findings look on a terminal."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from groundplan_cli.errors import Exit
from groundplan_cli.result import Result, Table

if TYPE_CHECKING:
    from groundplan_workflows.policy.azure_import import Imported
    from groundplan_workflows.policy.frameworks import Coverage, Covered
    from groundplan_workflows.policy.listing import Listed
    from groundplan_workflows.policy.report import Finding, PolicyReport
    from groundplan_workflows.policy.testing import RuleTest


def report_result(report: "PolicyReport", shape: str = "text") -> Result:
    """Every finding in a few lines, then the counts; exit code 3 where the check fails."""
    code = Exit.POLICY if report.failing else Exit.OK
    if shape != "text":
        from groundplan_workflows.policy.formats import FORMATS

        return Result(data=report.as_dict(), raw=FORMATS[shape](report, Path.cwd()), exit_code=code)
    here = Path.cwd()
    told = [each for each in report.findings if not each.is_open]
    lines = [line for each in told for line in _finding(each, here)]
    lines += _open_questions([each for each in report.findings if each.is_open])
    lines += [f"{stack}: not checked: {why}" for stack, why in report.unchecked.items()]
    lines += [f"{place}: {said}" for place, said in report.notes]
    counts = ", ".join(f"{count} {name}" for name, count in report.counts().items() if count) or "nothing found"
    where = f"target {report.target}, " if report.target else ""
    head = (
        f"policy check: {where}packs {', '.join(report.packs)}: {len(report.rules)} rules on {report.resources} resources "
        f"in {report.seconds:.2f} s"
    )
    threshold = "mandatory" if report.threshold == "mandatory" else f"of severity {report.threshold} or more"
    verdict = f"failed: {len(report.failing)} {threshold}" if report.failing else "passed"
    tables = [Table(("result", "found"), [(verdict, counts)])]
    return Result(data=report.as_dict(), lines=[head, *lines], tables=tables, exit_code=code)


def _finding(each: "Finding", here: Path) -> list[str]:
    where = f"{each.place.relative(here)}:{each.place.line}: " if each.place else ""
    what = f"{each.label} ({each.type})" if each.label else each.stack
    mark = "exempted" if each.exemption is not None else each.level if each.verdict == "violation" else each.verdict
    said = [f"{where}{each.rule_id} [{each.severity}, {mark}] {what}: {each.message}"]
    if each.exemption is not None:
        accepted = each.exemption
        said.append(f"    accepted until {accepted['expires']} by {accepted['approver']}: {accepted['reason']}")
    elif each.rule is not None and each.verdict == "violation":
        said.append(f"    {each.rule.remediation}")
    return said


def _open_questions(found: Sequence["Finding"]) -> list[str]:
    """What the update will decide, a line a rule: a new platform has many ids that are not known yet."""
    by_rule: dict[str, list[Finding]] = {}
    for each in found:
        by_rule.setdefault(each.rule_id, []).append(each)
    lines: list[str] = []
    for rule, said in by_rule.items():
        names = list(dict.fromkeys(each.label for each in said))
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        about = "; ".join(dict.fromkeys(each.message for each in said))
        lines.append(f"{rule} [{said[0].severity}, undecided] {', '.join(names[:_NAMED])}{more}: {about}")
    return lines


def rules_result(rules: Sequence["Listed"]) -> Result:
    """A row a rule."""
    rows = [
        (
            each.rule.id,
            each.rule.slug,
            each.rule.severity,
            ", ".join(f"{pack} {level}" for pack, level in each.levels.items()) or "-",
            each.rule.title,
        )
        for each in rules
    ]
    table = Table(("id", "slug", "severity", "packs", "what holds"), rows, title=f"{len(rows)} rules")
    return Result(data={"rules": [each.as_dict() for each in rules]}, tables=[table])


def tests_result(results: Sequence["RuleTest"], minimum: float) -> Result:
    """What failed as a diff, the branches that no case takes, and the sums; exit code 3 where something is wrong."""
    lines: list[str] = []
    low = [each for each in results if each.coverage < minimum]
    for each in results:
        for failure in each.failures:
            lines += failure.lines()
    for each in results:
        if each.missing and (each.failures or each in low or len(results) <= _FEW):
            lines.append(
                f"{each.entry.rule.id}: {each.coverage:.0f} % of its branches; no case goes from {'; '.join(each.missing)}"
            )
    cases = sum(each.passed + len(each.failures) for each in results)
    failed = sum(len(each.failures) for each in results)
    branches, reached = sum(each.branches for each in results), sum(each.reached for each in results)
    share = 100.0 * reached / branches if branches else 100.0
    verdict = "failed" if failed or low else "passed"
    row = (verdict, str(len(results)), str(cases), str(failed), f"{share:.1f} %")
    data = {
        "rules": len(results),
        "cases": cases,
        "failed": failed,
        "branch_coverage": round(share, 2),
        "results": [
            {
                "rule": each.entry.rule.id,
                "passed": each.passed,
                "failures": [{"case": failure.case.name, "problem": failure.problem} for failure in each.failures],
                "branch_coverage": round(each.coverage, 2),
                "missing": each.missing,
            }
            for each in results
        ],
    }
    tables = [Table(("result", "rules", "cases", "failed", "branches taken"), [row])]
    return Result(data=data, lines=lines, tables=tables, exit_code=Exit.POLICY if verdict == "failed" else Exit.OK)


def coverage_result(found: "Coverage") -> Result:
    """The counts, what they mean, and a row a control."""
    framework = found.framework
    counts = ", ".join(f"{count} {status}" for status, count in found.counts().items())
    lines = [f"{framework.name}, packs {', '.join(found.packs)}: {len(found.rows)} controls: {counts}"]
    lines += [framework.note] if framework.note else []
    lines.append(f"source: {framework.source}")
    meanings = [
        ("enforced", "an update stops at whatever the catalog of controls has for it"),
        ("partly", "some of that is only advisory, asked in none of these packs, or left to the live state"),
        ("elsewhere", "these packs ask nothing; 'by whom' says who takes care of it"),
        ("not", "nothing that Groundplan knows of looks at it"),
    ]
    rows = [
        (each.control.id, each.status, "; ".join(each.by) or "-", each.control.words, ", ".join(_rules_of(each)) or "-")
        for each in found.rows
    ]
    tables = [
        Table(("status", "what it means"), meanings),
        Table(("control", "status", "by whom", "what holds", "rules (in none of these packs)"), rows),
    ]
    return Result(data=found.as_dict(), lines=lines, tables=tables)


def _rules_of(row: "Covered") -> Iterator[str]:
    for rule in row.rules:
        yield rule.id if rule.level == "mandatory" else f"{rule.id} {rule.level}"
    yield from (f"({identifier})" for identifier in row.other_rules)


def import_result(found: "Imported") -> Result:
    """The policies that became rules, and what of them will not be decided."""
    rows = [
        (each.id, each.severity, ", ".join(each.types) if len(each.types) < _FEW else "many types", each.title)
        for each in found.rules
    ]
    lines = [f"wrote {found.pack}: {len(rows)} policies; try them: groundplan policy check --pack {found.pack}"]
    lines += [
        f"not decided: alias {alias} is not in the table of Azure types ({', '.join(places)})"
        for alias, places in found.unknown_aliases.items()
    ]
    lines += [f"passed over: {name} holds nothing of Azure Policy" for name in found.skipped]
    lines += list(found.idle)
    data = {
        "pack": str(found.pack),
        "files": [str(path) for path in found.files],
        "policies": [
            {"id": each.id, "slug": each.slug, "title": each.title, "severity": each.severity} for each in found.rules
        ],
        "unknown_aliases": {alias: list(places) for alias, places in found.unknown_aliases.items()},
        "skipped": list(found.skipped),
        "not_in_force": list(found.idle),
    }
    return Result(data=data, lines=lines, tables=[Table(("id", "severity", "types", "policy"), rows)])


_NAMED = 4
"""So many resources are named where many have the same to be told."""
_FEW = 10
"""So many rules an author looks at one by one."""
