# SPDX-License-Identifier: Apache-2.0
"""The command line. Nothing heavy is imported before a command runs, so that help comes at once."""

from typing import Annotated

import typer

from groundplan_cli.command import group
from groundplan_cli.commands import adopt, demo, doctor, engine, graph, init, local, policy, schema, stack, stacks

DESCRIPTION = """Azure Machine Learning platforms as code, on the real Pulumi engine, with an Azure on localhost.

Exit codes: 0 ok, 1 unexpected, 2 usage or configuration, 3 policy, 4 deployment failed, 5 local Azure unreachable,
6 no engine, 7 no login or credential, 130 interrupted."""

app = group("groundplan", DESCRIPTION)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(version("groundplan"))
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Azure Machine Learning platforms as code."""


stacks.register(app)
init.register(app)
schema.register(app)
app.add_typer(stack.app)
app.add_typer(policy.app)
app.add_typer(local.app)
app.add_typer(engine.app)
doctor.register(app)
demo.register(app)
graph.register(app)
adopt.register(app)
