# SPDX-License-Identifier: Apache-2.0
"""Assignments in the words of a shell: POSIX sh (bash, zsh, dash), fish, PowerShell."""

import shlex
from collections.abc import Mapping
from typing import Literal, get_args

from groundplan_workflows.errors import UsageError

Shell = Literal["sh", "fish", "pwsh"]
SHELLS: tuple[Shell, ...] = get_args(Shell)


def detect(shell: str | None) -> Shell:
    """The dialect for a login shell (the value of `$SHELL`); sh where it is not known."""
    name = (shell or "").rpartition("/")[2]
    return "fish" if name == "fish" else "pwsh" if name in {"pwsh", "powershell"} else "sh"


def check(name: str) -> Shell:
    """The dialect of this name; UsageError for an unknown one."""
    for shell in SHELLS:
        if name == shell:
            return shell
    raise UsageError(f"unknown shell {name!r}; allowed: {', '.join(SHELLS)} (sh is for bash and zsh too)")


def assignments(shell: Shell, variables: Mapping[str, str | None]) -> str:
    """One line per variable: exported with its value, or, for None, taken out of the environment."""
    return "".join(f"{_line(shell, name, value)}\n" for name, value in variables.items())


def _line(shell: Shell, name: str, value: str | None) -> str:
    match shell, value:
        case "sh", None:
            return f"unset {name}"
        case "sh", str():
            return f"export {name}={shlex.quote(value)}"
        case "fish", None:
            return f"set --erase {name}"
        case "fish", str():
            return f"set --export --global {name} {_fish(name, value)}"
        case "pwsh", None:
            return f"Remove-Item -ErrorAction SilentlyContinue Env:{name}"
        case "pwsh", str():
            return f"$env:{name} = {_pwsh(value)}"
    raise AssertionError(shell)


def _fish(name: str, value: str) -> str:
    # fish keeps PATH as a list; within single quotes only \ and ' are special
    parts = value.split(":") if name == "PATH" else [value]
    return " ".join("'" + part.replace("\\", "\\\\").replace("'", "\\'") + "'" for part in parts)


def _pwsh(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
