# SPDX-License-Identifier: Apache-2.0
"""Online and batch endpoints, with the unmodified azure-ai-ml SDK."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from azure.ai.ml.entities import (
    BatchEndpoint,
    Environment,
    ManagedOnlineDeployment,
    ManagedOnlineEndpoint,
    Model,
)
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

pytestmark = pytest.mark.azure_spec


def test_an_online_endpoint_from_creation_to_deletion(ml: Any, tmp_path: Path):
    endpoint = ml.online_endpoints.begin_create_or_update(
        ManagedOnlineEndpoint(name="aiml-ep", auth_mode="key")
    ).result()
    environment = ml.environments.create_or_update(Environment(name="serving", image="example.org/image:1"))
    (tmp_path / "model.txt").write_text("weights")
    model = ml.models.create_or_update(Model(name="classifier", version="1", path=str(tmp_path), type="custom_model"))

    def deployment(name: str, **changes: Any) -> ManagedOnlineDeployment:
        settings: dict[str, Any] = {
            "model": model.id,
            "environment": environment.id,
            "instance_type": "Standard_DS3_v2",
            "instance_count": 1,
        }
        return ManagedOnlineDeployment(name=name, endpoint_name="aiml-ep", **{**settings, **changes})

    ml.online_deployments.begin_create_or_update(deployment("blue")).result()
    endpoint.traffic = {"blue": 100}
    ml.online_endpoints.begin_create_or_update(endpoint).result()
    ml.online_deployments.begin_create_or_update(deployment("blue", instance_count=3)).result()

    assert ml.online_endpoints.get("aiml-ep").traffic == {"blue": 100}
    assert [found.instance_count for found in ml.online_deployments.list("aiml-ep")] == [3]
    assert "no container runs" in ml.online_deployments.get_logs("blue", "aiml-ep", lines=5)
    with pytest.raises(HttpResponseError, match="100 percent of the endpoint's traffic"):
        ml.online_deployments.begin_delete("blue", "aiml-ep").result()
    with pytest.raises(HttpResponseError, match="sum to 0 or 100, but they sum to 60"):
        endpoint.traffic = {"blue": 60}
        ml.online_endpoints.begin_create_or_update(endpoint).result()
    with pytest.raises(HttpResponseError, match="deployments that do not exist: green"):
        endpoint.traffic = {"green": 100}
        ml.online_endpoints.begin_create_or_update(endpoint).result()
    with pytest.raises(HttpResponseError, match=r"workspace 'aiml-ws' has no model 'nope' \(its models: classifier"):
        ml.online_deployments.begin_create_or_update(deployment("green", model="azureml:nope:9")).result()

    ml.online_endpoints.begin_delete("aiml-ep").result()
    with pytest.raises(ResourceNotFoundError):
        ml.online_endpoints.get("aiml-ep")


def test_keys_of_an_endpoint(ml: Any):
    ml.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name="aiml-keys", auth_mode="key")).result()
    before = ml.online_endpoints.get_keys("aiml-keys")

    ml.online_endpoints.begin_regenerate_keys("aiml-keys", key_type="secondary").result()
    after = ml.online_endpoints.get_keys("aiml-keys")

    assert (before.primary_key, before.secondary_key) == (after.primary_key, before.secondary_key)
    assert after.secondary_key != before.secondary_key
    ml.online_endpoints.begin_delete("aiml-keys").result()


def test_a_token_of_an_endpoint(ml: Any):
    ml.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name="aiml-token", auth_mode="aml_token")).result()

    token = ml.online_endpoints.get_keys("aiml-token")

    assert token.token_type == "Bearer"
    assert token.expiry_time_utc > token.refresh_after_time_utc
    ml.online_endpoints.begin_delete("aiml-token").result()


def test_batch_endpoints(ml: Any):
    ml.batch_endpoints.begin_create_or_update(BatchEndpoint(name="aiml-batch", description="nightly")).result()

    assert ml.batch_endpoints.get("aiml-batch").description == "nightly"
    assert "aiml-batch" in {endpoint.name for endpoint in ml.batch_endpoints.list()}
    ml.batch_endpoints.begin_delete("aiml-batch").result()
    with pytest.raises(ResourceNotFoundError):
        ml.batch_endpoints.get("aiml-batch")
