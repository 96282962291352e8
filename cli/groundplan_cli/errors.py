# SPDX-License-Identifier: Apache-2.0
"""Exceptions become a message and a documented exit code; a traceback goes to a file, never to the user."""

import os
import sys
import tempfile
import time
import traceback
from enum import IntEnum
from pathlib import Path

from groundplan_cli import console


class Exit(IntEnum):
    """Exit codes of every command."""

    OK = 0
    UNEXPECTED = 1
    """A defect of Groundplan; the log has the traceback."""
    USAGE = 2
    """An argument, a configuration file or a folder is wrong."""
    POLICY = 3
    """A mandatory policy was violated."""
    DEPLOYMENT = 4
    """The engine ran and did not succeed."""
    LOCAL_AZURE = 5
    """Azure on localhost does not run, start or answer."""
    ENGINE = 6
    """No Pulumi engine, and none could be made."""
    CREDENTIALS = 7
    """A login or a credential is missing."""
    INTERRUPTED = 130
    """Ctrl-C."""


def report(error: BaseException, *, as_json: bool = False) -> Exit:
    """Print what went wrong; the exit code."""
    if isinstance(error, KeyboardInterrupt):
        code, message, log = Exit.INTERRUPTED, "interrupted", None
    elif isinstance(error, BrokenPipeError):
        # the reader of our output left (`| head`); a second try to write at exit must not fail either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.UNEXPECTED
    else:
        code, message, log = _explain(error)
    if as_json:
        failure = {"message": message, "exit_code": int(code)} | ({"log": str(log)} if log else {})
        console.show(console.Result(data={"error": failure}), as_json=True)
    console.fail(f"{message}\nlog: {log}" if log else message)
    return code


def _explain(error: BaseException) -> tuple[Exit, str, Path | None]:
    from groundplan_workflows import errors

    codes = {
        errors.UsageError: Exit.USAGE,
        errors.PolicyError: Exit.POLICY,
        errors.DeploymentError: Exit.DEPLOYMENT,
        errors.LocalAzureError: Exit.LOCAL_AZURE,
        errors.EngineMissingError: Exit.ENGINE,
        errors.CredentialsError: Exit.CREDENTIALS,
        errors.CancelledError: Exit.INTERRUPTED,
    }
    if isinstance(error, errors.WorkflowError):
        code = next((code for kind, code in codes.items() if isinstance(error, kind)), Exit.UNEXPECTED)
        return code, str(error), error.log
    if isinstance(error, OSError) and error.filename:
        return Exit.USAGE, f"{error.filename}: {error.strerror}; mend the path or its permissions, then try again", None
    return Exit.UNEXPECTED, f"unexpected {type(error).__name__}: {error}", _write_traceback(error)


def _write_traceback(error: BaseException) -> Path:
    """Keep the traceback (without the values of variables, which may be secret) where the user can send it from."""
    from groundplan_workflows import project

    text = "".join(traceback.format_exception(error))
    try:
        folder = project.here().logs
        folder.mkdir(parents=True, exist_ok=True)
    except Exception:  # noqa: BLE001  # whatever is wrong with the project, the first error is the one to tell
        folder = Path(tempfile.gettempdir())
    path = folder / f"error-{time.strftime('%Y%m%dT%H%M%S')}-{os.getpid()}.log"
    path.write_text(text, encoding="utf-8")
    return path
