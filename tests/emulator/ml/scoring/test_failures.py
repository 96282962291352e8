# SPDX-License-Identifier: Apache-2.0
"""Online deployments that do not come up: Azure's codes, what is to be done, and logs that say why."""

from __future__ import annotations

import re
from typing import Any

import pytest
from azure.ai.ml.entities import CodeConfiguration, Environment, ManagedOnlineDeployment, Model, ProbeSettings
from azure.core.exceptions import HttpResponseError

from groundplan_emulator.ml.scoring.failures import of_container

from .conftest import ECHO, Serving, until

pytestmark = pytest.mark.azure_spec


@pytest.fixture(scope="module")
def endpoint(serving: Serving) -> str:
    return serving.endpoint("failing-ep")


def fails(serving: Serving, deployment: ManagedOnlineDeployment, code: str, says: str) -> Any:
    """It ends as failed, with this; the error."""
    with pytest.raises(HttpResponseError) as caught:
        serving.put(deployment)
    error = caught.value
    assert error.error is not None
    assert error.error.code == code, error.message
    assert re.search(says, error.message, re.DOTALL), error.message
    return error.error


BROKEN = {
    "a module that is not there": (
        "import nothere\ndef init(): pass\ndef run(data): pass",
        "UserScriptImportError",
        r"ModuleNotFoundError: No module named 'nothere'.*Add what 'nothere' comes from to the conda file of environment",
    ),
    "no Python": ("def init(:", "UserScriptImportError", r"could not be imported: SyntaxError"),
    "an exception in init": (
        "def init(): raise ValueError('no weights')\ndef run(data): pass",
        "UserScriptInitFailed",
        r"init\(\) of the scoring script failed: ValueError: no weights",
    ),
    "an exception in init after one that was caught": (
        "import logging\ntry: 1 / 0\nexcept: logging.exception('hm')\ndef init(): raise ValueError('no weights')\ndef run(_): 0",
        "UserScriptInitFailed",
        r"init\(\) of the scoring script failed: ValueError: no weights",
    ),
    "no run": ("def init(): pass", "UserScriptFunctionNotFound", r"no init\(\) or no run\(\)"),
    "an end of the process": (
        "import os\ndef init(): os._exit(9)\ndef run(data): pass",
        "KubernetesCrashLoopBackOff",
        r"it cannot keep a worker: it ended 3 times before it was ready",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_script_that_is_broken(serving: Serving, endpoint: str, what: str):
    script, inner, says = BROKEN[what]
    name = f"broken{list(BROKEN).index(what)}"

    error = fails(serving, serving.deployment(endpoint, name, script), "ResourceNotReady", says)

    assert error.details[0].code == inner
    assert serving.ml.online_deployments.get(name, endpoint).provisioning_state == "Failed"
    assert serving.instances(endpoint, name) == []
    assert "azmlinfsrv" in serving.logs(endpoint, name)
    serving.ml.online_deployments.begin_delete(name, endpoint).result()


def test_a_script_of_an_older_server():
    """It writes the traceback that counts without an introduction, and may write another one before."""
    lines = [
        "Traceback (most recent call last):",
        '  File "create_app.py", line 33, in patch_flask',
        "AttributeError: module 'werkzeug' has no attribute '__version__'",
        "2026-11-27 11:27:02,951 E [18611] azmlinfsrv - Traceback (most recent call last):",
        '  File "score.py", line 4, in <module>',
        "ImportError: cannot import name 'formatargspec' from 'inspect'",
        "azureml_inference_server_http.server.user_script.UserScriptImportException: Failed to import user script",
    ]

    failure = of_container(kubernetes=False, lines=lines, ended="ended", environment="old/1")

    assert "could not be imported: ImportError: cannot import name 'formatargspec'" in str(failure)


def test_an_environment_whose_python_is_not_there(serving: Serving, endpoint: str):
    conda = serving.folder / "old-python.yaml"
    conda.write_text("dependencies:\n- python=2.7\n")
    environment = Environment(name="old", version="1", image="example.org/i:1", conda_file=str(conda))
    script = "from inspect import formatargspec\ndef init(): pass\ndef run(data): pass"

    deployment = serving.deployment(endpoint, "oldpython", script, environment=environment)

    fails(serving, deployment, "ResourceNotReady", r"'formatargspec'.*It asks for Python 2\.7.*and ran on 3\.\d+\.")


def test_an_init_that_never_ends(serving: Serving, endpoint: str):
    probe = ProbeSettings(initial_delay=1, period=1, timeout=1, failure_threshold=1)
    script = "import time\ndef init():\n    print('so slow')\n    time.sleep(600)\ndef run(data): pass"

    deployment = serving.deployment(endpoint, "endless", script, readiness_probe=probe, liveness_probe=probe)

    fails(serving, deployment, "ResourceNotReady", r"did not answer GET / within 2 s")


def test_an_environment_that_cannot_be_made(serving: Serving, endpoint: str):
    conda = serving.folder / "unsolvable.yaml"
    conda.write_text("dependencies:\n- pip:\n  - iniconfig==0.0.77\n")
    environment = Environment(name="unsolvable", version="3", image="example.org/i:1", conda_file=str(conda))

    fails(
        serving,
        serving.deployment(endpoint, "nopackage", environment=environment),
        "ImageBuildFailure",
        r"environment 'unsolvable/3' cannot be made.*no version of iniconfig==0\.0\.77.*Mend its conda file",
    )

    assert "iniconfig==0.0.77" in serving.logs(endpoint, "nopackage")


def test_a_conda_file_that_is_none(serving: Serving, endpoint: str):
    environment = {"properties": {"image": "example.org/i:1", "condaFile": "dependencies: numpy"}}
    id_ = f"{endpoint_id(serving, endpoint).rpartition('/onlineEndpoints/')[0]}/environments/none/versions/1"
    assert serving.azure.arm("PUT", id_, environment, api_version="2025-12-01").is_success

    fails(
        serving,
        serving.deployment(endpoint, "noconda", environment=id_),
        "ImageBuildFailure",
        r"'dependencies' of the conda file must be a list",
    )


def test_code_whose_files_are_gone(serving: Serving, endpoint: str):
    serving.deploy(endpoint, "first", ECHO + "\n    # gone soon")
    code = serving.ml.online_deployments.get("first", endpoint).code_configuration.code
    version = serving.azure.arm("GET", code, api_version="2025-12-01").json()
    account, container = version["properties"]["codeUri"].split("/")[3:5]
    group = code.partition("/providers/")[0]
    path = f"{group}/providers/Microsoft.Storage/storageAccounts/{account.partition('.')[0]}/blobServices/default/containers"
    assert serving.azure.arm("DELETE", f"{path}/{container}", api_version="2023-05-01").is_success

    second = serving.deployment(endpoint, "second")
    second.code_configuration = CodeConfiguration(code=code, scoring_script="score.py")
    fails(serving, second, "BadArgument", r"Unable to download user code: there are no files")

    assert serving.score(endpoint, {}, "first")["weights"] == "17"


def test_a_process_that_uses_too_much_memory(serving: Serving, endpoint: str):
    script = (
        "import time\ndef init():\n    global x\n    x = b'1' * (400 << 20)\n    time.sleep(30)\ndef run(data): pass"
    )
    serving.azure.control("POST", "settings", {"scoring_memory": 300})

    try:
        deployment = serving.deployment(endpoint, "greedy", script)
        fails(serving, deployment, "OutOfQuota", r"OOMKilled: it used \d+ MiB, and 300 MiB are allowed")
    finally:
        serving.azure.control("POST", "settings", {"scoring_memory": 0})


def test_instances_are_bounded_together(serving: Serving, endpoint: str):
    serving.deploy(endpoint, "counted")
    serving.azure.control("POST", "settings", {"scoring_processes": 4})

    try:
        with pytest.raises(HttpResponseError, match=r"(?s)OutOfCapacity.*at most 4 instances") as caught:
            serving.deploy(endpoint, "toomany", instance_count=4)
    finally:
        serving.azure.control("POST", "settings", {"scoring_processes": 0})

    assert "wants 4" in caught.value.message
    assert "raise the setting scoring_processes" in caught.value.message


def test_cores_are_bounded_by_quota(serving: Serving, endpoint: str):
    serving.azure.control("POST", "settings", {"quota_cores": 20})

    try:
        with pytest.raises(HttpResponseError, match="OutOfQuota") as caught:
            serving.deploy(endpoint, "large", instance_type="Standard_E4s_v3", instance_count=5)
    finally:
        serving.azure.control("POST", "settings", {"quota_cores": 0})

    assert "Current usage/limit: 0/20 cores of standardESv3Family" in caught.value.message
    assert "Additional needed: 24 (6 instances of 4 cores, a fifth" in caught.value.message


def test_codes_of_kubernetes(serving: Serving):
    """Scripts have codes of their own there."""
    id_ = kubernetes_endpoint(serving, "kube-ep")
    serving.ml.models.create_or_update(Model(name="kube", version="1", path=str(serving.model("5").path)))
    code = serving.code("def init(): raise OSError('no disk')\ndef run(data): pass")
    managed = serving.endpoint("kube-donor")
    donor = serving.deployment(managed, "donor", model="azureml:kube:1")
    donor.code_configuration = code
    with pytest.raises(HttpResponseError):
        serving.put(donor)
    body = serving.azure.arm(
        "GET", f"{endpoint_id(serving, managed)}/deployments/donor", api_version="2025-12-01"
    ).json()
    body["properties"]["endpointComputeType"] = "Kubernetes"
    body["properties"].pop("instanceType")

    made = serving.azure.arm("PUT", f"{id_}/deployments/blue", body, api_version="2025-12-01")
    poll = made.headers["azure-asyncoperation"].replace(serving.azure.https, serving.azure.http)

    def ended() -> Any:
        answer = serving.azure.client.get(poll, headers={"Authorization": f"Bearer {serving.azure.token}"}).json()
        return answer if answer["status"] != "InProgress" else None

    assert made.json()["properties"]["provisioningState"] == "Creating"
    error = until(ended, "the end of the operation")["error"]
    assert error["code"] == "UserScriptInitFailed"
    assert "OSError: no disk" in error["message"]


def endpoint_id(serving: Serving, name: str) -> str:
    return str(serving.ml.online_endpoints.get(name).id)


def kubernetes_endpoint(serving: Serving, name: str) -> str:
    """An endpoint on an attached cluster; its id."""
    azure = serving.azure
    workspace = endpoint_id(serving, serving.endpoint("kube-way")).rpartition("/onlineEndpoints/")[0]
    group = workspace.partition("/providers/")[0]
    cluster = f"{group}/providers/Microsoft.ContainerService/managedClusters/aks"
    pools = [{"name": "system", "mode": "System", "count": 1}]
    puts: dict[str, tuple[dict[str, Any], str]] = {
        cluster: (
            {
                "location": "westeurope",
                "identity": {"type": "SystemAssigned"},
                "properties": {"agentPoolProfiles": pools},
            },
            "2025-09-01",
        ),
        f"{cluster}/providers/Microsoft.KubernetesConfiguration/extensions/ml": (
            {"properties": {"extensionType": "Microsoft.AzureML.Kubernetes"}},
            "2023-05-01",
        ),
        f"{workspace}/computes/k8s": (
            {"properties": {"computeType": "Kubernetes", "resourceId": cluster, "properties": {"namespace": "ml"}}},
            "2025-12-01",
        ),
        f"{workspace}/onlineEndpoints/{name}": (
            {
                "location": "westeurope",
                "identity": {"type": "SystemAssigned"},
                "properties": {"authMode": "Key", "compute": f"{workspace}/computes/k8s"},
            },
            "2025-12-01",
        ),
    }
    for id_, (body, version) in puts.items():
        answer = azure.arm("PUT", id_, body, api_version=version)
        assert answer.is_success, answer.text
    return f"{workspace}/onlineEndpoints/{name}"


def test_a_failed_deployment_is_mended_by_a_good_one(serving: Serving, endpoint: str):
    deployment = serving.deployment(endpoint, "mended", "def init(): 1 / 0\ndef run(data): pass")
    fails(serving, deployment, "ResourceNotReady", "ZeroDivisionError: division by zero")

    deployment.code_configuration = serving.code(ECHO)
    serving.put(deployment)

    assert serving.score(endpoint, {}, "mended")["weights"] == "17"
