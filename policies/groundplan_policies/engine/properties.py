# SPDX-License-Identifier: Apache-2.0
"""The properties that the engine sends, as plain values with marks for what is unknown or secret.

Source of the signatures: sdk/go/common/resource/properties.go and sdk/python/lib/pulumi/runtime/rpc.py of pulumi/pulumi.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from google.protobuf.struct_pb2 import ListValue, Struct, Value

from groundplan_policies.values import SECRET, UNKNOWN

_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  (a mark of the protocol)
_OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_UNKNOWN: Final = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)


def plain(properties: Struct) -> dict[str, Any]:
    """A message's properties: whole numbers as integers, unknown and secret values as marks, assets by their place."""
    return {name: _value(value) for name, value in properties.fields.items()}


def _value(value: Value) -> Any:
    kind = value.WhichOneof("kind")
    match kind:
        case "string_value":
            text = value.string_value
            return UNKNOWN if text in _UNKNOWN else text
        case "bool_value":
            return value.bool_value
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "struct_value":
            return _struct(value.struct_value)
        case "list_value":
            return _list(value.list_value)
        case _:
            return None


def _list(values: ListValue) -> list[Any]:
    return [_value(each) for each in values.values]


def _struct(struct: Struct) -> Any:
    fields = struct.fields
    if _SIGNATURE not in fields:
        return {name: _value(value) for name, value in fields.items()}
    signature = fields[_SIGNATURE].string_value
    if signature == _SECRET:
        return SECRET
    if signature == _OUTPUT:
        if "secret" in fields and fields["secret"].bool_value:
            return SECRET
        return _value(fields["value"]) if "value" in fields else UNKNOWN
    return _asset(fields)


def _asset(fields: Mapping[str, Value]) -> str:
    """An asset or archive: its path or address; its text is not looked at."""
    for name in ("path", "uri"):
        if name in fields:
            return fields[name].string_value
    return "[asset]"
