# SPDX-License-Identifier: Apache-2.0
"""ARM's error envelope and the codes that every type shares.

Codes and sentences follow Microsoft's "common deployment errors" documentation; where a sentence is not
published there it is ours and the behaviour is labelled `assumed` by the tests.
"""

from __future__ import annotations

from typing import Any, Literal


class ArmError(Exception):
    """A refused request: HTTP status, ARM code, message, and optionally the target and details of the envelope."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        target: str | None = None,
        details: list[dict[str, Any]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.target = target
        self.details = details
        self.headers = headers or {}

    def envelope(self) -> dict[str, Any]:
        """`{"error": {code, message, target?, details?}}`, the body of the answer."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.target is not None:
            error["target"] = self.target
        if self.details is not None:
            error["details"] = self.details
        return {"error": error}


def bad_request(code: str, message: str, *, target: str | None = None) -> ArmError:
    """400 with the type's own code."""
    return ArmError(400, code, message, target=target)


def conflict(code: str, message: str, *, target: str | None = None) -> ArmError:
    """409 with the type's own code."""
    return ArmError(409, code, message, target=target)


def resource_not_found(type_: str, name: str, resource_group: str) -> ArmError:
    """404 ResourceNotFound, worded as ARM words it."""
    under = f" under resource group '{resource_group}'" if resource_group else ""
    return ArmError(404, "ResourceNotFound", f"The Resource '{type_}/{name}'{under} was not found.")


def resource_group_not_found(name: str) -> ArmError:
    """404 ResourceGroupNotFound."""
    return ArmError(404, "ResourceGroupNotFound", f"Resource group '{name}' could not be found.")


def parent_not_found(type_: str, parent: str, verb: Literal["read", "write"] = "write") -> ArmError:
    """404 ParentResourceNotFound for what is asked for below a resource that does not exist."""
    return ArmError(
        404,
        "ParentResourceNotFound",
        f"Failed to perform '{verb}' on resource(s) of type '{type_}', because the parent resource '{parent}' could not be found.",
    )


def linked_not_found(target: str, resource_id: str) -> ArmError:
    """400 LinkedResourceNotFound: an id in the body names a resource that does not exist."""
    return ArmError(
        400,
        "LinkedResourceNotFound",
        f"The resource '{resource_id}' referenced by '{target}' was not found.",
        target=target,
    )


def invalid_content(path: str, reason: str) -> ArmError:
    """400 InvalidRequestContent with the JSON path of the offending value."""
    return ArmError(
        400,
        "InvalidRequestContent",
        f"The request content was invalid and could not be deserialized: '{reason}. Path '{path}'.'",
        target=path,
    )


def property_change_not_allowed(path: str) -> ArmError:
    """409 PropertyChangeNotAllowed for a property that is fixed at creation."""
    return ArmError(409, "PropertyChangeNotAllowed", f"Changing property '{path}' is not allowed.", target=path)
