# SPDX-License-Identifier: Apache-2.0
"""What an MLflow client is told when it asks for what cannot be."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818  (an answer, not a failure of ours)
    """An HTTP status, MLflow's error code and a message for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def missing(message: str) -> Refusal:
    """404 RESOURCE_DOES_NOT_EXIST."""
    return Refusal(404, "RESOURCE_DOES_NOT_EXIST", message)


def invalid(message: str) -> Refusal:
    """400 INVALID_PARAMETER_VALUE."""
    return Refusal(400, "INVALID_PARAMETER_VALUE", message)
