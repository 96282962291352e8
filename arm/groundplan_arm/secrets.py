# SPDX-License-Identifier: Apache-2.0
"""Paths of a type's secret properties."""

from __future__ import annotations

from functools import lru_cache

from groundplan_arm.model import Properties
from groundplan_arm.notation import named_types
from groundplan_arm.resource_type import ResourceType


@lru_cache(maxsize=512)
def secret_paths(resource_type: ResourceType) -> frozenset[str]:
    """Dotted paths (SDK names) of secret inputs and outputs, `[*]` after lists and maps."""
    found: set[str] = set()
    for side in (resource_type.inputs, resource_type.outputs):
        _collect(resource_type, side, "", (), found)
    return frozenset(found)


def _collect(
    resource_type: ResourceType, properties: Properties, prefix: str, above: tuple[str, ...], found: set[str]
) -> None:
    for name, known in properties.items():
        path = f"{prefix}{name}"
        if known.secret:
            found.add(path)
            continue
        text = known.kind if isinstance(known.kind, str) else next(iter(known.kind))
        step = "[*]." if text.startswith(("[]", "{}")) else "."
        for mark, nested in named_types(known.kind):
            if mark == "#" and nested not in above:
                _collect(resource_type, resource_type.module.nested(nested), path + step, (*above, nested), found)
