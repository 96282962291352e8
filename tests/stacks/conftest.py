# SPDX-License-Identifier: Apache-2.0
"""Copies of the stacks' folders, each a Pulumi project on the running Azure on localhost."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fixtures.azure import RunningAzure
from tests.provider.conftest import Stack, stack_on

__all__ = ["stack_on"]

STACKS = Path(__file__).parents[2] / "stacks"
ENVIRONMENT = "stages"


@pytest.fixture
def stage(tmp_path: Path, azure: RunningAzure, stack_on: Callable[[RunningAzure], Stack]) -> Callable[[str], Stack]:
    """Makes a stage's stack `dev`; all of one test share a state."""
    env = stack_on(azure).env

    def make(name: str) -> Stack:
        folder = tmp_path / name
        shutil.copytree(STACKS / name, folder, ignore=shutil.ignore_patterns("__pycache__"))
        made = Stack(folder, env)
        made.pulumi("stack", "init", "dev")
        if name == "0-foundation":
            # names of its own beside other tests on the same Azure
            made.pulumi("config", "set", "environment", ENVIRONMENT)
        return made

    return make
