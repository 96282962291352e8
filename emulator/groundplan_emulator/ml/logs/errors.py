# SPDX-License-Identifier: Apache-2.0
"""Refusals of the query service, in its own shape: `{"error": {"message", "code", "innererror": {...}}}`."""

from __future__ import annotations

from typing import Any, Final

_INVALID: Final = "The request had some invalid properties"


class QueryError(Exception):
    """A query that is not answered: the HTTP status and the `error` object."""

    def __init__(self, status: int, error: dict[str, Any]) -> None:
        super().__init__(f"{error['code']}: {error['message']}")
        self.status = status
        self.error = error


def bad_argument(inner: dict[str, Any]) -> QueryError:
    """400 BadArgumentError."""
    return QueryError(400, {"message": _INVALID, "code": "BadArgumentError", "innererror": inner})


def syntax(line: int, position: int, token: str, message: str) -> QueryError:
    """The query cannot be read at a place: line and position count from 1."""
    where = {"code": "SYN0002", "message": message, "line": line, "pos": position, "token": token}
    return bad_argument(
        {"code": "SyntaxError", "message": "A recognition error occurred in the query.", "innererror": where}
    )


def semantic(code: str, message: str) -> QueryError:
    """The query can be read but makes no sense."""
    return bad_argument(
        {
            "code": "SemanticError",
            "message": "A semantic error occurred.",
            "innererror": {"code": code, "message": message},
        }
    )


def beyond(construct: str, where: str) -> QueryError:
    """The query uses what the local Azure does not have."""
    return bad_argument(
        {
            "code": "NotSupportedError",
            "message": f"The local Azure does not have '{construct}' of the query language{where}."
            " What it has is in docs/local-log-analytics.md; write the query without it, or ask Azure.",
        }
    )


def path_not_found(what: str) -> QueryError:
    """404: the workspace, resource or path is not there."""
    return QueryError(404, {"message": f"The requested path does not exist: {what}", "code": "PathNotFoundError"})


def timed_out(seconds: float) -> QueryError:
    """504: the query took longer than the client, or the service, lets it."""
    message = f"The query was ended after {seconds:g} s; ask for less, or for more time (at most 600 s)."
    inner = {"code": "GatewayTimeout", "message": message}
    return QueryError(504, {"message": "Gateway timeout", "code": "GatewayTimeout", "innererror": inner})


def unavailable() -> QueryError:
    """503: the local Azure ends."""
    return QueryError(
        503, {"message": "The local Azure is being stopped; start it and ask again.", "code": "ServiceUnavailable"}
    )


def unauthorized() -> QueryError:
    """401: no token."""
    return QueryError(
        401,
        {"message": "Authentication failed. The 'Authorization' header is missing.", "code": "AuthenticationFailed"},
    )


def partial(message: str) -> dict[str, Any]:
    """The `error` of an answer that has a part of the rows."""
    inner = {"code": "-2133196797", "message": message, "severity": 2, "severityName": "Error"}
    detail = {
        "code": "EngineError",
        "message": "Something went wrong processing your query on the server.",
        "innererror": inner,
    }
    return {
        "code": "PartialError",
        "message": "There were some errors when processing your query.",
        "details": [detail],
    }
