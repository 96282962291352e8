# SPDX-License-Identifier: Apache-2.0
"""Online deployments that run: what they answer, how they change, and what they say."""

from __future__ import annotations

import os
import signal
import textwrap
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import psutil
import pytest
from azure.ai.ml import MLClient
from azure.ai.ml.entities import Environment, ManagedOnlineDeployment, Model, ProbeSettings
from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential

from .conftest import ECHO, GROUP, Serving, until

pytestmark = pytest.mark.azure_spec


@pytest.fixture(scope="module")
def served(serving: Serving) -> str:
    """An endpoint with a deployment that more than one test looks at."""
    endpoint = serving.endpoint("serve-ep")
    serving.deploy(endpoint, environment_variables={"VERSION": "one"})
    return endpoint


def test_a_deployment_serves_with_its_model_and_variables(serving: Serving, served: str):
    answer = serving.score(served, {"x": 1})

    assert serving.ml.online_deployments.get("blue", served).provisioning_state == "Succeeded"
    assert (answer["weights"], answer["version"], answer["got"]) == ("17", "one", {"x": 1})


def test_logs_are_what_the_process_wrote(serving: Serving, served: str):
    logs = serving.logs(served)

    assert "UserContainerStart: Succeeded" in logs
    assert "azmlinfsrv.print - weights are 17" in logs
    assert len(serving.logs(served, lines=3).partition("Container logs:\n")[2].splitlines()) == 3
    assert "The environment is ready" in (setup := serving.logs(served, container_type="storage-initializer")) or setup


def test_a_process_that_is_killed_comes_back_and_is_counted(serving: Serving, served: str):
    before = serving.instances(served)[0]
    os.kill(before["pid"], signal.SIGKILL)

    after = until(lambda: [each for each in serving.instances(served) if each["pid"] != before["pid"]], "a new process")

    assert serving.score(served, {})["weights"] == "17"
    assert after[0]["restarts"] == before["restarts"] + 1
    assert "ended with exit code 137; it is started again" in serving.logs(served)


def test_instances_are_processes(serving: Serving):
    endpoint = serving.endpoint("scale-ep")
    deployment = serving.deployment(endpoint)
    serving.put(deployment)
    first = serving.instances(endpoint)[0]

    deployment.instance_count = 3
    serving.put(deployment)
    three = serving.instances(endpoint)
    answers = {serving.score(endpoint, {}, instance=number)["pid"] for number in range(3)}
    id_ = f"{serving.ml.online_endpoints.get(endpoint).id}/deployments/blue"
    assert serving.azure.arm("PATCH", id_, {"sku": {"capacity": 1}}, api_version="2025-12-01").is_success
    until(lambda: len(serving.instances(endpoint)) == 1, "one instance")

    assert sorted(each["number"] for each in three) == [0, 1, 2]
    assert first in three
    assert len(answers) == 3
    assert serving.instances(endpoint) == [first]
    gone = {each["pid"] for each in three} - {first["pid"]}
    until(lambda: not any(psutil.pid_exists(pid) for pid in gone), "the end of two processes")


def test_an_update_brings_up_new_processes_and_ends_the_old_ones(serving: Serving):
    endpoint = serving.endpoint("update-ep")
    deployment = serving.deployment(endpoint)
    serving.put(deployment)
    old = serving.instances(endpoint)[0]

    deployment.environment_variables = {"VERSION": "two"}
    serving.put(deployment)

    assert serving.score(endpoint, {})["version"] == "two"
    until(lambda: not psutil.pid_exists(old["pid"]), "the end of the old process")

    deployment.code_configuration = serving.code("def init(): raise RuntimeError('not today')\ndef run(data): pass")
    with pytest.raises(HttpResponseError, match=r"(?s)ResourceNotReady.*RuntimeError: not today"):
        serving.put(deployment)

    assert serving.ml.online_deployments.get("blue", endpoint).provisioning_state == "Failed"
    assert serving.score(endpoint, {})["version"] == "two"

    deployment.code_configuration = serving.code("def init(): pass\ndef run(data): return 'mended'")
    serving.put(deployment)
    assert serving.ml.online_deployments.get("blue", endpoint).provisioning_state == "Succeeded"
    assert serving.score(endpoint, {}) == "mended"


