# SPDX-License-Identifier: Apache-2.0
"""Diff: which inputs changed, and whether Azure can change them in place.

Inputs are compared with inputs, never with Azure's answer, so what the service fills in is no difference. A change replaces
the resource when it touches the id (a path input) or a create-only property of the type. Azure's `location` and resource
group names have no case.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from groundplan_arm import ResourceType
from groundplan_provider import compare
from groundplan_provider.property_path import Path, covers, format_path, names, parse_path
from groundplan_provider.values import Properties, reveal, without_internal

CREATE_BEFORE_DELETE = "__createBeforeDelete"
"""Input that azure-native keeps beside a name of its own making: old and new can stand side by side."""

_NOT_COMPARED = ("azureApiVersion",)


@dataclass(frozen=True, slots=True)
class PropertyChange:
    """One entry of the detailed diff."""

    path: Path
    kind: compare.Kind
    replaces: bool

    @property
    def name(self) -> str:
        """The path as Pulumi writes it."""
        return format_path(self.path)


@dataclass(frozen=True, slots=True)
class ResourceDiff:
    """The answer to Diff."""

    changes: tuple[PropertyChange, ...]
    delete_before_replace: bool

    @property
    def replaces(self) -> bool:
        """Whether the resource has to be made anew."""
        return any(change.replaces for change in self.changes)


def diff(
    resource_type: ResourceType,
    old_inputs: Properties,
    new_inputs: Properties,
    old_outputs: Properties,
    ignore_changes: Sequence[str] = (),
) -> ResourceDiff:
    """What an update from the old to the new inputs would change."""
    old, new, outputs = (reveal(without_internal(bag)) for bag in (old_inputs, new_inputs, old_outputs))
    ignored = [*map(parse_path, ignore_changes), *((name,) for name in _NOT_COMPARED)]
    fixed = fixed_paths(resource_type)
    found = tuple(
        PropertyChange(change.path, change.kind, _replaces(change, fixed, outputs))
        for change in compare.changes(old, new)
        if not any(covers(pattern, change.path) for pattern in ignored)
    )
    replaces = any(change.replaces for change in found)
    return ResourceDiff(found, delete_before_replace=replaces and not new_inputs.get(CREATE_BEFORE_DELETE))


def fixed_paths(resource_type: ResourceType) -> list[tuple[str, ...]]:
    """The places of a type's inputs that Azure never changes in place: path inputs and create-only properties."""
    create_only = (names(parse_path(path)) for path in resource_type.create_only)
    return [*((name,) for name in resource_type.path_params), *create_only]


def _replaces(change: compare.Change, fixed: Iterable[tuple[str, ...]], outputs: Properties) -> bool:
    place = names(change.path)
    for path in fixed:
        if place[: len(path)] == path:
            return not _is_already(change, change.path, change.new, outputs)
        if path[: len(place)] == place and _touches(change, path[len(place) :], outputs):
            return True
    return False


def _touches(change: compare.Change, below: tuple[str, ...], outputs: Properties) -> bool:
    """Whether a whole object came, went or gave way to another shape, and a fixed property with it."""
    before, after = (_values(side, below) for side in (change.old, change.new))
    if before == after:
        return False
    return bool(before) or any(compare.value_at(outputs, (*change.path, *below)) != value for value in after)


def _values(value: Any, below: tuple[str, ...]) -> list[Any]:
    """What stands at a type's place inside a value; lists are looked into."""
    if value is compare.ABSENT or value is None:
        return []
    if isinstance(value, list):
        return [found for item in value for found in _values(item, below)]
    if not below:
        return [value]
    return _values(value.get(below[0]), below[1:]) if isinstance(value, dict) else []


def _is_already(change: compare.Change, path: Path, value: Any, outputs: Properties) -> bool:
    """An input that merely spells out what Azure has is no reason to replace."""
    return change.kind is compare.Kind.ADD and compare.same(compare.value_at(outputs, path), value, path)
