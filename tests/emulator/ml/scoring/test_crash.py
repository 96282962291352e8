# SPDX-License-Identifier: Apache-2.0
"""The emulator dies or forgets while deployments serve: nothing is left behind, and after a restart they serve again."""

from __future__ import annotations

from pathlib import Path

import pytest
from azure.ai.ml.entities import Model
from azure.core.exceptions import HttpResponseError

from groundplan_emulator import process
from tests.fixtures.azure import running, start, stop

from .conftest import Serving, alive, below, client, until

pytestmark = pytest.mark.azure_assumed


def test_deployments_serve_again_after_the_emulator_was_killed(tmp_path: Path, variables: pytest.MonkeyPatch):
    azure = start(tmp_path / "azure")
    serving = Serving(azure, client(azure, variables), tmp_path)
    endpoint = serving.endpoint("crash-ep")
    model = Model(name="net", version="1", path=str(serving.model("17").path))
    deployment = serving.deployment(endpoint, environment_variables={"VERSION": "good"}, instance_count=2, model=model)
    serving.put(deployment)
    labelled(serving, endpoint, "net")
    serving.ml.models.create_or_update(Model(name="net", version="2", path=str(serving.model("99").path)))
    deployment = serving.ml.online_deployments.get("blue", endpoint)
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

        answer = serving.score(endpoint, {})
        assert (answer["version"], answer["weights"]) == ("good", "17"), "as it came up, whatever the label means now"
        assert alive(old) == []
        assert serving.ml.online_deployments.get("blue", endpoint).provisioning_state == "Failed"
        new = below(again.process.pid)
    assert alive(new) == []
    assert (tmp_path / "azure" / "ml" / "deployments").exists()
    process.wipe(tmp_path / "azure")
    assert not (tmp_path / "azure" / "ml").exists()


def labelled(serving: Serving, endpoint: str, model: str) -> None:
    """Take the newest version of a model, as a template may say."""
    id_ = f"{serving.ml.online_endpoints.get(endpoint).id}/deployments/blue"
    body = serving.azure.arm("GET", id_, api_version="2025-12-01").json()
    workspace = id_.partition("/onlineEndpoints/")[0]
    body["properties"]["model"] = f"{workspace}/models/{model}/labels/latest"
    assert serving.azure.arm("PUT", id_, body, api_version="2025-12-01").is_success
    until(lambda: serving.ml.online_deployments.get("blue", endpoint).provisioning_state == "Succeeded", "the update")


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


def test_a_reset_ends_every_process(tmp_path: Path, variables: pytest.MonkeyPatch):
    with running(tmp_path / "azure") as azure:
        serving = Serving(azure, client(azure, variables), tmp_path)
        serving.deploy(serving.endpoint("reset-ep"))
        root = tmp_path / "azure" / "ml" / "deployments"
        assert [each for each in below(azure.process.pid) if "host.py" in " ".join(each.cmdline())]
        assert list(root.iterdir())

        azure.control("POST", "reset")

        until(lambda: not below(azure.process.pid), "the end of all processes")
        until(lambda: not list(root.iterdir()), "the end of all files")
