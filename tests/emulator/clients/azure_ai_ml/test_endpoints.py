# SPDX-License-Identifier: Apache-2.0
"""Online and batch endpoints, with the unmodified azure-ai-ml SDK."""

from __future__ import annotations

import asyncio
import json
import os
import ssl
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
from azure.ai.ml.constants._endpoint import EndpointInvokeFields
from azure.ai.ml.entities import (
    BatchEndpoint,
    CodeConfiguration,
    Environment,
    KubernetesCompute,
    KubernetesOnlineDeployment,
    KubernetesOnlineEndpoint,
    ManagedOnlineDeployment,
    ManagedOnlineEndpoint,
    Model,
    OnlineRequestSettings,
)
from azure.ai.ml.exceptions import MlException
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from tests.fixtures.azure import RunningAzure

pytestmark = pytest.mark.azure_spec


SCORE = """
import json, os

def init():
    global weights
    weights = open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "weights.txt")).read()

def run(data):
    asked = json.loads(data)
    return {"by": os.environ["VERSION"], "weights": weights, "score": 1 / asked["x"]}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scoring script, weights and requests on the user's disk."""
    made = tmp_path_factory.mktemp("endpoints")
    (made / "code").mkdir()
    (made / "code" / "score.py").write_text(SCORE)
    (made / "weights.txt").write_text("17")
    (made / "four.json").write_text('{"x": 4}')
    (made / "zero.json").write_text('{"x": 0}')
    return made


def deployment(folder: Path, endpoint: str, name: str, **changes: Any) -> ManagedOnlineDeployment:
    settings: dict[str, Any] = {
        "model": Model(path=str(folder / "weights.txt")),
        "environment": Environment(image="example.org/image:1"),
        "code_configuration": CodeConfiguration(code=str(folder / "code"), scoring_script="score.py"),
        "environment_variables": {"VERSION": name},
        "instance_type": "Standard_DS3_v2",
        "instance_count": 1,
        "request_settings": OnlineRequestSettings(max_concurrent_requests_per_instance=20, request_timeout_ms=20_000),
    }
    return ManagedOnlineDeployment(name=name, endpoint_name=endpoint, **{**settings, **changes})


def put(ml: Any, entity: Any) -> Any:
    operations = ml.online_deployments if isinstance(entity, ManagedOnlineDeployment) else ml.online_endpoints
    return operations.begin_create_or_update(entity).result()


def asked(ml: Any, endpoint: str, file: Path, **options: Any) -> Any:
    return json.loads(ml.online_endpoints.invoke(endpoint, request_file=str(file), **options))


def test_an_online_endpoint_from_creation_to_deletion(ml: Any, folder: Path):
    endpoint = put(ml, ManagedOnlineEndpoint(name="aiml-ep", auth_mode="key"))
    with pytest.raises(MlException, match="doesn't have any valid deployment with positive weight"):
        ml.online_endpoints.invoke("aiml-ep", request_file=str(folder / "four.json"))
    for name in ("blue", "green"):
        put(ml, deployment(folder, "aiml-ep", name))
    endpoint.traffic = {"blue": 100}
    put(ml, endpoint)

    assert asked(ml, "aiml-ep", folder / "four.json") == {"by": "blue", "weights": "17", "score": 0.25}
    assert asked(ml, "aiml-ep", folder / "four.json", deployment_name="green")["by"] == "green"
    EndpointInvokeFields.DEFAULT_HEADER.pop("azureml-model-deployment")
    with pytest.raises(HttpResponseError, match="An unexpected error occurred in scoring script") as raised:
        ml.online_endpoints.invoke("aiml-ep", request_file=str(folder / "zero.json"))
    assert raised.value.status_code == 424
    assert "ZeroDivisionError" in ml.online_deployments.get_logs("blue", "aiml-ep", lines=100)
    found = ml.online_endpoints.get("aiml-ep")
    assert found.traffic == {"blue": 100, "green": 0}
    swagger = httpx.get(found.openapi_uri, headers=bearer(ml, "aiml-ep"), verify=context())
    assert "/score" in swagger.json()["paths"]

    found.traffic = {"blue": 0, "green": 100}
    put(ml, found)
    assert asked(ml, "aiml-ep", folder / "four.json")["by"] == "green"
    ml.online_deployments.begin_delete("blue", "aiml-ep").result()
    assert ml.online_endpoints.get("aiml-ep").traffic == {"green": 100}
    ml.online_endpoints.begin_delete("aiml-ep").result()
    with pytest.raises(ResourceNotFoundError):
        ml.online_endpoints.get("aiml-ep")


