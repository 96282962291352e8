# SPDX-License-Identifier: Apache-2.0
"""`groundplan import`: resources without a state come under the components that declare them, on the real engine."""

import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from ruamel.yaml import YAML

from tests.cli.conftest import Cli, write_stack

# plain tokens instead of the SDK's classes: the program starts in a third of the time
PROGRAM = """
import pulumi


class Azure(pulumi.CustomResource):
    def __init__(self, token, logical, inputs, parent=None):
        options = pulumi.ResourceOptions(version="3.29.0", parent=parent)
        super().__init__(f"azure-native:{{token}}", logical, {{**inputs, "name": None}}, options)


class Part(pulumi.ComponentResource):
    def __init__(self, logical, parent=None):
        super().__init__("test:index:Part", logical, None, pulumi.ResourceOptions(parent=parent))


place = {{"location": "westeurope"}}
group = Azure("resources:ResourceGroup", "group", {{"resourceGroupName": "rg-live", "tags": {{"owner": "ml"}}, **place}})
part = Part("network")
Part("empty", part)
space = {{"addressPrefixes": ["10.0.0.0/16"]}}
network = Azure(
    "network:VirtualNetwork",
    "network",
    {{"resourceGroupName": group.name, "virtualNetworkName": "vnet-live", "addressSpace": space, **place}},
    part,
)
Azure(
    "network:Subnet",
    "endpoints",
    {{
        "resourceGroupName": group.name,
        "virtualNetworkName": network.name,
        "subnetName": "snet-live",
        "addressPrefix": "10.0.0.0/24",
    }},
    network,
)
Azure(
    "authorization:RoleAssignment",
    "readers",
    {{
        "scope": network.id,
        "roleAssignmentName": "11111111-1111-1111-1111-111111111111",
        "principalId": "22222222-2222-2222-2222-222222222222",
        "principalType": "Group",
        "roleDefinitionId": "{role}",
    }},
    part,
)
Azure("resources:ResourceGroup", "other", {{"resourceGroupName": "rg-other", **place}})
"""
GROUP = "/resourceGroups/rg-live"
VNET = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet-live"
SUBNET = f"{VNET}/subnets/snet-live"
GRANT = f"{VNET}/providers/Microsoft.Authorization/roleAssignments/33333333-3333-3333-3333-333333333333"
PLACE = {"location": "westeurope"}


