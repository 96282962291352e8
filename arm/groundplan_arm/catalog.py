# SPDX-License-Identifier: Apache-2.0
"""The catalog: every type and function of the table, by token, by ARM type and by path."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from groundplan_arm.body import read
from groundplan_arm.data import DataFile
from groundplan_arm.model import ModuleTypes
from groundplan_arm.paths import PathIndex, arm_type_of, is_generic, parent_type_of, scope_of
from groundplan_arm.resource_type import Function, ResourceType

_PROVIDER = "azure-native:"
_VERSION = re.compile(r"/v\d{8}\w*:")


class UnknownType(LookupError):  # noqa: N818  (the name says what is wrong)
    """A type or function token that the table does not hold."""

    def __init__(self, token: str) -> None:
        super().__init__(
            f"'{token}' is not in Groundplan's table of Azure types, so the local target does not know it. "
            "docs/add-a-type.md shows how a type is added (one table row); on Azure itself the type works as it is."
        )
        self.token = token


class Catalog:
    """Types and functions; made by `load()`."""

    def __init__(self, source: DataFile) -> None:
        self._source = source
        index = source.read("index")
        self._rows: dict[str, dict[str, Any]] = index["types"]
        self._function_rows: dict[str, dict[str, Any]] = index["functions"]
        self._versions: dict[str, Any] = index["versions"]
        self._types: dict[str, ResourceType] = {}
        self._functions: dict[str, Function] = {}
        self._modules: dict[str, ModuleTypes] = {}
        self._by_arm_type: dict[str, str] = {}
        self._sharing: dict[str, list[str]] = {}
        self._paths = PathIndex()
        for token, row in self._rows.items():
            self._paths.add(row["path"], token)
            if is_generic(row["path"]):
                continue
            key = arm_type_of(row["path"]).lower()
            self._sharing.setdefault(key, []).append(token)
            known = self._by_arm_type.get(key)
            if known is None or _rank(token) < _rank(known):
                self._by_arm_type[key] = token

    def module(self, name: str) -> ModuleTypes:
        """Nested types and enums of an SDK module, read at first use."""
        found = self._modules.get(name)
        if found is None:
            found = self._modules[name] = ModuleTypes(self._source, name)
        return found

    def by_token(self, token: str) -> ResourceType:
        """The type of a Pulumi token; a versioned token (`azure-native:keyvault/v20241101:Vault`) gives the same. Raises `UnknownType`."""
        short = _short(token)
        found = self._types.get(short)
        if found is None:
            row = self._rows.get(short)
            if row is None:
                raise UnknownType(token)
            found = self._types[short] = self._make(short, row)
        return found

    def by_arm_type(self, arm_type: str) -> ResourceType | None:
        """The type of an ARM type name, whatever its case; of several types with one name the plainest. None when unknown."""
        token = self._by_arm_type.get(arm_type.lower())
        return self._get(token) if token else None

    def by_body(self, row: ResourceType, body: Mapping[str, Any]) -> ResourceType:
        """Of the types that share a row's ARM type the one whose constants fit a body (`kind: "Default"`), else the row itself."""
        for other in self._sharing.get(row.arm_type.lower(), ()):
            constants = [value for value in self._get(other).inputs.values() if value.const is not None]
            if constants and all(read(body, value.at) == value.const for value in constants):
                return self._get(other)
        return row

    def match_path(self, path: str) -> tuple[ResourceType, dict[str, str]] | None:
        """The type whose path template an id fits, with the template's parameters; literal segments ignore case. None when none fits."""
        found = self._paths.match(path)
        return (self._get(min(found[0], key=_rank)), found[1]) if found else None

    def types(self) -> Iterable[ResourceType]:
        """All types, by token."""
        return (self._get(token) for token in self._rows)

    @property
    def functions(self) -> Mapping[str, Function]:
        """All functions by token."""
        return {f"azure-native:{token}": self.function(f"azure-native:{token}") for token in self._function_rows}

    def function(self, token: str) -> Function:
        """The function of a Pulumi token. Raises `UnknownType`."""
        short = _short(token)
        found = self._functions.get(short)
        if found is None:
            row = self._function_rows.get(short)
            if row is None:
                raise UnknownType(token)
            of = self._get(row["of"]) if "of" in row else None
            name = short.split(":")[0]
            found = self._functions[short] = Function(
                f"azure-native:{short}",
                row["method"],
                row["path"],
                row["api"],
                row.get("kind", "arm"),
                of,
                lambda: self.module(name),
            )
        return found

    def _get(self, short: str) -> ResourceType:
        return self._types.get(short) or self.by_token(f"azure-native:{short}")

    def _make(self, short: str, row: dict[str, Any]) -> ResourceType:
        path: str = row["path"]
        arm_type = arm_type_of(path)
        namespace = arm_type.split("/")[0].lower()
        service: dict[str, Any] = self._versions.get(namespace, {})
        name = short.split(":", maxsplit=1)[0]
        # Azure knows one type where the SDK may have several classes, each with a version of its own
        shared = [row["api"], *(self._rows[other]["api"] for other in self._sharing.get(arm_type.lower(), ()))]
        return ResourceType(
            token=f"azure-native:{short}",
            arm_type=arm_type,
            path=path,
            api_version=row["api"],
            api_versions=frozenset([*shared, *row.get("also", ()), *service.get("also", ())]),
            multi_version=bool(service.get("any")),
            autoname=row["auto"],
            scope=scope_of(path),
            create_only=frozenset(row.get("create_only", ())),
            tracked=bool(row.get("tracked")),
            parent_type=parent_type_of(path),
            _module=lambda: self.module(name),
        )


def _short(token: str) -> str:
    """`keyvault:Vault` of a token, versioned or not. Raises `UnknownType` for a token of another provider."""
    if not token.startswith(_PROVIDER):
        raise UnknownType(token)
    return _VERSION.sub(":", token.removeprefix(_PROVIDER))


def _rank(token: str) -> tuple[int, str]:
    """Of several types with one ARM type the plainest class name comes first: View before ViewByScope."""
    return len(token), token


@cache
def load() -> Catalog:
    """The catalog of the shipped data file, read once a process."""
    return Catalog(DataFile())
