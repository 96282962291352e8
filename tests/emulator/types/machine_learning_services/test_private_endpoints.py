# SPDX-License-Identifier: Apache-2.0
"""A private endpoint to a workspace, seen from the workspace."""

from __future__ import annotations

import pytest

from .conftest import Workspaces, refused

NETWORK = "2024-05-01"


@pytest.mark.azure_assumed
def test_a_private_endpoint_shows_on_its_workspace(workspaces: Workspaces):
    workspace = workspaces.made("private", publicNetworkAccess="Disabled")
    vnet = f"{workspaces.group}/providers/Microsoft.Network/virtualNetworks/vnet"
    subnets = [{"name": "endpoints", "properties": {"addressPrefix": "10.0.0.0/24"}}]
    space = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": subnets}
    answer = workspaces.azure.arm("PUT", vnet, {"location": "westeurope", "properties": space}, api_version=NETWORK)
    assert answer.is_success, answer.text
    connection = {"name": "c", "properties": {"privateLinkServiceId": workspace["id"], "groupIds": ["amlworkspace"]}}
    endpoint = f"{workspaces.group}/providers/Microsoft.Network/privateEndpoints/pe-workspace"
    properties = {"subnet": {"id": f"{vnet}/subnets/endpoints"}, "privateLinkServiceConnections": [connection]}
    body = {"location": "westeurope", "properties": properties}
    answer = workspaces.azure.arm("PUT", endpoint, body, api_version=NETWORK)
    assert answer.is_success, answer.text

    found = workspaces.call("GET", "private").json()["properties"]
    (seen,) = found["privateEndpointConnections"]
    assert (found["privateLinkCount"], found["notebookInfo"]["isPrivateLinkEnabled"]) == (1, True)
    assert seen["properties"]["privateEndpoint"]["id"] == endpoint
    assert seen["properties"]["privateLinkServiceConnectionState"]["status"] == "Approved"

    path = f"private/privateEndpointConnections/{seen['name']}"
    rejected = {"properties": {"privateLinkServiceConnectionState": {"status": "Rejected", "description": "no"}}}
    answer = workspaces.call("PUT", path, rejected)
    assert answer.status_code == 200, answer.text
    assert answer.json()["properties"]["privateEndpoint"]["id"] == endpoint
    refused(
        workspaces.call("PUT", "private/privateEndpointConnections/own", rejected),
        "UserError",
        "by creating a private endpoint",
    )

    assert workspaces.azure.arm("DELETE", endpoint, api_version=NETWORK).is_success
    assert workspaces.call("GET", "private").json()["properties"]["privateLinkCount"] == 0
