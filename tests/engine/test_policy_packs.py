# SPDX-License-Identifier: Apache-2.0
"""Policy packs in Python, run as plugins through the language host."""

from pathlib import Path

import pytest

from tests.engine.conftest import Project

PROGRAM = """
import pulumi

class Room(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("house:index:Room", name)

Room(pulumi.Config().require("room"))
"""

PACK = """
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

def named(args, report):
    if args.name == "cellar":
        report("a room may not be called cellar")

PolicyPack("house", enforcement_level=EnforcementLevel.MANDATORY, policies=[
    ResourceValidationPolicy(name="no-cellar", description="No cellars.", validate=named),
])
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A policy pack that forbids rooms called `cellar`."""
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "PulumiPolicy.yaml").write_text("name: house\nversion: 0.0.1\nruntime: python\n")
    (folder / "__main__.py").write_text(PACK)
    return folder


def test_policy_pack(project: Project, pack: Path) -> None:
    """A pack lets a good program pass and stops a bad one."""
    project.write(PROGRAM)
    project.pulumi("config", "set", "room", "hall")
    assert "house@v0.0.1" in project.pulumi("preview", "--policy-pack", str(pack))
    project.pulumi("config", "set", "room", "cellar")
    said = project.pulumi("up", "--yes", "--policy-pack", str(pack), code=1)
    assert "a room may not be called cellar" in said
    assert "Traceback" not in said


def test_broken_policy_pack(project: Project, pack: Path) -> None:
    """A pack that does not start shows its own error, and the command fails."""
    project.write(PROGRAM)
    project.pulumi("config", "set", "room", "hall")
    (pack / "__main__.py").write_text("import no_such_module\n")
    said = project.pulumi("preview", "--policy-pack", str(pack), code=1)
    assert "No module named 'no_such_module'" in said
    assert f'policy pack "{pack}" failed to start' in said
    assert "plugin_main" not in said


def test_policy_pack_without_a_program(project: Project, pack: Path) -> None:
    """A pack that is only a project file is named."""
    project.write(PROGRAM)
    project.pulumi("config", "set", "room", "hall")
    (pack / "__main__.py").unlink()
    said = project.pulumi("preview", "--policy-pack", str(pack), code=1)
    assert f"{pack} is not runnable: it has neither a __main__.py nor a pyproject.toml" in said
