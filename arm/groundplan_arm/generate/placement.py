# SPDX-License-Identifier: Apache-2.0
"""Where an SDK property lives in an ARM object: a rule, and the exceptions of `tables/placement.toml`.

The rule: path and query inputs are no part of the body; a type with an input `properties` has the shape of the body; of any other
type the envelope's keys stay at the top and the rest goes below `properties`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

TABLES = Path(__file__).parent.parent / "tables"


@cache
def table(name: str) -> dict[str, Any]:
    """One of our tables, by name."""
    return tomllib.loads((TABLES / f"{name}.toml").read_text())


def of_resource(token: str, name: str, side: Collection[str]) -> tuple[str, ...]:
    """The place of a resource's input (or output); `side` are the names of all its inputs (or outputs)."""
    rows = table("placement")
    wire: str = _renamed(rows["resource_names"].get(token, {}), name)
    deeper = rows["resource_places"].get(token, {}).get(name)
    if deeper is not None:
        return tuple(deeper)
    class_name = token.split(":")[1].lower()
    if "properties" not in side and name.lower() in (f"{class_name}properties", "capabilityhostproperties"):
        return ("properties",)
    if token in rows["flat"] or ("properties" in side and token not in rows["flattened_with_properties"]):
        return (wire,)
    if token in rows["flattened_with_properties"]:
        return (wire,) if name in rows["response_envelope"] else ("properties", wire)
    if name in rows["inside_properties"].get(token, ()):
        return ("properties", wire)
    return (wire,) if name in rows["envelope"] or name in rows["response_envelope"] else ("properties", wire)


def of_nested(module: str, class_name: str, name: str, properties: Collection[str]) -> tuple[str, ...]:
    """The place of a property of a nested type; `properties` are the names of all its properties."""
    rows = table("placement")
    type_name = re.sub(r"(Args|Response)$", "", class_name)
    key = f"{module}:{type_name}"
    deeper = rows["nested_places"].get(key, {}).get(name)
    if deeper is not None:
        return tuple(deeper)
    if key in rows["nested_kebab"]:
        return (re.sub("([A-Z])", lambda found: "-" + found[0].lower(), name),)
    names = {**rows["nested_names"].get(f"{module}:*", {}), **rows["nested_names"].get(key, {})}
    wire = _renamed(names, name)
    outside = _outside_type_properties(module, type_name)
    if outside is not None:
        return (wire,) if name in outside else ("typeProperties", wire)
    if not _is_flattened(key, properties) or name in rows["nested_envelope"]:
        return (wire,)
    return ("properties", wire)


def _outside_type_properties(module: str, type_name: str) -> list[str] | None:
    """Properties beside `typeProperties` in one of Data Factory's families of types (linked services, activities); None for others."""
    families = table("placement")["type_properties"].get(module, {})
    for suffix, outside in families.items():
        if type_name.endswith(suffix):
            return [
                "typeProperties",
                *outside,
                *table("placement")["outside_type_properties"].get(f"{module}:{type_name}", ()),
            ]
    return None


def _is_flattened(key: str, properties: Collection[str]) -> bool:
    rows = table("placement")
    module, type_name = key.split(":")
    if key in rows["nested_flattened"]:
        return True
    if "properties" in properties or key in rows["nested_not_flattened"]:
        return False
    if module == "eventgrid" and type_name.endswith("EventSubscriptionDestination"):
        return True
    if "privateLinkServiceConnectionState" in properties and "PrivateEndpointConnection" in type_name:
        return not type_name.endswith("Properties")  # what lies below `properties` already
    return module == "network" and "id" in properties and bool(set(properties) - set(rows["nested_envelope"]))


def _renamed(names: dict[str, str], name: str) -> str:
    if names.get("*") == "Pascal":
        return names.get(name, name[0].upper() + name[1:])
    return names.get(name, name)
