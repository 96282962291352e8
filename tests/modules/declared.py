# SPDX-License-Identifier: Apache-2.0
"""What the state of a stack holds, as tests look at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

OPEN: Mapping[str, object] = {
    "adminUserEnabled": True,
    "allowBlobPublicAccess": True,
    "allowSharedKeyAccess": True,
    "anonymousPullEnabled": True,
    "disableLocalAuth": False,
    "disableLocalAuthentication": False,
    "enableHttpsTrafficOnly": False,
    "enableNodePublicIp": True,
    "enableNonSslPort": True,
    "publicNetwork": "Enabled",
    "publicNetworkAccess": "Enabled",
    "publicNetworkAccessForIngestion": "Enabled",
    "publicNetworkAccessForQuery": "Enabled",
    "remoteLoginPortPublicAccess": "Enabled",
}
"""Inputs that open something, at any depth."""


class Declared:
    """The resources of a state."""

    def __init__(self, state: Mapping[str, Any]) -> None:
        self.rows: list[dict[str, Any]] = state["deployment"]["resources"]

    def types(self) -> set[str]:
        """Type tokens of all resources."""
        return {row["type"] for row in self.rows}

    def inputs(self, kind: str, name: str = "") -> list[dict[str, Any]]:
        """Inputs of the resources of a type (`keyvault:Vault`), of those whose logical name starts with `name`; at least one."""
        found = [
            row["inputs"] for row in self.rows if row["type"] == f"azure-native:{kind}" and _name(row).startswith(name)
        ]
        assert found, f"no {kind} named {name}...; there are: {sorted(self.types())}"
        return found

    def one(self, kind: str, name: str) -> dict[str, Any]:
        """Inputs of the one resource of a type and logical name."""
        (found,) = (row["inputs"] for row in self.rows if row["type"] == f"azure-native:{kind}" and _name(row) == name)
        return found

    def outputs(self, kind: str, name: str) -> dict[str, Any]:
        """Outputs of the one resource of a type and logical name: what Azure answered last."""
        (found,) = (row["outputs"] for row in self.rows if row["type"] == f"azure-native:{kind}" and _name(row) == name)
        return found

    def awaited(self, name: str, argument: str) -> set[str]:
        """Logical names of the resources that a resource's argument came out of, waits for roles included."""
        (row,) = (row for row in self.rows if _name(row) == name and row.get("custom"))
        return {urn.rpartition("::")[2] for urn in row.get("propertyDependencies", {}).get(argument, ())}

    def under(self, component: str, name: str | None = None) -> list[dict[str, Any]]:
        """Every resource under the components of a type (`Workspace`), or under that one of them."""
        parents = {
            row["urn"]
            for row in self.rows
            if row["type"] == f"groundplan:index:{component}" and name in (None, _name(row))
        }
        below: list[dict[str, Any]] = []
        for row in self.rows:  # parents come before their children
            if row.get("parent") in parents:
                parents.add(row["urn"])
                below.append(row)
        return below

    def openings(self, component: str, name: str) -> list[str]:
        """Inputs under one component that open something, as `logical name: path = value`."""
        return [
            f"{_name(row)}: {path} = {value!r}"
            for row in self.under(component, name)
            for path, value in _leaves(row.get("inputs", {}))
            if OPEN.get(path.rpartition(".")[2], _leaves) == value
        ]


def _name(row: Mapping[str, Any]) -> str:
    return row["urn"].rpartition("::")[2]


def _leaves(value: object, at: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{at}.{key}" if at else key)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, at)
    else:
        yield at, value
