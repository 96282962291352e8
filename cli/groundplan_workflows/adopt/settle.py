# SPDX-License-Identifier: Apache-2.0
"""What Azure filled in on its own is taken out of imported inputs again, and what it does not answer is put in.

An import takes all that can be set for inputs; what the program leaves to Azure is no input of it, and the engine would show it as
something that the next update deletes.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, cast

import groundplan_arm
from groundplan_arm import body
from groundplan_workflows.adopt.plan import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from groundplan_arm.model import ModuleTypes, Properties, Property
    from groundplan_arm.notation import Kind
    from groundplan_workflows.adopt.plan import Declared
    from groundplan_workflows.adopt.scratch import Trial

_SIGNED = "4dabf18193072939515e22adb298388d"
"""Key of a value that the engine keeps apart: a secret, an asset (`resource.SigKey` of pulumi/pulumi)."""

_IDENTITIES = "userAssignedIdentities"


def settle(trial: Trial, chosen: Mapping[str, Declared], told: Mapping[str, Sequence[str]]) -> set[str]:
    """Make the inputs of imported resources those that the program speaks of.

    Where a declared value is not known yet, all of it stays. `told`: by URN the paths of properties that only the declaration can
    tell, because Azure does not answer them. Returns the URNs of what changed.
    """
    changed: set[str] = set()
    resources = trial.resources()
    for resource in resources:
        each = chosen.get(resource["urn"])
        if each is not None and each.azure:
            before = resource.get("inputs") or {}
            resource["inputs"] = narrowed(each.type, before, each.inputs)
            for path in told.get(each.urn, ()):
                _put(resource["inputs"], each.inputs, path)
            if resource["inputs"] != before:
                changed.add(each.urn)
    if changed:
        trial.write(resources)
    return changed


def only_declared(each: Declared) -> list[str]:
    """Paths of properties that Azure's answer lacks and that only a new resource could get.

    Nothing says that they differ, and a resource is not made anew for what may be as it should.
    """
    return [path for path, kind in each.differences.items() if kind == "add-replace" and _known(each.inputs, path)]


def _known(inputs: dict[str, Any], path: str) -> bool:
    text = json.dumps(_at(inputs, _steps(path)))
    return UNKNOWN not in text and "[secret]" not in text


def _put(inputs: dict[str, Any], declared: dict[str, Any], path: str) -> None:
    """Copy what is declared at a path; nothing where the inputs have not what is above it."""
    *above, last = _steps(path)
    place = _at(inputs, above)
    if isinstance(place, dict):
        cast("dict[str | int, Any]", place)[last] = _at(declared, [*above, last])


def _steps(path: str) -> list[str | int]:
    """`a.b[0]["c.d"]` in its parts."""
    found = re.findall(r'\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.\[\]]+)', path)
    return [int(index) if index else quoted or name for quoted, index, name in found]


def _at(value: Any, steps: Sequence[str | int]) -> Any:
    for step in steps:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def narrowed(token: str, found: dict[str, Any], declared: dict[str, Any]) -> dict[str, Any]:
    """What a resource has, without the properties that its declaration says nothing of; entries of maps (tags) all stay."""
    kind = groundplan_arm.load().by_token(token)
    return _object(kind.module, kind.inputs, found, declared)


def _object(
    module: ModuleTypes, properties: Properties, found: dict[str, Any], declared: dict[str, Any]
) -> dict[str, Any]:
    return {
        name: _property(module, properties[name], value, declared[name]) if name in properties else value
        for name, value in found.items()
        if name in declared
    }


def _property(module: ModuleTypes, known: Property, found: Any, declared: Any) -> Any:
    if known.name == _IDENTITIES and isinstance(found, dict) and isinstance(declared, dict):
        # by id: what Azure says of each identity is its own, whatever the type's schema lets a program send
        says = cast("dict[str, Any]", declared)
        return {key: says.get(key, value) for key, value in cast("dict[str, Any]", found).items()}
    return _value(module, known.kind, found, declared)


def _value(module: ModuleTypes, kind: Kind, found: Any, declared: Any) -> Any:
    if isinstance(found, list) and isinstance(declared, list):
        inner = body.element_of(kind, "[]")
        return _items(module, inner, found, declared) if inner else found
    if not isinstance(found, dict) or not isinstance(declared, dict) or _SIGNED in found:
        return found
    has, says = cast("dict[str, Any]", found), cast("dict[str, Any]", declared)
    if inner := body.element_of(kind, "{}"):
        return {key: _value(module, inner, value, says[key]) if key in says else value for key, value in has.items()}
    # of several types the one that the program chose
    name = body.object_of(module, kind, says, arm=False)
    return _object(module, module.nested(name), has, says) if name else has


def _items(module: ModuleTypes, kind: Kind, found: list[Any], declared: list[Any]) -> list[Any]:
    if len(found) != len(declared):
        return found
    return [_value(module, kind, *both) for both in zip(found, declared, strict=True)]
