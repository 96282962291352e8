# SPDX-License-Identifier: Apache-2.0
"""Errors of programs built on Groundplan. Pulumi's hosts print a `RunError` as one message, without a traceback."""

from pulumi import RunError


class GroundplanError(RunError):
    """Base of every error that a user can mend."""


class ArgumentError(GroundplanError, ValueError):
    """A component was given arguments that contradict each other or Azure's documented limits."""


class ConfigError(GroundplanError, ValueError):
    """`Pulumi.<stack>.yaml` holds a value that is missing, unknown or not allowed."""


class ContractError(GroundplanError, LookupError):
    """A stack does not export what another one reads."""


class PropagationError(GroundplanError, TimeoutError):
    """Azure accepted a role assignment, and did not show it in time or refused to."""


class ActionError(GroundplanError):
    """Azure refused an action, or could not be asked for it."""
