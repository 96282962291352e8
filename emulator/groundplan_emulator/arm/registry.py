# SPDX-License-Identifier: Apache-2.0
"""Which `ArmType` looks after a path: a file of its own under `types/`, else the generic one over the type table.

The files of a namespace are imported at its first use. Discovery is the folder's name without underscores:
`types/key_vault/` serves `Microsoft.KeyVault`.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from groundplan_arm import Catalog
from groundplan_emulator import types
from groundplan_emulator.arm.connections import SUFFIX, ConnectionType
from groundplan_emulator.arm.resource import ArmType

Route = tuple[str, re.Pattern[str], Callable[..., Any]]


class Registry:
    """Types and routes by namespace, loaded lazily."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._found: dict[str, ArmType | None] = {}
        self._own: dict[str, dict[str, ArmType]] = {}
        self._routes: dict[str, list[Route]] = {}

    def find(self, type_: str, path: str) -> ArmType | None:
        """The type of an ARM path, or None where the emulated Azure knows no such type."""
        key = type_.lower()
        if key not in self._found:
            self._found[key] = self._make(key, path)
        return self._found[key]

    def _make(self, key: str, path: str) -> ArmType | None:
        own = self.namespace(key.split("/", maxsplit=1)[0]).get(key)
        if own is not None:
            return own
        row = self.catalog.by_arm_type(key)
        if row is not None:
            return ConnectionType(row) if key.endswith(SUFFIX) else ArmType(row)
        match = self.catalog.match_path(path)
        if match is None or any(
            _fits(known, match[0].arm_type) for known in self.namespace(key.split("/", maxsplit=1)[0])
        ):
            return None  # a namespace that has files for the spelt-out types (privateDnsZones/A) has them all
        return ArmType(match[0], _canonical(key, match[0].arm_type))

    def routes(self, namespace: str) -> list[Route]:
        """Paths of a namespace that are no resources."""
        self.namespace(namespace)
        return self._routes.get(namespace.lower(), [])

    def namespace(self, namespace: str) -> dict[str, ArmType]:
        """The types of a namespace that have a file, by lower-case name."""
        key = namespace.lower()
        if key not in self._own:
            self._own[key] = {found.name.lower(): found for found in self._load(key)}
            self._routes[key] = [
                (method, _pattern(template), function)
                for armtype in self._own[key].values()
                for (method, template), function in armtype.routes
            ]
        return self._own[key]

    def _load(self, key: str) -> Iterator[ArmType]:
        folder = self._folders.get(key.removeprefix("microsoft."))
        if folder is None:
            return
        package = importlib.import_module(f"{types.__name__}.{folder}")
        for module in pkgutil.iter_modules(package.__path__):
            content = importlib.import_module(f"{package.__name__}.{module.name}")
            for _, cls in inspect.getmembers(content, inspect.isclass):
                if issubclass(cls, ArmType) and cls.__module__ == content.__name__ and cls.type:
                    yield cls(self.catalog.by_arm_type(cls.type))

    @cached_property
    def _folders(self) -> dict[str, str]:
        return {module.name.replace("_", ""): module.name for module in pkgutil.iter_modules(types.__path__)}

    @property
    def folders(self) -> list[str]:
        """Names of the namespaces that have types of their own, without `Microsoft.`."""
        return sorted(self._folders)


def _canonical(key: str, template: str) -> str:
    """`microsoft.network/privatednszones/a` spelt like its row, the variable part in capitals."""
    parts, shape = key.split("/"), template.split("/")
    return "/".join(part.upper() if spelt.startswith("{") else spelt for part, spelt in zip(parts, shape, strict=False))


def _fits(type_: str, template: str) -> bool:
    """Whether a type is one of those that a row with a variable part stands for."""
    parts, shape = type_.split("/"), template.lower().split("/")
    pairs = zip(parts, shape, strict=False)
    return len(parts) == len(shape) and all(spelt.startswith("{") or part == spelt for part, spelt in pairs)


def _pattern(template: str) -> re.Pattern[str]:
    escaped = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template))
    return re.compile(escaped, re.IGNORECASE)
