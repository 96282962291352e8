# SPDX-License-Identifier: Apache-2.0
"""The service's lenient reader, for every type that it has."""

from __future__ import annotations

from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundplan_arm import ResourceType, load, schema
from groundplan_emulator.types.machine_learning_services.spelling import spelt
from tests.fixtures.examples import Example

pytestmark = pytest.mark.azure_assumed
TYPES = [row for row in load().types() if row.arm_type.startswith("Microsoft.MachineLearningServices/")]


@given(st.sampled_from(TYPES), st.randoms(use_true_random=False))
def test_any_case_is_read_as_the_schema_spells_it(row: ResourceType, dice: Any):
    shape = schema.request_schema(row, strict=True)
    body = Example(shape, full=True).body()

    shuffled = recased(shape, shape["$defs"], body, dice)

    assert spelt(shape, shuffled) == spelt(shape, body) == body


def recased(shape: dict[str, Any], definitions: dict[str, Any], value: Any, dice: Any) -> Any:
    """Names of declared properties and enum values in another case."""
    while "$ref" in shape:
        shape = definitions[shape["$ref"].rsplit("/", 1)[1]]
    if isinstance(value, list):
        return [recased(shape.get("items", {}), definitions, item, dice) for item in cast("list[Any]", value)]
    if isinstance(value, str):
        return mixed(value, dice) if "enum" in shape or "const" in shape else value
    if not isinstance(value, dict):
        return value
    found = cast("dict[str, Any]", value)
    for branch in shape.get("allOf", ()):
        ((tag, wanted),) = branch["if"]["properties"].items()
        if found.get(tag) == wanted["const"]:
            return recased(branch["then"], definitions, found, dice)
    known: dict[str, Any] = shape.get("properties", {})
    rest = shape.get("additionalProperties")
    return {
        mixed(name, dice) if name in known else name: recased(
            known.get(name, rest if isinstance(rest, dict) else {}), definitions, item, dice
        )
        for name, item in found.items()
    }


def mixed(text: str, dice: Any) -> str:
    return "".join(dice.choice((char.lower(), char.upper())) for char in text)
