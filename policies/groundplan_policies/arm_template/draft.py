# SPDX-License-Identifier: Apache-2.0
"""A resource as a template declares it, with its type, name and id told before its body is evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from groundplan_policies.arm_template.errors import Steps, TemplateError
from groundplan_policies.arm_template.place import id_of
from groundplan_policies.arm_template.symbols import known, segments

if TYPE_CHECKING:
    from groundplan_policies.arm_template.deployment import Deployment
    from groundplan_policies.arm_template.evaluator import Evaluator, Loop
    from groundplan_policies.arm_template.place import Place

EXTENSION = "providers"
"""The segment of a type after which an extension's own follows: `Microsoft.KeyVault/vaults/providers/locks`."""


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """One resource. `name`, `id` and `scope` are symbolic texts; `base` is what its id hangs on, `place` where it is deployed to."""

    declaration: Mapping[str, Any]
    steps: Steps
    evaluator: Evaluator
    loops: tuple[Loop, ...]
    place: Place
    type: str
    name: str
    base: str
    id: str
    scope: str | None
    symbolic_name: str
    existing: bool
    inner: Deployment | None
    """What a deployment resource deploys."""


def full_name(parent: Draft | None, type_: str, name: str) -> tuple[str, str]:
    """Type and name of a resource with those of the one that it is declared in."""
    if parent is None:
        return type_, name
    whole = type_.casefold().startswith(f"{parent.type.casefold()}/")
    if not whole:
        return f"{parent.type}/{type_}", f"{parent.name}/{name}"
    if len(segments(name)) == len(type_.split("/")) - 1:
        return type_, name
    return type_, f"{parent.name}/{name}"


def split_extension(place: Place, type_: str, name: str) -> tuple[str, str, str | None]:
    """Type, name and scope of a resource; of `vaults/providers/locks` those of the lock, and the id of the vault."""
    kinds = type_.split("/")
    at = next((index for index, kind in enumerate(kinds) if index and kind.casefold() == EXTENSION), None)
    if at is None:
        return type_, name, None
    names = segments(name)
    if len(names) < at + 1:
        return type_, name, None
    scope = id_of(place.id, "/".join(kinds[:at]), names[: at - 1])
    return "/".join((names[at - 1], *kinds[at + 1 :])), "/".join(names[at:]), scope


def id_below(base: str, type_: str, name: str, steps: Steps) -> str:
    """The symbolic id of a resource. Raises `TemplateError` where its name does not fit its type."""
    names = segments(name)
    kinds = len(type_.split("/")) - 1
    if len(names) == kinds:
        return id_of(base, type_, names)
    if not known(name):  # what is not known may hold slashes
        return f"{base}/providers/{type_}/{name}"
    raise TemplateError(
        (*steps, "name"), f"'{name}' has {len(names)} segments; the type '{type_}' needs {kinds}, joined by '/'"
    )
