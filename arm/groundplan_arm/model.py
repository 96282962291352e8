# SPDX-License-Identifier: Apache-2.0
"""What a type is: properties, nested types, enums; read from the data file a module at a time, when first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from groundplan_arm.notation import Kind

if TYPE_CHECKING:
    from groundplan_arm.data import DataFile


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a resource, function or nested type.

    `name`: the SDK's wire name (camelCase), as Pulumi's provider protocol carries it.
    `kind`: its type in the notation of `groundplan_arm.notation`.
    `at`: where it lives in the ARM object, containers first: ("properties", "sku").
    `role`: "body", "path" (part of the id), "query" (of the PUT's query string) or "version"
    (the output `azureApiVersion`, no part of the body).
    `const`: the only value it takes (a discriminator); `default`: what the SDK fills in when it is absent.
    `keyed`: the SDK takes a list of texts where ARM has an object with these as keys (ids of user-assigned identities).
    """

    name: str
    kind: Kind
    required: bool
    at: tuple[str, ...]
    role: str
    const: str | None
    default: Any
    secret: bool
    keyed: bool


Properties = Mapping[str, Property]


class ModuleTypes:
    """The resources, nested types and enums of one module of the SDK."""

    def __init__(self, source: DataFile, name: str) -> None:
        self.name = name
        document = source.read(name)
        self._document = document
        self._raw: dict[str, dict[str, list[Any]]] = document["types"]
        self.enums: dict[str, list[Any]] = document["enums"]
        self._types: dict[str, Properties] = {}
        self._sides: dict[tuple[str, str, str], Properties] = {}

    def nested(self, name: str) -> Properties:
        """Properties of a nested type: `SkuArgs` (input) or `SkuResponse` (output)."""
        found = self._types.get(name)
        if found is None:
            raw = self._raw.get(name)
            if raw is None:  # another thread was faster, or there is no such type
                return self._types[name]
            found = self._types[name] = _properties(raw)
            self._raw.pop(name, None)  # the raw form is not needed twice
        return found

    def side(self, part: str, name: str, side: str) -> Properties:
        """Inputs ("in") or outputs ("out") of a resource or function (`part`: "resources", "functions")."""
        key = (part, name, side)
        found = self._sides.get(key)
        if found is None:
            found = self._sides[key] = _properties(self._document[part][name][side])
        return found

    def read_only(self, name: str, *, resource: bool = False) -> tuple[tuple[str, ...], ...]:
        """ARM places of a nested input type (or of a resource) that only Azure fills."""
        holder = self._document["resources"][name].get("ro", ()) if resource else self._document["ro"].get(name, ())
        return tuple(tuple(place) for place in holder)


def _properties(document: Mapping[str, list[Any]]) -> Properties:
    return {name: _property(name, spec) for name, spec in document.items()}


_ROLES = {"p": "path", "q": "query", "v": "version"}


def _property(name: str, spec: list[Any]) -> Property:
    flags: dict[str, Any] = spec[1] if len(spec) > 1 else {}
    return Property(
        name,
        spec[0],
        bool(flags.get("r")),
        tuple(flags.get("at", (name,))),
        _ROLES.get(flags.get("p", ""), "body"),
        flags.get("c"),
        flags.get("d"),
        bool(flags.get("s")),
        bool(flags.get("k")),
    )
