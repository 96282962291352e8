# SPDX-License-Identifier: Apache-2.0
"""Where in a resource an alias leads: `Microsoft.Network/networkSecurityGroups/securityRules[*].access`.

An alias begins with a resource type and goes on with a path in which `properties` is left out. The table of types says where it
belongs; for types that are not in the table all but the envelope is below `properties`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import groundplan_arm
from groundplan_arm import ResourceType
from groundplan_arm.model import ModuleTypes, Properties, Property
from groundplan_arm.notation import Kind
from groundplan_policies.azure_policy.alias_table import ENVELOPE, EXCEPTIONS, PREFIXES

GROUPS = "Microsoft.Resources/resourceGroups"
_GROUPS_IN_POLICIES = "Microsoft.Resources/subscriptions/resourceGroups"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: a property, and whether it is each item of the list there that is meant."""

    name: str
    each: bool = False

    def __str__(self) -> str:
        return f"{self.name}[*]" if self.each else self.name


Path = tuple[Step, ...]
Shapes = tuple[tuple[Properties, ModuleTypes], ...]


@dataclass(frozen=True, slots=True)
class Alias:
    """An alias with its type and its path.

    `path` is None where the type is known and has no such property. `sayable`: how many of its steps a program can say; what comes
    after them only Azure fills in. None where that is all of them.
    """

    name: str
    type: str
    path: Path | None
    sayable: int | None = None

    @property
    def collects(self) -> bool:
        """Whether it selects the items of a list."""
        return "[*]" in self.name or (self.path is not None and any(step.each for step in self.path))


def type_in_policies(type_: str) -> str:
    """A type as policies call it; they have a name of their own for resource groups."""
    return _GROUPS_IN_POLICIES if type_.casefold() == GROUPS.casefold() else type_


def type_in_table(type_: str) -> str:
    """A type as the table of types calls it."""
    return GROUPS if type_.casefold() == _GROUPS_IN_POLICIES.casefold() else type_


def steps_of(path: str) -> Path:
    """The steps of a dotted path."""
    return tuple(Step(part.removesuffix("[*]"), part.endswith("[*]")) for part in path.split("."))


@cache
def resolve(name: str) -> Alias | None:
    """The alias of this name, letter case ignored. None where the text can not be one."""
    lowered = name.casefold()
    for prefix, plain in PREFIXES.items():
        if lowered.startswith(prefix):
            name = plain + name[len(prefix) :]
    found = EXCEPTIONS.get(name.casefold())
    if found is not None:
        return Alias(name, found[0], steps_of(found[1]))
    segments = name.split("/")
    if len(segments) < 2 or "." not in segments[0] or "" in segments:
        return None
    for count in range(len(segments) - 1, 1, -1):
        type_ = type_in_table("/".join(segments[:count]))
        if type_.casefold() in _rows_by_type():
            rest = "/".join(segments[count:])
            return _child(name, type_, rest) or _of(name, type_, rest) or Alias(name, type_, None)
    if len(segments) < 3:
        return None
    return Alias(name, "/".join(segments[:-1]), _guessed(segments[-1]))


def _guessed(rest: str) -> Path:
    """The path for a type that is not in the table."""
    steps = steps_of(rest)
    return steps if steps[0].name.casefold() in ENVELOPE else (Step("properties"), *steps)


def _child(name: str, type_: str, rest: str) -> Alias | None:
    """Some aliases write a child type with a dot: `registries/scopeMaps.actions` is one of `registries/scopeMaps`."""
    head, dot, inner = rest.partition(".")
    child = f"{type_}/{head}"
    if not dot or child.casefold() not in _rows_by_type() or _of(name, type_, rest) is not None:
        return None
    return _of(name, child, inner)


@cache
def _shapes(type_: str) -> tuple[Shapes, Shapes]:
    """What a program can say of resources of a type, and what Azure answers; of several classes where they share the type."""
    rows = _rows_by_type().get(type_.casefold(), ())
    return tuple((row.inputs, row.module) for row in rows), tuple((row.outputs, row.module) for row in rows)


