# SPDX-License-Identifier: Apache-2.0
"""Programs on the real engine, previewed with Groundplan's packs."""

from pathlib import Path

import pytest

from tests.provider.conftest import stack, stack_on

__all__ = ["stack", "stack_on"]

PACKS = Path(__file__).parents[3] / "policies"


@pytest.fixture
def baseline() -> str:
    """The folder of the pack `baseline`."""
    return str(PACKS / "baseline")
