# SPDX-License-Identifier: Apache-2.0
"""Versions of models over the outputs and artifacts of jobs."""

from __future__ import annotations

from typing import Any

import pytest

from groundplan_arm.ids import ResourceId
from groundplan_emulator.app import Azure
from groundplan_emulator.arm import lifecycle
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.messages import Request
from tests.emulator.ml.assets.conftest import ARTIFACTS, WORKSPACE, blob

pytestmark = pytest.mark.azure_spec
LONG = "azureml://subscriptions/s/resourcegroups/g/workspaces/ws"


def put(core: Azure, version: str, **properties: Any) -> dict[str, Any]:
    """Write a version of the model `m`; its properties."""
    id_ = ResourceId.parse(f"{WORKSPACE}/models/m/versions/{version}")
    with core.working() as outer:
        request = Request("PUT", id_.id, "", {}, b"", core.settings.https)
        ctx = Context(outer.store, core.clock, core.settings, core.registry, request)
        armtype = core.registry.find(id_.type, id_.id)
        assert armtype is not None
        made = lifecycle.prepare(ctx, armtype, id_, {"properties": properties}, ctx.get(id_.key))
        ctx.store.put(made, id_.parent_id)
        armtype.written(ctx, made, created=True)
    return made.properties


@pytest.mark.parametrize(
    "uri",
    [
        "azureml://jobs/j1/outputs/m",
        "azureml://jobs/j1/outputs/m/paths/model.txt",
        f"{LONG}/jobs/j1/outputs/m",
        "runs:/j1/model",
        "azureml://jobs/j1/outputs/artifacts/paths/model",
    ],
)
def test_a_model_knows_the_job_that_made_it(core: Azure, uri: str):
    blob(core, "azureml/j1/m/model.txt")
    blob(core, "ExperimentRun/dcid.j1/model/MLmodel", container=ARTIFACTS)

    made = put(core, "1", modelUri=uri)
    again = put(core, "1", modelUri=uri)
    kept = put(core, "1", modelUri=made["modelUri"], description="said")

    assert "/datastores/workspace" in made["modelUri"]
    assert [each["jobName"] for each in (made, again, kept)] == ["j1", "j1", "j1"]


def test_a_job_that_is_named_stays(core: Azure):
    blob(core, "azureml/j1/m/model.txt")

    assert put(core, "1", modelUri="azureml://jobs/j1/outputs/m", jobName="other")["jobName"] == "other"


def test_other_models_have_no_job(core: Azure):
    blob(core, "LocalUpload/model.txt")

    assert "jobName" not in put(core, "1", modelUri="azureml://datastores/workspaceblobstore/paths/LocalUpload")
