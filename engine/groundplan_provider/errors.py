# SPDX-License-Identifier: Apache-2.0
"""Failures that the engine shows to the user."""

from collections.abc import Mapping
from typing import Any

from groundplan_provider.values import Properties


class ProviderError(Exception):
    """Something that the user can mend; the text is the whole message."""


class Unreachable(ProviderError):  # noqa: N818  (the name says what is wrong)
    """The Azure on localhost does not answer; nothing was sent."""


class OutcomeUnknown(ProviderError):  # noqa: N818  (the name says what is wrong)
    """The connection broke after a request was sent: Azure may have carried it out or not."""


class Cancelled(ProviderError):  # noqa: N818  (the name says what is wrong)
    """The engine asked to stop."""

    def __init__(self) -> None:
        super().__init__("cancelled")


class InitFailed(ProviderError):  # noqa: N818  (the name says what is wrong)
    """The resource is there, but not as asked: the engine keeps it in the state and the next update goes on from it.

    `properties` is the whole state of the resource, `reasons` what went wrong.
    """

    def __init__(self, reason: str, resource_id: str, properties: Properties, inputs: Properties) -> None:
        super().__init__(reason)
        self.resource_id = resource_id
        self.properties = properties
        self.inputs = inputs


class ArmError(ProviderError):
    """Azure Resource Manager refused. `code`, `message` and `target` are those of its error envelope."""

    def __init__(self, status: int, code: str, message: str, target: str | None, request: str) -> None:
        self.status = status
        self.code = code
        self.message = message
        self.target = target
        suffix = f' Target="{target}"' if target else ""
        super().__init__(f'{request}: Status={status} Code="{code}" Message="{message}"{suffix}')

    @classmethod
    def from_body(cls, status: int, body: Any, request: str) -> "ArmError":
        """From an answer: `{"error": {...}}`, the bare error of a long-running operation, or anything else."""
        error = body.get("error", body) if isinstance(body, Mapping) else None
        if not isinstance(error, Mapping):
            return cls(status, "Unknown", str(body or "no message")[:2000], None, request)
        message = str(error.get("message", "no message"))
        details = [
            f"{detail.get('code')}: {detail.get('message')}"
            for detail in error.get("details") or ()
            if isinstance(detail, Mapping)
        ]
        return cls(
            status,
            str(error.get("code", "Unknown")),
            "; ".join([message, *details]),
            str(error["target"]) if error.get("target") else None,
            request,
        )
