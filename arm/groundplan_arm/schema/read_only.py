# SPDX-License-Identifier: Apache-2.0
"""What only Azure fills: clients echo it back in a PUT, Azure takes no notice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, cast

from groundplan_arm.body import element_of, object_of
from groundplan_arm.model import ModuleTypes, Properties, Property
from groundplan_arm.notation import Kind, named_types
from groundplan_arm.resource_type import ResourceType
from groundplan_arm.schema.writer import ENVELOPE

Place = tuple[str, ...]


def strip_read_only(resource_type: ResourceType, body: Mapping[str, Any]) -> dict[str, Any]:
    """The body without what only Azure fills (the echoed envelope included); the given one is left as it is."""
    return _object(resource_type.module, resource_type.inputs, _at_the_top(resource_type), body)


@lru_cache(maxsize=512)
def read_only_paths(resource_type: ResourceType) -> frozenset[str]:
    """Dotted ARM paths that only Azure fills, `[*]` after lists and maps: `properties.ipConfigurations[*].etag`.

    A type inside itself (a subnet's network's subnets) is followed once.
    """
    found = {".".join(place) for place in _at_the_top(resource_type)}
    found.update(_below(resource_type.module, resource_type.inputs, "", frozenset()))
    return frozenset(found)


def _at_the_top(resource_type: ResourceType) -> tuple[Place, ...]:
    settable = {known.at for known in resource_type.inputs.values() if known.role == "body"}
    echoed = tuple((name,) for name in ENVELOPE if (name,) not in settable)
    return resource_type.module.read_only(resource_type.class_name, resource=True) + echoed


def _below(module: ModuleTypes, properties: Properties, prefix: str, above: frozenset[str]) -> Iterator[str]:
    for known in properties.values():
        if known.role != "body":
            continue
        text = known.kind if isinstance(known.kind, str) else next(iter(known.kind))
        here = f"{prefix}{'.'.join(known.at)}{'[*]' if text.startswith(('[]', '{}')) else ''}."
        for mark, name in named_types(known.kind):
            if mark == "#" and name not in above:
                yield from (here + ".".join(place) for place in module.read_only(name))
                yield from _below(module, module.nested(name), here, above | {name})


def _object(
    module: ModuleTypes, properties: Properties, read_only: tuple[Place, ...], body: Mapping[str, Any]
) -> dict[str, Any]:
    kept = dict(body)
    for place in read_only:
        _drop(kept, place)
    for known in properties.values():
        if known.role == "body":
            _rewrite(module, kept, known.at, known)
    return kept


def _drop(body: dict[str, Any], place: Place) -> None:
    if len(place) == 1:
        body.pop(place[0], None)
    elif isinstance(inner := body.get(place[0]), dict):
        body[place[0]] = copy = dict(cast("dict[str, Any]", inner))
        _drop(copy, place[1:])


def _rewrite(module: ModuleTypes, body: dict[str, Any], place: Place, known: Property) -> None:
    inner = body.get(place[0])
    if inner is None:
        return
    if len(place) == 1 and known.keyed and isinstance(inner, dict):
        found = cast("dict[str, Any]", inner)
        body[place[0]] = {name: {} if isinstance(value, dict) else value for name, value in found.items()}
    elif len(place) == 1:
        body[place[0]] = _value(module, known.kind, inner)
    elif isinstance(inner, dict):
        body[place[0]] = copy = dict(cast("dict[str, Any]", inner))
        _rewrite(module, copy, place[1:], known)


def _value(module: ModuleTypes, kind: Kind, value: Any) -> Any:
    if isinstance(value, list):
        inner = element_of(kind, "[]")
        return [_value(module, inner, item) for item in cast("list[Any]", value)] if inner else value
    if not isinstance(value, dict):
        return value
    found = cast("dict[str, Any]", value)
    inner = element_of(kind, "{}")
    if inner:
        return {name: _value(module, inner, item) for name, item in found.items()}
    name = object_of(module, kind, found, arm=True)
    return _object(module, module.nested(name), module.read_only(name), found) if name else found
