# SPDX-License-Identifier: Apache-2.0
"""What users get wrong, one row each: Azure's code, and a message that names what is wrong and what to do."""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from azure.ai.ml import MLClient
from azure.ai.ml.constants import _common
from azure.ai.ml.entities import (
    CodeConfiguration,
    Environment,
    ManagedOnlineDeployment,
    ManagedOnlineEndpoint,
    Model,
    OnlineRequestSettings,
    ProbeSettings,
    Workspace,
)
from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential

from tests.fixtures.azure import RunningAzure, running

pytestmark = pytest.mark.azure_spec
GROUP, LOCATION, ENDPOINT = "bad-input", "westeurope", "bad-input-ep"
CLOUD: Final = "AZUREML_CURRENT_CLOUD"
FINE: Final = """
    import json, time

    def init():
        pass

    def run(data):
        wanted = json.loads(data)
        if wanted == "raise":
            raise ValueError("no such customer")
        while wanted == "loop":
            time.sleep(0.01)
        return wanted
"""
LARGE: Final = 3 << 20
"""Bytes; more than a managed endpoint takes."""


@dataclass
class Platform:
    """An endpoint with one deployment that works and has all traffic, and what scripts of users do with it."""

    azure: RunningAzure
    ml: Any
    folder: Path
    made: int = 0

    def deployment(self, script: str = FINE, **changes: Any) -> ManagedOnlineDeployment:
        self.made += 1
        code = self.folder / f"code-{self.made}"
        code.mkdir()
        (code / "score.py").write_text(textwrap.dedent(script))
        weights = self.folder / "weights.txt"
        weights.write_text("1")
        settings: dict[str, Any] = {
            "name": f"bad{self.made}",
            "model": Model(path=str(weights)),
            "environment": Environment(image="example.org/image:1"),
            "code_configuration": CodeConfiguration(code=str(code), scoring_script="score.py"),
            "instance_type": "Standard_DS3_v2",
            "instance_count": 1,
        }
        return ManagedOnlineDeployment(endpoint_name=ENDPOINT, **{**settings, **changes})

    def deploy(self, script: str = FINE, **changes: Any) -> None:
        deployment = self.deployment(script, **changes)
        self.ml.online_deployments.begin_create_or_update(deployment, skip_script_validation=True).result()

    def traffic(self, **shares: int) -> None:
        endpoint = self.ml.online_endpoints.get(ENDPOINT)
        endpoint.traffic = shares
        self.ml.online_endpoints.begin_create_or_update(endpoint).result()

    def score(self, body: Any, key: str | None = None) -> httpx.Response:
        key = key or self.ml.online_endpoints.get_keys(ENDPOINT).primary_key
        uri = self.ml.online_endpoints.get(ENDPOINT).scoring_uri
        return httpx.post(
            uri,
            json=body,
            headers={"Authorization": f"Bearer {key}"},
            verify=str(self.azure.bundle),
            trust_env=False,
            timeout=30,
        )


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with pytest.MonkeyPatch.context() as patch, running(tmp_path_factory.mktemp("azure")) as azure:
        patch.setattr(_common.LROConfigurations, "SLEEP_TIME", 0)
        patch.setattr(_common.LROConfigurations, "POLL_INTERVAL", 0)
        os.environ.pop(CLOUD, None)
        for name, value in azure.env.items():
            patch.setenv(name, value)
        azure.group(GROUP, LOCATION)
        maker = MLClient(DefaultAzureCredential(), azure.subscription_id, GROUP)
        for name in ("bad-input-ws", "bad-input-other"):
            maker.workspaces.begin_create(Workspace(name=name, location=LOCATION)).result()
        ml = MLClient(DefaultAzureCredential(), azure.subscription_id, GROUP, "bad-input-ws", polling_interval=0)
        made = Platform(azure, ml, tmp_path_factory.mktemp("local"))
        ml.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name=ENDPOINT, auth_mode="key")).result()
        made.deploy(name="blue", request_settings=OnlineRequestSettings(request_timeout_ms=1000))
        made.traffic(blue=100)
        yield made
        os.environ.pop(CLOUD, None)


def probe() -> ProbeSettings:
    return ProbeSettings(initial_delay=1, period=1, timeout=1, failure_threshold=1)


def unsolvable(platform: Platform) -> Environment:
    conda = platform.folder / "conda.yaml"
    conda.write_text("dependencies:\n- pip:\n  - iniconfig==0.0.77\n")
    return Environment(name="unsolvable", version="1", image="example.org/image:1", conda_file=str(conda))


def taken(platform: Platform) -> None:
    other = MLClient(
        DefaultAzureCredential(), platform.azure.subscription_id, GROUP, "bad-input-other", polling_interval=0
    )
    other.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name=ENDPOINT, auth_mode="key")).result()


