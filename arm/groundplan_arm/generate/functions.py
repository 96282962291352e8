# SPDX-License-Identifier: Apache-2.0
"""The SDK's invoke functions of the table's types: `getX` is a GET of X, `listY` a POST of an action.

A `list*` function's action is not in the SDK: `tables/functions.toml` has one row for each, with the path below the type.
"""

from __future__ import annotations

import re
from typing import Any

from groundplan_arm.generate import placement
from groundplan_arm.generate.sources import Field, Module

Found = dict[str, tuple[dict[str, Any], dict[str, dict[str, Field]]]]


def functions_of(source: Module, rows: dict[str, Any]) -> Found:
    """`{"keyvault:getVault": (index row, {"in": arguments, "out": results})}` of one module."""
    actions: dict[str, Any] = placement.table("functions")
    found: Found = {}
    for name in sorted(source.functions):
        token = f"{source.name}:{name}"
        twin = f"{source.name}:{name.removeprefix('get')}"
        if token in actions:
            declared = source.function(name)
            row = actions[token]
            head = {
                "method": row.get("method", "POST"),
                "path": _path(token, row, rows),
                "api": row.get("api") or declared.api_version,
            }
            if "of" in row:
                head["of"] = row["of"]
            if row.get("kind"):
                head["kind"] = row["kind"]
            found[token] = head, {"in": declared.fields, "out": declared.outputs}
        elif name.startswith("get") and twin in rows:
            declared = source.function(name)
            _compare(twin, rows[twin]["path"], declared.fields)
            found[token] = (
                {
                    "method": "GET",
                    "path": rows[twin]["path"],
                    "api": declared.api_version or rows[twin].get("api", ""),
                    "of": twin,
                },
                {"in": declared.fields, "out": {}},
            )
    return found


def _path(token: str, row: dict[str, Any], rows: dict[str, Any]) -> str:
    if row.get("kind") == "client_config":
        return ""
    path = row.get("path") or rows[row["of"]]["path"] + row["action"]
    if not re.match(r"/", path):
        raise ValueError(f"tables/functions.toml: {token}: the path '{path}' does not start with '/'")
    return path


def _compare(token: str, path: str, arguments: dict[str, Field]) -> None:
    """A path parameter that `getX` does not ask for can not be one: the row is wrong."""
    asked = {name.lower() for name in arguments} | {"subscriptionid"}
    wrong = [name for name in re.findall(r"\{(\w+)\}", path) if name.lower() not in asked]
    if wrong:
        raise ValueError(f"tables/types.toml: {token}: its get function does not ask for {', '.join(wrong)}")
