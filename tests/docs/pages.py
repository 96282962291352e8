# SPDX-License-Identifier: Apache-2.0
"""Plays the examples of a page, in their order: files are written, commands run, and what they print is compared.

The first word behind three backticks says what an example is, a second one is the file that it is written to:

- `yaml`, `json`, `python` with a file: written into the folder of the page's commands, before the next of them. Without a file they are
  parsed, a piece of Python is run.
- `console`: each line after `$ ` is run; the lines below are what it prints. A line of three dots is any number of lines. A command
  that fails is followed by `$ echo $?`.
- `sh`: commands that are only checked: they exist, and so do their options and what they name of the repository.
- anything else is for reading.
"""

from __future__ import annotations

import contextlib
import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer.main
from ruamel.yaml import YAML

from groundplan_cli.app import app
from tests.cli.conftest import Cli

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SECONDS = re.compile(r"\b\d+\.\d+ s\b")
_RULES = re.compile(r"\b\d+ rules on\b")
_JOINED = re.compile(r"\s(?:&&|\|\|?)\s")
_INTO = re.compile(r"\s>>?\s")
_CODE = "echo $?"
_TOOLS = ("cat", "cp", "sed")
"""Commands of others that are run."""
_KNOWN = (*_TOOLS, "az", "pip", "pytest", "test")
"""Commands of others in scripts."""
HOME = "/home/ada/vision"
"""Where the pages are at home: the folder of the commands, as they print it."""


@dataclass(frozen=True)
class Example:
    """One fenced block of a page."""

    kind: str
    file: str
    text: str
    line: int


def examples(page: Path) -> list[Example]:
    """The fenced blocks of a page."""
    text = page.read_text(encoding="utf-8")
    return [
        Example(found[1], found[2] or "", found[3], text.count("\n", 0, found.start()) + 1)
        for found in _FENCE.finditer(text)
    ]


def play(page: Path, cli: Cli) -> list[str]:
    """Play a page; the commands that were run."""
    ran: list[str] = []
    for example in examples(page):
        where = f"{page.name}:{example.line}"
        match example.kind:
            case "yaml" | "json" | "python":
                _take(example, cli.folder, where)
            case "console":
                ran += _run(example, cli, where)
            case "sh":
                for line in commands(example.text):
                    check_command(line, where)
            case _:
                pass
    return ran


def _take(example: Example, folder: Path, where: str) -> None:
    """A file is written; what is none is at least well formed."""
    if example.file:
        path = folder / example.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(example.text, encoding="utf-8")
    match example.kind:
        case "yaml":
            content: Any = YAML(typ="safe").load(example.text)
            for line in _workflow_commands(content):
                check_command(line, where)
        case "json":
            json.loads(example.text)
        case _:
            code = compile(example.text, where, "exec")
            if not example.file:
                with contextlib.chdir(folder):
                    exec(code, {})  # noqa: S102  (our own page)


def _workflow_commands(content: Any) -> Iterator[str]:
    """The commands of a workflow of a CI server."""
    if isinstance(content, dict):
        for key, value in content.items():
            if key == "run" and isinstance(value, str):
                yield from commands(value)
            else:
                yield from _workflow_commands(value)
    elif isinstance(content, list):
        for each in content:
            yield from _workflow_commands(each)


def commands(text: str) -> list[str]:
    """The lines of a script without comments, those that go on in the next one as one."""
    joined = text.replace("\\\n", " ")
    return [
        line for line in (each.split(" #", 1)[0].strip() for each in joined.splitlines()) if line and line[0] != "#"
    ]


def _run(example: Example, cli: Cli, where: str) -> list[str]:
    ran: list[str] = []
    steps = [step.partition("\n") for step in re.split(r"^\$ ", example.text, flags=re.MULTILINE)[1:]]
    for (command, _, wanted), after in zip(steps, [*steps[1:], ("", "", "")], strict=True):
        if command == _CODE:
            continue
        said = _said(command, cli, where, int(after[2]) if after[0] == _CODE else 0)
        assert _is_like(said, wanted), f"{where}: {command} said\n{said}\nand the page has\n{wanted}"
        ran.append(command)
    return ran


def _said(command: str, cli: Cli, where: str, code: int) -> str:
    words = shlex.split(command)
    if words[0] in _TOOLS:
        return subprocess.run(words, cwd=cli.folder, capture_output=True, text=True, check=True).stdout
    assert words[0] == "groundplan", f"{where}: {command} is not run by this test; make it an example of the kind sh"
    done = cli(*words[1:], expect=code)
    return (done.stdout or done.stderr).replace(str(cli.folder), HOME)


def _is_like(said: str, wanted: str) -> bool:
    """Whether it was said, however long it took, however many rules a pack has, whatever stands where the page has three dots."""
    said, wanted = (_RULES.sub("all rules on", _SECONDS.sub("0.0 s", text)) for text in (said, wanted))
    pattern = "".join("(?:.*\n)*?" if line == "...\n" else re.escape(line) for line in wanted.splitlines(keepends=True))
    return re.fullmatch(pattern, said) is not None


def check_command(line: str, where: str) -> None:
    """The commands of a line exist, and have the options that they are given."""
    for each in _JOINED.split(line):
        _check(shlex.split(_INTO.split(each)[0]), line, where)


def _check(words: list[str], line: str, where: str) -> None:
    match words:
        case ["groundplan", *given]:
            _check_own(given, line, where)
        case ["pulumi", *given]:
            named = [given[at + 1] for at, word in enumerate(given) if word == "--policy-pack"]
            assert given[:1] == ["preview"], f"{where}: {line}"
            assert all((ROOT / each / "PulumiPolicy.yaml").is_file() for each in named), f"{where}: {line}"
        case ["python", "-m", module, *_]:
            path = ROOT / module.replace(".", "/")
            assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), f"{where}: {line}"
        case ["make", target]:
            assert f"\n{target}:" in (ROOT / "Makefile").read_text(encoding="utf-8"), f"{where}: {line}"
        case [first, *_]:
            assert first in _KNOWN, f"{where}: {line}"
        case _:
            pass


def _check_own(given: list[str], line: str, where: str) -> None:
    command: Any = typer.main.get_command(app)
    while hasattr(command, "commands"):
        assert given, f"{where}: {line}"
        assert given[0] in command.commands, f"{where}: {line}"
        command, given = command.commands[given[0]], given[1:]
    command.make_context(command.name, list(given))
