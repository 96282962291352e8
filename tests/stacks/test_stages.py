# SPDX-License-Identifier: Apache-2.0
"""The stages go up in order, change by exactly what the configuration changed, and come down."""

import json
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from groundplan.config import Section, Settings
from groundplan.contracts import CONTRACTS
from groundplan_workflows.graph import model
from tests.fixtures.azure import RunningAzure
from tests.provider.conftest import Stack
from tests.stacks import later_stages
from tests.stacks.conftest import ENVIRONMENT

STACKS = Path(__file__).parents[2] / "stacks"
NAMES = sorted(folder.name for folder in STACKS.iterdir() if (folder / "Pulumi.yaml").exists())
Stage = Callable[[str], Stack]


def azure_resources(stack: Stack) -> list[str]:
    rows = stack.state()["deployment"]["resources"]
    return [row["type"] for row in rows if row["type"].startswith("azure-native:")]


def test_up_change_and_down(stage: Stage, azure: RunningAzure) -> None:
    """Every stage goes up once and is unchanged; one setting is one update, another one replacement."""
    foundation, workspace = stage("0-foundation"), stage("1-workspace")
    later_stages.configure(foundation, later_stages.FOUNDATION)
    later_stages.configure(workspace, later_stages.WORKSPACE)
    foundation.up()
    key = ("--path", "connections.search.apiKey", "key-of-search")
    workspace.pulumi("config", "set", "--plaintext", *key)
    assert "connections.search has a secret in plain text; write it with" in workspace.preview(code=1)
    workspace.pulumi("config", "set", "--secret", *key)
    workspace.up()

    assert "key-of-search" not in json.dumps(workspace.state())
    assert len(azure_resources(foundation) + azure_resources(workspace)) >= 30
    foundation.refresh()
    foundation.unchanged()
    workspace.refresh()
    workspace.unchanged()
    outputs = workspace.outputs()
    assert outputs["workspaceName"] == "mlw-vision-stages"
    found = azure.arm("GET", outputs["workspaceId"], api_version="2025-12-01").json()
    assert found["properties"]["publicNetworkAccess"] == "Disabled"
    assert len(found["properties"]["privateEndpointConnections"]) == 1
    assert found["properties"]["encryption"]["status"] == "Enabled"
    assert found["properties"]["serverlessComputeSettings"]["serverlessComputeNoPublicIP"] is True
    later_stages.live_and_go(stage, azure, workspace)

    workspace.pulumi("config", "set", "--path", "cluster.maxNodes", "4")
    planned = workspace.preview()
    assert "~ 1 to update" in planned
    assert "maxNodeCount: 2 => 4" in planned
    assert not any(sign in planned for sign in ("to create", "to delete", "to replace"))

    workspace.pulumi("config", "set", "--path", "cluster.vmSize", "Standard_DS11_v2")
    assert "1 to replace" in workspace.preview()

    workspace.destroy()
    foundation.destroy()
    for group in ("workspace", "foundation"):
        assert azure.arm("GET", f"/resourceGroups/rg-vision-stages-{group}").status_code == 404


def test_a_foundation_and_others_on_it(stage: Stage, azure: RunningAzure) -> None:
    """Logs are private; another foundation stands in the network and zones of the first, then in a spoke of that network."""
    foundation = stage("0-foundation")
    foundation.up()
    _assert_logs_are_private(foundation, azure)
    _stand_on_what_is_there(foundation, azure)
    foundation.unchanged()
    foundation.destroy()


def _assert_logs_are_private(foundation: Stack, azure: RunningAzure) -> None:
    """Azure itself says so; and the picture shows the way to the logs."""
    outputs = foundation.outputs()
    logs = azure.arm("GET", outputs["logAnalyticsWorkspaceId"], api_version="2023-09-01").json()
    scope = azure.arm("GET", outputs["monitorPrivateLinkScopeId"], api_version="2021-07-01-preview").json()
    drawn = model.build({"0-foundation": ((), foundation.state()["deployment"]["resources"])})
    names = {card.key: card.name for box in drawn.boxes for card in box.cards}
    paths = {(names[edge.start], names[edge.end]): edge.path for edge in drawn.edges}

    assert logs["properties"]["publicNetworkAccessForIngestion"] == "Disabled"
    assert logs["properties"]["publicNetworkAccessForQuery"] == "Disabled"
    assert scope["properties"]["accessModeSettings"]["ingestionAccessMode"] == "PrivateOnly"
    assert len(scope["properties"]["privateEndpointConnections"]) == 1
    assert {paths["monitor-scope", end] for end in ("monitoring", "network", "dns")} == {
        "private endpoint",
        "network",
        "dns",
    }


