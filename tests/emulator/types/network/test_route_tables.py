# SPDX-License-Identifier: Apache-2.0
"""Route tables and routes, driven by azure-mgmt-network."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.azure_sdk import refused

OUT = {"addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.0.4"}


@pytest.mark.azure_spec
def test_routes_inline_and_one_by_one(network: Any):
    made = network.put("route_tables", "table", routes=[{"name": "out", "properties": OUT}])

    route = network.child("routes", "table", "azure", addressPrefix="AzureCloud", nextHopType="Internet")
    shown = network.get("route_tables", "table").routes
    network.delete("routes", "table", "out")

    assert made.routes[0].next_hop_ip_address == "10.0.0.4"
    assert (route.next_hop_type, route.provisioning_state) == ("Internet", "Succeeded")
    assert [item.name for item in shown] == ["out", "azure"]
    assert [item.name for item in network.client.routes.list(network.group, "table")] == ["azure"]


@pytest.mark.azure_assumed
def test_wrong_routes(network: Any):
    network.put("route_tables", "table", routes=[{"name": "out", "properties": OUT}])

    with refused(400, "RouteConflict", "conflicts with route out"):
        network.child("routes", "table", "also", addressPrefix="0.0.0.0/0", nextHopType="Internet")
    with refused(400, "InvalidNextHopIpAddress", "VirtualAppliance"):
        network.child("routes", "table", "also", addressPrefix="10.0.0.0/8", nextHopType="VirtualAppliance")
    with refused(400, "InvalidNextHopIpAddress"):
        network.child("routes", "table", "also", **(OUT | {"addressPrefix": "10.0.0.0/8", "nextHopType": "None"}))
    with refused(400, "InvalidAddressPrefixFormat", "not an address"):
        network.child("routes", "table", "also", addressPrefix="not an address", nextHopType="Internet")
