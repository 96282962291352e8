# SPDX-License-Identifier: Apache-2.0
"""Request bodies against the schema of their type, compiled once."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema_rs

from groundplan_arm import ResourceType, schema
from groundplan_emulator.arm.errors import invalid_content


@cache
def _validator(token: str, strict: bool) -> jsonschema_rs.Draft202012Validator:
    from groundplan_arm import load

    return jsonschema_rs.Draft202012Validator(schema.request_schema(load().by_token(token), strict=strict))


def validate(row: ResourceType, body: dict[str, Any], api_version: str) -> None:
    """400 InvalidRequestContent at the first value that the schema refuses.

    The schema is that of the table's api-version: a client of another version may send properties that it does not know, and
    these are kept unchecked.
    """
    validator = _validator(row.token, api_version == row.api_version)
    if validator.is_valid(body):
        return
    error = min(validator.iter_errors(body), key=lambda found: len(list(found.instance_path)))
    where = ""
    for step in error.instance_path:
        where += f"[{step}]" if isinstance(step, int) else f".{step}" if where else str(step)
    raise invalid_content(where, str(error.message))
