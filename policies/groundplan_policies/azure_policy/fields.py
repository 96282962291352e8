# SPDX-License-Identifier: Apache-2.0
"""What a `field` selects in a resource.

`name`, `type`, `location`, `tags['cost center']` and the like select one value, an alias of a list's items (`[*]`) one of every item.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

from groundplan_policies.azure_policy.alias_table import ENVELOPE
from groundplan_policies.azure_policy.aliases import (
    Alias,
    Path,
    Step,
    resolve,
    steps_of,
    type_in_policies,
    type_in_table,
)
from groundplan_policies.azure_policy.answer import Evidence
from groundplan_policies.azure_policy.comparing import ABSENT
from groundplan_policies.azure_policy.errors import nearest
from groundplan_policies.azure_policy.groups import id_of
from groundplan_policies.resource import Resource
from groundplan_policies.values import UNKNOWN, Mark, Undecided

PLAIN = ("name", "fullName", "kind", "type", "location", "id", "identity.type", "tags")
_BY_KEY = {name.casefold(): name for name in PLAIN}
_TAG = re.compile(r"tags\[(?P<bracketed>.*)\]|tags\.(?P<dotted>.+)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Plain:
    """A property of every resource."""

    name: str


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag."""

    name: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """A property that stands beside `properties`: `identity.userAssignedIdentities`."""

    path: Path


FieldName = Plain | Tag | Envelope | Alias


class FieldError(ValueError):
    """A text that names no field."""


@cache
def field_of(text: str) -> FieldName:
    """The field that a text names. Raises `FieldError`."""
    plain = _BY_KEY.get(text.casefold())
    if plain is not None:
        return Plain(plain)
    tag = _TAG.fullmatch(text)
    if tag is not None:
        return Tag(tag["dotted"] or _unquoted(tag["bracketed"]))
    if "/" not in text:
        if text.split(".", maxsplit=1)[0].casefold() in ENVELOPE - {"name", "tags", "location", "kind"}:
            return Envelope(steps_of(text))
        raise FieldError(
            f"is {text!r}, which is no field; {', '.join(PLAIN)}, tags['name'] or an alias such as "
            f"'Microsoft.KeyVault/vaults/sku.name' is needed{nearest(text, PLAIN)}"
        )
    alias = resolve(text)
    if alias is None:
        raise FieldError(
            f"is {text!r}, which is no alias; '<namespace>/<type>/<property>' is needed, "
            "such as 'Microsoft.KeyVault/vaults/sku.name'"
        )
    return alias


def _unquoted(name: str) -> str:
    """The tag in brackets: quoted once it may have dots, and `''` in quotes is a quote."""
    if len(name) > 1 and name[0] == name[-1] == "'":
        return name[1:-1].replace("''", "'")
    return name


@dataclass(frozen=True, slots=True)
class Item:
    """One selected value. `value` is `ABSENT` where there is none; `secret` where it is unknown because it is secret."""

    value: Any
    path: str
    secret: bool = False


@dataclass(slots=True)
class Selected:
    """What a field selects. `collects`: the items of a list. `missing`: why it is not known what it selects."""

    items: list[Item] = field(default_factory=list[Item])
    collects: bool = False
    missing: list[Evidence] = field(default_factory=list[Evidence])


@dataclass(frozen=True, slots=True)
class Counted:
    """The item of a list of the resource that a `count` is at: its path in the type, and the item."""

    type: str
    path: Path
    item: Item


def select(resource: Resource, name: FieldName, counted: tuple[Counted, ...] = ()) -> Selected:
    """What a field selects in a resource; of lists that are being counted the item that the count is at."""
    match name:
        case Plain(plain):
            return Selected([_plain(resource, plain)])
        case Tag(tag):
            return walked(resource.node, (Step("tags"), Step(tag)))
        case Envelope(path):
            return walked(resource.node, path)
        case _:
            return _aliased(resource, name, counted)


