# SPDX-License-Identifier: Apache-2.0
"""How findings look on a terminal."""

from typing import TYPE_CHECKING

from groundplan_cli.errors import Exit
from groundplan_cli.result import Result, Table

if TYPE_CHECKING:
    from groundplan_workflows.policy.report import Finding, PolicyReport


def report_result(report: "PolicyReport") -> Result:
    """Every finding in a few lines, then the counts; exit code 3 where the check fails."""
    lines = [line for each in report.findings for line in _finding(each)]
    lines += [f"{stack}: not checked: {why}" for stack, why in report.unchecked.items()]
    counts = ", ".join(f"{count} {name}" for name, count in report.counts().items() if count) or "nothing found"
    where = f"target {report.target}, " if report.target else ""
    head = (
        f"policy check: {where}packs {', '.join(report.packs)}: {len(report.rules)} rules on {report.resources} resources "
        f"in {report.seconds:.2f} s"
    )
    verdict = f"failed: {len(report.failing)} at or above {report.threshold}" if report.failing else "passed"
    return Result(
        data=report.as_dict(),
        lines=[head, *lines],
        tables=[Table(("result", "found"), [(verdict, counts)])],
        exit_code=Exit.POLICY if report.failing else Exit.OK,
    )


def _finding(each: "Finding") -> list[str]:
    where = f"{each.place}: " if each.place else ""
    what = f"{each.label} ({each.type})" if each.label else each.stack
    mark = "exempted" if each.exemption is not None else each.level if each.verdict == "violation" else each.verdict
    said = [f"{where}{each.rule_id} [{each.severity}, {mark}] {what}: {each.message}"]
    if each.exemption is not None:
        said.append(
            f"    accepted until {each.exemption['expires']} by {each.exemption['approver']}: {each.exemption['reason']}"
        )
    elif each.rule is not None and each.verdict == "violation":
        said.append(f"    {each.rule.remediation}")
    return said
