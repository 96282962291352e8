# SPDX-License-Identifier: Apache-2.0
"""Virtual networks and their inline subnets, driven by azure-mgmt-network."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from azure.core.exceptions import ResourceNotFoundError
from hypothesis import given, settings
from hypothesis import strategies as st

from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.types.network import addresses
from tests.fixtures.azure import RunningAzure
from tests.fixtures.azure_sdk import refused


@pytest.mark.azure_spec
def test_create_get_list_tag_delete(network: Any):
    made = network.vnet("hub", "10.0.0.0/16", training="10.0.1.0/24")
    listed = [vnet.name for vnet in network.client.virtual_networks.list(network.group)]
    everywhere = [vnet.id for vnet in network.client.virtual_networks.list_all()]
    tagged = network.client.virtual_networks.update_tags(network.group, "hub", {"tags": {"team": "ml"}})
    network.delete("virtual_networks", "hub")

    assert made.provisioning_state == "Succeeded"
    assert [(subnet.name, subnet.address_prefix) for subnet in made.subnets] == [("training", "10.0.1.0/24")]
    assert listed == ["hub"]
    assert made.id in everywhere
    assert tagged.tags == {"team": "ml"}
    assert [subnet.name for subnet in tagged.subnets] == ["training"]
    with pytest.raises(ResourceNotFoundError):
        network.get("virtual_networks", "hub")


@pytest.mark.azure_spec
def test_inline_subnets_are_resources_and_resources_are_inline(network: Any):
    network.vnet("hub", "10.0.0.0/16", b="10.0.2.0/24", a="10.0.1.0/24")

    network.child("subnets", "hub", "aa", addressPrefix="10.0.3.0/24")

    assert network.get("subnets", "hub", "a").address_prefix == "10.0.1.0/24"
    assert [subnet.name for subnet in network.get("virtual_networks", "hub").subnets] == ["b", "a", "aa"]


@pytest.mark.azure_assumed
def test_a_put_keeps_creates_and_removes_inline_subnets(network: Any):
    first = network.vnet("hub", "10.0.0.0/16", kept="10.0.1.0/24", dropped="10.0.2.0/24")

    second = network.vnet("hub", "10.0.0.0/16", kept="10.0.1.0/24", added="10.0.2.0/24")
    silent = network.put("virtual_networks", "hub", addressSpace={"addressPrefixes": ["10.0.0.0/16"]})
    empty = network.vnet("hub", "10.0.0.0/16")

    assert [subnet.name for subnet in second.subnets] == ["kept", "added"]
    assert first.subnets[0].id == second.subnets[0].id
    assert [subnet.name for subnet in silent.subnets] == ["kept", "added"]
    assert not empty.subnets


@pytest.mark.azure_assumed
def test_two_subnets_swap_their_blocks_in_one_put(network: Any):
    network.vnet("hub", "10.0.0.0/16", a="10.0.1.0/24", b="10.0.2.0/24")

    swapped = network.vnet("hub", "10.0.0.0/16", a="10.0.2.0/24", b="10.0.1.0/24")

    assert [subnet.address_prefix for subnet in swapped.subnets] == ["10.0.2.0/24", "10.0.1.0/24"]


@pytest.mark.azure_assumed
@pytest.mark.parametrize(
    ("prefixes", "subnets", "code"),
    [
        (["10.0.0.0/16"], {"a": "10.1.0.0/24"}, "NetcfgInvalidSubnet"),
        (["10.0.0.0/16"], {"a": "10.0.0.0/30"}, "NetcfgInvalidSubnet"),
        (["10.0.0.0/16"], {"a": "10.0.0.0/23", "b": "10.0.1.0/24"}, "NetcfgSubnetRangesOverlap"),
        (["10.0.0.1/16"], {}, "InvalidCIDRNotation"),
        (["ten"], {}, "InvalidAddressPrefixFormat"),
        (["10.0.0.0/16", "10.0.5.0/24"], {}, "NetcfgInvalidVirtualNetworkSite"),
    ],
)
def test_wrong_addresses_are_refused_and_nothing_is_left(
    network: Any, prefixes: list[str], subnets: dict[str, str], code: str
):
    with refused(400, code):
        network.vnet("hub", *prefixes, **subnets)
    with pytest.raises(ResourceNotFoundError):
        network.get("virtual_networks", "hub")


@pytest.mark.azure_assumed
def test_wrong_bodies(network: Any):
    twice = [{"name": name, "properties": {"addressPrefix": "10.0.0.0/24"}} for name in ("a", "A")]
    with refused(400, "DuplicateResourceName", "two child resources with the same name (A)"):
        network.put("virtual_networks", "hub", addressSpace={"addressPrefixes": ["10.0.0.0/16"]}, subnets=twice)
    with refused(400, "InvalidRequestContent", "subnets[0]"):
        network.put("virtual_networks", "hub", addressSpace={"addressPrefixes": ["10.0.0.0/16"]}, subnets=[{}])
    with refused(400, "VirtualNetworkAddressSpaceMissing"):
        network.put("virtual_networks", "hub")
    with refused(400, "InvalidResourceName", "2 to 64"):
        network.vnet("x")


@pytest.mark.azure_assumed
def test_the_space_cannot_shrink_below_its_subnets(network: Any):
    network.vnet("hub", "10.0.0.0/16", a="10.0.200.0/24")

    with refused(400, "InUsePrefixCannotBeDeleted", "10.0.200.0/24"):
        network.put("virtual_networks", "hub", addressSpace={"addressPrefixes": ["10.0.0.0/20"]})


@pytest.mark.azure_spec
def test_free_addresses_and_usage(network: Any):
    subnet = network.vnet("hub", "10.0.0.0/16", a="10.0.0.0/29").subnets[0].id
    configuration = {"name": "one", "properties": {"subnet": {"id": subnet}}}
    network.put("network_interfaces", "nic", ipConfigurations=[configuration])

    check = network.client.virtual_networks.check_ip_address_availability
    taken = check(network.group, "hub", ip_address="10.0.0.4")
    free = check(network.group, "hub", ip_address="10.0.0.5")
    usage = list(network.client.virtual_networks.list_usage(network.group, "hub"))

    assert (taken.available, taken.available_ip_addresses) == (False, ["10.0.0.5", "10.0.0.6"])
    assert free.available
    assert [(item.current_value, item.limit) for item in usage] == [(1, 3)]
    with refused(400, "PrivateIPAddressNotInAnySubnet"):
        check(network.group, "hub", ip_address="10.9.0.4")


@pytest.mark.azure_assumed
def test_a_network_says_updating_and_lets_one_subnet_change_at_a_time(fresh_azure: RunningAzure):
    fresh_azure.group("rg")
    path = "/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/hub"
    fresh_azure.clock(mode="manual")

    def put(path: str, **properties: Any) -> Any:
        body = {"properties": properties} | ({} if "/subnets/" in path else {"location": "westeurope"})
        return fresh_azure.arm("PUT", path, body, api_version="2024-05-01")

    made = put(path, addressSpace={"addressPrefixes": ["10.0.0.0/16"]})
    early = put(f"{path}/subnets/a", addressPrefix="10.0.1.0/24")
    fresh_azure.clock(advance=60)
    first = put(f"{path}/subnets/a", addressPrefix="10.0.1.0/24")
    second = put(f"{path}/subnets/b", addressPrefix="10.0.2.0/24")

    assert (made.status_code, made.json()["properties"]["provisioningState"]) == (201, "Updating")
    assert (early.status_code, early.json()["error"]["code"]) == (409, "AnotherOperationInProgress")
    assert first.status_code == 201
    assert (second.status_code, second.json()["error"]["code"]) == (409, "AnotherOperationInProgress")


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(20, 29)), min_size=1, max_size=6))
@settings(max_examples=100)
def test_subnets_are_accepted_exactly_when_they_lie_inside_and_apart(blocks: list[tuple[int, int]]):
    space = [addresses.network("10.0.0.0/17", "vnet")]
    subnets = {
        str(at): [addresses.ip_network(f"10.0.{third}.0/{size}", strict=False)]
        for at, (third, size) in enumerate(blocks)
    }
    ranges = sorted((int(b.network_address), int(b.broadcast_address)) for (b,) in subnets.values())
    inside = all(block.subnet_of(space[0]) for (block,) in subnets.values())  # pyright: ignore[reportArgumentType]
    apart = all(before[1] < after[0] for before, after in pairwise(ranges))

    try:
        addresses.check_subnets("vnet", space, subnets)
        accepted = True
    except ArmError:
        accepted = False

    assert accepted == (inside and apart)
