# SPDX-License-Identifier: Apache-2.0
"""Values inside a body by dotted path: `properties.ipConfigurations[*].subnet.id`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

MISSING: Any = object()


def values(body: object, path: str) -> Iterator[tuple[str, Any]]:
    """Every value at a path, with its concrete path (`a[*].b` gives `a[0].b`, `a[1].b`, ...); absent and null ones are left out."""
    yield from _walk(body, path.split("."), "")


def _walk(node: object, steps: list[str], at: str) -> Iterator[tuple[str, Any]]:
    if node is None:
        return
    if not steps:
        yield at, node
        return
    step, rest = steps[0], steps[1:]
    name = step.removesuffix("[*]")
    if not isinstance(node, dict):
        return
    child = cast("dict[str, Any]", node).get(name)
    where = f"{at}.{name}" if at else name
    if step.endswith("[*]"):
        for index, item in enumerate(cast("list[Any]", child) if isinstance(child, list) else []):
            yield from _walk(item, rest, f"{where}[{index}]")
    else:
        yield from _walk(child, rest, where)


def read(body: dict[str, Any], path: str, default: Any = None) -> Any:
    """The value at a path without `[*]`, or a default when it is absent."""
    node: Any = body
    for step in path.split("."):
        if not isinstance(node, dict) or step not in node:
            return default
        node = cast("dict[str, Any]", node)[step]
    return node


def write(body: dict[str, Any], path: str, value: object) -> None:
    """Set the value at a path without `[*]`, making objects on the way."""
    *steps, last = path.split(".")
    node = body
    for step in steps:
        child = node.get(step)
        if not isinstance(child, dict):
            child = node[step] = cast("dict[str, Any]", {})
        node = cast("dict[str, Any]", child)
    node[last] = value


def remove(body: dict[str, Any], path: str) -> Any:
    """Take the value at a path out of the body; MISSING when it is not there."""
    holder, _, last = path.rpartition(".")
    node = read(body, holder) if holder else body
    return cast("dict[str, Any]", node).pop(last, MISSING) if isinstance(node, dict) else MISSING


def merge(target: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """JSON merge patch (RFC 7396): null removes, objects merge, anything else replaces. Returns a new object."""
    result = dict(target)
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, dict):
            old = result.get(name)
            result[name] = merge(
                cast("dict[str, Any]", old) if isinstance(old, dict) else {}, cast("dict[str, Any]", value)
            )
        else:
            result[name] = value
    return result


def without_nulls(value: Any) -> Any:
    """The value with null properties left out at any depth: in a request ARM takes null as absent."""
    if isinstance(value, dict):
        entries = cast("dict[str, Any]", value)
        return {name: without_nulls(inner) for name, inner in entries.items() if inner is not None}
    if isinstance(value, list):
        return [without_nulls(inner) for inner in cast("list[Any]", value)]
    return value
