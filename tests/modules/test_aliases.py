# SPDX-License-Identifier: Apache-2.0
"""Aliases of older API versions: kept for what the state holds, left out otherwise, with the real engine."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pulumi import Alias, ResourceOptions, ResourceTransformationArgs

from groundplan.aliases import UnusedAliases, _deployed_in_file, mode  # pyright: ignore[reportPrivateUsage]
from groundplan.errors import ConfigError
from tests.provider.conftest import Stack

PROGRAM = """
import pulumi
import groundplan as gp
from groundplan.component import Component
from pulumi_azure_native import network, resources

class Team(Component):
    identity_id: pulumi.Output[str]

    def __init__(self, name, group, opts=None):
        super().__init__(name, opts)
        self.identity_id = gp.Identity(
            f"{name}-id", gp.IdentityArgs(resource_group_name=group.name, identity_name="id-team"), opts=self.child()
        ).id
        self.seal()

group = resources.ResourceGroup("group", resource_group_name=pulumi.Config().require("group"))
gp.Network("net", gp.NetworkArgs(
    resource_group_name=group.name, address_space="10.0.0.0/16", subnets={"one": gp.Subnet(address_prefix="10.0.0.0/24")}))
Team("team", group, pulumi.ResourceOptions(aliases=[pulumi.Alias(name="band")]))
network.VirtualNetwork("plain", virtual_network_name="plain", resource_group_name=group.name,
    address_space={"address_prefixes": ["10.1.0.0/16"]}, opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="simple")]))
pulumi.export("secret", pulumi.Output.secret("only for these tests"))
"""

OLD = {
    "azure-native:managedidentity:UserAssignedIdentity": "azure-native:managedidentity/v20230131:UserAssignedIdentity",
    "azure-native:network:NetworkSecurityGroup": "azure-native:network/v20220701:NetworkSecurityGroup",
    "azure-native:network:Subnet": "azure-native:network/v20230201:Subnet",
    "azure-native:network:VirtualNetwork": "azure-native:network/v20230201:VirtualNetwork",
}
"""Types of the program, each with one of an older API version."""


@pytest.fixture
def platform(stack: Stack) -> Stack:
    """A stack with the program, in a resource group of its own."""
    stack.pulumi("config", "set", "group", stack.folder.parent.name)
    stack.write(PROGRAM)
    return stack


def import_state(stack: Stack, state: str) -> None:
    file = stack.folder.parent / "state.json"
    file.write_text(state)
    stack.pulumi("stack", "import", "--file", str(file))


def replaced(text: str, words: dict[str, str]) -> str:
    for word, other in words.items():
        text = text.replace(word, other)
    return text


def types(state: dict[str, Any]) -> set[str]:
    return {row["type"] for row in state["deployment"]["resources"]}


def sent(stack: Stack, name: str) -> list[dict[str, Any]]:
    """Aliases that a preview's azure-native resources of this logical name register, as the engine gets them."""
    log = stack.folder.parent / "grpc.json"
    log.unlink(missing_ok=True)
    stack.env["PULUMI_DEBUG_GRPC"] = str(log)
    stack.preview()
    del stack.env["PULUMI_DEBUG_GRPC"]
    calls = [json.loads(line) for line in log.read_text().splitlines()]
    requests = [call["request"] for call in calls if call["method"] == "/pulumirpc.ResourceMonitor/RegisterResource"]
    mine = [each for each in requests if each["name"] == name and each["type"].startswith("azure-native:")]
    assert mine
    return [alias for each in mine for alias in each.get("aliases", [])]


def test_state_with_older_types(platform: Stack) -> None:
    """State of several older API versions, below components and not, previews with no change; an `up` moves it over."""
    said = platform.up()
    assert "alias" not in said

    import_state(platform, replaced(json.dumps(platform.state()), OLD))
    assert set(OLD.values()) < types(platform.state())

    said = platform.preview("--expect-no-changes")
    for current, old in OLD.items():
        assert f"the state holds {old}, which is {current} now" in said

    platform.env["GROUNDPLAN_ALIASES"] = "drop"
    assert "8 unchanged" not in platform.preview()
    platform.env["GROUNDPLAN_ALIASES"] = "auto"

    platform.up()
    assert not types(platform.state()) & set(OLD.values())
    assert "alias" not in platform.preview("--expect-no-changes")


def test_only_the_type_that_the_state_holds(platform: Stack) -> None:
    """One resource of an older type keeps that one alias; everything else goes without."""
    platform.up()
    current = "azure-native:network:Subnet"
    import_state(platform, replaced(json.dumps(platform.state()), {current: OLD[current]}))

    said = platform.preview("--expect-no-changes")
    assert re.findall(r"alias kept: the state holds (\S+),", said) == [OLD[current]]
    assert {alias["spec"]["type"] for alias in sent(platform, "net-one") if alias} == {OLD[current]}


