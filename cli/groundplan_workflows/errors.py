# SPDX-License-Identifier: Apache-2.0
"""What can go wrong, in the user's words. The command line gives each class its exit code."""

from __future__ import annotations

from pathlib import Path


class WorkflowError(Exception):
    """A command cannot go on. The message says what happened, the value, what is allowed and how to fix it."""

    def __init__(self, message: str, *, log: Path | None = None) -> None:
        super().__init__(message)
        self.log = log
        """A file that tells more, if there is one."""


class UsageError(WorkflowError):
    """What was asked for does not exist or does not fit: an argument, a configuration file, a folder."""


class PolicyError(WorkflowError):
    """A mandatory policy was violated."""


class DeploymentError(WorkflowError):
    """The engine ran and did not succeed."""


class LocalAzureError(WorkflowError):
    """Azure on localhost does not run, does not start or does not answer."""


class EngineMissingError(WorkflowError):
    """No accepted Pulumi engine could be found or made."""


class CredentialsError(WorkflowError):
    """A login or a credential is missing, before anything was started."""


class CancelledError(WorkflowError):
    """The user interrupted."""
