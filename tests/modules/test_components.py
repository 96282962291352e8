# SPDX-License-Identifier: Apache-2.0
"""Every component goes up on the real engine, changes nothing the second time, and leaves nothing behind.

Two programs hold all of them: `defaults` is the examples of `docs/modules`, `full` gives every argument.
"""

import re
from pathlib import Path
from typing import Any

import pytest

import groundplan
from groundplan.component import Component
from tests.fixtures.azure import RunningAzure
from tests.provider.conftest import Stack

PAGES = Path(__file__).parents[2] / "docs" / "modules"
FULL = Path(__file__).with_name("full_program.py")
COMPONENTS = {
    name
    for name, public in vars(groundplan).items()
    if isinstance(public, type) and issubclass(public, Component) and name in groundplan.__all__
}
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def documentation() -> str:
    """The pages' examples as one program, in the order of the index."""
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    pages = ["README.md", *re.findall(r"^\| \[[^]]+\]\(([^)]+)\)", index, re.MULTILINE)]
    blocks = [block for page in pages for block in BLOCK.findall((PAGES / page).read_text(encoding="utf-8"))]
    return "\n".join([*blocks, 'pulumi.export("groups", [group.name])'])


def declared(stack: Stack) -> dict[str, list[dict[str, Any]]]:
    """What the state holds, by type."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in stack.state()["deployment"]["resources"]:
        found.setdefault(row["type"], []).append(row)
    return found


def inputs(found: dict[str, list[dict[str, Any]]], kind: str) -> list[dict[str, Any]]:
    rows = found[f"azure-native:{kind}"]
    assert rows
    return [row["inputs"] for row in rows]


def check_secure_defaults(found: dict[str, list[dict[str, Any]]]) -> None:
    """What a component makes when nothing is loosened."""
    for vault in inputs(found, "keyvault:Vault"):
        assert vault["properties"]["publicNetworkAccess"] == "Disabled"
        assert vault["properties"]["enableRbacAuthorization"] is True
        assert vault["properties"]["enableSoftDelete"] is True
        assert vault["properties"]["networkAcls"]["defaultAction"] == "Deny"
    (account,) = (each for each in inputs(found, "storage:StorageAccount") if "allowSharedKeyAccess" in each)
    assert account["publicNetworkAccess"] == "Disabled"
    assert account["allowSharedKeyAccess"] is False
    assert account["allowBlobPublicAccess"] is False
    assert account["minimumTlsVersion"] == "TLS1_2"
    assert account["enableHttpsTrafficOnly"] is True
    for registry in inputs(found, "containerregistry:Registry"):
        assert registry["publicNetworkAccess"] == "Disabled"
        assert registry["adminUserEnabled"] is False
        assert registry["anonymousPullEnabled"] is False
    for workspace in inputs(found, "machinelearningservices:Workspace"):
        assert workspace["publicNetworkAccess"] == "Disabled"
        assert workspace["systemDatastoresAuthMode"] == "Identity"
        assert workspace["v1LegacyMode"] is False
    for cluster in inputs(found, "machinelearningservices:Compute"):
        assert cluster["properties"]["disableLocalAuth"] is True
        assert cluster["properties"]["properties"]["enableNodePublicIp"] is False
        assert cluster["properties"]["properties"]["remoteLoginPortPublicAccess"] == "Disabled"
        assert cluster["properties"]["properties"]["scaleSettings"]["minNodeCount"] == 0
    for subnet in inputs(found, "network:Subnet"):
        assert subnet["defaultOutboundAccess"] is False
        assert subnet["networkSecurityGroup"]["id"]
    for insights in inputs(found, "applicationinsights:Component"):
        assert insights["disableLocalAuth"] is True
        assert insights["publicNetworkAccessForIngestion"] == "Disabled"


@pytest.mark.parametrize("scenario", ["defaults", "full"])
def test_up_twice_and_down(scenario: str, stack: Stack, azure: RunningAzure) -> None:
    """The scenario deploys, a preview after a refresh finds nothing to do, and destroy removes all of it."""
    program = documentation() if scenario == "defaults" else FULL.read_text(encoding="utf-8")
    (stack.folder / "__main__.py").write_text(program, encoding="utf-8")

    stack.up()
    # Azure fills in more once neighbours exist (DNS records of an endpoint, the gateway of an address): none of it is a change to make
    stack.refresh()
    stack.unchanged()

    found = declared(stack)
    assert {kind.rpartition(":")[2] for kind in found if kind.startswith("groundplan:")} == COMPONENTS
    if scenario == "defaults":
        check_secure_defaults(found)
    groups = stack.outputs()["groups"]

    stack.destroy()
    assert [azure.arm("GET", f"/resourceGroups/{group}").status_code for group in groups] == [404] * len(groups)