def test_what_the_server_refuses(ml: Any, folder: Path):
    endpoint = put(ml, ManagedOnlineEndpoint(name="aiml-refused", auth_mode="key"))
    blue = deployment(folder, "aiml-refused", "blue")
    for broken, words in (
        ({"model": "azureml:nope:9"}, r"models/nope/versions/9"),
        ({"request_settings": OnlineRequestSettings(request_timeout_ms=181_000)}, "at most 180 s"),
    ):
        with pytest.raises(HttpResponseError, match=words):
            put(ml, deployment(folder, "aiml-refused", "blue", **broken))
    put(ml, blue)
    for traffic, words in (
        ({"blue": 60}, "sum to 0 or 100, but they sum to 60"),
        ({"blue": 110}, "sum to 0 or 100, but they sum to 110"),
        ({"pink": 100}, "deployments that do not exist: pink"),
    ):
        endpoint.traffic = traffic
        with pytest.raises(HttpResponseError, match=words):
            put(ml, endpoint)
    endpoint.traffic = {"blue": 100}
    endpoint.mirror_traffic = {"blue": 10}
    with pytest.raises(HttpResponseError, match="cannot be set to mirror traffic"):
        put(ml, endpoint)
    endpoint.mirror_traffic = {}
    put(ml, endpoint)
    with pytest.raises(HttpResponseError, match="100 percent of the endpoint's traffic"):
        ml.online_deployments.begin_delete("blue", "aiml-refused").result()
    ml.online_endpoints.begin_delete("aiml-refused").result()


def test_only_keys_and_tokens_of_the_endpoint_score(ml: Any, folder: Path):
    for mode, kind in (("key", "key"), ("aml_token", "token"), ("aad_token", "token")):
        name = f"aiml-{mode.replace('_', '-')}"
        endpoint = put(ml, ManagedOnlineEndpoint(name=name, auth_mode=mode))
        put(ml, deployment(folder, name, "blue"))
        endpoint.traffic = {"blue": 100}
        put(ml, endpoint)

        assert asked(ml, name, folder / "four.json")["by"] == "blue"
        uri = ml.online_endpoints.get(name).scoring_uri
        for headers in ({}, {"Authorization": "Bearer nonsense"}):
            answer = httpx.post(uri, json={"x": 1}, headers=headers, verify=context())
            assert (answer.status_code, answer.text.startswith(f"{kind}_auth_")) == (401, True), answer.text
        if mode == "key":
            before = bearer(ml, name)
            ml.online_endpoints.begin_regenerate_keys(name, key_type="primary").result()
            assert httpx.post(uri, json={"x": 1}, headers=before, verify=context()).status_code == 401
            assert asked(ml, name, folder / "four.json")["by"] == "blue"
        ml.online_endpoints.begin_delete(name).result()


def test_no_request_fails_while_traffic_changes_and_deployments_are_swapped(ml: Any, folder: Path):
    name = "aiml-swap"
    endpoint = put(ml, ManagedOnlineEndpoint(name=name, auth_mode="key"))
    for color in ("blue", "green"):
        put(ml, deployment(folder, name, color))
    endpoint.traffic = {"blue": 100}
    uri = put(ml, endpoint).scoring_uri

    with Load(uri, bearer(ml, name)) as load:
        for change in range(20):
            share = (change * 37) % 101
            endpoint.traffic = {"blue": share, "green": 100 - share}
            put(ml, endpoint)
            time.sleep(0.15)
        put(ml, deployment(folder, name, "blue", environment_variables={"VERSION": "blue two"}))
        endpoint.traffic = {"blue": 100}
        put(ml, endpoint)
        ml.online_deployments.begin_delete("green", name).result()

    assert set(load.statuses) == {200}, load.failures
    assert load.statuses[200] > 150
    assert set(load.by) == {"blue", "green", "blue two"}
    ml.online_endpoints.begin_delete(name).result()


