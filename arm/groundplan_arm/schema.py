# SPDX-License-Identifier: Apache-2.0
"""JSON schemas (Draft 2020-12) of a type, in ARM's shape and in the SDK's, and validation against them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast

from groundplan_arm.body import object_of
from groundplan_arm.model import Properties
from groundplan_arm.notation import Kind
from groundplan_arm.resource_type import ResourceType

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]
_PRIMITIVES = {"s": "string", "i": "integer", "n": "number", "b": "boolean"}
# what clients echo from an earlier GET
_ENVELOPE = ("id", "name", "type", "etag", "systemData")


@lru_cache(maxsize=512)
def request_schema(resource_type: ResourceType, strict: bool = True) -> Schema:
    """The schema of a PUT's body. `strict=False` (clients of other api-versions) lets unknown properties and enum values pass.

    Read-only properties are accepted (`readOnly: true`); `strip_read_only` takes them out. Do not change what is returned.
    """
    writer = _Writer(resource_type, arm=True, strict=strict)
    root = writer.object(resource_type.inputs, resource_type.module.read_only(resource_type.class_name, resource=True))
    for name in _ENVELOPE:
        root["properties"].setdefault(name, {"readOnly": True})
    return {"$schema": DIALECT, **root, "$defs": writer.definitions}


@lru_cache(maxsize=512)
def input_schema(resource_type: ResourceType) -> Schema:
    """The schema of the inputs as Pulumi sends them: SDK names, nothing nested. The name that is made automatically is not required."""
    writer = _Writer(resource_type, arm=False, strict=True)
    root = writer.object(resource_type.inputs, ())
    return {"$schema": DIALECT, **root, "$defs": writer.definitions}


class _Writer:
    def __init__(self, resource_type: ResourceType, *, arm: bool, strict: bool) -> None:
        self._module = resource_type.module
        self._arm = arm
        self._strict = strict
        self.definitions: dict[str, Schema] = {}

    def object(self, properties: Properties, read_only: tuple[tuple[str, ...], ...]) -> Schema:
        root = self._empty()
        for name, known in properties.items():
            if self._arm and known.role != "body":
                continue
            place = known.at if self._arm else (name,)
            holder = self._holder(root, place, known.required)
            holder["properties"][place[-1]] = {"const": known.const} if known.const is not None else self._kind(known.kind)
            if known.required:
                holder["required"].append(place[-1])
        if self._arm:
            for place in read_only:
                holder = self._holder(root, place, required=False)
                holder["properties"].setdefault(place[-1], {"readOnly": True})
        return root

    def _holder(self, root: Schema, place: tuple[str, ...], required: bool) -> Schema:
        holder = root
        for container in place[:-1]:
            if required and container not in holder["required"]:
                holder["required"].append(container)
            holder = holder["properties"].setdefault(container, self._empty())
            if "properties" not in holder:
                return self._empty()  # the container is itself a declared property of another shape
        return holder

    def _empty(self) -> Schema:
        found: Schema = {"type": "object", "properties": {}, "required": []}
        if self._strict:
            found["additionalProperties"] = False
        return found

    def _kind(self, kind: Kind) -> Schema:
        if isinstance(kind, dict):
            return self._compound(kind)
        if kind in _PRIMITIVES:
            return {"type": _PRIMITIVES[kind]}
        if kind.startswith("[]"):
            return {"type": "array", "items": self._kind(kind[2:])}
        if kind.startswith("{}"):
            return {"type": "object", "additionalProperties": self._kind(kind[2:])}
        mark, name = kind[0], kind[1:]
        if mark in "!?":
            return self._enum([name])
        return self._reference(name) if mark == "#" else {}

    def _compound(self, kind: dict[str, list[Any]]) -> Schema:
        if "[]" in kind:
            return {"type": "array", "items": self._kind(kind["[]"][0])}
        if "{}" in kind:
            return {"type": "object", "additionalProperties": self._kind(kind["{}"][0])}
        options = kind["|"]
        enums = [option[1:] for option in options if isinstance(option, str) and option[0] in "!?"]
        if enums and len(enums) == len([option for option in options if option != "s"]):
            return self._enum(enums)
        return self._discriminated(options) or {"anyOf": [self._kind(option) for option in options]}

    def _enum(self, names: list[str]) -> Schema:
        values = [value for name in names for value in self._module.enums[name]]
        if self._strict:
            return {"enum": values}
        return {"type": "number" if values and isinstance(values[0], int | float) else "string"}

    def _discriminated(self, options: list[Kind]) -> Schema | None:
        """A union whose members each have one constant under the same name: the constant chooses the member."""
        tags: dict[str, tuple[tuple[str, ...], str]] = {}
        for option in options:
            if not isinstance(option, str) or option[0] != "#":
                return None
            constants = [value for value in self._module.nested(option[1:]).values() if value.const is not None]
            if len(constants) != 1:
                return None
            place = constants[0].at if self._arm else (constants[0].name,)
            tags[cast("str", constants[0].const)] = place, option[1:]
        places = {place for place, _ in tags.values()}
        if len(places) != 1 or len(tags) != len(options) or len(next(iter(places))) != 1:
            return None
        (name,) = next(iter(places))
        allowed: Schema = {"enum": list(tags)} if self._strict else {"type": "string"}
        return {
            "type": "object",
            "required": [name],
            "properties": {name: allowed},
            "allOf": [
                {"if": {"properties": {name: {"const": tag}}, "required": [name]}, "then": self._reference(member)}
                for tag, (_, member) in tags.items()
            ],
        }

    def _reference(self, name: str) -> Schema:
        if name not in self.definitions:
            self.definitions[name] = {}
            self.definitions[name] = self.object(self._module.nested(name), self._module.read_only(name))
        return {"$ref": f"#/$defs/{name}"}


def strip_read_only(resource_type: ResourceType, body: Mapping[str, Any]) -> dict[str, Any]:
    """The body without what only Azure fills (the echoed envelope included); the given one is left alone."""
    read_only = [*resource_type.module.read_only(resource_type.class_name, resource=True)]
    settable = {known.at for known in resource_type.inputs.values() if known.role == "body"}
    read_only += [(name,) for name in _ENVELOPE if (name,) not in settable]
    return _stripped(resource_type, resource_type.inputs, tuple(read_only), body)


def _stripped(resource_type: ResourceType, properties: Properties, read_only: tuple[tuple[str, ...], ...], body: Mapping[str, Any]) -> dict[str, Any]:
    kept = dict(body)
    for place in read_only:
        _drop(kept, place)
    for known in properties.values():
        if known.role == "body":
            _rewrite(resource_type, kept, known.at, known.kind)
    return kept


def _drop(body: dict[str, Any], place: tuple[str, ...]) -> None:
    if len(place) == 1:
        body.pop(place[0], None)
        return
    inner = body.get(place[0])
    if isinstance(inner, dict):
        body[place[0]] = copy = dict(cast("dict[str, Any]", inner))
        _drop(copy, place[1:])


def _rewrite(resource_type: ResourceType, body: dict[str, Any], place: tuple[str, ...], kind: Kind) -> None:
    if place[0] not in body:
        return
    inner = body[place[0]]
    if len(place) > 1:
        if isinstance(inner, dict):
            body[place[0]] = copy = dict(cast("dict[str, Any]", inner))
            _rewrite(resource_type, copy, place[1:], kind)
        return
    body[place[0]] = _strip_value(resource_type, kind, inner)


def _strip_value(resource_type: ResourceType, kind: Kind, value: Any) -> Any:
    if isinstance(value, list):
        inner = kind[2:] if isinstance(kind, str) and kind.startswith("[]") else kind.get("[]", [None])[0] if isinstance(kind, dict) else None
        return [_strip_value(resource_type, inner, item) for item in cast("list[Any]", value)] if inner else value
    if not isinstance(value, dict):
        return value
    found = cast("dict[str, Any]", value)
    module = resource_type.module
    if isinstance(kind, str) and kind.startswith("{}"):
        return {name: _strip_value(resource_type, kind[2:], item) for name, item in found.items()}
    name = object_of(module, kind, found, True)
    return _stripped(resource_type, module.nested(name), module.read_only(name), found) if name else found
