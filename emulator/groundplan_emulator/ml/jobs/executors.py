# SPDX-License-Identifier: Apache-2.0
"""Who runs which kind of job: a module below `groundplan_emulator.ml` with `async def execute(run: Run) -> None`.

It returns when the job is done, raises `JobError` for a failure that Azure tells in the run's details, and is cancelled when the job is
(or when the emulator ends). A module with `RESUMES = True` goes on after the emulator was ended: what it needs for that is in the store.
The key is the job's type, or what `private["executor"]` says of a job that the service made itself.
"""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable
from types import ModuleType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from groundplan_emulator.ml.jobs.run import Run

Executor = Callable[["Run"], Awaitable[None]]

EXECUTORS: Final[dict[str, str]] = {
    "Command": "jobs.command",
    "Sweep": "jobs.sweep",
    "Pipeline": "jobs.pipeline",
    "Batch": "batch.job",
    "BatchScoring": "batch.scoring",
    "Monitor": "monitors.job",
}
"""Executor, module."""


class JobError(Exception):
    """A job fails. `code` is Azure's: `UserError` for what the user's code or definition did, `ServiceError` otherwise."""

    def __init__(self, message: str, *, code: str = "UserError", exit_code: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.exit_code = exit_code


class JobTimeoutError(JobError):
    """A job took longer than its limit: Azure cancels it."""


def find(name: str) -> Executor:
    """The executor of a name. Raises `JobError` for one that is not known."""
    return _module(name).execute


def resumes(name: str) -> bool:
    """Whether jobs of an executor go on after the emulator was ended."""
    return name in EXECUTORS and getattr(_module(name), "RESUMES", False)


def _module(name: str) -> ModuleType:
    if name not in EXECUTORS:
        raise JobError(f"Nothing here runs jobs of the kind '{name}'; known: {', '.join(EXECUTORS)}.")
    return importlib.import_module(f"groundplan_emulator.ml.{EXECUTORS[name]}")