class Live:
    """The Azure on localhost of a command line, asked and changed past the engine."""

    def __init__(self, cli: Cli) -> None:
        record = json.loads((cli.home / "local" / "server.json").read_text())
        self.address = f"http://127.0.0.1:{record['http_port']}"
        self.subscription = str(record["subscription_id"])
        self.secret = str(record["identity_header"])
        self.role = (
            f"/subscriptions/{self.subscription}/providers/Microsoft.Authorization"
            "/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7"
        )

    def call(self, method: str, path: str, version: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """One request below the subscription; the answer's body."""
        return self.control(method, f"/subscriptions/{self.subscription}{path}?api-version={version}", body)

    def control(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """One request; the answer's body."""
        headers = {"Authorization": "Bearer local", "X-IDENTITY-HEADER": self.secret}
        answer = httpx.request(method, f"{self.address}{path}", json=body, headers=headers, trust_env=False, timeout=30)
        assert answer.status_code < 300, answer.text
        return answer.json()


def forget(cli: Cli, project: str) -> None:
    """Remove the state of a stack: its resources live on without one."""
    shutil.rmtree(cli.home / "state" / ".pulumi" / "stacks" / project)


def state(cli: Cli, project: str) -> dict[str, dict[str, Any]]:
    """Resources of a state by URN, without the engine's own; empty where there is no state."""
    file = cli.home / "state" / ".pulumi" / "stacks" / project / "dev.json"
    if not file.exists():
        return {}
    latest = json.loads(file.read_text())["checkpoint"].get("latest") or {}
    return {each["urn"]: each for each in latest.get("resources") or () if "::pulumi:" not in each["urn"]}


def ids(resources: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Azure's ids by URN; empty for components."""
    return {urn: each.get("id", "") for urn, each in resources.items()}


@pytest.fixture
def live(cli: Cli) -> Live:
    """Resources that were made by hand, and a stack that declares them."""
    cli("local", "start")
    made = Live(cli)
    made.call("PUT", GROUP, "2021-04-01", {**PLACE, "tags": {"owner": "someone"}})
    made.call("PUT", "/resourceGroups/rg-other", "2021-04-01", PLACE)
    space = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}
    made.call("PUT", VNET, "2024-05-01", {**PLACE, "properties": space})
    made.call("PUT", SUBNET, "2024-05-01", {"properties": {"addressPrefix": "10.0.0.0/24"}})
    granted = {"principalId": "22222222-2222-2222-2222-222222222222", "principalType": "Group"}
    body = {"properties": {**granted, "roleDefinitionId": made.role}}
    made.call("PUT", GRANT, "2022-04-01", body)
    write_stack(cli.folder, "0-base", "base", PROGRAM.format(role=made.role), "config: {}\n")
    return made


def test_what_exists_comes_under_the_components(cli: Cli, live: Live) -> None:
    """All of it in one go, a grant under its own name too; what differs, lies elsewhere or is foreign is said; then nothing."""
    foreign = f"{GROUP}/providers/Microsoft.Network/natGateways/nat-foreign"
    live.call("PUT", foreign, "2024-05-01", {**PLACE, "sku": {"name": "Standard"}})

    done = cli.json("import", "base", "-g", "rg-live", "--yes")

    assert done["done"]
    root = f"/subscriptions/{live.subscription}"
    assert {each["name"]: each["id"] for each in done["imported"]} == {
        "group": root + GROUP,
        "network": root + VNET,
        "endpoints": root + SUBNET,
        "readers": root + GRANT,
    }
    told = {each["name"]: each["taken_as_declared"] for each in done["imported"] if "taken_as_declared" in each}
    assert told == {"readers": ["roleAssignmentName"]}
    assert {(each["operation"], each["name"], each["why"]) for each in done["remaining"]} == {
        ("update", "group", "differs: tags.owner"),
        ("create", "other", "exists outside of the group; import it with --resource-group rg-other"),
    }
    (left,) = done["unmapped"]
    assert left["why"] == "no component of the stack declares it"
    assert left["todo"].endswith(f"pulumi import azure-native:network:NatGateway nat-foreign '{root}{foreign}'")

    cli.json("import", "base", "-g", "rg-other", "--yes")
    assert "nothing to import" in cli("import", "base", "-g", "rg-live", "--yes").stdout
    up = cli.json("up", "--yes")
    assert [
        (step["operation"], step["name"]) for step in up["stacks"][0]["steps"] if "::pulumi:" not in step["urn"]
    ] == [("update", "group")]
    assert live.call("GET", GROUP, "2021-04-01")["tags"] == {"owner": "ml"}
    assert cli.json("preview", "--refresh")["changed"] == 0
    cli("destroy", "--yes")
    assert cli.json("local", "status")["ids"] == []


def test_an_unfinished_import_is_finished(cli: Cli, live: Live) -> None:
    """A half of the file imported by hand, then an import that is killed: the next one finishes, and nothing is left to do."""
    live.call("PUT", GROUP, "2021-04-01", {**PLACE, "tags": {"owner": "ml"}})
    folder = cli.folder / "plan"
    planned = cli.json("import", "base", "-g", "rg-live", "--output", str(folder))
    untouched = state(cli, "base")
    content = json.loads((folder / "import.json").read_text())
    components = {each["logicalName"] for each in content["resources"] if each.get("component")}
    content["resources"] = [each for each in content["resources"] if each["logicalName"] in ("group", "network")]
    (cli.folder / "half.json").write_text(json.dumps(content))
    by_hand = cli.shell(
        f'eval "$({sys.executable} -m groundplan_cli local env)"; cd stacks/0-base; '
        "pulumi import --file ../../half.json --yes --skip-preview --generate-code=false --protect=false"
    )
    assert by_hand.returncode == 0, by_hand.stdout + by_hand.stderr
    half = state(cli, "base")

    killed = cli.start("import", "base", "-g", "rg-live", "--yes", TMPDIR=str(cli.folder))
    assert killed.stderr is not None
    for line in killed.stderr:
        if line.startswith("found"):
            os.kill(killed.pid, signal.SIGKILL)
            break
    killed.communicate(timeout=60)
    after_kill = state(cli, "base")
    done = cli.json("import", "base", "-g", "rg-live", "--yes")
    last = cli.json("import", "base", "-g", "rg-other", "--yes")

    assert sorted(path.name for path in folder.iterdir()) == ["import.json", "report.json"]
    assert components == {"network", "empty"}
    assert not planned["done"]
    assert untouched == {}
    assert len(half) == 3
    assert killed.returncode == -signal.SIGKILL
    assert after_kill == half
    assert {each["name"] for each in done["imported"]} == {"endpoints", "readers"}
    assert {each["name"] for each in done["resumed"]} <= {"group", "network"}
    assert [each["name"] for each in done["remaining"]] == ["other"]
    assert [each["name"] for each in last["imported"]] == ["other"]
    assert last["remaining"] == []


def test_two_owners_are_refused(cli: Cli, live: Live) -> None:
    """What another stack has, or the state under another name, stays where it is, and the reason is said."""
    cli("import", "base", "-g", "rg-live", "--yes")
    write_stack(cli.folder, "1-top", "top", PROGRAM.format(role=live.role), "config: {}\n")
    top = cli.json("import", "top", "-g", "rg-live", "--yes")
    program = cli.folder / "stacks" / "0-base" / "__main__.py"
    program.write_text(program.read_text().replace('"endpoints",', '"renamed",'))
    renamed = cli.json("import", "base", "-g", "rg-live", "--yes")

    assert not top["done"]
    assert state(cli, "top") == {}
    assert {each["name"]: each["why"] for each in top["remaining"]} == {
        "group": "stack 0-base has it: two stacks must not own one resource",
        "network": "its name follows from what does not exist yet",
        "endpoints": "its name follows from what does not exist yet",
        "readers": "its name follows from what does not exist yet",
        "other": "exists outside of the group; import it with --resource-group rg-other",
    }
    assert {each["todo"] for each in top["unmapped"]} == {"nothing"}
    assert not renamed["done"]
    why = {each["name"]: each["why"] for each in renamed["remaining"]}
    assert why["endpoints"] == "the program does not declare it any more"
    assert "::endpoints; forget that first: pulumi state delete" in why["renamed"]


def test_refusals_are_sentences_and_leave_nothing(cli: Cli, live: Live) -> None:
    """Groups, stacks, folders, programs and an Azure that fails: each ends with its exit code and what to do, without a state."""
    (cli.folder / "full").mkdir()
    (cli.folder / "full" / "mine").write_text("")

    unknown = cli("import", "base", "-g", "rg-nowhere", "--yes", expect=2)
    missing = cli("import", "bases", "-g", "rg-live", "--yes", expect=2)
    full = cli("import", "base", "-g", "rg-live", "--output", str(cli.folder / "full"), expect=2)
    live.control("POST", "/_groundplan/faults", {"path": "/subnets/", "status": 409, "method": "GET"})
    failing = cli("import", "base", "-g", "rg-live", "--yes", expect=4)
    program = cli.folder / "stacks" / "0-base" / "__main__.py"
    program.write_text("import pulumi\n")
    foreign = cli.json("import", "base", "-g", "rg-live", "--yes")
    program.write_text("raise ValueError('broken')")
    broken = cli("import", "base", "-g", "rg-live", "--yes", expect=4)

    assert "no resource group 'rg-nowhere' in subscription" in unknown.stderr
    assert "it has: rg-live, rg-other; choose one of these" in unknown.stderr
    assert "bases" in missing.stderr
    assert "base" in missing.stderr
    assert "is not an empty folder; nothing is overwritten" in full.stderr
    assert [path.name for path in (cli.folder / "full").iterdir()] == ["mine"]
    assert "409 InjectedFault" in failing.stderr
    assert not foreign["done"]
    assert {each["name"] for each in foreign["unmapped"]} == {"rg-live", "vnet-live", "snet-live"}
    assert {each["why"] for each in foreign["unmapped"]} == {"no component of the stack declares it"}
    assert "the program of 0-base cannot be previewed" in broken.stderr
    assert state(cli, "base") == {}


@pytest.fixture
def platform(cli: Cli) -> Cli:
    """A platform of a blueprint, a managed network, a machine and people added, on names that are not generated."""
    cli("init", "platform", "--blueprint", "centralized", "--project", "vision")
    made = Cli(cli.folder / "platform", cli.home)
    more: dict[str, dict[str, Any]] = {
        "0-foundation": {
            "groundplan-foundation:names": {"resource_group/foundation": "rg-old", "virtual_network": "vnet-old"}
        },
        "1-workspace": {
            "groundplan-workspace:managedNetwork": {"hosts": {"conda": {"host": "conda.anaconda.org"}}},
            "groundplan-workspace:serverlessSubnet": None,
        },
        "2-compute": {
            "groundplan-compute:managedNetwork": True,
            "groundplan-compute:instances": {
                "ada": {"vmSize": "Standard_DS3_v2", "ownerId": "11111111-2222-3333-4444-555555555555"}
            },
        },
        "5-governance": {
            "groundplan-governance:people": {
                "data_scientist": {"team": {"principalId": "22222222-2222-3333-4444-555555555555"}}
            }
        },
    }
    for stack, keys in more.items():
        change(made.folder / "stacks" / stack / "Pulumi.dev.yaml", keys)
    made("up", "--yes")
    return made


def change(file: Path, keys: dict[str, Any]) -> None:
    """Add keys to a configuration; those that are None go."""
    yaml = YAML()
    content = yaml.load(file)
    config = {**content["config"], **keys}
    content["config"] = {key: value for key, value in config.items() if value is not None}
    yaml.dump(content, file)


@pytest.mark.timeout(600)
def test_a_platform_comes_back_stage_by_stage(platform: Cli) -> None:
    """Every stage loses its state and has all of it again, under the same URNs, with nothing to do; the names of the first too."""
    projects = {
        "5-governance": "rg-vision-dev-workspace",
        "3-serving": "rg-vision-dev-workspace",
        "2-compute": "rg-vision-dev-workspace",
        "1-workspace": "rg-vision-dev-workspace",
        "0-foundation": "rg-old",
    }
    config = platform.folder / "stacks" / "0-foundation" / "Pulumi.dev.yaml"
    named = config.read_text()
    change(config, {"groundplan-foundation:names": None})
    assert "rg-old" not in config.read_text()

    for stack, group in projects.items():
        project = f"groundplan-{stack[2:]}"
        before = ids(state(platform, project))
        forget(platform, project)
        folder = platform.folder / stack

        done = platform.json("import", stack, "-g", group, "--output", str(folder), "--yes")

        assert done["remaining"] == [], stack
        assert ids(state(platform, project)) == before, stack
        assert {each["todo"] for each in done["unmapped"]} <= {"nothing"}, stack
        wanted = {"resource_group/foundation": "rg-old", "virtual_network": "vnet-old"}
        assert done["names"] == (wanted if stack == "0-foundation" else {})

    # comments and all
    assert sorted(config.read_text().splitlines()) == sorted(named.splitlines())
    assert (platform.folder / "0-foundation" / "Pulumi.dev.yaml").read_text() == config.read_text()
    up = platform.json("up", "--yes")
    assert {each["state"] for each in up["stacks"]} == {"succeeded"}
    steps = [step for each in up["stacks"] for step in each["steps"] if "::pulumi:" not in step["urn"]]
    assert steps == []
