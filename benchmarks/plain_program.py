# SPDX-License-Identifier: Apache-2.0
"""Writes a program of plain azure-native resources: the very ones that another program's preview registered."""

from __future__ import annotations

import importlib
import inspect
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""How Pulumi's protocol writes a string that a preview can not know."""


@dataclass(frozen=True)
class Declared:
    """An azure-native resource as a program registered it; `depends` holds URNs by property."""

    urn: str
    type: str
    name: str
    inputs: dict[str, Any]
    depends: dict[str, list[str]]


def registered(log: Path) -> list[Declared]:
    """What a log of the engine's calls (PULUMI_DEBUG_GRPC) shows of azure-native, in its order."""
    calls = [json.loads(line) for line in log.read_text().splitlines()]
    return [
        Declared(
            call["response"]["urn"],
            request["type"],
            request["name"],
            request.get("object", {}),
            {key: value.get("urns", []) for key, value in request.get("propertyDependencies", {}).items()},
        )
        for call in calls
        if call["method"] == "/pulumirpc.ResourceMonitor/RegisterResource" and "response" in call
        for request in [call["request"]]
        if request["type"].startswith("azure-native:")
    ]


def source(resources: list[Declared]) -> str:
    """A program that declares them one by one, without parents and options; what came of a resource comes of it again."""
    variables = {each.urn: (f"r{number}", each.name) for number, each in enumerate(resources)}
    modules = sorted({each.type.split(":")[1] for each in resources})
    lines = ["from pulumi_azure_native import " + ", ".join(modules)]
    for each in resources:
        _, module, kind = each.type.split(":")
        parameters = _parameters(module, kind)
        arguments = [
            f"{parameters[key]}={_expression(value, [variables[urn] for urn in each.depends.get(key, []) if urn in variables])}"
            for key, value in each.inputs.items()
        ]
        lines.append(f"{variables[each.urn][0]} = {module}.{kind}({each.name!r}, {', '.join(arguments)})")
    return "\n".join(lines) + "\n"


def _parameters(module: str, kind: str) -> dict[str, str]:
    """Python names of a class's arguments by Azure's."""
    resource = getattr(importlib.import_module(f"pulumi_azure_native.{module}"), kind)
    names = inspect.signature(vars(resource)["_internal_init"]).parameters
    return {_camel(name): name for name in names if name != "resource_name"}  # the logical name


def _camel(name: str) -> str:
    head, *tail = name.rstrip("_").split("_")
    return head + "".join(part.capitalize() for part in tail)


def _expression(value: Any, depends: list[tuple[str, str]]) -> str:
    """Python for a value; `depends` holds variables and logical names of the resources that it came of."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_expression(part, depends)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_expression(part, depends) for part in value) + "]"
    if value == UNKNOWN:
        return f"{depends[0][0]}.id"
    # the instant provider names resources as the program does
    return next((f"{variable}.name" for variable, name in depends if value == name), repr(value))
