# SPDX-License-Identifier: Apache-2.0
"""Online deployments that run: what they answer, how they change, and what they say."""

from __future__ import annotations

import pytest

from .conftest import Serving

pytestmark = pytest.mark.azure_spec


def test_a_deployment_serves_with_its_model_and_variables(serving: Serving):
    endpoint = serving.endpoint("serve-ep")

    made = serving.deploy(endpoint, environment_variables={"VERSION": "one"})

    assert made.provisioning_state == "Succeeded"
    answer = serving.score(endpoint, {"x": 1})
    assert (answer["weights"], answer["version"], answer["got"]) == ("17", "one", {"x": 1})
    assert "weights are 17" in serving.logs(endpoint)