def _plain(resource: Resource, name: str) -> Item:
    match name:
        case "type":
            return Item(type_in_policies(resource.type), "type")
        case "name":
            return Item(UNKNOWN if resource.short_name is None else resource.short_name, "name")
        case "fullName":
            return Item(UNKNOWN if resource.name is None else resource.name, "name")
        case "id":
            return Item(id_of(resource) or UNKNOWN, "id")
        case _:
            return walked(resource.node, steps_of(name)).items[0]


def _aliased(resource: Resource, alias: Alias, counted: tuple[Counted, ...]) -> Selected:
    if alias.type.casefold() != type_in_table(resource.type).casefold():
        return Selected(collects=True) if alias.collects else Selected([Item(ABSENT, "")])
    if alias.path is None:
        says = f"the alias {alias.name} is not found in the table of types, so what it selects is not known"
        return Selected(collects=alias.collects, missing=[Evidence("", says, "other")])
    first = alias.path[0].name.casefold()
    if len(alias.path) == 1 and first in ("name", "id"):
        return Selected([_plain(resource, first)])
    best = max(
        (each for each in counted if _within(alias.path, each.path) and each.type == alias.type.casefold()),
        key=lambda each: len(each.path),
        default=None,
    )
    sayable = None if answered(resource) else alias.sayable
    if best is None:
        return walked(resource.node, alias.path, "", sayable)
    done = len(best.path)
    found = walked(best.item.value, alias.path[done:], best.item.path, None if sayable is None else sayable - done)
    found.collects = True
    return found


_ANSWERED = ("properties.provisioningState", "systemData", "etag")


def answered(resource: Resource) -> bool:
    """Whether the body is one that Azure gave back, so that what is absent is absent."""
    return not resource.token and any(resource.given(path) for path in _ANSWERED)


def _within(path: Path, outer: Path) -> bool:
    def keys(steps: Path) -> list[tuple[str, bool]]:
        return [(step.name.casefold(), step.each) for step in steps]

    return keys(path)[: len(outer)] == keys(outer)


def walked(node: Any, path: Path, at: str = "", sayable: int | None = None) -> Selected:
    """What is at a path of a body. That it is absent means nothing after the `sayable` steps of the path."""
    found = Selected(collects=any(step.each for step in path))
    _walk(node, path, at, len(path) if sayable is None else sayable, found)
    return found


def _walk(node: Any, path: Path, at: str, sayable: int, found: Selected) -> None:
    if not path:
        found.items.append(Item(node, at))
        return
    if isinstance(node, Mark):
        _lost(node, path, at, found)
        return
    step, rest = path[0], path[1:]
    node = _property(node, step.name)
    if node is ABSENT and sayable <= 0:
        _lost(UNKNOWN, path, ".".join([*([at] if at else []), *(str(each) for each in path)]), found)
        return
    at = f"{at}.{step.name}" if at else step.name
    if not step.each:
        _walk(node, rest, at, sayable - 1, found)
    elif isinstance(node, Mark):
        _lost(node, path, at, found)
    elif isinstance(node, list):
        for number, item in enumerate(cast("list[Any]", node)):
            _walk(item, rest, f"{at}[{number}]", sayable - 1, found)


def _lost(mark: Mark, path: Path, at: str, found: Selected) -> None:
    """What is inside of a value that is not known, or is secret: it may not even be there."""
    if any(step.each for step in path):
        found.missing.append(Evidence(at, str(Undecided(at, mark.value)), mark.value))
    else:
        found.items.append(Item(UNKNOWN, at, mark is Mark.SECRET))


def _property(node: Any, name: str) -> Any:
    if not isinstance(node, dict):
        return ABSENT
    entries = cast("dict[str, Any]", node)
    if name in entries:
        return entries[name]
    lowered = name.casefold()
    return next((value for key, value in entries.items() if key.casefold() == lowered), ABSENT)


def marks_in(value: Any, path: str) -> Iterator[Evidence]:
    """The unknown and secret parts of a value."""
    match value:
        case Mark():
            yield Evidence(path, str(Undecided(path, value.value)), value.value)
        case dict():
            for key, each in cast("dict[str, Any]", value).items():
                yield from marks_in(each, f"{path}.{key}")
        case list():
            for index, each in enumerate(cast("list[Any]", value)):
                yield from marks_in(each, f"{path}[{index}]")
        case _:
            return
