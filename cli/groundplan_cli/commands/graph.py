# SPDX-License-Identifier: Apache-2.0
"""`groundplan graph`: the platform as a picture."""

from pathlib import Path
from typing import Annotated

import typer

from groundplan_cli import console, options
from groundplan_cli.command import command
from groundplan_cli.result import Result


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "graph")(graph)


def graph(
    stacks: options.Stacks = None,
    env: options.Environment = "dev",
    target: options.EnvironmentTarget = None,
    form: Annotated[str, typer.Option("--format", "-f", metavar="mermaid|svg", help="What to draw with.")] = "mermaid",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write instead of printing.")] = None,
    as_json: options.Json = False,
) -> Result:
    """Draw what is up: stacks, components, network paths, private endpoints and private DNS."""
    from groundplan_workflows import project, targets
    from groundplan_workflows.graph import draw

    draw.check_format(form)
    here = project.with_stacks()
    chosen = here.select(stacks or [], env)
    here.check_environment(chosen, env)
    found = draw.read(here, chosen, env, targets.prepare(here, target or here.target(env), console.progress, env))
    text = draw.FORMATS[form](found)
    if output is None:
        return Result(data=found.as_dict(), raw=text)
    draw.save(text, output)
    return Result(data=found.as_dict(), lines=[f"graph: target {target}, env {env}: wrote {output}"])
