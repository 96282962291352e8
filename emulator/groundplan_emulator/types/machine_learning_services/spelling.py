# SPDX-License-Identifier: Apache-2.0
"""Bodies as the machine learning service reads them.

Its JSON reader ignores the case of property names and enum values, takes "true" for true, 1 for "1", and null for absent. Microsoft's own
clients rely on it: azure-ai-ml sends `"authMode": "key"`, and its workspace template `"hbiWorkspace": "false"` and
`"computeruntime": {"SparkRuntimeVersion": ...}`.
"""

from __future__ import annotations

from typing import Any, cast

Schema = dict[str, Any]


def spelt(schema: Schema, body: dict[str, Any]) -> dict[str, Any]:
    """A copy of a body in the spelling of its (strict) request schema; what the schema does not know stays as it is."""
    return cast("dict[str, Any]", _value(schema, schema.get("$defs", {}), body))


def _value(schema: Schema, definitions: dict[str, Schema], value: Any) -> Any:
    schema = _resolved(schema, definitions)
    if isinstance(value, dict):
        return _object(schema, definitions, cast("dict[str, Any]", value))
    if isinstance(value, list):
        items: Schema = schema.get("items", {})
        return [_value(items, definitions, item) for item in cast("list[Any]", value)]
    if isinstance(value, str):
        return _text(schema, value)
    if schema.get("type") == "string" and isinstance(value, int | float):
        return str(value).lower() if isinstance(value, bool) else str(value)
    return value


def _object(schema: Schema, definitions: dict[str, Schema], value: dict[str, Any]) -> dict[str, Any]:
    known: dict[str, Schema] = dict(schema.get("properties", {}))
    names = {name.lower(): name for name in known}
    given = {names.get(name.lower(), name): item for name, item in value.items() if item is not None}
    for branch in schema.get("allOf", ()):
        (tag, wanted), *_ = branch["if"]["properties"].items()
        if str(given.get(tag, "")).lower() == str(wanted["const"]).lower():
            given[tag] = wanted["const"]
            return _value(branch["then"], definitions, given)
    other: Any = schema.get("additionalProperties")
    rest: Schema = cast("Schema", other) if isinstance(other, dict) else {}
    return {name: _value(known.get(name, rest), definitions, item) for name, item in given.items()}


def _resolved(schema: Schema, definitions: dict[str, Schema]) -> Schema:
    while "$ref" in schema:
        schema = definitions[schema["$ref"].rsplit("/", 1)[1]]
    return schema


def _text(schema: Schema, value: str) -> Any:
    allowed: list[Any] = [schema["const"]] if "const" in schema else schema.get("enum", [])
    for option in allowed:
        if isinstance(option, str) and option.lower() == value.lower():
            return option
    if schema.get("type") == "boolean" and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if schema.get("type") == "integer" and value.lstrip("-").isdecimal():
        return int(value)
    return value
