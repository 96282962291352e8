# SPDX-License-Identifier: Apache-2.0
"""Outputs foretold in previews, for valid inputs of any type."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import groundplan_arm
from groundplan_arm import ResourceType
from groundplan_provider.conversion import request_body
from groundplan_provider.diff import diff
from groundplan_provider.outputs import foretell_create, foretell_update, from_answer
from groundplan_provider.values import COMPUTED, has_computed, reveal, to_struct
from tests.arm.inputs import inputs_of

TYPES = list(groundplan_arm.load().types())
TYPED: st.SearchStrategy[tuple[ResourceType, dict[str, Any]]] = st.sampled_from(TYPES).flatmap(
    lambda known: st.tuples(st.just(known), inputs_of(known))
)


@settings(max_examples=150)
@given(TYPED)
def test_a_preview_of_a_create_foretells_each_output(case: tuple[ResourceType, dict[str, Any]]) -> None:
    """What the program says, at its place; everything else unknown; and the protocol can carry it."""
    known, inputs = case
    foretold = foretell_create(known, inputs)
    to_struct(foretold)

    assert known.outputs.keys() <= foretold.keys()
    for name in known.outputs.keys() - inputs.keys():
        assert reveal(foretold[name]) is COMPUTED or name == "azureApiVersion"


@settings(max_examples=150)
@given(TYPED, st.randoms(use_true_random=False))
def test_a_preview_of_an_update_keeps_what_azure_filled_in(
    case: tuple[ResourceType, dict[str, Any]], random: Any
) -> None:
    """Without a change nothing but the etag is unknown; an input that comes to be unknown makes its output unknown."""
    known, inputs = case
    body = request_body(known, inputs)
    answer = {"id": "/x", "name": "x", "type": known.arm_type, **body}
    outputs = from_answer(known, answer, inputs)

    assert not diff(known, inputs, inputs, outputs).changes
    after = foretell_update(known, inputs, inputs, outputs)
    kept = {name: value for name, value in reveal(after).items() if name not in ("etag", "systemData")}
    assert not has_computed(kept)
    assert reveal(outputs).items() <= {**kept, "etag": outputs.get("etag")}.items()

    both = sorted(inputs.keys() & known.outputs.keys())
    if both:
        name = random.choice(both)
        assert reveal(foretell_update(known, inputs, {**inputs, name: COMPUTED}, outputs)[name]) is COMPUTED
