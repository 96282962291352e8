# SPDX-License-Identifier: Apache-2.0
"""What changed between two property bags, and one bag brought to what another one changed.

Both work on plain, revealed values (no `Secret`); unknowns may occur on the new side.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from groundplan_arm.paths import SCOPES
from groundplan_provider.property_path import Path
from groundplan_provider.values import COMPUTED, Asset

ABSENT: Final = object()
"""Marks a property that a bag does not have."""


class Kind(StrEnum):
    """What happened to one property."""

    ADD = "ADD"
    DELETE = "DELETE"
    UPDATE = "UPDATE"


@dataclass(frozen=True, slots=True)
class Change:
    """One changed place; `old` or `new` is `ABSENT` where the property is not there."""

    path: Path
    kind: Kind
    old: Any
    new: Any


def changes(old: Any, new: Any, path: Path = ()) -> Iterator[Change]:
    """Every place where two values differ, as deep as they have the same shape; null and absent are the same."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted(old.keys() | new.keys()):
            yield from changes(old.get(name), new.get(name), (*path, name))
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            before = old[index] if index < len(old) else None
            after = new[index] if index < len(new) else None
            yield from changes(before, after, (*path, index))
    elif not same(old, new, path):
        if old is None:
            yield Change(path, Kind.ADD, ABSENT, new)
        elif new is None:
            yield Change(path, Kind.DELETE, old, ABSENT)
        else:
            yield Change(path, Kind.UPDATE, old, new)


def same(old: Any, new: Any, path: Path = ()) -> bool:
    """Whether two values mean the same to Azure at this place: regions and resource group names have no case."""
    if old is COMPUTED or new is COMPUTED:
        return False
    if isinstance(old, Asset) and isinstance(new, Asset):
        return old.fields.get("hash") == new.fields.get("hash")
    if isinstance(old, bool) is not isinstance(new, bool):
        return False
    if isinstance(old, str) and isinstance(new, str) and path:
        if path[-1] == "location":
            return region(old) == region(new)
        if path == ("resourceGroupName",):
            return old.casefold() == new.casefold()
        if len(path) == 1 and path[0] in SCOPES:  # ids that are put into another id
            return old.strip("/").casefold() == new.strip("/").casefold()
    return old == new


def region(name: str) -> str:
    """A region as Azure compares it: `West Europe` is `westeurope`."""
    return name.replace(" ", "").casefold()


def follow(target: Any, old: Any, new: Any) -> Any:
    """`target` with what happened between `old` and `new` done to it as well.

    `target` may hold less than `old` (a program's inputs against Azure's answer): what it leaves out and nobody changed stays out.
    """
    if isinstance(old, dict) and isinstance(new, dict) and isinstance(target, dict):
        return _follow_dict(target, old, new)
    if (
        isinstance(old, list)
        and isinstance(new, list)
        and isinstance(target, list)
        and len(old) == len(new) == len(target)
    ):
        return [follow(*items) for items in zip(target, old, new, strict=True)]
    return target if _equal(old, new) else new


def _follow_dict(target: dict[str, Any], old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    result = dict(target)
    for name in old.keys() | new.keys():
        before, after = old.get(name), new.get(name)
        if _equal(before, after, (name,)):
            continue
        if name in target and after is not None:
            result[name] = follow(target[name], before, after)
        elif after is None:
            result.pop(name, None)
        elif not isinstance(before, dict) or not isinstance(after, dict):
            result[name] = after
        elif changed := _follow_dict({}, before, after):
            result[name] = changed
    return result


def _equal(old: Any, new: Any, path: Path = ()) -> bool:
    return next(changes(old, new, path), None) is None


def value_at(value: Any, path: Path) -> Any:
    """What stands at a place, or `ABSENT`."""
    node: Any = value
    for step in path:
        if isinstance(node, dict) or (isinstance(node, list) and isinstance(step, int)):
            found: dict[Any, Any] = node if isinstance(node, dict) else dict(enumerate(node))
            node = found.get(step, ABSENT)
        else:
            return ABSENT
    return node
