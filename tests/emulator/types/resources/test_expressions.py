# SPDX-License-Identifier: Apache-2.0
"""The expression language of templates."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.types.resources.template.expressions import evaluated
from groundplan_emulator.types.resources.template.functions import call

pytestmark = pytest.mark.azure_spec
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet="ab[]'(,. "),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("[[bracket]", "[bracket]"),
        ("[concat('a', 'b', 1)]", "ab1"),
        ("[concat(createArray(1), createArray(2))]", [1, 2]),
        ("['it''s']", "it's"),
        ("[if(equals('A', 'a'), 'yes', 'no')]", "yes"),
        ("[if(true(), 1, unknownFunction())]", 1),
        ("[and(true(), not(false()))]", True),
        ("[or(false(), false())]", False),
        ('[json(\'{"a": {"b": [10, 20]}}\').a.b[1]]', 20),
        ("[createObject('Name', 5).name]", 5),
        ("[length(split('a,b,c', ','))]", 3),
        ("[substring('abcdef', 2, 3)]", "cde"),
        ("[format('{0}-{1}', 'a', 2)]", "a-2"),
        ("[coalesce(null(), 'x')]", "x"),
        ("[union(createObject('a', 1), createObject('b', 2))]", {"a": 1, "b": 2}),
        ("[contains(createArray('a'), 'a')]", True),
        ("[empty('')]", True),
        ("[add(mul(2, 3), div(7, 2))]", 9),
        ("[max(createArray(3, 9, 1))]", 9),
        ("[string(true())]", "True"),
        ("[guid('a', 'b')]", "3c0a5b6c"),
    ],
)
def test_values(text: str, value: Any):
    found = evaluated(text, call)

    if text.startswith("[guid"):
        assert len(found) == 36
        assert found == evaluated(text, call)
    else:
        assert found == value


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[concat('a']", "the expression ends too early"),
        ("[concat('a' 'b')]", "expected ',' or ')', found ''b''"),
        ("[concat]", "ends too early"),
        ("[concat('a') 'b']", "unexpected ''b''"),
        ("[#]", "unexpected '#'"),
        ("[createArray(1)[3]]", "the index 3 is out of the array's 1 items"),
        ("[createObject('a', 1).b]", "the property 'b' does not exist; available are 'a'"),
        ("[if('maybe', 1, 2)]", "a condition must be a boolean"),
        ("[if(true(), 1)]", "takes 3 arguments"),
        ("[substring('abc', 2, 9)]", "outside the text's 3 characters"),
        ("[pickZones('a')]", "'pickZones' is not supported by the emulator"),
    ],
)
def test_refusals_name_the_expression(text: str, why: str):
    with pytest.raises(ArmError) as caught:
        evaluated({"deep": [text]}, call)

    assert caught.value.code == "InvalidTemplate"
    assert text in caught.value.message
    assert why in caught.value.message


@given(JSON)
def test_values_without_expressions_stay(value: Any):
    """Escaping every text that starts with a bracket makes any JSON value a literal."""
    assert evaluated(escaped(value), call) == value


def escaped(value: Any) -> Any:
    if isinstance(value, str):
        return f"[{value}" if value.startswith("[") else value
    if isinstance(value, list):
        return [escaped(item) for item in value]
    return {name: escaped(item) for name, item in value.items()} if isinstance(value, dict) else value


@given(st.lists(st.text(), max_size=4))
def test_texts_survive_quoting(parts: list[str]):
    quoted = ", ".join("'" + part.replace("'", "''") + "'" for part in parts)

    assert evaluated(f"[concat({quoted})]", call) == "".join(parts)
