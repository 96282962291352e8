# SPDX-License-Identifier: Apache-2.0
"""Pulumi property values as Python data, and back.

A property bag is a `dict[str, Any]` of JSON values in which three more things may stand anywhere:

* `Secret(value)`: the engine encrypts it in the state; `value` holds no further `Secret`.
* `COMPUTED`: not known before the update runs.
* `Asset(fields)`: a file, text or archive, kept as it came.

The SDK's own `pulumi.runtime.rpc.deserialize_properties` is written for programs: it lifts secrets to the top level and drops nulls;
`pulumi.provider.experimental.PropertyValue` wraps each scalar and knows no unknowns. Both lose what a provider has to hand back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from google.protobuf import struct_pb2
from pulumi.runtime import rpc

Properties: TypeAlias = dict[str, Any]
"""Property names in camelCase to values."""

_SIGNATURE: Final = rpc._special_sig_key
_SECRET: Final = rpc._special_secret_sig
_ASSETS: Final = frozenset({rpc._special_asset_sig, rpc._special_archive_sig})
_RESOURCE: Final = rpc._special_resource_sig
_OUTPUT: Final = rpc._special_output_value_sig
# The engine names an unknown by the kind of value that it will be: sdk/go/common/resource/plugin/rpc.go.
_UNKNOWNS: Final = frozenset(
    {
        rpc.UNKNOWN,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # bool
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that is encrypted in the state; printing it shows no value."""

    value: Any

    def __repr__(self) -> str:
        return "[secret]"


@dataclass(frozen=True, slots=True)
class Asset:
    """A Pulumi asset or archive as the engine sent it."""

    fields: Mapping[str, Any]

    @property
    def text(self) -> str | None:
        """The text of a string asset."""
        return self.fields.get("text")

    @property
    def path(self) -> str | None:
        """The path of a file asset or file archive, relative to the program's folder."""
        return self.fields.get("path")

    @property
    def is_archive(self) -> bool:
        """Whether several files stand behind it."""
        return self.fields[_SIGNATURE] == rpc._special_archive_sig


class _Computed:
    """The type of `COMPUTED`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "COMPUTED"


COMPUTED: Final = _Computed()
"""A value that is not known yet."""


def from_struct(struct: struct_pb2.Struct) -> Properties:
    """The property bag of a protocol message; nulls are kept."""
    return {name: _from_value(value) for name, value in struct.fields.items()}


def to_struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    """The protocol form of a property bag."""
    struct = struct_pb2.Struct()
    for name, value in properties.items():
        _to_value(value, struct.fields[name])
    return struct


def _from_value(value: struct_pb2.Value) -> Any:
    match value.WhichOneof("kind"):
        case "string_value":
            text = value.string_value
            return COMPUTED if text in _UNKNOWNS else text
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
        case "list_value":
            return [_from_value(item) for item in value.list_value.values]
        case "struct_value":
            return _from_fields({name: _from_value(item) for name, item in value.struct_value.fields.items()})
        case _:
            return None


def _from_fields(fields: Properties) -> Any:
    signature = fields.get(_SIGNATURE)
    if signature is None:
        return fields
    if signature == _SECRET:
        return Secret(reveal(fields.get("value")))
    if signature in _ASSETS:
        return Asset(fields)
    if signature == _RESOURCE:
        return fields.get("id") or fields["urn"]
    if signature == _OUTPUT:
        value = fields.get("value", COMPUTED)
        return Secret(reveal(value)) if fields.get("secret") else value
    raise ValueError(f"the engine sent a value of an unknown kind (signature {signature!r})")


def _to_value(value: Any, target: struct_pb2.Value) -> None:
    match value:
        case None:
            target.null_value = struct_pb2.NULL_VALUE
        case bool():
            target.bool_value = value
        case int() | float():
            target.number_value = value
        case str():
            target.string_value = value
        case Secret():
            target.struct_value.fields[_SIGNATURE].string_value = _SECRET
            _to_value(value.value, target.struct_value.fields["value"])
        case _Computed():
            target.string_value = rpc.UNKNOWN
        case Asset():
            _to_value(dict(value.fields), target)
        case Mapping():
            target.struct_value.SetInParent()
            for name, item in value.items():
                _to_value(item, target.struct_value.fields[name])
        case _:
            target.list_value.SetInParent()
            for item in value:
                _to_value(item, target.list_value.values.add())


def reveal(value: Any) -> Any:
    """The value with every `Secret` opened; unknowns and assets stay."""
    match value:
        case Secret():
            return reveal(value.value)
        case dict():
            return {name: reveal(item) for name, item in value.items()}
        case list():
            return [reveal(item) for item in value]
        case _:
            return value


def has_computed(value: Any) -> bool:
    """Whether a part of the value is not known yet."""
    match value:
        case _Computed():
            return True
        case Secret():
            return has_computed(value.value)
        case dict():
            return any(map(has_computed, value.values()))
        case list():
            return any(map(has_computed, value))
        case _:
            return False


def has_secret(value: Any) -> bool:
    """Whether a part of the value is secret."""
    match value:
        case Secret():
            return True
        case dict():
            return any(map(has_secret, value.values()))
        case list():
            return any(map(has_secret, value))
        case _:
            return False


def leaves(value: Any) -> Iterator[Any]:
    """Every scalar, unknown and asset inside the value, secrets opened."""
    match value:
        case Secret():
            yield from leaves(value.value)
        case dict():
            for item in value.values():
                yield from leaves(item)
        case list():
            for item in value:
                yield from leaves(item)
        case _:
            yield value


def without_internal(properties: Mapping[str, Any]) -> Properties:
    """The bag without what Pulumi keeps for itself (`__defaults`, `__createBeforeDelete`, ...)."""
    return {name: value for name, value in properties.items() if not name.startswith("__")}