def _stand_on_what_is_there(foundation: Stack, azure: RunningAzure) -> None:
    """Each goes up twice."""
    hub = foundation.outputs()
    group = f"/subscriptions/{azure.subscription_id}/resourceGroups/rg-vision-{ENVIRONMENT}-foundation"
    config = {"project": "vision", "environment": "spoke", "location": "westeurope"}
    there = {
        "existingNetwork": {"id": hub["virtualNetworkId"], "subnets": {"endpoints": "endpoints", "jobs": "training"}},
        "centralDns": {"resourceGroup": group.rpartition("/")[2], "zoneIds": {"vault": hub["dnsZoneIds"]["vault"]}},
    }
    subnets = {
        "endpoints": {"prefix": "10.21.0.0/24", "purpose": "endpoints", "ports": [8883, 5671]},
        "training": {"prefix": "10.21.8.0/21", "purpose": "training", "firewall": "10.20.0.4"},
        "functions": {"prefix": "10.21.1.0/26", "purpose": "functions"},
    }
    hub_peering = {"networkId": hub["virtualNetworkId"], "bothWays": True, "forwardedTraffic": True}
    spoke = {
        "network": {"addressSpace": "10.21.0.0/16", "subnets": subnets, "peerings": {"hub": hub_peering}},
        "centralDns": {"zoneIds": {"vault": hub["dnsZoneIds"]["vault"]}},
        "dnsZones": ["search"],
        "monitoring": {"privateLink": False},
    }
    foundation.pulumi("stack", "init", "spoke", "--no-select")
    other = Stack(foundation.folder, {**foundation.env, "PULUMI_STACK": "spoke"})
    file = foundation.folder / "Pulumi.spoke.yaml"

    _configure(file, config | there)
    other.up()
    other.unchanged()
    found = other.outputs()
    assert found["virtualNetworkId"] == hub["virtualNetworkId"]
    assert found["subnetIds"]["jobs"] == hub["subnetIds"]["training"]
    assert found["dnsZoneIds"] == {key: hub["dnsZoneIds"][key] for key in found["dnsZoneIds"]}
    made = set(azure_resources(other))
    assert not made & {"azure-native:network:VirtualNetwork", "azure-native:privatedns:PrivateZone"}

    _configure(file, config | spoke)
    other.up()
    other.unchanged()
    found = other.outputs()
    assert "monitorPrivateLinkScopeId" not in found
    assert found["dnsZoneIds"]["vault"] == hub["dnsZoneIds"]["vault"]
    assert found["dnsZoneIds"]["search"].endswith("privatelink.search.windows.net")
    network = azure.arm("GET", hub["virtualNetworkId"], api_version="2024-05-01").json()
    (peering,) = network["properties"]["virtualNetworkPeerings"]
    assert peering["properties"]["remoteVirtualNetwork"]["id"] == found["virtualNetworkId"]
    assert "azure-native:network:NatGateway" not in azure_resources(other)
    training = azure.arm("GET", found["subnetIds"]["training"], api_version="2024-05-01").json()
    assert training["properties"]["routeTable"]["id"]

    elsewhere = hub["virtualNetworkId"].replace(azure.subscription_id, "22222222-2222-4222-8222-222222222222")
    hub_peering["networkId"] = elsewhere
    _configure(file, config | spoke | {"centralDns": {"recordsByPolicy": True}, "dnsZones": [], "monitoring": {}})
    planned = other.preview()
    assert "azure-native:network:PrivateEndpoint" in planned
    assert "+ azure-native:network:PrivateDnsZoneGroup" not in planned
    assert "- azure-native:privatedns:PrivateZone" in planned
    assert "pulumi:providers:azure-native::peer-hub" in planned, "the other side is made in its own subscription"
    assert elsewhere in planned

    other.destroy()


