# SPDX-License-Identifier: Apache-2.0
"""A resource as rules see it: its body in Azure Resource Manager's shape, wherever it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, cast

from groundplan_policies.values import Mark, Undecided, child, same, shown


@dataclass(frozen=True, slots=True)
class Violation:
    """What is wrong: where in the resource's body (`properties.publicNetworkAccess`, '' for all of it), and in words."""

    path: str
    message: str


@cache
def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.split(".")) if path else ()


@dataclass(frozen=True)
class View:
    """A part of a resource's body, read by dotted paths relative to it.

    Names ignore case, as Azure does. Reading a value that is unknown or secret raises `Undecided`, which a rule lets through:
    it is the third answer beside a violation and a pass.
    """

    node: Any
    """The part itself: a scalar, a list, an object or a mark."""
    at: str = ""
    """Where it is in the resource's body."""

    def _raw(self, path: str) -> Any:
        node = self.node
        for step in _steps(path):
            # most are objects with that very name
            node = node[step] if isinstance(node, dict) and step in node else child(node, step)
        return node

    def _where(self, path: str) -> str:
        return f"{self.at}.{path}" if self.at and path else self.at or path

    def get(self, path: str = "") -> Any:
        """The value at a path; None where it is absent or null. Raises `Undecided`."""
        value = self._raw(path)
        if isinstance(value, Mark):
            raise Undecided(self._where(path), value.value)
        return value

    def text(self, path: str = "") -> str:
        """The value at a path as a text, '' where it is absent. Raises `Undecided`."""
        value = self.get(path)
        return "" if value is None else str(value)

    def number(self, path: str = "") -> float | None:
        """The number at a path, written as a number or as a text; None where there is none. Raises `Undecided`."""
        value = self.get(path)
        if isinstance(value, bool) or value is None:
            return None
        try:
            return float(value)
        except (TypeError, ValueError):
            return None

    def has(self, path: str) -> bool:
        """Whether there is a value at a path: not absent, null or an empty text, list or object. A secret is there. Raises `Undecided`."""
        value = self._raw(path)
        if value is Mark.SECRET:
            return True
        if value is Mark.UNKNOWN:
            raise Undecided(self._where(path), "unknown")
        return value is not None and value not in ("", [], {})

    def given(self, path: str) -> bool:
        """Whether the program gives a value at a path, known or not."""
        value = self._raw(path)
        return isinstance(value, Mark) or (value is not None and value not in ("", [], {}))

    def equals(self, path: str, *allowed: object) -> bool:
        """Whether the value at a path is one of these, letter case ignored. Absent is none of them. Raises `Undecided`."""
        value = self.get(path)
        return value is not None and any(same(value, each) for each in allowed)

    def view(self, path: str) -> View:
        """The part at a path, which may be absent."""
        return View(self._raw(path), self._where(path))

    def items(self, path: str = "") -> list[View]:
        """The items of a list, each a part of its own; none where the list is absent. Raises `Undecided` for a list that is unknown."""
        value = self.get(path)
        if not isinstance(value, list):
            return []
        where = self._where(path)
        return [View(each, f"{where}[{index}]") for index, each in enumerate(cast("list[Any]", value))]

    def entries(self, path: str = "") -> list[tuple[str, View]]:
        """The keys and values of an object. Raises `Undecided` for an object that is unknown."""
        value = self.get(path)
        if not isinstance(value, dict):
            return []
        where = self._where(path)
        return [(key, View(each, f"{where}.{key}")) for key, each in cast("dict[str, Any]", value).items()]

    def wrong(self, path: str, needed: str) -> Violation:
        """A violation at a path, with the value that is there: `wrong("sku.name", "'Premium' is needed")`."""
        where = self._where(path)
        return Violation(where, f"{where or 'the resource'} is {shown(self._raw(path))}; {needed}")


@dataclass(frozen=True, eq=False)
class Resource(View):
    """One resource.

    `type`: its ARM type (`Microsoft.KeyVault/vaults`). `name`: its ARM name, of a child with those of its parents
    (`account/default`); None where it is not known yet. `key`: what tells it from all others, a URN or an ARM id.
    `id`: the ARM id, None where it is not known. `scope`: the id that an extension resource is attached to.
    `references`: the keys of the resources that a part of the body came out of, by the path of that part; `parent` and `scope` for
    what names its parent and its scope. None where nobody recorded that.
    """

    type: str = ""
    name: str | None = None
    key: str = ""
    id: str | None = None
    scope: str | Mark | None = None
    label: str = ""
    """What people call it: the logical name in a program, the ARM name elsewhere."""
    references: Mapping[str, frozenset[str]] | None = None
    parents: tuple[str, ...] = ()
    """Keys of the components that it is a part of, from the inside out."""
    token: str = ""
    """Pulumi's type token; '' for a resource that is not from a program."""
    api_version: str | Mark | None = None
    """The API version that its declaration names; None where it has none of its own."""
    last_name: str | None = None
    """The last part of the name, where it is known and those of the parents are not."""

    @cached_property
    def kind(self) -> str:
        """The type in lower case, to compare."""
        return self.type.casefold()

    @property
    def short_name(self) -> str | None:
        """The last part of the name; None where it is not known yet."""
        return self.last_name if self.name is None else self.name.rsplit("/", 1)[-1]

    def is_a(self, *types: str) -> bool:
        """Whether the resource is of one of these ARM types."""
        return any(self.kind == each.casefold() for each in types)

    def sources_of(self, path: str) -> Sequence[str]:
        """Keys of the resources that a part of the body came out of; empty where nobody recorded that."""
        if not self.references:
            return ()
        known = self._sources.get(path)
        if known is None:
            found = [
                key
                for at, keys in self.references.items()
                if path == at or path.startswith((f"{at}.", f"{at}[")) or at.startswith((f"{path}.", f"{path}["))
                for key in keys
            ]
            known = self._sources[path] = tuple(dict.fromkeys(found))
        return known

    @cached_property
    def _sources(self) -> dict[str, tuple[str, ...]]:
        """What was found by path: rules ask for few, time and again."""
        return {}
