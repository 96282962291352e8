# SPDX-License-Identifier: Apache-2.0
"""Each blueprint lives its whole life on the local target: up, unchanged, one change, drift, down, and up under the same names."""

from dataclasses import dataclass

import pytest

from groundplan_workflows import blueprints
from tests.blueprints.conftest import PlatformOnDisk
from tests.cli.conftest import Cli

WORKSPACE = "azure-native:machinelearningservices:Workspace"
COMPUTE = "azure-native:machinelearningservices:Compute"
CLUSTER = ("2-compute", ["groundplan-compute:clusters", "cpu", "maxNodes"], 3, COMPUTE)


@dataclass(frozen=True)
class Case:
    """What a blueprint is tried with."""

    stack: str
    keys: list[str]
    value: object
    changes: str
    """Type of the one resource that the change updates."""
    instance: str = ""
    workspace: str = "1-workspace"
    """The stack whose workspace is edited by hand."""
    before: str = ""
    """The environment whose stacks come before those of dev."""


CASES = {
    "centralized": Case(*CLUSTER),
    "team-workspaces": Case(*CLUSTER, instance="fraud", workspace="1-workspace/fraud"),
    "cicd-registry": Case("1-workspace", ["groundplan-workspace:cluster", "maxNodes"], 3, COMPUTE, before="shared"),
    "edge-first": Case("4-edge", ["groundplan-edge:iotHub", "units"], 2, "azure-native:iothub:IotHubResource"),
    "serverless": Case(
        "1-workspace", ["groundplan-workspace:budget", "monthlyAmount"], 700, "azure-native:consumption:Budget"
    ),
}


def test_every_blueprint_is_tried() -> None:
    """A new one needs a case."""
    assert sorted(CASES) == blueprints.names()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", sorted(CASES))
def test_life(cli: Cli, name: str) -> None:
    """Counts at each step are those of the engine; what is left is asked of Azure itself."""
    case = CASES[name]
    platform = PlatformOnDisk.write(cli, name)
    run = platform.run
    stack = f"{case.stack}/{case.instance}" if case.instance else case.stack

    if case.before:
        assert run.json("up", "--env", case.before, "--yes")["state"] == "succeeded"
    first = run.json("up", "--yes")
    made = platform.in_azure()
    assert {each["state"] for each in first["stacks"]} == {"succeeded"}
    assert first["changed"] == sum(each["changes"]["create"] for each in first["stacks"])

    assert run.json("preview")["changed"] == 0

    platform.change(case.stack, f"dev-{case.instance}" if case.instance else "dev", case.keys, case.value)
    changed = run.json("up", stack, "--yes")
    assert [(step["operation"], step["type"]) for each in changed["stacks"] for step in each["steps"]] == [
        ("update", case.changes)
    ]

    identifier = run.json("outputs", case.workspace)["stacks"][case.workspace]["workspaceId"]
    platform.edit_in_azure(identifier, "2025-12-01", description="edited by hand")
    drift = run.json("preview", case.workspace, "--refresh")
    assert [(step["operation"], step["type"]) for each in drift["stacks"] for step in each["steps"]] == [
        ("update", WORKSPACE)
    ]

    run("destroy", "--yes")
    if case.before:
        run("destroy", "--env", case.before, "--yes")
    assert platform.in_azure() == []

    if case.before:
        run("up", "--env", case.before, "--yes")
    run("up", "--yes")
    assert platform.in_azure() == made