def test_own_aliases_stay(platform: Stack) -> None:
    """Names that the program itself gave up are found in the state: a component's with its children, a resource's."""
    platform.write(
        PROGRAM.replace('Team("team"', 'Team("band"').replace('VirtualNetwork("plain"', 'VirtualNetwork("simple"')
    )
    platform.up()
    platform.write(PROGRAM)

    platform.preview("--expect-no-changes")


@pytest.mark.parametrize("place", ["environment", "configuration"])
def test_keep(platform: Stack, place: str) -> None:
    """`keep` leaves every alias of azure-native where it is."""
    if place == "environment":
        platform.pulumi("config", "set", "groundplan:aliases", "drop")
        platform.env["GROUNDPLAN_ALIASES"] = "keep"
    else:
        platform.pulumi("config", "set", "groundplan:aliases", "keep")
    kept = {alias["spec"]["type"] for alias in sent(platform, "net")}

    assert OLD["azure-native:network:VirtualNetwork"] in kept
    assert len(kept) > 30


def test_new_stack(platform: Stack) -> None:
    """On a new stack no alias of azure-native is sent; the program's own are."""
    assert sent(platform, "net") == []
    assert {alias["spec"].get("name") for alias in sent(platform, "plain")} == {"simple"}


def test_stack_without_any_deployment(platform: Stack) -> None:
    """A checkpoint of an older engine, which never saved a deployment, is not asked about: that would end the engine."""
    checkpoint = Path(platform.env["PULUMI_BACKEND_URL"].removeprefix("file://"), ".pulumi/stacks/shore/dev.json")
    checkpoint.write_text('{"version": 3, "checkpoint": {"stack": "organization/shore/dev"}}')
    said = platform.preview()

    assert "every alias of older API versions is kept" in said
    assert "nothing was ever saved for the stack organization/shore/dev" in said


def test_unknown_mode_ends_the_program(platform: Stack) -> None:
    """The stack's configuration takes the three modes only."""
    platform.pulumi("config", "set", "groundplan:aliases", "maybe")
    said = platform.preview(code=1)

    assert "groundplan:aliases is 'maybe'; allowed are auto, keep, drop" in said
    assert "pulumi config set groundplan:aliases auto" in said


def test_unknown_mode_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment, too, and its error says how to get out."""
    monkeypatch.setenv("GROUNDPLAN_ALIASES", "KEEP")

    with pytest.raises(ConfigError, match=r"^GROUNDPLAN_ALIASES is 'KEEP'; allowed are auto, keep, drop; .*unset it$"):
        mode()


OLD_SUBNET, SUBNET = "azure-native:network/v20230201:Subnet", "azure-native:network:Subnet"


@pytest.mark.parametrize(
    ("type_", "alias"),
    [
        (SUBNET, Alias(name="before")),
        (SUBNET, Alias(type_=OLD_SUBNET, name="before")),
        (SUBNET, Alias(type_=OLD_SUBNET, parent="urn:pulumi:dev::shore::a:b:C::d")),
        (SUBNET, Alias(type_=OLD_SUBNET, parent=None)),
        (SUBNET, Alias(type_=OLD_SUBNET, project="before")),
        (SUBNET, Alias(type_=OLD_SUBNET, stack="before")),
        (SUBNET, Alias(type_="azure:network/subnet:Subnet")),
        (SUBNET, "urn:pulumi:dev::shore::azure-native:network/v20230201:Subnet::one"),
        ("groundplan:index:Network", Alias(type_="groundplan:index:Net")),
        ("aws:s3:Bucket", Alias(type_="aws:s3/bucket:Bucket")),
    ],
)
def test_other_aliases_stay(type_: str, alias: Any) -> None:
    """Whatever says more than a type of azure-native stays, and so do all aliases of other packages."""
    given = [Alias(type_=OLD_SUBNET), alias] if type_ == SUBNET else [alias]
    options = ResourceOptions(aliases=given)
    result = UnusedAliases(frozenset())(
        ResourceTransformationArgs(resource=object(), type_=type_, name="one", props={}, opts=options)  # pyright: ignore[reportArgumentType]
    )

    assert options.aliases == given  # the program's own object
    assert (result.opts if result else options).aliases == [alias]


@pytest.mark.parametrize(
    ("checkpoint", "deployed"),
    [
        ({"checkpoint": {"latest": {"manifest": {}}}}, True),
        ({"checkpoint": {"latest": None}}, False),
        ({"checkpoint": {}}, False),
        ([], False),
        (None, False),
    ],
)
def test_checkpoint_of_a_local_backend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, checkpoint: object, deployed: bool
) -> None:
    """Its file answers at once; where it shows no deployment, or there is none, the engine is asked."""
    file = tmp_path / ".pulumi" / "stacks" / "shore" / "dev.json"
    file.parent.mkdir(parents=True)
    if checkpoint is not None:
        file.write_text(json.dumps(checkpoint))
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{tmp_path}?metadata=skip")
    assert _deployed_in_file("organization/shore/dev") is deployed
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://bucket")
    assert not _deployed_in_file("organization/shore/dev")