@cache
def _rows_by_type() -> dict[str, list[ResourceType]]:
    found: dict[str, list[ResourceType]] = {}
    for row in groundplan_arm.load().types():
        found.setdefault(row.arm_type.casefold(), []).append(row)
    return found


def _of(name: str, type_: str, rest: str) -> Alias | None:
    """The alias of a property of a type of the table; None where it has no such property."""
    wanted = steps_of(rest)
    if wanted[0].name.casefold() in ("id", "name", "kind", "location", "tags"):
        return Alias(name, type_, wanted)
    said, answered = _shapes(type_)
    found = _first(said, wanted)
    if found is not None:
        return Alias(name, type_, found)
    found = _first(answered, wanted)
    if found is None:
        return None
    prefixes = (_first(said, wanted[:count]) for count in range(len(wanted) - 1, 0, -1))
    return Alias(name, type_, found, next((len(each) for each in prefixes if each is not None), 0))


def _first(shapes: Shapes, wanted: Path) -> Path | None:
    return next((found for shape in shapes if (found := _walk(*shape, wanted)) is not None), None)


def _walk(properties: Properties, module: ModuleTypes, wanted: Path) -> Path | None:
    """The way through an object; the nearest place first, then what `properties` of it holds."""
    for name, there in properties.items():
        if there.role == "body" and wanted[0].name.casefold() in (there.at[-1].casefold(), name.casefold()):
            rest = _through(there.kind, module, wanted)
            if rest is not None:
                return (*(Step(each) for each in there.at[:-1]), Step(there.at[-1], wanted[0].each), *rest)
    inner = _inner(properties)
    if inner is not None:
        for below in _objects(inner.kind, module):
            found = _walk(below, module, wanted)
            if found is not None:
                return (Step("properties"), *found)
    return None


def _inner(properties: Properties) -> Property | None:
    found = properties.get("properties")
    return found if found is not None and found.at == ("properties",) else None


def _through(kind: Kind, module: ModuleTypes, wanted: Path) -> Path | None:
    """What comes after the first of the wanted steps, in a value of this kind."""
    if wanted[0].each:
        if kind == "*":
            return wanted[1:]
        return next((found for item in _items(kind) if (found := _rest(item, module, wanted[1:])) is not None), None)
    return _rest(kind, module, wanted[1:])


def _rest(kind: Kind, module: ModuleTypes, wanted: Path) -> Path | None:
    if not wanted:
        return ()
    if isinstance(kind, dict):
        choices = [_rest(each, module, wanted) for each in kind.get("|", ())]
        choices += [_entry(each, module, wanted) for each in kind.get("{}", ())]
        return next((found for found in choices if found is not None), None)
    if kind == "*":
        return wanted
    if kind.startswith("{}"):
        return _entry(kind[2:], module, wanted)
    if not kind.startswith("#"):
        return None
    properties = module.nested(kind[1:])
    found = _walk(properties, module, wanted)
    if found is None and _discriminates(properties, wanted[0].name):
        return _rest(kind, module, wanted[1:])
    return found


def _entry(kind: Kind, module: ModuleTypes, wanted: Path) -> Path | None:
    """The way through a map: the first step is a key of it."""
    rest = _through(kind, module, wanted)
    return None if rest is None else (wanted[0], *rest)


def _discriminates(properties: Properties, name: str) -> bool:
    """Whether a step is the value that tells this kind of object from others: `model.DataPath.path`."""
    return any(each.const is not None and each.const.casefold() == name.casefold() for each in properties.values())


def _items(kind: Kind) -> Iterable[Kind]:
    """What items of a list of this kind are; none of what is no list."""
    if isinstance(kind, dict):
        return kind.get("[]", ())
    return (kind[2:],) if kind.startswith("[]") else ()


def _objects(kind: Kind, module: ModuleTypes) -> Iterator[Properties]:
    if isinstance(kind, dict):
        for each in kind.get("|", ()):
            yield from _objects(each, module)
    elif kind.startswith("#"):
        yield module.nested(kind[1:])
