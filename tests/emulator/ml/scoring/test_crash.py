# SPDX-License-Identifier: Apache-2.0
"""The emulator dies while deployments serve: nothing is left behind, and after a restart they serve again."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest
from azure.core.exceptions import HttpResponseError

from tests.fixtures.azure import running, start, stop

from .conftest import Serving, below, client, until

pytestmark = pytest.mark.azure_assumed


def test_deployments_serve_again_after_the_emulator_was_killed(tmp_path: Path, variables: pytest.MonkeyPatch):
    azure = start(tmp_path / "azure")
    serving = Serving(azure, client(azure, variables), tmp_path)
    endpoint = serving.endpoint("crash-ep")
    deployment = serving.deployment(endpoint, environment_variables={"VERSION": "good"}, instance_count=2)
    serving.put(deployment)
    deployment.code_configuration = serving.code("def init(): raise ValueError\ndef run(data): pass")
    with pytest.raises(HttpResponseError):
        serving.put(deployment)
    old = below(azure.process.pid)

    azure.process.kill()
    azure.process.wait(10)
    azure.client.close()
    with running(tmp_path / "azure") as again:
        serving.azure = again
        serving.ml = client(again, variables)
        until(lambda: len(serving.instances(endpoint)) == 2, "two instances")

        assert serving.score(endpoint, {})["version"] == "good"
        assert not [each for each in psutil.wait_procs(old, 10)[1] if each.is_running()]
        assert serving.ml.online_deployments.get("blue", endpoint).provisioning_state == "Failed"
        new = below(again.process.pid)
    assert not [each for each in psutil.wait_procs(new, 10)[1] if each.is_running()]


def test_a_deployment_that_was_coming_up_goes_on_after_a_restart(tmp_path: Path, variables: pytest.MonkeyPatch):
    azure = start(tmp_path / "azure")
    serving = Serving(azure, client(azure, variables), tmp_path)
    endpoint = serving.endpoint("midway-ep")
    slow = "import time\ndef init(): time.sleep(4)\ndef run(data): return 'up'"
    poller = serving.ml.online_deployments.begin_create_or_update(serving.deployment(endpoint, script=slow))
    until(lambda: below(azure.process.pid), "a process")

    assert not poller.done()
    azure.process.kill()
    azure.process.wait(10)
    azure.client.close()
    again = start(tmp_path / "azure")
    try:
        serving.azure = again
        serving.ml = client(again, variables)
        state = serving.ml.online_deployments.get("blue", endpoint).provisioning_state
        until(lambda: serving.instances(endpoint), "an instance")

        assert state == "Creating"
        assert serving.score(endpoint, {}) == "up"
        until(lambda: serving.ml.online_deployments.get("blue", endpoint).provisioning_state == "Succeeded", "the end")
    finally:
        stop(again)
