# SPDX-License-Identifier: Apache-2.0
"""Options that mean the same in every command."""

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask; needed where no one can answer.")]
Environment = Annotated[
    str, typer.Option("--env", "-e", metavar="NAME", help="Environment: the NAME of Pulumi.NAME.yaml in each stack.")
]
Target = Annotated[
    str, typer.Option("--target", "-t", metavar="local|azure", help="Where to: Azure on localhost, or Azure.")
]
EnvironmentTarget = Annotated[
    str | None,
    typer.Option(
        "--target",
        "-t",
        metavar="local|azure",
        help="Where to: Azure on localhost, or Azure. Default: that of the environment in groundplan.yaml, or local.",
        show_default=False,
    ),
]
Stacks = Annotated[
    list[str] | None,
    typer.Argument(metavar="STACK", help="Stacks such as 1-workspace; all of them by default.", show_default=False),
]
