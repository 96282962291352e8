# SPDX-License-Identifier: Apache-2.0
"""A Pulumi project on disk, driven by the real engine."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.conftest import PASSPHRASE
from tests.fixtures.pulumi_project import PulumiProject


class Project(PulumiProject):
    """A project whose Pulumi.yaml the test writes."""

    def configure(self, text: str) -> None:
        (self.folder / "Pulumi.yaml").write_text(text)


@pytest.fixture(scope="session")
def fresh_stack(engine_path: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project called `tiny` and the state of its stack `dev`, made once: each `stack init` takes half a second."""
    made = tmp_path_factory.mktemp("fresh-stack")
    project = Project(made / "tiny", dict(os.environ))
    for folder in ("tiny", "pulumi-state"):
        (made / folder).mkdir()
    project.env |= {
        "PATH": engine_path,
        "PULUMI_BACKEND_URL": f"file://{made / 'pulumi-state'}",
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_HOME": str(made / "pulumi-home"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
    project.configure("name: tiny\nruntime: python\n")
    project.pulumi("stack", "init", "dev")
    return made


@pytest.fixture
def project(tmp_path: Path, pulumi_env: dict[str, str], fresh_stack: Path) -> Project:
    """A project called `tiny` with a stack called `dev`, on the Python that runs the tests."""
    shutil.copytree(fresh_stack / "tiny", tmp_path / "tiny")
    shutil.copytree(fresh_stack / "pulumi-state", tmp_path / "pulumi-state", dirs_exist_ok=True)
    return Project(tmp_path / "tiny", {**pulumi_env, "PULUMI_STACK": "dev", "PULUMI_PYTHON_CMD": sys.executable})


@pytest.fixture
def without_pulumi(tmp_path: Path) -> Path:
    """A folder whose `python3` starts and has no Pulumi SDK: what a bare machine has on PATH."""
    folder = tmp_path / "bare-python"
    folder.mkdir()
    python = folder / "python3"
    base = os.path.realpath(sys.executable)
    python.write_text(f'#!/bin/sh\nexec "{base}" -S -E "$@"\n')  # -S: no site-packages
    python.chmod(0o755)
    return folder
