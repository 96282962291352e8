# SPDX-License-Identifier: Apache-2.0
"""Exceptions become one message and a documented exit code."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from groundplan_cli import errors
from groundplan_cli.command import command, group
from groundplan_cli.errors import Exit
from groundplan_cli.result import Result
from groundplan_workflows import errors as workflow

CODES = [
    (workflow.UsageError("x"), Exit.USAGE),
    (workflow.PolicyError("x"), Exit.POLICY),
    (workflow.DeploymentError("x"), Exit.DEPLOYMENT),
    (workflow.LocalAzureError("x"), Exit.LOCAL_AZURE),
    (workflow.EngineMissingError("x"), Exit.ENGINE),
    (workflow.CredentialsError("x"), Exit.CREDENTIALS),
    (workflow.CancelledError("x"), Exit.INTERRUPTED),
    (KeyboardInterrupt(), Exit.INTERRUPTED),
    (PermissionError(13, "Permission denied", "/somewhere"), Exit.USAGE),
    (ZeroDivisionError("x"), Exit.UNEXPECTED),
]


def failing(error: BaseException) -> typer.Typer:
    """A command line whose only command raises."""
    app = group("app", "A test.")
    app.callback()(lambda: None)

    def go(as_json: bool = False) -> Result:
        local_secret = "hunter2"
        if local_secret:
            raise error
        return Result(data=None)

    command(app, "go")(go)
    return app


@pytest.mark.parametrize(("error", "code"), CODES, ids=lambda value: type(value).__name__)
def test_every_kind_has_its_code(
    error: BaseException, code: Exit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing but the message reaches the user."""
    monkeypatch.setenv("GROUNDPLAN_HOME", str(tmp_path))
    done = CliRunner().invoke(failing(error), ["go"])

    assert done.exit_code == code
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.output
    assert "hunter2" not in done.output


def test_an_unexpected_one_leaves_its_traceback_in_a_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the values of variables."""
    monkeypatch.setenv("GROUNDPLAN_HOME", str(tmp_path))
    done = CliRunner().invoke(failing(ZeroDivisionError("by zero")), ["go"])
    first, log = done.stderr.splitlines()
    text = Path(log.removeprefix("log: ")).read_text()

    assert first == "error: unexpected ZeroDivisionError: by zero"
    assert "Traceback (most recent call last)" in text
    assert "raise error" in text


def test_the_codes_are_those_of_the_help() -> None:
    """Scripts rely on them."""
    assert [(each.name, each.value) for each in errors.Exit] == [
        ("OK", 0),
        ("UNEXPECTED", 1),
        ("USAGE", 2),
        ("POLICY", 3),
        ("DEPLOYMENT", 4),
        ("LOCAL_AZURE", 5),
        ("ENGINE", 6),
        ("CREDENTIALS", 7),
        ("INTERRUPTED", 130),
    ]
