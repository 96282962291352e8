# SPDX-License-Identifier: Apache-2.0
"""A Pulumi project on disk, driven by the real engine."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conftest import PASSPHRASE


@dataclass
class Project:
    """A Pulumi project in a folder of its own."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict[str, str])

    def write(self, program: str, name: str = "__main__.py") -> None:
        (self.folder / name).write_text(program)

    def configure(self, text: str) -> None:
        (self.folder / "Pulumi.yaml").write_text(text)

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            ["pulumi", *arguments, "--color", "never", "--non-interactive"],
            cwd=self.folder,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def pulumi(self, *arguments: str, code: int = 0, timeout: float = 120) -> str:
        """Run a command, check its exit code, and return what it said on both streams."""
        process = self.start(*arguments)
        try:
            said, _ = process.communicate(timeout=timeout)
        finally:
            process.kill()
            process.wait()
        assert process.returncode == code, said
        return said


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
