# SPDX-License-Identifier: Apache-2.0
"""Two resources of a program with one Azure name in one place: refused with both logical names, and never by mistake."""

import re
import subprocess
import sys

import pytest

from groundplan import name_collisions
from groundplan.name_rules import RULES
from groundplan_arm import catalog
from tests.provider.conftest import Stack

PROGRAM = """
import groundplan as gp
import pulumi
import pulumi_azure_native as azure_native
from pulumi_azure_native import managedidentity, network, resources

case = pulumi.Config().require("case")
one = resources.ResourceGroup("one", resource_group_name="rg-collide-one")
two = resources.ResourceGroup("two", resource_group_name="rg-collide-two")

def identity(name, group, azure_name="id-same", opts=None):
    return gp.Identity(name, gp.IdentityArgs(resource_group_name=group, identity_name=azure_name), opts)

def net(name, group, network_name):
    subnets = {"training": gp.Subnet(address_prefix="10.0.0.0/24")}
    return gp.Network(name, gp.NetworkArgs(
        resource_group_name=group, address_space="10.0.0.0/16", network_name=network_name, subnets=subnets))

first = identity("first", one.name)
elsewhere = identity("elsewhere", two.name)
nets = [net("red", one.name, "vnet-red"), net("blue", one.name, "vnet-blue"), net("green", two.name, "vnet-red")]
managedidentity.UserAssignedIdentity.get("got", first.id)
other = azure_native.Provider("other")
if case == "same output":
    identity("second", one.name, "ID-Same")
if case == "same text":
    identity("second", one.name.apply(lambda name: name.upper()))
if case == "beside":
    managedidentity.UserAssignedIdentity("plain", resource_group_name=one.name, resource_name_="id-same")
if case == "derived":
    network.NetworkSecurityGroup("rules", resource_group_name=one.name, network_security_group_name="nsg-vnet-red-training")
if case == "subscription":  # the other provider might lead to another one
    preview_only = identity("second", one.name, opts=pulumi.ResourceOptions(providers=[other]))
"""

FIRST = "Identity 'first' would both be the managedidentity:UserAssignedIdentity 'id-same' in one place"
COLLISIONS = {
    "same output": (
        "Identity 'second' and Identity 'first' would both be the managedidentity:UserAssignedIdentity 'ID-Same'",
        "give one of them another name: identity_name of 'second' or identity_name of 'first'",
    ),
    "same text": (f"Identity 'second' and {FIRST}",),
    "beside": (f"'plain' and {FIRST}", "resource_name_ of 'plain' or identity_name of 'first'"),
    "derived": (
        "of Network 'red' would both be the network:NetworkSecurityGroup 'nsg-vnet-red-training' in one place",
        "network_security_group_name of 'rules' or network_name of 'red'",
    ),
}


@pytest.mark.timeout(180)
def test_collisions(stack: Stack) -> None:
    """Same names in other groups, networks and perhaps subscriptions are none; neither is what is only read."""
    (stack.folder / "__main__.py").write_text(PROGRAM)
    stack.pulumi("config", "set", "case", "none")
    stack.up()
    stack.unchanged()
    for case, told in COLLISIONS.items():
        stack.pulumi("config", "set", "case", case)
        said = stack.preview(code=1)
        for sentence in told:
            assert sentence in said
    stack.pulumi("config", "set", "case", "subscription")
    stack.preview()
    stack.destroy()


MOCKED = """
import pulumi
from pulumi.runtime import Mocks, set_mocks, test
import groundplan as gp

class Nothing(Mocks):
    def new_resource(self, args):
        return args.name + "-id", args.inputs

    def call(self, args):
        return {}

def declare(*names):
    for name in names:
        gp.Identity(name, gp.IdentityArgs(resource_group_name="rg", identity_name="id-same"))

set_mocks(Nothing())
test(declare)("one", "another")
test(declare)("third")
"""


def test_unit_tests_declare_what_they_like() -> None:
    """All tests of a process share one root, which is no program."""
    done = subprocess.run([sys.executable, "-c", MOCKED], capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0, done.stderr


def test_places_are_those_of_azure() -> None:
    """Every argument that is part of a resource's id, and no other."""
    table = catalog.load()
    tokens = {rule.declared_as.rpartition(".")[0] for rule in RULES.values() if rule.declared_as}
    known = {row.token.removeprefix("azure-native:"): row for row in table.types()}
    for token in sorted(tokens & known.keys()):
        row = known[token]
        ids = [_snake(each) for each in row.path_params if each != row.name_param]
        places = name_collisions.WITHIN.get(token, ("resource_group_name",))
        assert [each.rstrip("_") for each in places] == ids, token
    assert name_collisions.WITHIN.keys() <= tokens


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
