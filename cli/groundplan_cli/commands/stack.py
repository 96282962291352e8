# SPDX-License-Identifier: Apache-2.0
"""`groundplan stack`: what there is to know of a stack without running it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from groundplan_cli import options
from groundplan_cli.command import command, group
from groundplan_cli.result import Result, Table

if TYPE_CHECKING:
    from groundplan_workflows.contracts import StackContract

app = group("stack", "What there is to know of a stack without running it.")
# one command alone would be taken for the group itself
app.callback()(lambda: None)


@command(app, "contract")
def contract(stacks: options.Stacks = None, as_json: options.Json = False) -> Result:
    """Print what stacks read from others and what they export; of Groundplan's own stacks outside of a project."""
    from groundplan_workflows import contracts

    found = contracts.describe(stacks or [])
    tables = [table for each in found for table in _tables(each)]
    return Result(data={"stacks": [each.as_dict() for each in found]}, tables=tables)


def _tables(found: "StackContract") -> Sequence[Table]:
    needs = ", ".join(found.needs) or "nothing"
    reads = ", ".join([*found.reads, *(f"{name} (if configured)" for name in found.may_read)]) or "nothing"
    rows = [(term.output, "if there is one" if term.optional else "always", term.kind) for term in found.terms]
    title = f"{found.stack}: needs {needs}; reads {reads}; exports {found.exports or 'no contract'}"
    return [Table(("output", "exported", "what"), rows, title=title)]
