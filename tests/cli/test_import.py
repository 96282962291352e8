# SPDX-License-Identifier: Apache-2.0
"""`groundplan import`: resources without a state come under the components that declare them, on the real engine."""

import json
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.conftest import Cli, write_stack

STACKS = Path(__file__).parents[2] / "stacks"

PROGRAM = """
import pulumi
from pulumi_azure_native import authorization, resources

import groundplan as gp

client = authorization.get_client_config()
group = resources.ResourceGroup("group", resource_group_name="rg-live", location="westeurope", tags={"owner": "ml"})
network = gp.Network(
    "network",
    gp.NetworkArgs(
        resource_group_name=group.name,
        location="westeurope",
        network_name="vnet-live",
        address_space="10.0.0.0/16",
        subnets={"endpoints": gp.Subnet(address_prefix="10.0.0.0/24", rules=gp.endpoint_rules())},
    ),
)
gp.KeyVault(
    "vault",
    gp.KeyVaultArgs(
        resource_group_name=group.name,
        location="westeurope",
        vault_name="kv-live-0001",
        tenant_id=client.tenant_id,
        private_endpoint=gp.PrivateEndpoint(subnet_id=network.subnet_ids["endpoints"], dns_managed_elsewhere=True),
    ),
)
if pulumi.Config().get_bool("more"):
    resources.ResourceGroup("more", resource_group_name="rg-more", location="westeurope")
"""


