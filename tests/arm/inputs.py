# SPDX-License-Identifier: Apache-2.0
"""Hypothesis strategies for valid inputs of a type, generated from its properties: small, and every optional one now and then."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from groundplan_arm import ResourceType
from groundplan_arm.body import FILLED_BY_AZURE
from groundplan_arm.model import ModuleTypes, Properties
from groundplan_arm.notation import Kind

DEPTH = 5  # nested types below which only required properties are given

_TEXT = st.sampled_from(["a", "b-1", "Zoe", "x/y", "ü"])
_PLAIN: dict[str, st.SearchStrategy[Any]] = {
    "s": _TEXT,
    "i": st.integers(0, 9),
    "n": st.sampled_from([0, 1, 2.5]),
    "b": st.booleans(),
    "*": st.sampled_from([1, "any", {"free": {"form": [1]}}]),
}


@st.composite
def inputs_of(draw: st.DrawFn, resource_type: ResourceType) -> dict[str, Any]:
    """Valid inputs, path and query inputs among them."""
    return _object(draw, resource_type.module, resource_type.inputs, 0)


def _object(draw: st.DrawFn, module: ModuleTypes, properties: Properties, depth: int) -> dict[str, Any]:
    free = {name: known for name, known in properties.items() if not known.required and known.const is None}
    optional = [name for name, known in free.items() if name not in FILLED_BY_AZURE or known.role != "body"]
    chosen = (
        set(draw(st.lists(st.sampled_from(optional), max_size=4, unique=True))) if optional and depth < DEPTH else set()
    )
    values: dict[str, Any] = {}
    for name, known in properties.items():
        if known.const is not None:
            values[name] = known.const
        elif known.role == "path":
            values[name] = draw(st.sampled_from(["one", "Two-2"]))
        elif (known.required or name in chosen) and known.keyed:
            values[name] = draw(st.lists(_TEXT, max_size=2, unique=True))
        elif known.required or name in chosen:
            values[name] = _value(draw, module, known.kind, depth + 1)
    return values


def _value(draw: st.DrawFn, module: ModuleTypes, kind: Kind, depth: int) -> Any:
    if isinstance(kind, dict):
        mark, options = next(iter(kind.items()))
        if mark == "|":
            return _value(draw, module, draw(st.sampled_from(options)), depth)
        return _many(draw, module, mark, options[0], depth)
    if kind in _PLAIN:
        return draw(_PLAIN[kind])
    if kind[:2] in ("[]", "{}"):
        return _many(draw, module, kind[:2], kind[2:], depth)
    if kind[0] in "!?":
        return draw(st.sampled_from(module.enums[kind[1:]]))
    return _object(draw, module, module.nested(kind[1:]), depth)


def _many(draw: st.DrawFn, module: ModuleTypes, mark: str, kind: Kind, depth: int) -> Any:
    size = draw(st.integers(0, 2 if depth < DEPTH else 0))
    items = [_value(draw, module, kind, depth + 1) for _ in range(size)]
    return items if mark == "[]" else {f"k {index}": item for index, item in enumerate(items)}
