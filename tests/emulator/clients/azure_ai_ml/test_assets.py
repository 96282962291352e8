# SPDX-License-Identifier: Apache-2.0
"""Environments, models, data, code and components of a workspace, with the unmodified azure-ai-ml SDK."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from azure.ai.ml.entities import (
    CodeConfiguration,
    Environment,
    ManagedOnlineDeployment,
    ManagedOnlineEndpoint,
    Model,
)

pytestmark = pytest.mark.azure_spec


def test_versions_of_an_environment_follow_each_other(ml: Any):
    """Without a version the SDK writes over the latest one and takes the next when that is refused with a 409."""
    first = ml.environments.create_or_update(Environment(name="counted", image="example.org/image:1"))
    same = ml.environments.create_or_update(Environment(name="counted", image="example.org/image:1"))
    second = ml.environments.create_or_update(Environment(name="counted", image="example.org/image:2"))

    assert (first.version, same.version, second.version) == ("1", "1", "2")
    assert ml.environments.get("counted", label="latest").version == "2"
    ml.environments.archive("counted", version="2")
    assert [found.version for found in ml.environments.list("counted")] == ["1"]


def test_a_model_is_uploaded_from_a_folder(ml: Any, tmp_path: Path):
    (tmp_path / "model.txt").write_text("weights")

    made = ml.models.create_or_update(Model(name="uploaded", path=str(tmp_path), type="custom_model"))

    assert made.version == "1"
    assert "/datastores/workspaceblobstore/paths/LocalUpload/" in made.path


def test_a_deployment_with_code_uploads_it_once(ml: Any, tmp_path: Path):
    (tmp_path / "score.py").write_text("def init(): pass")
    (tmp_path / "model.txt").write_text("weights")
    ml.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name="aiml-code", auth_mode="key")).result()
    deployments = [
        ml.online_deployments.begin_create_or_update(
            ManagedOnlineDeployment(
                name=name,
                endpoint_name="aiml-code",
                model=Model(path=str(tmp_path / "model.txt")),
                environment=Environment(image="example.org/image:1"),
                code_configuration=CodeConfiguration(code=str(tmp_path), scoring_script="score.py"),
                instance_type="Standard_DS3_v2",
                instance_count=1,
            )
        ).result()
        for name in ("blue", "green")
    ]

    codes = {deployment.code_configuration.code for deployment in deployments}
    assert len(codes) == 1
    assert "/codes/" in codes.pop()
    assert "/environments/CliV2AnonymousEnvironment/versions/" in deployments[0].environment
    ml.online_endpoints.begin_delete("aiml-code").result()
