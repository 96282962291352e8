# SPDX-License-Identifier: Apache-2.0
"""Command jobs."""

from __future__ import annotations

from groundplan_emulator.ml.jobs.executors import JobError
from groundplan_emulator.ml.jobs.run import Run


async def execute(run: Run) -> None:
    """Run a command."""
    raise JobError("not yet")
