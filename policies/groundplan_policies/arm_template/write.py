# SPDX-License-Identifier: Apache-2.0
"""Writes resources as an ARM template, for checkers that read those.

It says what the resources are like, not how to deploy them: they lie in one resource group, and what is not known or secret is a
parameter without a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, cast

from groundplan_arm import load
from groundplan_policies.arm_template.built import NOT_BODY
from groundplan_policies.resource import Resource
from groundplan_policies.values import SECRET, Mark

_SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
_NO_NAME = re.compile(r"[^A-Za-z0-9]+")
Json = dict[str, Any]


def write_template(resources: Iterable[Resource]) -> Json:
    """The template of some resources: plain JSON."""
    writer = _Writer()
    rows = [writer.resource(each) for each in resources]
    return {"$schema": _SCHEMA, "contentVersion": "1.0.0.0", "parameters": writer.parameters, "resources": rows}


class _Writer:
    def __init__(self) -> None:
        self.parameters: dict[str, Json] = {}
        self._taken: set[str] = set()

    def resource(self, resource: Resource) -> Json:
        label = resource.label or resource.name or resource.key
        kind = load().by_arm_type(resource.type)
        row: Json = {"type": resource.type}
        if kind is not None:
            row["apiVersion"] = kind.api_version
        row["name"] = (
            self._parameter(f"{label}-name", secret=False) if resource.name is None else _escaped(resource.name)
        )
        if isinstance(resource.scope, Mark):
            row["scope"] = self._parameter(f"{label}-scope", secret=resource.scope is SECRET)
        elif resource.scope and "/providers/" in resource.scope.casefold():
            row["scope"] = _escaped(resource.scope)
        if isinstance(resource.node, dict):
            row.update(self._object(cast("Json", resource.node), label, reserved=NOT_BODY))
        return row

    def _object(self, node: Json, at: str, reserved: frozenset[str] = frozenset()) -> Json:
        return {_key(name, reserved): self._value(each, f"{at}-{name}") for name, each in node.items()}

    def _value(self, node: Any, at: str) -> Any:
        match node:
            case Mark():
                return self._parameter(at, secret=node is SECRET)
            case str():
                return _escaped(node)
            case dict():
                return self._object(cast("Json", node), at)
            case list():
                return [self._value(each, f"{at}-{index}") for index, each in enumerate(cast("list[Any]", node))]
            case _:
                return node

    def _parameter(self, at: str, *, secret: bool) -> str:
        """A parameter of its own for a value that can not be written."""
        words = [word for word in _NO_NAME.split(at) if word] or ["value"]
        base = words[0] + "".join(f"{word[0].upper()}{word[1:]}" for word in words[1:])
        name, count = base, 1
        while name.casefold() in self._taken:
            count += 1
            name = f"{base}{count}"
        self._taken.add(name.casefold())
        self.parameters[name] = {"type": "securestring" if secret else "string"}
        return f"[parameters('{name}')]"


def _escaped(text: str) -> str:
    """A text that Azure takes for itself and for no expression."""
    return f"[{text}" if len(text) > 1 and text.startswith("[") and text.endswith("]") else text


def _key(name: str, reserved: frozenset[str]) -> str:
    """The name of a property; as an expression where a template would read something else into it."""
    return f"['{name}']" if name == "copy" or name in reserved else _escaped(name)
