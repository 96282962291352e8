# SPDX-License-Identifier: Apache-2.0
"""A resource of a program as Azure Resource Manager would get it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import groundplan_arm
from groundplan_arm import ResourceType, UnknownType
from groundplan_arm.body import to_arm
from groundplan_policies.resource import Resource
from groundplan_policies.values import UNKNOWN, Mark

PREFIX = "azure-native:"
_NOWHERE = "00000000-0000-0000-0000-000000000000"
"""A pack does not know the program's own subscription; relations are looked for without it."""


def is_azure(token: str) -> bool:
    """Whether a type token is of a resource in Azure: no component, no provider, no other cloud."""
    return token.startswith(PREFIX)


def resource(
    token: str,
    urn: str,
    name: str,
    inputs: Mapping[str, Any],
    *,
    came_from: Mapping[str, Sequence[str]] | None = None,
    parents: tuple[str, ...] = (),
) -> Resource:
    """One resource. `came_from`: URNs of resources by the input that came out of them; None where nobody recorded that.

    A type that the table does not know keeps its inputs as they are and the token as its type: rules for every type see it.
    """
    try:
        row = groundplan_arm.load().by_token(token)
    except UnknownType:
        return Resource(
            dict(inputs), type=token, key=urn, label=name, token=token, parents=parents, references=_frozen(came_from)
        )
    body = to_arm(row, inputs)
    row = groundplan_arm.load().by_body(row, body) if row.token != token else row
    identifier = _id(row, inputs)
    return Resource(
        body,
        type=row.arm_type,
        name=_name(row, inputs),
        key=urn,
        id=identifier,
        scope=_scope(row, inputs, identifier),
        label=name,
        references=None if came_from is None else _references(row, came_from),
        parents=parents,
        token=token,
        last_name=_last_name(row, inputs),
    )


def with_relations(found: Resource, came_from: Mapping[str, Sequence[str]], parents: tuple[str, ...]) -> Resource:
    """The same resource, once the engine has told out of what its inputs came."""
    from dataclasses import replace

    try:
        row = groundplan_arm.load().by_token(found.token)
    except UnknownType:
        return replace(found, references=_frozen(came_from), parents=parents)
    return replace(found, references=_references(row, came_from), parents=parents)


def input_of(token: str, path: str) -> list[str] | None:
    """The Pulumi input at a path of the ARM body, as steps; None where the type has none there."""
    try:
        row = groundplan_arm.load().by_token(token)
    except UnknownType:
        return None
    steps = tuple(path.split("."))
    found: list[str] = []
    properties, module = row.inputs, row.module
    while steps:
        hit = next(
            (each for each in properties.values() if each.role == "body" and steps[: len(each.at)] == each.at),
            None,
        )
        if hit is None:
            return None
        found.append(hit.name)
        steps = steps[len(hit.at) :]
        if steps:
            if not (isinstance(hit.kind, str) and hit.kind.startswith("#")):
                return None  # a list, a map or a choice of types: no single place
            properties = module.nested(hit.kind[1:])
    return found


def _name(row: ResourceType, inputs: Mapping[str, Any]) -> str | None:
    """The ARM name with those of the parents; None where a part is not known."""
    within = row.path.rpartition("/providers/")[2]
    names = [each for each in row.path_params if f"{{{each}}}" in within] or list(row.path_params[-1:])
    values = [_ignoring_case(inputs, each) for each in names]
    if not all(isinstance(value, str) for value in values):
        return None
    return "/".join(map(str, values)) or row.path.rpartition("/")[2]


def _last_name(row: ResourceType, inputs: Mapping[str, Any]) -> str | None:
    value = _ignoring_case(inputs, row.name_param) if row.name_param else None
    return value if isinstance(value, str) else None


def _id(row: ResourceType, inputs: Mapping[str, Any]) -> str | None:
    if any(isinstance(_ignoring_case(inputs, each), Mark) for each in row.path_params):
        return None
    try:
        return row.resource_id(inputs, subscription_id=_NOWHERE)
    except ValueError:
        return None


def _ignoring_case(inputs: Mapping[str, Any], name: str) -> Any:
    if name in inputs:
        return inputs[name]
    return next((value for key, value in inputs.items() if key.casefold() == name.casefold()), None)


def _scope_params(row: ResourceType) -> tuple[str, ...]:
    """The parameters that say what an extension resource hangs on; none for other types."""
    before, found, _ = row.path.rpartition("/providers/")
    if not found:
        return ()
    return tuple(each for each in row.path_params if f"{{{each}}}" in before and each.casefold() != "resourcegroupname")


def _scope(row: ResourceType, inputs: Mapping[str, Any], identifier: str | None) -> str | Mark | None:
    params = _scope_params(row)
    if not params:
        return None
    if identifier is not None:
        return identifier.rpartition("/providers/")[0] or "/"
    known = _ignoring_case(inputs, params[0])
    alone = len(params) == 1 and isinstance(
        known, str
    )  # the whole id is one parameter, and the own name is what is not known
    return f"/{known.strip('/')}" if alone else UNKNOWN


def _frozen(came_from: Mapping[str, Sequence[str]] | None) -> dict[str, frozenset[str]] | None:
    return None if came_from is None else {name: frozenset(urns) for name, urns in came_from.items()}


def _references(row: ResourceType, came_from: Mapping[str, Sequence[str]]) -> dict[str, frozenset[str]]:
    """URNs by path of the ARM body; what names the parent, the resource group and the scope by those words."""
    params = [each.casefold() for each in row.path_params]
    scope = {each.casefold() for each in _scope_params(row)}
    found: dict[str, frozenset[str]] = {}
    for name, urns in came_from.items():
        known = row.inputs.get(name)
        if name.casefold() in scope:
            at = "scope"
        elif name.casefold() == "resourcegroupname":
            at = "group"
        elif known is not None and known.role == "body":
            at = ".".join(known.at)
        elif len(params) > 1 and name.casefold() == params[-2]:
            at = "parent"
        else:
            continue
        found[at] = found.get(at, frozenset()) | frozenset(urns)
    return found
