# SPDX-License-Identifier: Apache-2.0
"""SIGKILL of the emulator, of the provider or of the engine in the middle of an `up`: the next `up` converges, nothing is orphaned.

Twenty kills, each at a moment that its seed chooses: when so many resources exist on Azure on localhost.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.fixtures.azure import end_by_record

KILLS = 20
VICTIMS = ("emulator", "provider", "engine")

# plain tokens instead of the SDK's classes: the program starts in a third of the time
PROGRAM = """
import pulumi


class Resource(pulumi.CustomResource):
    name: pulumi.Output[str]

    def __init__(self, type_, logical, /, **inputs):
        super().__init__(f"azure-native:{type_}", logical, {"name": None, **inputs}, pulumi.ResourceOptions(version="3.29.0"))


group = Resource("resources:ResourceGroup", "kill", resourceGroupName="kill", location="westeurope")
within = {"resourceGroupName": group.name}
network = Resource(
    "network:VirtualNetwork", "network", **within, virtualNetworkName="network", addressSpace={"addressPrefixes": ["10.0.0.0/16"]}
)
subnets = [
    Resource(
        "network:Subnet",
        f"subnet-{number}",
        **within,
        virtualNetworkName=network.name,
        subnetName=f"subnet-{number}",
        addressPrefix=f"10.0.{number}.0/24",
    )
    for number in range(3)
]
account = Resource(
    "storage:StorageAccount", "killed", **within, kind="StorageV2", sku={"name": "Standard_LRS"}, minimumTlsVersion="TLS1_2"
)
for name in ("raw", "models"):
    Resource("storage:BlobContainer", name, **within, accountName=account.name, containerName=name)
identity = Resource("managedidentity:UserAssignedIdentity", "identity", **within)
zone = Resource("privatedns:PrivateZone", "zone", **within, privateZoneName="privatelink.blob.core.windows.net", location="global")
Resource(
    "privatedns:VirtualNetworkLink",
    "link",
    **within,
    privateZoneName=zone.name,
    virtualNetworkLinkName="link",
    location="global",
    registrationEnabled=False,
    virtualNetwork={"id": network.id},
)
Resource(
    "network:PrivateEndpoint",
    "endpoint",
    **within,
    subnet={"id": subnets[0].id},
    privateLinkServiceConnections=[{"name": "blob", "privateLinkServiceId": account.id, "groupIds": ["blob"]}],
)
"""

# made by the service itself, so no state holds them
DERIVED = (
    "microsoft.network/networkinterfaces",
    "microsoft.network/privatednszones/soa",
    "/privateendpointconnections",
)


@dataclass
class Project:
    """A project with one stack, driven by the command as a user would."""

    root: Path

    @property
    def azure(self) -> Path:
        return self.root / ".groundplan" / "local"

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "groundplan_cli", *arguments]
        env = {key: value for key, value in os.environ.items() if not key.startswith(("PULUMI_", "GROUNDPLAN_HOME"))}
        log = (self.root / "command.log").open("a")
        return subprocess.Popen(
            command, cwd=self.root, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, text=True
        )

    def run(self, *arguments: str) -> None:
        process = self.start(*arguments)
        code = process.wait(180)
        assert code == 0, f"{arguments} ended with {code}:\n{(self.root / 'command.log').read_text()[-6000:]}"

    def record(self) -> dict[str, Any]:
        return json.loads((self.azure / "server.json").read_text())

    def status(self) -> dict[str, Any]:
        known = self.record()
        answer = httpx.get(
            f"http://127.0.0.1:{known['http_port']}/_groundplan/status",
            headers={"X-IDENTITY-HEADER": known["identity_header"]},
            trust_env=False,
        )
        return answer.raise_for_status().json()

    def slow_down(self) -> None:
        """Writes take a moment, as on Azure: a kill then finds some under way."""
        known = self.record()
        httpx.post(
            f"http://127.0.0.1:{known['http_port']}/_groundplan/faults",
            json={"path": ".*", "method": "PUT", "delay": 0.05, "times": None},
            headers={"X-IDENTITY-HEADER": known["identity_header"]},
            trust_env=False,
        ).raise_for_status()

    def there(self) -> set[str]:
        """Ids on Azure on localhost, but for those that services made."""
        return {found.lower() for found in self.status()["ids"] if not any(kind in _type(found) for kind in DERIVED)}

    def known(self) -> set[str]:
        """Ids in the engine's state."""
        (state,) = (self.root / ".groundplan" / "state").glob(".pulumi/stacks/**/dev.json")
        resources = json.loads(state.read_text())["checkpoint"]["latest"]["resources"]
        return {resource["id"].lower() for resource in resources if resource["type"].startswith("azure-native:")}


def _type(resource_id: str) -> str:
    rest = resource_id.lower().rpartition("/providers/")[2].split("/")
    return "/".join([rest[0], *rest[1::2]])


@pytest.fixture
def project(tmp_path: Path, engine: object):
    """A project of the test's own. Needs an engine on this machine, or time to set one up."""
    stack = tmp_path / "stacks" / "0-kill"
    stack.mkdir(parents=True)
    (stack / "Pulumi.yaml").write_text("name: kill\nruntime: python\n")
    (stack / "Pulumi.dev.yaml").write_text("config: {}\n")
    (stack / "__main__.py").write_text(PROGRAM)
    made = Project(tmp_path)
    yield made
    end_by_record(made.azure)


def victim(project: Project, command: subprocess.Popen[str], kind: str) -> psutil.Process | None:
    """The process to kill, or None while it does not exist."""
    if kind == "emulator":
        return psutil.Process(project.record()["pid"])
    for child in psutil.Process(command.pid).children(recursive=True):
        try:
            line = child.cmdline()
        except psutil.Error:
            continue
        if (kind == "provider" and "groundplan_provider" in " ".join(line)) or (
            kind == "engine" and line and Path(line[0]).name == "pulumi"
        ):
            return child
    return None


def kill_when(project: Project, command: subprocess.Popen[str], kind: str, resources: int) -> bool:
    """SIGKILL the victim as soon as so many resources exist; False when the command was faster."""
    deadline = time.monotonic() + 60
    while command.poll() is None and time.monotonic() < deadline:
        if len(project.status()["ids"]) >= resources and (process := victim(project, command, kind)) is not None:
            process.kill()
            return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize("seed", range(KILLS))
def test_the_next_up_converges(project: Project, seed: int):
    chosen = random.Random(seed)
    kind, resources = VICTIMS[seed % len(VICTIMS)], chosen.randint(1, 11)
    project.run("local", "start")
    project.slow_down()

    command = project.start("up", "--yes")
    killed = kill_when(project, command, kind, resources)
    command.wait(120)
    project.run("up", "--yes")

    assert killed
    assert project.known() == project.there()
    assert len(project.known()) == 12


@pytest.mark.parametrize("kind", VICTIMS)
def test_after_a_kill_everything_can_go(project: Project, kind: str):
    """A destroy that is killed, and the one that follows it."""
    project.run("up", "--yes")
    project.slow_down()

    command = project.start("destroy", "--yes")
    deadline = time.monotonic() + 60
    while command.poll() is None and time.monotonic() < deadline:
        if len(project.status()["ids"]) < 12 and (process := victim(project, command, kind)) is not None:
            process.kill()
            break
        time.sleep(0.005)
    command.wait(120)
    project.run("destroy", "--yes")

    assert project.status()["ids"] == []