def test_a_request_in_flight_is_answered_before_its_process_ends(serving: Serving):
    endpoint = serving.endpoint("drain-ep")
    slow = "import time\ndef init(): pass\ndef run(data):\n    time.sleep(3)\n    return 'late'"
    deployment = serving.deployment(endpoint, script=slow)
    serving.put(deployment)
    serving.traffic(endpoint, blue=100)
    old = serving.instances(endpoint)[0]
    body = serving.folder / "request.json"
    body.write_text("{}")

    with ThreadPoolExecutor() as pool:
        asked = pool.submit(serving.ml.online_endpoints.invoke, endpoint, request_file=str(body))
        until(lambda: serving.instances(endpoint)[0]["in_flight"], "a request in flight")
        deployment.code_configuration = serving.code("def init(): pass\ndef run(data): return 'soon'")
        serving.put(deployment)
        soon = serving.ml.online_endpoints.invoke(endpoint, request_file=str(body))

    assert soon == '"soon"'
    assert asked.result() == '"late"'
    until(lambda: not psutil.pid_exists(old["pid"]), "the end of the old process")


def test_a_model_of_many_files_keeps_its_folder(serving: Serving):
    folder = serving.folder / "network"
    (folder / "layers").mkdir(parents=True)
    (folder / "layers" / "one.txt").write_text("1")
    (folder / "top.txt").write_text("2")
    endpoint = serving.endpoint("folder-ep")
    script = """
        import os
        from pathlib import Path
        def init(): pass
        def run(data):
            root = Path(os.environ["AZUREML_MODEL_DIR"])
            return sorted(str(each.relative_to(root)) for each in root.rglob("*.txt"))
    """

    serving.deploy(endpoint, script=script, model=Model(name="network", version="3", path=str(folder)))

    assert serving.score(endpoint, {}) == ["network/layers/one.txt", "network/top.txt"]


def test_requirements_of_the_environment_are_there(serving: Serving):
    conda = serving.folder / "conda.yaml"
    conda.write_text("dependencies:\n- pip\n- cudatoolkit=11.8\n- pip:\n  - iniconfig==2.0.0\n")
    endpoint = serving.endpoint("conda-ep")
    script = "import iniconfig\ndef init(): pass\ndef run(data): return iniconfig.__name__"

    serving.deploy(endpoint, script=script, environment=Environment(image="example.org/i:1", conda_file=str(conda)))

    assert serving.score(endpoint, {}) == "iniconfig"
    setup = serving.logs(endpoint, container_type="storage-initializer")
    assert "Left out, as no package index of Python has it: cudatoolkit=11.8" in setup


def test_one_environment_for_all_where_that_is_set(serving: Serving):
    conda = serving.folder / "heavy.yaml"
    conda.write_text("dependencies:\n- pip:\n  - nobody-has-ever-published-this==1\n")
    endpoint = serving.endpoint("shared-ep")
    serving.azure.control("POST", "settings", {"scoring_shared_environment": 1})

    try:
        serving.deploy(endpoint, environment=Environment(image="example.org/i:1", conda_file=str(conda)))
    finally:
        serving.azure.control("POST", "settings", {"scoring_shared_environment": 0})

    assert serving.score(endpoint, {})["weights"] == "17"


def test_code_in_a_container_finds_the_local_azure(serving: Serving):
    endpoint = serving.endpoint("identity-ep")
    script = """
        import os
        from azure.identity import ManagedIdentityCredential
        def init(): pass
        def run(data):
            token = ManagedIdentityCredential().get_token("https://management.azure.com/.default")
            return [token.token.count("."), os.environ["HOME"]]
    """

    serving.deploy(endpoint, script=script)
    dots, home = serving.score(endpoint, {})

    assert dots == 2
    assert home.startswith(str(serving.azure.folder))


def test_assets_of_a_registry(serving: Serving):
    endpoint = serving.endpoint("registry-ep")
    region = {
        "location": "westeurope",
        "acrDetails": [{"systemCreatedAcrAccount": {"acrAccountSku": "Premium"}}],
        "storageAccountDetails": [{"systemCreatedStorageAccount": {"storageAccountType": "Standard_LRS"}}],
    }
    group = serving.ml.online_endpoints.get(endpoint).id.partition("/workspaces/")[0]
    body = {"location": "westeurope", "identity": {"type": "SystemAssigned"}, "properties": {"regionDetails": [region]}}
    assert serving.azure.arm("PUT", f"{group}/registries/shelf", body, api_version="2025-12-01").is_success
    registry = MLClient(DefaultAzureCredential(), serving.azure.subscription_id, GROUP, registry_name="shelf")
    model = registry.models.create_or_update(Model(name="net", version="1", path=str(serving.model("55").path)))
    conda = {"dependencies": [{"pip": ["iniconfig==2.0.0"]}]}
    environment = registry.environments.create_or_update(
        Environment(name="small", version="1", image="example.org/i:1", conda_file=conda)
    )

    serving.deploy(
        endpoint, script=f"import iniconfig\n{textwrap.dedent(ECHO)}", model=model.id, environment=environment.id
    )

    assert model.id == "azureml://registries/shelf/models/net/versions/1"
    assert serving.score(endpoint, {})["weights"] == "55"


