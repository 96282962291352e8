# SPDX-License-Identifier: Apache-2.0
"""Registers a function as a command: its Result is shown, its exceptions become messages and exit codes."""

import functools
from collections.abc import Callable
from typing import ParamSpec

import typer

from groundplan_cli import console, errors
from groundplan_cli.result import Result

P = ParamSpec("P")


def group(name: str, description: str) -> typer.Typer:
    """A group of commands. Plain help: it starts twice as fast as the decorated one."""
    return typer.Typer(
        name=name,
        help=description,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        pretty_exceptions_show_locals=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def command(app: typer.Typer, name: str) -> Callable[[Callable[P, Result | None]], Callable[P, Result | None]]:
    """Register the function as `name`. An argument called `as_json` or `quiet` decides how its Result is shown."""

    def register(function: Callable[P, Result | None]) -> Callable[P, Result | None]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> None:
            as_json = bool(kwargs.get("as_json"))
            try:
                result = function(*args, **kwargs)
                if result is not None and not kwargs.get("quiet"):
                    console.show(result, as_json=as_json)
            except (typer.Exit, typer.Abort):
                raise
            except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # nothing may reach the user as a traceback
                raise typer.Exit(errors.report(error, as_json=as_json)) from None
            if result is not None and result.exit_code:
                raise typer.Exit(result.exit_code)

        app.command(name)(run)
        return function

    return register