REFUSED: dict[str, tuple[Callable[[Platform], Any], str, str]] = {
    "score.py imports what is not there": (
        lambda on: on.deploy("import nothere\ndef init(): pass\ndef run(data): pass"),
        "ResourceNotReady",
        r"could not be imported: ModuleNotFoundError: No module named 'nothere'.*Add what 'nothere' comes from to the conda file",
    ),
    "score.py is no Python": (
        lambda on: on.deploy("def init(:"),
        "ResourceNotReady",
        r"could not be imported: SyntaxError.*get-logs",
    ),
    "init raises": (
        lambda on: on.deploy("def init(): raise ValueError('no weights')\ndef run(data): pass"),
        "ResourceNotReady",
        r"init\(\) of the scoring script failed: ValueError: no weights.*get-logs",
    ),
    "init opens a file that the model has not": (
        lambda on: on.deploy(
            "import os\ndef init(): open(os.environ['AZUREML_MODEL_DIR'] + '/nothere.pkl')\ndef run(_): 0"
        ),
        "ResourceNotReady",
        r"FileNotFoundError.*nothere\.pkl'.*a list of what is in AZUREML_MODEL_DIR",
    ),
    "init never ends": (
        lambda on: on.deploy(
            "def init():\n    while True: pass\ndef run(data): pass", readiness_probe=probe(), liveness_probe=probe()
        ),
        "ResourceNotReady",
        r"did not answer GET / within 2 s.*get-logs",
    ),
    "score.py is not in the code": (
        lambda on: on.deploy(
            code_configuration=CodeConfiguration(code=str(on.folder / "code-1"), scoring_script="main.py")
        ),
        "ResourceNotReady",
        r"code/main\.py'.*Correct scoring_script: it is the path of a file inside the folder",
    ),
    "a model that there is not": (
        lambda on: on.deploy(model="azureml:nosuchmodel:9"),
        "UserError",
        r"no model 'nosuchmodel'.*Create it first, or correct the reference",
    ),
    "an environment that cannot be solved": (
        lambda on: on.deploy(environment=unsolvable(on)),
        "ImageBuildFailure",
        r"'unsolvable/1' cannot be made.*iniconfig==0\.0\.77.*Mend its conda file",
    ),
    "a size that there is not": (
        lambda on: on.deploy(instance_type="Standard_NOSUCH_v9"),
        "InvalidVmSize",
        r"VM size 'Standard_NOSUCH_v9' is not supported. Did you mean",
    ),
    "traffic of 110": (
        lambda on: on.traffic(blue=110),
        "UserError",
        r"sum to 0 or 100, but they sum to 110: blue=110.*Send all shares in one request",
    ),
    "traffic to a deployment that there is not": (
        lambda on: on.traffic(blue=90, green=10),
        "UserError",
        r"do not exist: green.*Deployments of the endpoint: .*blue",
    ),
    "deleting a deployment that has traffic": (
        lambda on: on.ml.online_deployments.begin_delete("blue", ENDPOINT).result(),
        "UserError",
        r"Cannot delete deployment 'blue': 100 percent.*Set its traffic to 0 first",
    ),
    "an endpoint name that is taken in the region": (
        taken,
        "Conflict",
        rf"already an endpoint with this name \({ENDPOINT}\).*unique within a region.*Try a different name",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_wrong_is_refused(platform: Platform, what: str):
    act, code, says = REFUSED[what]

    with pytest.raises(HttpResponseError) as caught:
        act(platform)

    assert caught.value.error is not None
    assert caught.value.error.code == code, caught.value.message
    assert re.search(says, caught.value.message, re.DOTALL), caught.value.message
    assert "groundplan_emulator" not in caught.value.message
    assert platform.score("still there").json() == "still there"


ANSWERED: dict[str, tuple[Callable[[Platform], httpx.Response], int, str]] = {
    "run raises": (lambda on: on.score("raise"), 424, r"error occurred in scoring script. Check the logs"),
    "run never ends": (lambda on: on.score("loop"), 408, r"did not answer within 1 s.*request_timeout_ms"),
    "a wrong key": (
        lambda on: on.score("x", key="wrong"),
        401,
        r"key_auth_access_denied\n.*neither the primary nor the secondary.*get_keys",
    ),
    "a body over the limit": (lambda on: on.score("x" * LARGE), 413, r"larger than \d+ bytes. Send less"),
}


@pytest.mark.parametrize("what", ANSWERED)
def test_what_is_wrong_is_answered(platform: Platform, what: str):
    act, status, says = ANSWERED[what]

    answer = act(platform)

    assert answer.status_code == status, answer.text
    assert re.search(says, answer.text, re.DOTALL), answer.text
    assert answer.headers.get("ms-azureml-model-error-statuscode") == ("500" if status == 424 else None)
    assert platform.score("still there").json() == "still there"


def test_what_run_raised_is_in_the_logs(platform: Platform):
    platform.score("raise")

    logs = platform.ml.online_deployments.get_logs("blue", ENDPOINT, lines=500)

    assert "ValueError: no such customer" in logs
