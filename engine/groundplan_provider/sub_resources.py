# SPDX-License-Identifier: Apache-2.0
"""Lists in a resource's body that also exist as resources of their own: a virtual network's subnets, an IoT hub's endpoint connections.

A PUT without such a list empties it. When the program declares none inline, the list belongs to the standalone resources: it is sent
back as Azure has it, and what changes in it is no drift of the parent.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any

from groundplan_arm import Catalog, Property, ResourceType, body
from groundplan_arm.model import ModuleTypes
from groundplan_provider.values import Properties

_WITHOUT_CHILD_TYPE = {
    # the standalone form is azure-native's own invention, so no child type of ARM tells
    "azure-native:keyvault:Vault": ("properties", "accessPolicies"),
    # its child's type has the parent's as a parameter
    "azure-native:eventgrid:Namespace": ("privateEndpointConnections",),
}


@cache
def places(catalog: Catalog, resource_type: ResourceType) -> list[tuple[str, ...]]:
    """Where the type's inputs hold such lists."""
    found: list[tuple[str, ...]] = []
    if place := _WITHOUT_CHILD_TYPE.get(resource_type.token):
        found.append(place)
    prefix = f"{resource_type.arm_type}/".casefold()
    children = {
        other.arm_type.rsplit("/", 1)[1].casefold()
        for other in catalog.types()
        if other.arm_type.casefold().startswith(prefix)
        and other.arm_type.count("/") == resource_type.arm_type.count("/") + 1
    }
    return [*found, *_lists(resource_type.module, resource_type.inputs, children)]


def _lists(
    module: ModuleTypes, properties: Mapping[str, Property], names: Collection[str], path: tuple[str, ...] = ()
) -> Iterator[tuple[str, ...]]:
    """Where objects within objects hold a list of one of the names, as azure-native looks for them; lists are not looked into."""
    for name, known in properties.items():
        if not isinstance(known.kind, str) or name in path:
            continue
        if known.kind.startswith("[]") and name.casefold() in names:
            yield (*path, name)
        elif known.kind.startswith("#"):
            yield from _lists(module, module.nested(known.kind[1:]), names, (*path, name))


def keep(
    catalog: Catalog, resource_type: ResourceType, resource_id: str, inputs: Properties, answer: Any
) -> Properties:
    """The inputs with the lists that they leave out as Azure has them."""
    current = body.inputs_from_arm(resource_type, answer, resource_id)
    for place in places(catalog, resource_type):
        inputs = _copy(inputs, current, place)
    return inputs


def empty(catalog: Catalog, resource_type: ResourceType, inputs: Properties) -> Properties:
    """The inputs of a new resource with the lists that they leave out empty; some services insist on them."""
    for place in places(catalog, resource_type):
        inputs = _copy(inputs, _nested(place), place)
    return inputs


def _nested(place: tuple[str, ...]) -> dict[str, Any]:
    return {place[0]: _nested(place[1:]) if place[1:] else []}


def _copy(target: Any, source: Any, place: tuple[str, ...]) -> Any:
    name, rest = place[0], place[1:]
    if not isinstance(target, dict) or not isinstance(source, dict) or source.get(name) is None:
        return target
    if rest:
        return {**target, name: _copy(target.get(name, {}), source[name], rest)}
    return target if target.get(name) is not None else {**target, name: source[name]}


def without(value: Any, place: tuple[str, ...]) -> Any:
    """The bag without what stands at a place."""
    name, rest = place[0], place[1:]
    if not isinstance(value, dict) or name not in value:
        return value
    if rest:
        return {**value, name: without(value[name], rest)}
    return {key: item for key, item in value.items() if key != name}
