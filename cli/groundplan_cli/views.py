# SPDX-License-Identifier: Apache-2.0
"""How reports of workflows look."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from groundplan_cli.errors import Exit
from groundplan_cli.progress import sign, summary
from groundplan_cli.result import Result, Table

if TYPE_CHECKING:
    from groundplan_workflows.report import Report, StackReport

_CODES = {
    "succeeded": Exit.OK,
    "misconfigured": Exit.USAGE,
    "violated": Exit.POLICY,
    "cancelled": Exit.INTERRUPTED,
}


def report_result(report: "Report") -> Result:
    """Counts and time per stack; in a preview every step; what went wrong."""
    rows = [
        (stack.stack, stack.state, summary(stack.changes), f"{stack.seconds:.1f} s", stack.note)
        for stack in report.stacks
    ]
    tables = [Table(("stack", "state", "changes", "time", "note"), rows)]
    steps = [
        (stack.stack, f"{sign(step.operation)} {step.operation}", step.type, step.name, ", ".join(step.properties))
        for stack in report.stacks
        for step in stack.steps
        if report.operation == "preview"
    ]
    if steps:
        tables.insert(0, Table(("stack", "change", "type", "name", "differs"), steps))
    lines = [line for stack in report.stacks for line in _failure(stack)]
    return Result(
        data=report.as_dict(), lines=lines, tables=tables, exit_code=_CODES.get(report.state, Exit.DEPLOYMENT)
    )


def _failure(stack: "StackReport") -> list[str]:
    if stack.state not in ("failed", "misconfigured", "violated"):
        return []
    said = [f"{stack.stack} {stack.state}: {_brief(error)}" for error in stack.errors]
    return [*said, f"log: {stack.log}"] if stack.log else said


def _brief(error: str) -> str:
    """An error without its traceback, which the log keeps."""
    lines = error.splitlines()
    if not any(line.startswith("Traceback ") for line in lines):
        return error
    frames = [number for number, line in enumerate(lines) if line.startswith((" ", "Traceback "))]
    return "\n".join(line for line in lines[frames[-1] + 1 :] if line)


def output_tables(found: Mapping[str, Mapping[str, Any]]) -> Sequence[Table]:
    """A table per stack."""
    return [
        Table(
            ("output", "value"),
            [(name, _value(value)) for name, value in sorted(outputs.items())] or [("(none)", "")],
            title=stack,
        )
        for stack, outputs in found.items()
    ]


def _value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
