# SPDX-License-Identifier: Apache-2.0
"""Paths of a type's or function's secret properties."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from groundplan_arm.model import ModuleTypes, Properties
from groundplan_arm.notation import named_types
from groundplan_arm.resource_type import Function, ResourceType


@lru_cache(maxsize=1024)
def secret_paths(described: ResourceType | Function) -> frozenset[str]:
    """Dotted paths (SDK names) of a type's secret inputs and outputs or of a function's results, `[*]` after lists and maps.

    A type inside itself is followed once.
    """
    if isinstance(described, Function):
        return frozenset(_below(described.module, described.results, "", frozenset()))
    sides = (described.inputs, described.outputs)
    return frozenset(path for side in sides for path in _below(described.module, side, "", frozenset()))


def _below(module: ModuleTypes, properties: Properties, prefix: str, above: frozenset[str]) -> Iterator[str]:
    for name, known in properties.items():
        if known.secret:
            yield f"{prefix}{name}"
            continue
        text = known.kind if isinstance(known.kind, str) else next(iter(known.kind))
        here = f"{prefix}{name}{'[*]' if text.startswith(('[]', '{}')) else ''}."
        for mark, nested in named_types(known.kind):
            if mark == "#" and nested not in above:
                yield from _below(module, module.nested(nested), here, above | {nested})
