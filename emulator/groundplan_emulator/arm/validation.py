# SPDX-License-Identifier: Apache-2.0
"""Request bodies against the schema of their type."""

from __future__ import annotations

from typing import Any

from groundplan_arm import Catalog, ResourceType, schema
from groundplan_emulator.arm.errors import invalid_content


def validate(catalog: Catalog, row: ResourceType, body: dict[str, Any], api_version: str) -> None:
    """400 InvalidRequestContent at the first value that the schema refuses.

    The schema is that of the table's api-version: a client of another version may send properties that it does not know, and
    these are kept unchecked.
    """
    judged = catalog.by_body(row, body)
    for failure in schema.validate_request(judged, body, strict=api_version == row.api_version):
        raise invalid_content(failure.property_path, failure.reason)
