# SPDX-License-Identifier: Apache-2.0
"""`groundplan init`: a platform's repository from a blueprint."""

from pathlib import Path
from typing import Annotated

import typer

from groundplan_cli import options
from groundplan_cli.command import command
from groundplan_cli.result import Result


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "init")(init)


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    blueprint: Annotated[
        str | None, typer.Option("--blueprint", "-b", metavar="NAME", help="Which one; without it they are listed.")
    ] = None,
    project: Annotated[
        str | None,
        typer.Option("--project", metavar="NAME", help="Short name of the platform; the folder's unless set."),
    ] = None,
    location: Annotated[str, typer.Option("--location", metavar="REGION", help="Azure region.")] = "westeurope",
    as_json: options.Json = False,
) -> Result:
    """Write the repository of a platform: stacks, configuration for dev, staging and prod, policy, README."""
    import shlex

    from groundplan_workflows import repository

    wanted = repository.order(folder, blueprint, project, location)
    made = repository.write(wanted)
    found = repository.summary(made)
    into = "" if made.root == Path.cwd() else f"cd {shlex.quote(str(folder))} && "
    lines = [
        f"wrote {made.root}: {wanted.blueprint.title}, {len(found['stacks'])} stacks: {', '.join(found['stacks'])}",
        f"environments: {', '.join(found['environments'])}",
        "preview it on Azure on localhost:",
        f"  {into}groundplan preview",
    ]
    return Result(data=found | {"preview": f"{into}groundplan preview"}, lines=lines)
