# SPDX-License-Identifier: Apache-2.0
"""`groundplan schema`: what `groundplan.yaml` may hold, for editors."""

import json

import typer

from groundplan_cli.command import command
from groundplan_cli.result import Result


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "schema")(schema)


def schema() -> Result:
    """Print the JSON Schema of groundplan.yaml."""
    from groundplan_workflows import platform_file

    found = platform_file.schema()
    return Result(data=found, raw=json.dumps(found, indent=2) + "\n")
