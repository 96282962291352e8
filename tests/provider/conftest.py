# SPDX-License-Identifier: Apache-2.0
"""A Pulumi program on the local target: real engine, real SDK, real emulator, our plugin first on PATH."""

import json
import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.azure import RunningAzure
from tests.fixtures.pulumi_project import PulumiProject

PROJECT = """\
name: shore
runtime:
  name: python
config:
  azure-native:location: westeurope
"""


class Stack(PulumiProject):
    """One Pulumi project with a stack called `dev`. No command of it ever shows a traceback."""

    def pulumi(self, *arguments: str, code: int = 0, timeout: float = 120) -> str:
        """Run a command, check its exit code, return what it said on both streams."""
        said = super().pulumi(*arguments, code=code, timeout=timeout)
        assert "Traceback" not in said
        return said

    def up(self, *, code: int = 0) -> str:
        return self.pulumi("up", "--yes", "--skip-preview", code=code)

    def preview(self, *arguments: str, code: int = 0) -> str:
        return self.pulumi("preview", "--diff", *arguments, code=code)

    def refresh(self) -> str:
        return self.pulumi("refresh", "--yes", "--skip-preview")

    def destroy(self) -> str:
        return self.pulumi("destroy", "--yes", "--skip-preview")

    def unchanged(self) -> None:
        """A second preview finds nothing to do."""
        self.pulumi("preview", "--diff", "--expect-no-changes")

    def state(self) -> dict[str, Any]:
        """The state as Pulumi keeps it: secrets are ciphertext."""
        return json.loads(self.pulumi("stack", "export"))

    def resource(self, name: str) -> dict[str, Any]:
        return next(row for row in self.state()["deployment"]["resources"] if row["urn"].endswith(f"::{name}"))

    def outputs(self, *arguments: str) -> dict[str, Any]:
        return json.loads(self.pulumi("stack", "output", "--json", *arguments))


StackFactory = Callable[[RunningAzure], Stack]


@pytest.fixture
def stack_on(tmp_path: Path, pulumi_env: dict[str, str]) -> StackFactory:
    """Makes a stack on a given Azure."""

    def make(azure: RunningAzure) -> Stack:
        folder = tmp_path / "shore"
        folder.mkdir()
        bin_dir = tmp_path / "bin"
        bin_dir.mkdir()
        launcher = bin_dir / "pulumi-resource-azure-native"
        launcher.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -P -m groundplan_provider "$@"\n')
        launcher.chmod(0o755)
        (folder / "Pulumi.yaml").write_text(PROJECT)
        env = {
            **pulumi_env,
            **azure.env,
            "PATH": os.pathsep.join([str(bin_dir), pulumi_env["PATH"]]),
            "PULUMI_PYTHON_CMD": sys.executable,
            "GROUNDPLAN_PROVIDER_JOURNAL": str(tmp_path / "journal"),
        }
        stack = Stack(folder, env)
        stack.pulumi("stack", "init", "dev")
        return stack

    return make


@pytest.fixture
def stack(azure: RunningAzure, stack_on: StackFactory) -> Stack:
    """A stack on the worker's Azure."""
    return stack_on(azure)