def _configure(file: Path, keys: dict[str, Any]) -> None:
    """Write a stack's whole configuration."""
    YAML().dump({"config": {f"groundplan-foundation:{key}": value for key, value in keys.items()}}, file)


def test_mistakes_are_sentences(stage: Stage) -> None:
    """A missing stage, an empty one and a bad configuration each end in one error that says what to do."""
    workspace = stage("1-workspace")
    said = workspace.preview(code=1)
    assert "cannot read stack 'organization/groundplan-foundation/dev': unknown stack \"organization" in said
    assert "Deploy that stack first" in said

    foundation = stage("0-foundation")
    said = workspace.preview(code=1)
    assert "stack 'organization/groundplan-foundation/dev' exports nothing; is it deployed?" in said

    workspace.pulumi("config", "set", "--path", "cluster.maxNode", "4")
    workspace.pulumi("config", "set", "--path", "cluster.idleMinutes", "0")
    said = workspace.preview(code=1)
    assert "Pulumi.dev.yaml: groundplan-workspace:cluster.maxNode is not a known key; did you mean 'maxNodes'?" in said
    assert (
        "Pulumi.dev.yaml: groundplan-workspace:cluster.idleMinutes is 0: Input should be greater than or equal to 1"
        in said
    )

    foundation.pulumi("config", "set", "--path", "network.subnets.training.prefix", "10.99.0.0/24")
    said = foundation.preview(code=1)
    assert "subnet 'training' is 10.99.0.0/24, outside of address_space 10.20.0.0/16" in said


@pytest.mark.parametrize("name", NAMES)
def test_a_stage_is_a_plain_pulumi_project(name: str) -> None:
    """Every stage has a short program, a page, and the same environments; the Python on PATH runs it."""
    folder = STACKS / name
    project = YAML(typ="safe").load(folder / "Pulumi.yaml")

    assert project["runtime"] == "python"
    assert len((folder / "__main__.py").read_text("utf-8").splitlines()) <= 60
    assert (folder / "README.md").exists()
    (settings,) = (
        each
        for each in runpy.run_path(str(folder / "settings.py")).values()
        if isinstance(each, type) and issubclass(each, Settings) and each is not Settings
    )
    for environment in ("dev", "staging", "prod"):
        file = f"Pulumi.{environment}.yaml"
        config = YAML(typ="safe").load(folder / file)["config"]
        prefix = f"{project['name']}:"
        assert all(key.startswith(prefix) for key in config)
        given = {
            key.removeprefix(prefix): value if isinstance(value, str) else json.dumps(value)
            for key, value in config.items()
        }
        if "environment" in settings.model_fields:
            given |= {"environment": environment}
        assert settings.parse(given, file=file, prefix=prefix)


@pytest.mark.parametrize("name", NAMES)
def test_a_stage_declares_its_contracts(name: str) -> None:
    """By names that exist, and the program reads and returns those very ones."""
    project = YAML(typ="safe").load(STACKS / name / "Pulumi.yaml")
    said = project["groundplan"]
    program = (STACKS / name / "__main__.py").read_text("utf-8")

    assert project["name"] == CONTRACTS[said["exports"]].PROJECT
    assert f"return {said['exports']}(" in program
    for contract in (*said.get("reads", []), *said.get("mayRead", [])):
        assert f"await {contract}.find(settings." in program


@pytest.mark.parametrize("name", NAMES)
def test_every_key_is_in_the_stages_page(name: str) -> None:
    """The page's table names each key that `settings.py` knows."""
    page = (STACKS / name / "README.md").read_text("utf-8")
    sections = [
        each
        for each in runpy.run_path(str(STACKS / name / "settings.py")).values()
        if isinstance(each, type) and issubclass(each, Section) and each not in (Section, Settings)
    ]
    keys = {
        info.alias or field
        for each in sections
        for field, info in each.model_fields.items()
        if not (isinstance(info.annotation, type) and issubclass(info.annotation, Section))
    }

    assert [key for key in sorted(keys) if f"{key}`" not in page] == []
