# SPDX-License-Identifier: Apache-2.0
"""`groundplan demo`: the whole way on the embedded Azure."""

import typer

from groundplan_cli import console, options
from groundplan_cli.command import command
from groundplan_cli.errors import Exit
from groundplan_cli.result import Result, Table


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "demo")(demo)


def demo(as_json: options.Json = False) -> Result:
    """Show the whole way on a throw-away Azure on localhost.

    Two stacks go up, a second run changes nothing, one changed setting previews as one update, Microsoft's SDK finds the
    workspace, everything comes down, and goes up again under the same names. Your own state and ports are not touched.
    """
    from groundplan_cli.progress import watching
    from groundplan_workflows import demo as workflow

    console.announce("demo: target local (a throw-away Azure on localhost)", as_json=as_json)
    with watching() as watcher:
        found = workflow.run(watcher, console.progress)
    rows = [(step.name, "ok" if step.good else "FAILED", step.found, f"{step.seconds:.1f} s") for step in found.steps]
    lines = [f"all as expected, in {found.seconds:.0f} s"] if found.good else []
    lines += [f"expected {step.expected}, found {step.found}" for step in found.steps if not step.good]
    if not found.good:
        lines.append(f"kept for a look: {found.home}")
    return Result(
        data=found.as_dict(),
        lines=lines,
        tables=[Table(("step", "result", "found", "time"), rows)],
        exit_code=Exit.OK if found.good else Exit.DEPLOYMENT,
    )
