# SPDX-License-Identifier: Apache-2.0
"""`groundplan doctor`: what is here, what is missing, how to mend it."""

import typer

from groundplan_cli import options
from groundplan_cli.command import command
from groundplan_cli.errors import Exit
from groundplan_cli.result import Result, Table

_CODES = {
    "engine": Exit.ENGINE,
    "language host": Exit.ENGINE,
    "Azure on localhost": Exit.LOCAL_AZURE,
    "Pulumi login": Exit.CREDENTIALS,
    "credentials": Exit.CREDENTIALS,
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "doctor")(doctor)


def doctor(target: options.Target = "local", as_json: options.Json = False) -> Result:
    """Check what this machine has for a target, each with how to mend it."""
    from groundplan_workflows import doctor as workflow
    from groundplan_workflows import project

    checks = workflow.examine(project.here(), target)
    failed = [check for check in checks if check.level == "fail"]
    rows = [(check.name, check.level, check.found, check.mend) for check in checks]
    return Result(
        data={"target": target, "ready": not failed, "checks": [check.as_dict() for check in checks]},
        lines=[f"target {target}: {'not ready' if failed else 'ready'}"],
        tables=[Table(("check", "state", "found", "mend"), rows)],
        exit_code=_CODES.get(failed[0].name, Exit.USAGE) if failed else Exit.OK,
    )
