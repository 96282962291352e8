# SPDX-License-Identifier: Apache-2.0
"""Pulumi's import file for resources of a program, with the parents that the program gives them.

The engine looks parents up by an entry's `name`, which is of the file alone: a component and its first resource may well share
their logical name. It imports parents before their children by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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


def bare_components(declared: Sequence[Declared], taken: Sequence[Declared]) -> list[Declared]:
    """Components that the state does not have, below which nothing but what is `taken` is left to create or import."""
    among = {each.urn for each in taken}
    parents = {each.urn: each.parent for each in declared}
    waiting: set[str] = set()
    for each in declared:
        above = each.urn if each.custom and each.planned and each.urn not in among else ""
        while above and above not in waiting:
            waiting.add(above)
            above = parents.get(above, "")
    there = among | {each.urn for each in declared if not each.planned or each.type == _STACK}
    bare: list[Declared] = []
    # parents come before their children
    for each in declared:
        if not each.custom and each.urn not in waiting | there and each.parent in there:
            bare.append(each)
            there.add(each.urn)
    return bare


def file(chosen: Sequence[Declared]) -> dict[str, Any]:
    """The content of an import file."""
    table: dict[str, str] = {}
    names = {each.urn: f"{each.name}-{number}" for number, each in enumerate(chosen, 1)}
    entries = [_entry(each, names, table) for each in chosen]
    return {"nameTable": {name: urn for urn, name in table.items()}, "resources": entries}


def _entry(each: Declared, names: Mapping[str, str], table: dict[str, str]) -> dict[str, Any]:
    entry: dict[str, Any] = {"type": each.type, "name": names[each.urn], "logicalName": each.name}
    if each.parent and f"::{_STACK}::" not in each.parent:
        entry["parent"] = names.get(each.parent) or table.setdefault(each.parent, f"parent-{len(table) + 1}")
    if not each.custom:
        return entry | {"component": True}
    if each.provider:
        entry["provider"] = table.setdefault(each.provider, f"provider-{len(table) + 1}")
    return entry | {"id": each.identifier} | ({"version": each.version} if each.version else {})
