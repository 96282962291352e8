# SPDX-License-Identifier: Apache-2.0
"""Pulumi's import files for resources of a program, with the parents that the program gives them.

One file per depth: the engine looks parents up by logical name where both are in one file, and a component and its first
resource may well have the same. A file names only parents that an earlier file, or the state, has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groundplan_workflows.adopt.plan import Declared

_STACK = "pulumi:pulumi:Stack"


def with_components(found: Sequence[Declared], declared: Sequence[Declared]) -> list[Declared]:
    """Resources to import, and the components above them that the state does not have."""
    known = {each.urn: each for each in declared}
    wanted: dict[str, Declared] = {}
    for each in found:
        above: list[Declared] = [each]
        while (parent := known.get(above[-1].parent)) and parent.planned and parent.type != _STACK:
            above.append(parent)
        wanted |= {one.urn: one for one in reversed(above)}
    return list(wanted.values())


def files(chosen: Sequence[Declared]) -> list[dict[str, Any]]:
    """The content of import files, to be imported one after the other."""
    among = {each.urn: each for each in chosen}
    levels: dict[int, list[Declared]] = {}
    for each in chosen:
        depth, above = 0, each
        while above.parent in among:
            depth, above = depth + 1, among[above.parent]
        levels.setdefault(depth, []).append(each)
    return [_file(levels[depth]) for depth in sorted(levels)]


def _file(chosen: Sequence[Declared]) -> dict[str, Any]:
    table: dict[str, str] = {}
    entries = [_entry(each, f"import-{index}", table) for index, each in enumerate(chosen, 1)]
    return {"nameTable": {name: urn for urn, name in table.items()}, "resources": entries}


def _entry(each: Declared, name: str, table: dict[str, str]) -> dict[str, Any]:
    entry: dict[str, Any] = {"type": each.type, "name": name, "logicalName": each.name}
    if each.parent and f"::{_STACK}::" not in each.parent:
        entry["parent"] = table.setdefault(each.parent, f"parent-{len(table) + 1}")
    if not each.custom:
        return entry | {"component": True}
    if each.provider:
        entry["provider"] = table.setdefault(each.provider, f"provider-{len(table) + 1}")
    return entry | {"id": each.identifier} | ({"version": each.version} if each.version else {})
