# SPDX-License-Identifier: Apache-2.0
"""`pulumi import` and `pulumi convert`: what the language host does, and what it refuses."""

import json
import shlex
import sys
from pathlib import Path

import pytest

from tests.engine.conftest import Project


@pytest.fixture
def notes(project: Project, tmp_path: Path) -> Path:
    """Put a provider called `toy` on PATH, and return the folder of its one resource, `first`."""
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "first").write_text(json.dumps({"text": "hello"}))
    launcher = tmp_path / "toy-bin" / "pulumi-resource-toy"
    launcher.parent.mkdir()
    script = Path(__file__).with_name("toy_provider.py")
    launcher.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(str(script))} "$@"\n')
    launcher.chmod(0o755)
    project.env |= {"TOY_FOLDER": str(folder), "PATH": f"{launcher.parent}:{project.env['PATH']}"}
    project.write("import pulumi\n")
    return folder


def imported(project: Project) -> list[str]:
    """Return the imported resources in the state."""
    state = json.loads(project.pulumi("stack", "export"))
    return [entry["id"] for entry in state["deployment"]["resources"] if entry["type"] == "toy:index:Note"]


def test_import_without_code(project: Project, notes: Path) -> None:
    """With --generate-code=false, a resource comes into the state, and refresh reads it from then on."""
    said = project.pulumi("import", "toy:index:Note", "a", "first", "--yes", "--generate-code=false", "--protect=false")
    assert "1 imported" in said
    assert imported(project) == ["first"]
    (notes / "first").unlink()
    assert "1 deleted" in project.pulumi("refresh", "--yes")
    assert imported(project) == []


def test_import_with_code(project: Project, notes: Path) -> None:
    """Without it, the import itself is done, and the user is told why there is no code and what to do."""
    said = project.pulumi("import", "toy:index:Note", "a", "first", "--yes", code=1)
    assert "generates no Python code" in said
    assert "--generate-code=false" in said
    assert imported(project) == ["first"]


def test_convert(project: Project) -> None:
    """`pulumi convert` is refused by name."""
    project.write("output answer {\n  value = 42\n}\n", "program.pp")
    target = str(project.folder / "out")
    said = project.pulumi("convert", "--from", "pcl", "--language", "python", "--out", target, code=1)
    assert "generates no Python code" in said
    assert "`pulumi convert` needs it" in said
