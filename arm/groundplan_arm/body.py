# SPDX-License-Identifier: Apache-2.0
"""Pulumi's shape to ARM's and back, property by property.

Values are plain JSON; the caller has taken secrets and unknowns out (`to_arm` keeps what it does not know, so that a sentinel
in place of an unknown passes through; ARM keys that a type does not declare are dropped on the way back, as Pulumi's provider does).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from groundplan_arm.model import ModuleTypes, Properties
from groundplan_arm.notation import Kind
from groundplan_arm.resource_type import Function, ResourceType

FILLED_BY_AZURE = frozenset({"etag", "eTag", "provisioningState", "resourceGuid", "systemData"})
"""Properties that some types let a client send and Azure fills in all the same."""

_MISSING: Any = object()
Convert = Callable[[ModuleTypes, Properties, Mapping[str, Any]], dict[str, Any]]


def to_arm(resource_type: ResourceType, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The body of the PUT: inputs without those of the path and the query, nested and renamed as on the wire; nulls are left out."""
    return _out(resource_type.module, resource_type.inputs, inputs)


def query(resource_type: ResourceType, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Inputs that go to the query string of the PUT, by their names there (`$expand`)."""
    known = resource_type.inputs
    return {known[name].at[0]: inputs[name] for name in resource_type.query_params if inputs.get(name) is not None}


def from_arm(resource_type: ResourceType, body: Mapping[str, Any]) -> dict[str, Any]:
    """Pulumi outputs out of an ARM answer, `azureApiVersion` included; properties that are absent or null are left out."""
    outputs = _in(resource_type.module, resource_type.outputs, body)
    if "azureApiVersion" in resource_type.outputs:
        outputs["azureApiVersion"] = resource_type.api_version
    return outputs


def outputs_to_arm(resource_type: ResourceType, outputs: Mapping[str, Any]) -> dict[str, Any]:
    """The ARM answer that these Pulumi outputs came from: `from_arm` turned round."""
    properties = resource_type.outputs
    return _out(
        resource_type.module, properties, {name: value for name, value in outputs.items() if name in properties}
    )


def results_from_arm(function: Function, body: Mapping[str, Any]) -> dict[str, Any]:
    """The result of an invoke function out of the ARM answer to its call."""
    if function.of is not None and function.method == "GET":
        return {**from_arm(function.of, body), **({"id": body["id"]} if "id" in body else {})}
    return _in(function.module, function.results, body)


def inputs_from_arm(resource_type: ResourceType, body: Mapping[str, Any], resource_id: str) -> dict[str, Any]:
    """Inputs that would make this resource, for import and refresh: those of the id, and the settable ones of the body.

    What the SDK lets a program set and Azure fills in all the same (`etag`, `provisioningState`, a body's own `id`, `name` and
    `type`) is left out, unless the type requires it: a program that does not repeat it has not changed anything.
    """
    inputs = _settable(resource_type.module, resource_type.inputs, body)
    own = {"id": resource_id, "type": resource_type.arm_type, "name": resource_id.rsplit("/", 1)[-1]}
    for name, value in own.items():
        known = resource_type.inputs.get(name)
        if known and not known.required and known.at == (name,) and str(inputs.get(name)).lower() == value.lower():
            del inputs[name]
    return {**inputs, **resource_type.parse_id(resource_id)}


def _out(module: ModuleTypes, properties: Properties, values: Mapping[str, Any]) -> dict[str, Any]:
    """SDK object to ARM object."""
    body: dict[str, Any] = {}
    for name, value in values.items():
        known = properties.get(name)
        if value is None or (known is not None and known.role != "body"):
            continue
        if known is None:
            body[name] = value
            continue
        holder = body
        for container in known.at[:-1]:
            holder = holder.setdefault(container, {})
        if known.keyed and isinstance(value, list):
            holder[known.at[-1]] = {str(item): {} for item in cast("list[Any]", value)}
            continue
        holder[known.at[-1]] = _convert(module, known.kind, value, _out)
    return body


def _in(module: ModuleTypes, properties: Properties, body: Mapping[str, Any]) -> dict[str, Any]:
    """ARM object to SDK object."""
    return _take(module, properties, body, _in)


def _settable(module: ModuleTypes, properties: Properties, body: Mapping[str, Any]) -> dict[str, Any]:
    """ARM object to SDK object, without what Azure fills in."""
    chosen = {name: known for name, known in properties.items() if known.required or name not in FILLED_BY_AZURE}
    return _take(module, chosen, body, _settable)


def _take(module: ModuleTypes, properties: Properties, body: Mapping[str, Any], convert: Convert) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, known in properties.items():
        if known.role != "body":
            continue
        value = read(body, known.at)
        if value is _MISSING or value is None:
            continue
        if known.keyed and isinstance(value, dict):
            values[name] = list(cast("dict[str, Any]", value))
        else:
            values[name] = _convert(module, known.kind, value, convert)
    return values


def read(body: Mapping[str, Any], at: tuple[str, ...]) -> Any:
    """The value at a place, a sentinel when it is absent."""
    node: Any = body
    for step in at:
        if not isinstance(node, dict):
            return _MISSING
        node = cast("dict[str, Any]", node).get(step, _MISSING)
        if node is _MISSING:
            return _MISSING
    return node


def _convert(module: ModuleTypes, kind: Kind, value: Any, convert: Convert) -> Any:
    if isinstance(value, list):
        inner = element_of(kind, "[]")
        return [_convert(module, inner, item, convert) for item in cast("list[Any]", value)] if inner else value
    if not isinstance(value, dict):
        return value
    found = cast("dict[str, Any]", value)
    inner = element_of(kind, "{}")
    if inner:
        return {name: _convert(module, inner, item, convert) for name, item in found.items()}
    name = object_of(module, kind, found, arm=convert is not _out)
    return convert(module, module.nested(name), found) if name else found


def element_of(kind: Kind, mark: str) -> Kind | None:
    """The kind of a list's items or a map's values, looking through unions; None when the kind is neither."""
    if isinstance(kind, str):
        return kind[2:] if kind.startswith(mark) else None
    if mark in kind:
        return kind[mark][0]
    for option in kind.get("|", ()):
        found = element_of(option, mark)
        if found:
            return found
    return None


def object_of(module: ModuleTypes, kind: Kind, value: Mapping[str, Any], *, arm: bool) -> str | None:
    """The nested type that an object is of: the union's member whose discriminators fit, the most keys in common first."""
    if isinstance(kind, str):
        return kind[1:] if kind[0] == "#" else None
    best: tuple[int, str] | None = None
    for option in kind.get("|", ()):
        if not isinstance(option, str) or option[0] != "#":
            continue
        properties = module.nested(option[1:])
        score = _fit(properties, value, arm)
        if score is not None and (best is None or score > best[0]):
            best = score, option[1:]
    return best[1] if best else None


def _fit(properties: Properties, value: Mapping[str, Any], arm: bool) -> int | None:
    """How many keys an object shares with a type less those it does not; None when a discriminator says no."""
    shared = 0
    for name, known in properties.items():
        given = read(value, known.at if arm else (name,))
        if known.const is not None and given != known.const:
            return None
        shared += given is not _MISSING
    return 2 * shared - len(value)
