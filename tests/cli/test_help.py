# SPDX-License-Identifier: Apache-2.0
"""What a user types, as it is; and that asking for it is fast."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer.main

from groundplan_cli.errors import Exit

DOCS = Path(__file__).parents[2] / "docs"
SNAPSHOT = Path(__file__).parent / "snapshots" / "help.txt"
HEAVY = (
    "azure",
    "cryptography",
    "grpc",
    "httpx",
    "psutil",
    "pulumi",
    "pydantic",
    "rich",
    "ruamel",
    "starlette",
    "uvicorn",
)
TYPERS_OWN = "pydantic"
"""Typer itself reads the options of a group or command with it."""


def every_help() -> str:
    """The help of every command, one after the other, 100 columns wide."""
    from groundplan_cli.app import app

    parts: list[str] = []

    def visit(command: Any, path: tuple[str, ...], parent: Any) -> None:
        settings = {"terminal_width": 100, "max_content_width": 100, **command.context_settings}
        context = command.context_class(command, info_name=path[-1], parent=parent, **settings)
        parts.append(f"$ {' '.join(path)} --help\n{command.get_help(context)}\n")
        for name, child in getattr(command, "commands", {}).items():
            visit(child, (*path, name), context)

    visit(typer.main.get_command(app), ("groundplan",), None)
    return "\n".join(parts)


def test_every_command_is_as_documented() -> None:
    """The whole surface is compared with a file; a change of it shows in review."""
    assert SNAPSHOT.read_text() == every_help(), f"write it anew: {sys.executable} -m tests.cli.test_help"


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [(["--help"], []), (["--version"], []), (["local", "--help"], [TYPERS_OWN]), (["up", "--help"], [TYPERS_OWN])],
)
def test_help_imports_nothing_heavy(arguments: list[str], allowed: list[str]) -> None:
    """Help and version come at once because nothing heavy is imported for them."""
    code = (
        "import sys\n"
        "from groundplan_cli.app import app\n"
        f"app({arguments!r}, standalone_mode=False)\n"
        f"print(sorted(name for name in {HEAVY!r} if name in sys.modules), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)

    assert str(allowed) == done.stderr.strip()
    assert done.stdout


def test_the_documentation_names_every_command_and_every_exit_code() -> None:
    """`docs/cli.md` and `docs/local.md` are what users read instead of the help."""
    text = "".join((DOCS / name).read_text() for name in ("cli.md", "local.md"))
    commands = re.findall(r"^\$ (groundplan.*) --help$", every_help(), re.MULTILINE)
    leaves = [command for command in commands if not any(other.startswith(f"{command} ") for other in commands)]
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)}

    assert [command for command in leaves if command not in text] == ["groundplan engine info"]
    assert "`groundplan engine install`, `info`" in text
    assert documented == {int(code) for code in Exit}


def test_an_unknown_command_is_a_usage_error() -> None:
    """A typing mistake ends with 2 and says what is wrong."""
    done = subprocess.run(
        [sys.executable, "-m", "groundplan_cli", "upp"], capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 2
    assert "No such command 'upp'" in done.stderr


if __name__ == "__main__":
    SNAPSHOT.parent.mkdir(exist_ok=True)
    SNAPSHOT.write_text(every_help())
