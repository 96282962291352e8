# SPDX-License-Identifier: Apache-2.0
"""What Azure would change in a resource: the operations of Modify, and what Append adds.

Sources: "Azure Policy definitions modify effect", "Azure Policy definitions append effect" and "Author policies for array properties on
Azure resources" of Microsoft's documentation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from groundplan_policies.azure_policy.aliases import Alias
from groundplan_policies.azure_policy.answer import Failure
from groundplan_policies.azure_policy.comparing import ABSENT, alike
from groundplan_policies.azure_policy.conditions import named_field
from groundplan_policies.azure_policy.effects import Operation
from groundplan_policies.azure_policy.fields import Envelope, FieldName, Plain, Selected, Tag, select
from groundplan_policies.azure_policy.situation import Situation
from groundplan_policies.azure_policy.syntax import Fixed
from groundplan_policies.azure_policy.templates import text_in, value_of
from groundplan_policies.values import UNKNOWN, Mark, shown

_MACHINES = ("Microsoft.Compute/virtualMachines", "Microsoft.Compute/virtualMachineScaleSets")


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `says`: in words. `sets`: the field it sets, '' where it sets none. `denied`: Azure refuses the request in its place."""

    path: str
    says: str
    sets: str = ""
    value: Any = None
    denied: bool = False


def changes(operations: tuple[Operation, ...], situation: Situation) -> list[Change]:
    """What operations come to for a resource whose policy's `if` holds. Raises `Failure`."""
    return [change for each in operations for change in _change(each, situation)]


def impossible(operations: tuple[Operation, ...], situation: Situation) -> bool:
    """Whether an operation sets the identity of something that is no machine, which puts the policy out of play."""
    if situation.resource.is_a(*_MACHINES):
        return False
    names = (each.field.value for each in operations if isinstance(each.field, Fixed))
    return any(str(name).casefold() == "identity.type" for name in names)


def _change(operation: Operation, situation: Situation) -> Iterator[Change]:
    wanted = _wanted(operation, situation)
    if wanted is False:
        return
    name = named_field(operation.field, situation, f"{operation.at}.field")
    if isinstance(name, tuple):
        yield Change("", f"changes {text_in(operation.field)}, which is not known before the update")
        return
    value = value_of(operation.value, situation, f"{operation.at}.value").value
    field = _told(name)
    if wanted is None:
        yield Change(
            "",
            f"may change {field} to {shown(value)}: whether {text_in(operation.condition or Fixed(''))} is not known",
        )
        return
    found = situation.select(name)
    skipped = _skipped(name, situation)
    if skipped:
        yield Change(skipped, f"leaves {field} alone, as {skipped} is absent")
    elif isinstance(name, Alias) and name.name.endswith("[*]"):
        verb = "makes its only item" if operation.kind == "addOrReplace" else "adds the item"
        yield Change("", f"{verb} of {field} {shown(value)}", field, value)
    else:
        yield from _set(operation.kind, field, value, found)


def _wanted(operation: Operation, situation: Situation) -> bool | None:
    if operation.condition is None:
        return True
    found = value_of(operation.condition, situation, f"{operation.at}.condition").value
    if isinstance(found, Mark):
        return None
    if not isinstance(found, bool):
        raise Failure(f"{operation.at}.condition", f"comes to {shown(found)}; true or false is needed")
    return found


def _told(name: FieldName) -> str:
    match name:
        case Plain(plain):
            return plain
        case Tag(tag):
            return f"tags['{tag}']"
        case Envelope(path):
            return ".".join(str(step) for step in path)
        case Alias():
            return ".".join(str(step) for step in name.path) if name.path else name.name


def _skipped(name: FieldName, situation: Situation) -> str:
    """The object that a property would be in and that the resource does not have, so that Azure skips the change; '' where it has it."""
    if not isinstance(name, Alias) or name.path is None or len(name.path) < 3:
        return ""
    parent = Alias(name.name, name.type, name.path[:-1])
    items = select(situation.resource, parent).items
    if len(items) != 1 or items[0].value not in (None, ABSENT):
        return ""
    return _told(parent)


def _set(kind: str, field: str, value: Any, found: Selected) -> Iterator[Change]:
    for item in found.items:
        there = item.value
        same = alike(there, value)
        if kind == "remove":
            if there is not ABSENT:
                yield Change(item.path, f"removes {field} (it is {shown(there)})", field)
        elif there in (ABSENT, None):
            yield Change(item.path, f"sets {field} to {shown(value)} (it is absent)", field, value)
        elif same is None:
            yield Change(item.path, f"may set {field} to {shown(value)} (it is {shown(there)})", field, value)
        elif same:
            continue
        elif kind == "addOrReplace":
            yield Change(item.path, f"sets {field} to {shown(value)} (it is {shown(there)})", field, value)
        elif kind == "append":
            says = f"refuses the request: {field} is {shown(there)}, and {shown(value)} would be appended"
            yield Change(item.path, says, field, value, denied=True)
        else:
            yield Change(item.path, f"leaves {field} alone, as it is {shown(there)} already")
    if found.missing:
        yield Change("", f"may set {field} to {shown(value)} (what is there is not known)", field, UNKNOWN)
