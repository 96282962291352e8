# SPDX-License-Identifier: Apache-2.0
"""Private endpoint connections as their target shows them: children of the target, and an array in its own body."""

from __future__ import annotations

from functools import cache
from typing import Any

from groundplan_arm import ResourceType
from groundplan_arm.notation import named_types
from groundplan_emulator.arm.context import Context
from groundplan_emulator.store import Resource


def connections(ctx: Context, target: Resource) -> list[dict[str, Any]]:
    """The `privateEndpointConnections` of a resource, as its GET answers them; empty when there are none."""
    found = ctx.children(target.id, f"{target.type}/privateEndpointConnections")
    return [
        {
            name: connection.body[name]
            for name in ("id", "name", "type", "etag", "properties")
            if name in connection.body
        }
        for connection in found
    ]


def show(ctx: Context, target: Resource) -> dict[str, Any]:
    """The body of a resource with its connections under `properties`, whatever a client wrote there; the stored body where it has none."""
    found = connections(ctx, target)
    if not found and "privateEndpointConnections" not in target.properties:
        return target.body
    return {**target.body, "properties": {**target.properties, "privateEndpointConnections": found}}


@cache
def answered(row: ResourceType) -> bool:
    """Whether Azure answers `properties.privateEndpointConnections` for a type."""
    if "privateEndpointConnections" in row.outputs:
        return True
    inner = row.outputs.get("properties")
    marks = named_types(inner.kind) if inner is not None else ()
    return any(mark == "#" and "privateEndpointConnections" in row.module.nested(name) for mark, name in marks)
