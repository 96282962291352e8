# SPDX-License-Identifier: Apache-2.0
"""The unmodified azure-ai-ml client of a workspace on a server whose clock the tests move."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.emulator.ml.jobs.conftest import CLOUD, client_of
from tests.fixtures.azure import RunningAzure, running


@pytest.fixture(scope="module")
def clocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAzure]:
    """A server of the module's own: moving its clock disturbs nobody else."""
    with running(tmp_path_factory.mktemp("clocked")) as server:
        yield server


@pytest.fixture(scope="module")
def ml(clocked: RunningAzure) -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        yield client_of(clocked, patch)
        os.environ.pop(CLOUD, None)
