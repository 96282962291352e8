# SPDX-License-Identifier: Apache-2.0
"""Property values through Pulumi's protocol."""

from typing import Any

from google.protobuf import struct_pb2
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime import rpc

from groundplan_provider.values import (
    COMPUTED,
    Asset,
    Secret,
    from_struct,
    has_computed,
    has_secret,
    leaves,
    reveal,
    to_struct,
)

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
)
PLAIN = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
VALUES = st.recursive(
    SCALARS | st.just(COMPUTED) | PLAIN.map(Secret),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=4))
def test_a_bag_survives_the_wire(bag: dict[str, Any]) -> None:
    """Nothing is lost or changed on the way to the engine and back, at any depth."""
    wire = struct_pb2.Struct.FromString(to_struct(bag).SerializeToString())

    assert bag == from_struct(wire)


@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=4))
def test_reveal_opens_every_secret_and_keeps_what_is_inside(bag: dict[str, Any]) -> None:
    """No secret is left, no leaf is lost, and unknowns stay unknown."""
    plain = reveal(bag)

    assert not has_secret(plain)
    assert has_computed(bag) == has_computed(plain)
    assert list(map(repr, leaves(bag))) == list(map(repr, leaves(plain)))


def test_integers_stay_integers() -> None:
    """Pulumi has only doubles; ARM refuses 3.0 where it wants 3."""
    assert repr(from_struct(to_struct({"n": 3}))["n"]) == "3"


def test_unknowns_of_every_kind_are_understood() -> None:
    """The engine marks an unknown by the kind of value that it will be."""
    boolean_and_object = struct_pb2.Struct()
    boolean_and_object.update({"a": rpc.UNKNOWN, "b": "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7"})

    assert from_struct(boolean_and_object) == {"a": COMPUTED, "b": COMPUTED}


def test_a_resource_reference_is_its_id() -> None:
    """And a nested output is its value."""
    wire = struct_pb2.Struct()
    wire.update({"r": {rpc._special_sig_key: rpc._special_resource_sig, "urn": "urn:x", "id": "/subscriptions/s"}})
    wire.update({"o": {rpc._special_sig_key: rpc._special_output_value_sig, "value": "v", "secret": True}})

    assert {"r": "/subscriptions/s", "o": Secret("v")} == from_struct(wire)


def test_assets_keep_their_fields() -> None:
    """An asset comes back as it was sent."""
    wire = struct_pb2.Struct()
    wire.update({"a": {rpc._special_sig_key: rpc._special_asset_sig, "text": "hello", "hash": "h"}})
    bag = from_struct(wire)

    assert isinstance(bag["a"], Asset)
    assert bag["a"].text == "hello"
    assert wire == to_struct(bag)


def test_printing_a_secret_shows_nothing() -> None:
    """Not even in the middle of a bag."""
    assert "sesame" not in repr({"a": [Secret("sesame")]})
