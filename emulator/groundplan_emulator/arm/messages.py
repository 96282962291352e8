# SPDX-License-Identifier: Apache-2.0
"""One request as handlers see it, and one answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import orjson

from groundplan_emulator.arm.errors import ArmError


@dataclass(slots=True)
class Request:
    """An HTTP request, read completely. `headers` are lower case; `base` is `scheme://host:port` as the client wrote it."""

    method: str
    path: str
    query_string: str
    headers: dict[str, str]
    content: bytes
    base: str
    _query: dict[str, str] | None = field(default=None, repr=False)

    @property
    def query(self) -> dict[str, str]:
        """Query parameters by lower-case name, as ARM ignores their case."""
        if self._query is None:
            pairs = parse_qsl(self.query_string, keep_blank_values=True)
            self._query = {name.lower(): value for name, value in pairs}
        return self._query

    def json_object(self) -> dict[str, Any]:
        """The body as a JSON object; 400 InvalidRequestContent for anything else. An empty body is `{}`."""
        if not self.content:
            return {}
        try:
            value: object = orjson.loads(self.content)
        except orjson.JSONDecodeError as error:
            raise ArmError(
                400,
                "InvalidRequestContent",
                f"The request content was invalid and could not be deserialized: '{error}'.",
            ) from None
        if not isinstance(value, dict):
            raise ArmError(400, "InvalidRequestContent", "The request content must be a JSON object.")
        return value  # pyright: ignore[reportUnknownVariableType]


@dataclass(slots=True)
class Response:
    """An answer. `body` is JSON-serialisable, raw bytes, or None for no content."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json; charset=utf-8"

    def encode(self) -> bytes:
        """The bytes that go over the wire."""
        if self.body is None:
            return b""
        return self.body if isinstance(self.body, bytes) else orjson.dumps(self.body)
