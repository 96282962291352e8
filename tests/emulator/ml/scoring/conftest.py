# SPDX-License-Identifier: Apache-2.0
"""A workspace of an emulator that serves, and deployments of scripts that tests write."""

from __future__ import annotations

import os
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from azure.ai.ml import MLClient
from azure.ai.ml.constants import _common
from azure.ai.ml.entities import (
    CodeConfiguration,
    Environment,
    ManagedOnlineDeployment,
    ManagedOnlineEndpoint,
    Model,
    Workspace,
)
from azure.identity import DefaultAzureCredential

from tests.fixtures.azure import RunningAzure, running

GROUP, WORKSPACE, LOCATION = "serving", "serving-ws", "westeurope"
CLOUD = "AZUREML_CURRENT_CLOUD"
ECHO = """
    import json, os

    def init():
        global weights
        weights = open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "weights.txt")).read()
        print("weights are", weights)

    def run(data):
        return {"weights": weights, "version": os.environ.get("VERSION", ""), "pid": os.getpid(), "got": json.loads(data)}
"""


@dataclass
class Serving:
    """Calls of the real SDK, and a look at the processes behind it."""

    azure: RunningAzure
    ml: Any
    folder: Path
    written: int = field(default=0)

    def endpoint(self, name: str) -> str:
        self.ml.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name=name, auth_mode="key")).result()
        return name

    def code(self, script: str) -> CodeConfiguration:
        self.written += 1
        folder = self.folder / f"code-{self.written}"
        folder.mkdir()
        (folder / "score.py").write_text(textwrap.dedent(script))
        return CodeConfiguration(code=str(folder), scoring_script="score.py")

    def model(self, weights: str = "17") -> Model:
        path = self.folder / f"weights-{weights}" / "weights.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(weights)
        return Model(path=str(path))

    def deployment(
        self, endpoint: str, name: str = "blue", script: str = ECHO, **changes: Any
    ) -> ManagedOnlineDeployment:
        settings: dict[str, Any] = {
            "model": self.model(),
            "environment": Environment(image="example.org/image:1"),
            "code_configuration": self.code(script),
            "instance_type": "Standard_DS3_v2",
            "instance_count": 1,
        }
        return ManagedOnlineDeployment(name=name, endpoint_name=endpoint, **{**settings, **changes})

    def deploy(self, endpoint: str, name: str = "blue", script: str = ECHO, **changes: Any) -> Any:
        return self.put(self.deployment(endpoint, name, script, **changes))

    def put(self, deployment: Any) -> Any:
        return self.ml.online_deployments.begin_create_or_update(deployment, skip_script_validation=True).result()

    def traffic(self, endpoint: str, **shares: int) -> None:
        found = self.ml.online_endpoints.get(endpoint)
        found.traffic = shares
        self.ml.online_endpoints.begin_create_or_update(found).result()

    def logs(self, endpoint: str, name: str = "blue", lines: int = 200, **options: Any) -> str:
        return self.ml.online_deployments.get_logs(name, endpoint, lines=lines, **options)

    def instances(self, endpoint: str, name: str = "blue") -> list[dict[str, Any]]:
        found = self.azure.control("GET", "instances")["value"]
        return next((ready for key, ready in found.items() if key.endswith(f"/{endpoint}/deployments/{name}")), [])

    def score(self, endpoint: str, body: Any, name: str = "blue", instance: int = 0) -> Any:
        port = self.instances(endpoint, name)[instance]["port"]
        answer = httpx.post(f"http://127.0.0.1:{port}/score", json=body, trust_env=False, timeout=20)
        assert answer.status_code == 200, answer.text
        return answer.json()


def until(true: Callable[[], Any], what: str, seconds: float = 30) -> Any:
    """Wait, bounded, until something is true."""
    deadline = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.05)
    return found


def below(pid: int) -> list[psutil.Process]:
    """Every process below one."""
    return psutil.Process(pid).children(recursive=True)


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that still run; one that only waits for whoever started it to take note does not."""
    left = psutil.wait_procs(processes, 10)[1]
    return [each for each in left if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]


@pytest.fixture(scope="module")
def variables() -> Iterator[pytest.MonkeyPatch]:
    """The SDK's own variables, put back afterwards."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_common.LROConfigurations, "SLEEP_TIME", 0)
        patch.setattr(_common.LROConfigurations, "POLL_INTERVAL", 0)
        os.environ.pop(CLOUD, None)
        yield patch
        os.environ.pop(CLOUD, None)


def client(azure: RunningAzure, patch: pytest.MonkeyPatch) -> Any:
    """A client of a workspace, made where it is not there."""
    os.environ.pop(CLOUD, None)
    for name, value in azure.env.items():
        patch.setenv(name, value)
    azure.group(GROUP, LOCATION)
    MLClient(DefaultAzureCredential(), azure.subscription_id, GROUP).workspaces.begin_create(
        Workspace(name=WORKSPACE, location=LOCATION)
    ).result()
    return MLClient(DefaultAzureCredential(), azure.subscription_id, GROUP, WORKSPACE, polling_interval=0)


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory, variables: pytest.MonkeyPatch) -> Iterator[Serving]:
    """One emulator for the tests of a module; nothing that it started is left afterwards."""
    with running(tmp_path_factory.mktemp("serving")) as azure:
        yield Serving(azure, client(azure, variables), tmp_path_factory.mktemp("local"))
        started = below(azure.process.pid)
    assert alive(started) == []
