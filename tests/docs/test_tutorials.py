# SPDX-License-Identifier: Apache-2.0
"""The tutorials do what they say: their files are written, their code runs in order, and it prints what the page has below it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, check_command, commands, examples
from tests.fixtures.azure import RunningAzure

TUTORIALS = sorted((ROOT / "docs" / "tutorials").glob("*.md"))
END = "--- what was printed above belongs to the block before"


def _script(page: Path, folder: Path) -> tuple[str, list[str]]:
    """The code of a page as one program, and what each piece of it is to print."""
    pieces: list[str] = []
    wanted: list[str] = []
    for each in examples(page):
        if each.file or each.kind == "csv":
            path = folder / each.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(each.text, encoding="utf-8")
        elif each.kind == "python":
            compile(each.text, f"{page.name}:{each.line}", "exec")
            pieces.append(f"{each.text}\nprint({END!r}, flush=True)\n")
            wanted.append("")
        elif each.kind == "text":
            wanted[-1] = each.text
        elif each.kind == "sh":
            for line in commands(each.text):
                if not line.startswith("eval "):
                    check_command(line, f"{page.name}:{each.line}")
    return "\n".join(pieces), wanted


def _is_like(said: str, wanted: str) -> bool:
    """Whether it was said; three dots on a line of the page are any number of lines. The dots of the SDK's progress do not count."""
    said = re.sub(r"^\.+(?=.)", "", said, flags=re.MULTILINE)
    pattern = "".join(
        r"(?:.*\n)*?" if line == "...\n" else re.escape(line) for line in wanted.splitlines(keepends=True)
    )
    return re.fullmatch(pattern, said) is not None


@pytest.mark.azure_assumed
@pytest.mark.timeout(600)
@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.stem)
def test_the_tutorial_runs(page: Path, fresh_azure: RunningAzure, tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    program, wanted = _script(page, folder)
    (folder / "tutorial.py").write_text(program, encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "tutorial.py"],
        cwd=folder,
        env={**os.environ, **fresh_azure.env, "PYTHONWARNINGS": "ignore", "AZUREML_RUN_POLLING_INTERVAL_MIN": "0"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-5000:]}"
    said = done.stdout.split(f"{END}\n")[:-1]
    assert len(said) == len(wanted) >= 3
    for found, expected in zip(said, wanted, strict=True):
        if expected:
            assert _is_like(found, expected), f"said\n{found}\nand the page has\n{expected}"
