# SPDX-License-Identifier: Apache-2.0
"""Every type of the table, both directions, property by property."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundplan_arm import body, load, schema
from tests.arm.inputs import inputs_of

TOKENS = [found.token for found in load().types()]
MODULES = sorted({token.split(":")[1] for token in TOKENS})
SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example, HealthCheck.filter_too_much)
SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"


@pytest.mark.parametrize("module", MODULES)
def test_inputs_survive_the_way_to_azure_and_back(module: str) -> None:
    for token in (token for token in TOKENS if token.split(":")[1] == module):
        _round_trip(token)


def _round_trip(token: str) -> None:
    resource_type = load().by_token(token)

    @settings(max_examples=5, derandomize=True, deadline=None, database=None, suppress_health_check=SLOW)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        inputs = data.draw(inputs_of(resource_type), label=token)
        assert schema.validate_inputs(resource_type, inputs) == []
        request = body.to_arm(resource_type, inputs)
        assert schema.validate_request(resource_type, request) == []
        assert schema.strip_read_only(resource_type, request) == request
        resource_id = resource_type.resource_id(inputs, subscription_id=SUBSCRIPTION)
        sent_elsewhere = {name: value for name, value in inputs.items() if resource_type.inputs[name].role == "query"}
        back = body.inputs_from_arm(resource_type, request, resource_id)
        assert {**back, **sent_elsewhere} == inputs
        outputs = body.from_arm(resource_type, request)
        for name in set(outputs) & set(inputs):
            if resource_type.inputs[name].role == "body":
                _agree(outputs[name], inputs[name], f"{token} {name}")

    check()


def _agree(output: Any, given_input: Any, where: str) -> None:
    """Outputs may leave out what is only written, but what they hold is what was sent."""
    if isinstance(output, dict) and isinstance(given_input, dict):
        for name in set(output) & set(given_input):
            _agree(output[name], given_input[name], f"{where}.{name}")
        assert set(output) <= set(given_input), where
    elif isinstance(output, dict) and isinstance(given_input, list):
        assert list(output) == given_input, where  # a list of ids in, a map by id out
    elif isinstance(output, dict) and isinstance(given_input, list):
        assert list(output) == given_input, where  # ids of user-assigned identities
    elif isinstance(output, list) and isinstance(given_input, list):
        assert len(output) == len(given_input), where
        for first, second in zip(output, given_input, strict=True):
            _agree(first, second, where)
    else:
        assert output == given_input, where
