# SPDX-License-Identifier: Apache-2.0
"""A Pulumi project on disk, driven by the real engine."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest


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


@pytest.fixture
def project(tmp_path: Path, pulumi_env: dict[str, str]) -> Project:
    """A project called `tiny` with a stack called `dev`, on the Python that runs the tests."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    made = Project(folder, {**pulumi_env, "PULUMI_PYTHON_CMD": sys.executable})
    made.configure("name: tiny\nruntime: python\n")
    made.pulumi("stack", "init", "dev")
    return made


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
