# SPDX-License-Identifier: Apache-2.0
"""An endpoint declared with the library serves the user's own code, and a script that fails is told by `pulumi up`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from azure.ai.ml.entities import Environment, Model
from azure.ai.ml.entities._assets import Code

from tests.emulator.clients.azure_ai_ml.conftest import GROUP, LOCATION, WORKSPACE, environment, ml
from tests.fixtures.azure import RunningAzure
from tests.provider.conftest import Stack

__all__ = ["environment", "ml"]

ENDPOINT = "declared-ep"
SCORE = "import os\n\ndef init():\n    assert os.environ['MOOD'] != 'bad', 'the mood is bad'\n\ndef run(data):\n    return {'said': data}\n"
PROGRAM = f"""
import groundplan as gp
import pulumi

config = pulumi.Config()
gp.ManagedOnlineEndpoint(
    "scoring",
    gp.ManagedOnlineEndpointArgs(
        resource_group_name="{GROUP}",
        workspace_name="{WORKSPACE}",
        endpoint_name="{ENDPOINT}",
        location="{LOCATION}",
        public_network_access=True,
        key_authentication=True,
        deployments={{
            "blue": gp.ManagedDeployment(
                model=config.require("model"),
                environment=config.require("environment"),
                code=config.require("code"),
                scoring_script="score.py",
                environment_variables={{"MOOD": config.get("mood") or "good"}},
                instance_type="Standard_DS3_v2",
                instance_count=config.get_int("count") or 1,
            )
        }},
        traffic={{"blue": 100}},
    ),
)
"""


@pytest.mark.azure_assumed
def test_from_declaration_to_answer(stack: Stack, ml: Any, azure: RunningAzure, tmp_path: Path) -> None:
    """Up, no change, an answer; more instances; a script that fails; and down."""
    code = tmp_path / "code"
    code.mkdir()
    (code / "score.py").write_text(SCORE)
    (tmp_path / "weights.txt").write_text("1")
    assets = {
        "model": ml.models.create_or_update(Model(name="declared", version="1", path=str(tmp_path / "weights.txt"))).id,
        "environment": ml.environments.create_or_update(
            Environment(name="declared", version="1", image="example.org/image:1")
        ).id,
        "code": ml._code.create_or_update(Code(path=str(code))).id,
    }
    for name, id_ in assets.items():
        stack.pulumi("config", "set", name, id_)
    stack.write(PROGRAM)
    question = tmp_path / "question.json"
    question.write_text('"hello"')

    stack.up()
    stack.unchanged()
    assert "hello" in ml.online_endpoints.invoke(ENDPOINT, request_file=str(question))

    stack.pulumi("config", "set", "count", "2")
    stack.up()
    stack.unchanged()
    assert _instances(azure) == 2

    stack.pulumi("config", "set", "mood", "bad")
    said = stack.up(code=1)
    assert "ResourceNotReady" in said
    assert "the mood is bad" in said
    assert "hello" in ml.online_endpoints.invoke(ENDPOINT, request_file=str(question))

    stack.pulumi("config", "set", "mood", "fine")
    stack.up()
    stack.unchanged()
    stack.destroy()
    assert _instances(azure) == 0


def _instances(azure: RunningAzure) -> int:
    """How many processes of the endpoint answer."""
    found = azure.control("GET", "instances")["value"]
    return sum(len(each) for deployment, each in found.items() if f"/onlineendpoints/{ENDPOINT}/" in deployment)
