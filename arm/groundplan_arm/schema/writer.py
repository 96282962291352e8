# SPDX-License-Identifier: Apache-2.0
"""JSON schemas (Draft 2020-12) of a type: of the request body that ARM takes, and of the inputs as the SDK writes them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, cast

from groundplan_arm.model import Properties, Property
from groundplan_arm.notation import Kind
from groundplan_arm.resource_type import ResourceType

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]
_PRIMITIVES = {"s": "string", "i": "integer", "n": "number", "b": "boolean"}
ENVELOPE = ("id", "name", "type", "etag", "systemData")
"""What clients echo from an earlier GET."""


@lru_cache(maxsize=512)
def request_schema(resource_type: ResourceType, strict: bool = True) -> Schema:
    """The schema of a PUT's body. `strict=False` (clients of other api-versions) lets unknown properties and enum values pass.

    Read-only properties are accepted (`readOnly: true`); `strip_read_only` takes them out. Do not change what is returned.
    """
    writer = _Writer(resource_type, arm=True, strict=strict)
    root = writer.object(resource_type.inputs, resource_type.module.read_only(resource_type.class_name, resource=True))
    for name in ENVELOPE:
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
            holder["properties"][place[-1]] = self._property(known)
            if known.required:
                holder["required"].append(place[-1])
        if self._arm:
            for place in read_only:
                holder = self._holder(root, place, required=False)
                holder["properties"].setdefault(place[-1], {"readOnly": True})
        return root

    def _property(self, known: Property) -> Schema:
        if known.const is not None:
            return {"const": known.const}
        if self._arm and known.keyed:
            return {"type": "object", "additionalProperties": {"type": "object"}}
        return self._kind(known.kind)

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
