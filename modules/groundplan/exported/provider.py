# SPDX-License-Identifier: Apache-2.0
"""The plugin: Pulumi's host of components, with the descriptions that it cannot find by itself."""

from __future__ import annotations

import ast
import inspect
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import is_dataclass
from importlib.metadata import version
from itertools import pairwise
from typing import get_args

from pulumi.provider import main
from pulumi.provider.experimental.analyzer import PropertyDefinition
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.experimental.schema import generate_schema

from groundplan.component import Component
from groundplan.exported.facade import RENAMED, arguments_of, components, facade
from groundplan.exported.typed_dicts import hints_of

NAME = "groundplan"


class ExportedProvider(ComponentProvider):
    """Serves every public component."""

    def __init__(self) -> None:
        ours = components()
        release = version("groundplan")
        super().__init__([facade(each) for each in ours], NAME, None, release)
        self._describe(ours)
        schema = generate_schema(
            NAME, release, None, self._component_defs, self._type_defs, self._dependencies
        ).to_json()
        self.schema = json.dumps(schema)

    def _describe(self, ours: Iterable[type[Component]]) -> None:
        """The analyzer reads docstrings from source, which generated classes have none of: take the dataclasses'."""
        for component in ours:
            found = self._component_defs[component.__name__]
            _fill(found.inputs, found.inputs_mapping, arguments_of(component))
            for own in RENAMED:
                found.outputs.pop(own, None)
                found.outputs_mapping.pop(own, None)
            _fill(found.outputs, found.outputs_mapping, component)
        by_name = {each.__name__: each for component in ours for each in _reachable(arguments_of(component))}
        for name, definition in self._type_defs.items():
            _fill(definition.properties, definition.properties_mapping, by_name[name])


def serve() -> None:
    """Serve until the engine ends us; the engine gives its address in the arguments."""
    main(ExportedProvider(), sys.argv[1:])


def docstrings(owner: type) -> dict[str, str]:
    """What stands under each annotated attribute of a class and its bases, as one line."""
    found: dict[str, str] = {}
    for each in reversed(owner.__mro__):
        if each.__module__.startswith("groundplan."):
            (tree,) = (node for node in ast.parse(inspect.getsource(each)).body if isinstance(node, ast.ClassDef))
            for field, doc in pairwise(tree.body):
                if (
                    isinstance(field, ast.AnnAssign)
                    and isinstance(doc, ast.Expr)
                    and isinstance(doc.value, ast.Constant)
                ):
                    found[ast.unparse(field.target)] = " ".join(str(doc.value.value).split())
    return found


def _fill(properties: dict[str, PropertyDefinition], names: dict[str, str], owner: type) -> None:
    known = docstrings(owner)
    known |= {public: known[own] for own, public in RENAMED.items() if own in known}
    for name, definition in properties.items():
        definition.description = known.get(names[name])


def _reachable(arguments: type) -> Iterator[type]:
    """A dataclass and all dataclasses that its fields mention."""
    seen: list[type] = []
    waiting: list[object] = [arguments]
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, type) and is_dataclass(kind):
            if kind in seen:
                continue
            seen.append(kind)
            waiting += hints_of(kind).values()
        waiting += get_args(kind)
    yield from seen
