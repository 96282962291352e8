# SPDX-License-Identifier: Apache-2.0
"""Peerings, driven by azure-mgmt-network."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from tests.fixtures.azure_sdk import refused


@pytest.fixture
def pair(network: Any) -> dict[str, str]:
    return {"hub": network.vnet("hub", "10.0.0.0/16").id, "spoke": network.vnet("spoke", "10.1.0.0/16").id}


def peer(network: Any, local: str, remote: str, name: str = "peering") -> Any:
    return network.child("virtual_network_peerings", local, name, remoteVirtualNetwork={"id": remote})


@pytest.mark.azure_assumed
def test_both_sides_connect_and_one_is_left_disconnected(network: Any, pair: dict[str, str]):
    def state(vnet: str) -> str:
        return network.get("virtual_network_peerings", vnet, "peering").peering_state

    first = peer(network, "hub", pair["spoke"])
    second = peer(network, "spoke", pair["hub"])

    assert (first.peering_state, second.peering_state, state("hub")) == ("Initiated", "Connected", "Connected")
    assert first.remote_address_space.address_prefixes == ["10.1.0.0/16"]
    assert (first.allow_virtual_network_access, first.allow_forwarded_traffic) == (True, False)
    assert [item.name for item in network.get("virtual_networks", "hub").virtual_network_peerings] == ["peering"]

    network.delete("virtual_network_peerings", "hub", "peering")

    assert state("spoke") == "Disconnected"
    with refused(400, "RemotePeeringIsDisconnected"):
        peer(network, "hub", pair["spoke"])
    network.delete("virtual_networks", "hub")
    assert state("spoke") == "Disconnected"


@pytest.mark.azure_assumed
def test_wrong_peerings(network: Any, pair: dict[str, str]):
    clash = network.vnet("clash", "10.0.128.0/17")
    peer(network, "hub", pair["spoke"])

    with refused(400, "VnetAddressSpacesOverlap", clash.id):
        peer(network, "hub", clash.id, "second")
    with refused(400, "VnetAddressSpacesOverlap"):
        peer(network, "hub", pair["hub"], "second")
    with refused(400, "AnotherPeeringAlreadyReferencesRemoteVnet"):
        peer(network, "hub", pair["spoke"], "second")
    with refused(400, "InvalidResourceReference"):
        peer(network, "hub", f"{pair['spoke']}x", "second")
    with pytest.raises(HttpResponseError, match="remoteVirtualNetwork"):
        network.child("virtual_network_peerings", "hub", "second")