def test_an_endpoint_on_kubernetes_scores_with_codes_of_its_own(ml: Any, folder: Path, environment: RunningAzure):
    cluster = f"{environment.group('aiml')}/providers/Microsoft.ContainerService/managedClusters/aks"
    extension = f"{cluster}/providers/Microsoft.KubernetesConfiguration/extensions/ml"
    aks = {
        "location": "westeurope",
        "identity": {"type": "SystemAssigned"},
        "properties": {"agentPoolProfiles": [{"name": "system", "mode": "System", "count": 1}]},
    }
    installed = {"properties": {"extensionType": "Microsoft.AzureML.Kubernetes"}}
    assert environment.arm("PUT", cluster, aks, api_version="2025-09-01").is_success
    assert environment.arm("PUT", extension, installed, api_version="2023-05-01").is_success
    attached = KubernetesCompute(name="k8s", resource_id=cluster, namespace="ml")
    ml.compute.begin_create_or_update(attached).result()
    name = "aiml-kube"
    endpoint = KubernetesOnlineEndpoint(name=name, compute="k8s", auth_mode="key")
    endpoint = ml.online_endpoints.begin_create_or_update(endpoint).result()
    blue = KubernetesOnlineDeployment(
        name="blue",
        endpoint_name=name,
        model=Model(path=str(folder / "weights.txt")),
        environment=Environment(image="example.org/image:1"),
        code_configuration=CodeConfiguration(code=str(folder / "code"), scoring_script="score.py"),
        environment_variables={"VERSION": "on a cluster"},
        instance_count=1,
    )
    ml.online_deployments.begin_create_or_update(blue).result()
    endpoint.mirror_traffic = {"blue": 10}
    with pytest.raises(HttpResponseError, match="not supported for Kubernetes"):
        put(ml, endpoint)
    endpoint.traffic, endpoint.mirror_traffic = {"blue": 100}, {}
    put(ml, endpoint)

    assert asked(ml, name, folder / "four.json")["by"] == "on a cluster"
    with pytest.raises(HttpResponseError) as raised:
        ml.online_endpoints.invoke(name, request_file=str(folder / "zero.json"))
    assert raised.value.status_code == 502
    ml.online_endpoints.begin_delete(name).result()


class Load:
    """50 requests a second, from a thread, for as long as it is entered."""

    def __init__(self, uri: str, headers: dict[str, str]) -> None:
        self.statuses: Counter[int] = Counter()
        self.by: Counter[str] = Counter()
        self.failures: list[str] = []
        self._uri, self._headers = uri, headers
        self._over = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))

    def __enter__(self) -> Load:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(60)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        async with httpx.AsyncClient(verify=context(), headers=self._headers, timeout=30) as client:
            due, tasks = loop.time(), set[asyncio.Task[None]]()
            while not self._over.is_set():
                tasks.add(asyncio.create_task(self._one(client)))
                due += 1 / 50
                await asyncio.sleep(max(0.0, due - loop.time()))
            await asyncio.gather(*tasks)

    async def _one(self, client: httpx.AsyncClient) -> None:
        answer = await client.post(self._uri, json={"x": 4})
        self.statuses[answer.status_code] += 1
        if answer.status_code == 200:
            self.by[answer.json()["by"]] += 1
        else:
            self.failures.append(f"{answer.status_code} {answer.text}")


def bearer(ml: Any, endpoint: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {ml.online_endpoints.get_keys(endpoint).primary_key}"}


def context() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=os.environ["REQUESTS_CA_BUNDLE"])


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