class Live:
    """The Azure on localhost of a command line, asked and changed past the engine."""

    def __init__(self, cli: Cli) -> None:
        record = json.loads((cli.home / "local" / "server.json").read_text())
        self.address = f"http://127.0.0.1:{record['http_port']}"
        self.subscription = str(record["subscription_id"])

    def call(self, method: str, path: str, version: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """One request below the subscription; the answer's body."""
        url = f"{self.address}/subscriptions/{self.subscription}{path}?api-version={version}"
        headers = {"Authorization": "Bearer local"}
        answer = httpx.request(method, url, json=body, headers=headers, trust_env=False, timeout=30)
        assert answer.status_code < 300, answer.text
        return answer.json()


def forget(cli: Cli, project: str) -> None:
    """Remove the state of a stack: its resources live on without one."""
    shutil.rmtree(cli.home / "state" / ".pulumi" / "stacks" / project)


def state(cli: Cli, project: str) -> dict[str, dict[str, Any]]:
    """Resources of a state by URN."""
    file = cli.home / "state" / ".pulumi" / "stacks" / project / "dev.json"
    return {each["urn"]: each for each in json.loads(file.read_text())["checkpoint"]["latest"]["resources"]}


@pytest.fixture
def live(cli: Cli) -> Live:
    """A stack that was up and has lost its state."""
    write_stack(cli.folder, "0-base", "base", PROGRAM, "config:\n  base:more: false\n")
    cli("up", "--yes")
    return Live(cli)


def test_what_exists_comes_under_the_components(cli: Cli, live: Live) -> None:
    """All of it under the same URNs, the preview then empty but for what was changed, what is foreign listed; then nothing."""
    before = state(cli, "base")
    forget(cli, "base")
    group = live.call("GET", "/resourceGroups/rg-live", "2021-04-01")
    live.call("PUT", "/resourceGroups/rg-live", "2021-04-01", {**group, "tags": {"owner": "someone"}})
    foreign = "/resourceGroups/rg-live/providers/Microsoft.Network/natGateways/nat-foreign"
    live.call("PUT", foreign, "2024-05-01", {"location": "westeurope", "sku": {"name": "Standard"}})

    folder = cli.folder / "plan"
    planned = cli.json("import", "base", "-g", "rg-live", "--output", str(folder))
    assert not planned["done"]
    assert not (cli.home / "state" / ".pulumi" / "stacks" / "base").exists(), "nothing is imported without --yes"
    files = sorted(path.name for path in folder.iterdir())
    assert files == ["import-1.json", "import-2.json", "import-3.json", "report.json"]
    first = json.loads((folder / "import-1.json").read_text())["resources"]
    assert {each["logicalName"] for each in first if each.get("component")} == {"network", "vault"}

    done = cli.json("import", "base", "-g", "rg-live", "--yes")
    again = cli.json("import", "base", "-g", "rg-live", "--yes")
    preview = cli.json("preview")["stacks"][0]
    after = state(cli, "base")

    assert done["done"]
    assert done["imported"] == planned["imported"]
    assert {urn for urn in before if "::pulumi:" not in urn} == {urn for urn in after if "::pulumi:" not in urn}
    assert {
        urn: each["id"] for urn, each in before.items() if "azure-native:" in each["type"] and "id" in each
    }.items() >= {each["urn"]: each["id"] for each in done["imported"]}.items()
    assert [(each["operation"], each["name"], each["properties"]) for each in done["remaining"]] == [
        ("update", "group", ["tags.owner"])
    ]
    # the provider is the engine's own, for functions that the program calls
    steps = [step for step in preview["steps"] if not step["type"].startswith("pulumi:providers:")]
    assert [(step["operation"], step["name"]) for step in steps] == [("update", "group")]
    why = {each["name"]: each["why"] for each in done["unmapped"]}
    assert why.pop("nat-foreign") == "no component of the stack declares it"
    assert list(why.values()) == ["Azure makes and deletes it together with its private endpoint"]
    assert not again["done"]
    assert again["imported"] == []
    assert "nothing to import" in cli("import", "base", "-g", "rg-live").stdout
    cli("up", "--yes")
    assert cli.json("preview")["changed"] == 0
    assert live.call("GET", "/resourceGroups/rg-live", "2021-04-01")["tags"] == {"owner": "ml"}


def test_refusals_are_sentences_and_leave_nothing(cli: Cli, live: Live) -> None:
    """An unknown group names those that exist; a folder that holds something is not written to; nor is a state."""
    forget(cli, "base")
    (cli.folder / "full").mkdir()
    (cli.folder / "full" / "mine").write_text("")

    unknown = cli("import", "base", "-g", "rg-nowhere", "--yes", expect=2)
    full = cli("import", "base", "-g", "rg-live", "--output", str(cli.folder / "full"), expect=2)
    (cli.folder / "stacks" / "0-base" / "__main__.py").write_text("raise ValueError('broken')")
    broken = cli("import", "base", "-g", "rg-live", "--yes", expect=4)

    assert "no resource group 'rg-nowhere' in subscription" in unknown.stderr
    assert "it has: rg-live; choose one of these" in unknown.stderr
    assert "is not an empty folder; nothing is overwritten" in full.stderr
    assert [path.name for path in (cli.folder / "full").iterdir()] == ["mine"]
    assert "the program of 0-base cannot be previewed" in broken.stderr
    assert not (cli.home / "state" / ".pulumi" / "stacks" / "base").exists()
    assert live.call("GET", "/resourceGroups/rg-live", "2021-04-01")["name"] == "rg-live"


def test_names_that_differ_become_configuration(cli: Cli) -> None:
    """A group and a network of other names are found, and the stage's configuration names them from then on."""
    folder = cli.folder / "stacks" / "0-foundation"
    shutil.copytree(STACKS / "0-foundation", folder, ignore=shutil.ignore_patterns("__pycache__"))
    config = folder / "Pulumi.dev.yaml"
    plain = config.read_text()
    named = "  groundplan-foundation:names:\n    resource_group/foundation: rg-old\n    virtual_network: vnet-old\n"
    config.write_text(plain + named)
    cli("up", "--yes")
    forget(cli, "groundplan-foundation")
    config.write_text(plain)

    planned = cli.json("import", "foundation", "-g", "rg-old", "--output", str(cli.folder / "plan"))
    untouched = config.read_text()
    done = cli.json("import", "foundation", "-g", "rg-old", "--yes")

    names = {"resource_group/foundation": "rg-old", "virtual_network": "vnet-old"}
    assert planned["names"] == done["names"] == names
    assert untouched == plain
    assert "rg-old" in (cli.folder / "plan" / "Pulumi.dev.yaml").read_text()
    assert "# engineers read logs from their own machines" in config.read_text()
    assert "vnet-old" in config.read_text()
    assert done["remaining"] == []
    assert cli.json("preview")["changed"] == 0