def test_secrets_in_environment_variables(serving: Serving):
    workspace = f"{serving.ml.online_endpoints.get(serving.endpoint('secret-ep')).id}".rpartition("/onlineEndpoints/")[
        0
    ]
    connection: dict[str, Any] = {
        "category": "CustomKeys",
        "authType": "CustomKeys",
        "target": "https://example.org",
        "metadata": {"v": "2"},
    }
    connection["credentials"] = {"keys": {"api": "open sesame"}}
    put = serving.azure.arm(
        "PUT", f"{workspace}/connections/outside", {"properties": connection}, api_version="2025-12-01"
    )
    vault = serving.azure.arm("GET", workspace, api_version="2025-12-01").json()["properties"]["keyVault"]
    secret = {"properties": {"value": "from the vault"}}
    kept = serving.azure.arm("PUT", f"{vault}/secrets/one", secret, api_version="2023-07-01")
    script = "import json, os\ndef init(): pass\ndef run(data): return [os.environ[name] for name in json.loads(data)]"
    stem = "azureml://connections/outside"
    variables = {
        "KEY": f"${{{{{stem}/credentials/api}}}}",
        "VERSION_OF_API": f"${{{{{stem}/metadata/v}}}}",
        "TARGET": f"${{{{{stem}/target}}}}",
        "SECRET": f"${{{{keyvault:https://{vault.rsplit('/', 1)[1]}.vault.azure.net/secrets/one}}}}",
        "PLAIN": "${PLAIN}",
    }

    serving.deploy("secret-ep", script=script, environment_variables=variables)

    assert put.is_success, put.text
    assert kept.is_success, kept.text
    values = ["open sesame", "2", "https://example.org", "from the vault", "${PLAIN}"]
    assert serving.score("secret-ep", list(variables)) == values
    assert not [each for each in values[:1] if each in serving.logs("secret-ep")]
    with pytest.raises(HttpResponseError, match=r"SecretsInjectionError.*has no connection 'inside'") as caught:
        serving.deploy("secret-ep", environment_variables={"KEY": "${{azureml://connections/inside/target}}"})
    assert "'KEY' is '${{azureml://connections/inside/target}}'" in caught.value.message


def test_a_liveness_probe_that_fails_starts_the_process_again(serving: Serving):
    endpoint = serving.endpoint("probe-ep")
    script = "import time\ndef init(): pass\ndef run(data):\n    while True: time.sleep(0.1)"
    probe = ProbeSettings(initial_delay=1, period=1, timeout=1, failure_threshold=2)
    serving.deploy(endpoint, script=script, liveness_probe=probe)
    before = serving.instances(endpoint)[0]

    with pytest.raises(httpx.HTTPError):
        serving.score(endpoint, {})

    after = until(lambda: [each for each in serving.instances(endpoint) if each["pid"] != before["pid"]], "a restart")
    assert after[0]["restarts"] > before["restarts"]
    assert "did not answer its liveness probe" in serving.logs(endpoint)


def test_an_image_alone_comes_up_without_instances(serving: Serving):
    endpoint = serving.endpoint("image-ep")

    made = serving.put(
        ManagedOnlineDeployment(
            name="blue",
            endpoint_name=endpoint,
            environment=Environment(image="example.org/image:1"),
            instance_type="Standard_DS3_v2",
            instance_count=1,
        )
    )

    assert made.provisioning_state == "Succeeded"
    assert serving.instances(endpoint) == []
    assert "no container runs in the emulator: it has neither a scoring script nor an MLflow model" in serving.logs(
        endpoint
    )


def test_deleting_ends_processes_and_removes_files(serving: Serving):
    endpoint = serving.endpoint("delete-ep")
    for name in ("blue", "green"):
        serving.deploy(endpoint, name)
    blue, green = (serving.instances(endpoint, name)[0]["pid"] for name in ("blue", "green"))
    root = serving.azure.folder / "ml" / "deployments"
    assert len(list(root.glob("delete-ep-*"))) == 2

    serving.ml.online_deployments.begin_delete("blue", endpoint).result()
    until(lambda: not psutil.pid_exists(blue), "the end of blue")
    serving.deploy(endpoint, "blue", environment_variables={"VERSION": "again"})
    assert serving.score(endpoint, {})["version"] == "again"
    serving.ml.online_endpoints.begin_delete(endpoint).result()

    until(lambda: not psutil.pid_exists(green), "the end of green")
    until(lambda: not list(root.glob("delete-ep-*")), "the end of the files")
