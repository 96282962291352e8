# SPDX-License-Identifier: Apache-2.0
"""What Front Door fills in and refuses, over HTTP."""

from __future__ import annotations

import re

import pytest

from tests.fixtures.azure import RunningAzure

VERSION = "2025-06-01"


@pytest.mark.azure_assumed
def test_a_route_needs_an_origin(azure: RunningAzure, group: str) -> None:
    profile = f"/subscriptions/{azure.subscription_id}/resourceGroups/{group}/providers/Microsoft.Cdn/profiles/entry"
    body = {"location": "global", "sku": {"name": "Premium_AzureFrontDoor"}}

    made = azure.arm("PUT", profile, body, api_version=VERSION).json()
    assert re.fullmatch(r"[0-9a-f-]{36}", made["properties"]["frontDoorId"])

    endpoint = azure.arm("PUT", f"{profile}/afdEndpoints/entry", {"location": "global"}, api_version=VERSION).json()
    assert re.fullmatch(r"entry-[0-9a-f]{16}\.z01\.azurefd\.net", endpoint["properties"]["hostName"])

    domain = {"properties": {"hostName": "score.example.com"}}
    said = azure.arm("PUT", f"{profile}/customDomains/score", domain, api_version=VERSION).json()["properties"]
    assert said["validationProperties"]["validationToken"]

    origins = {"properties": {"loadBalancingSettings": {"sampleSize": 4}}}
    where = azure.arm("PUT", f"{profile}/originGroups/default", origins, api_version=VERSION).json()["id"]
    route = {"properties": {"originGroup": {"id": where}, "patternsToMatch": ["/*"]}}
    path = f"{profile}/afdEndpoints/entry/routes/default"
    refused = azure.arm("PUT", path, route, api_version=VERSION)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "BadRequest")
    origin = {"properties": {"hostName": "score.example.net"}}
    assert azure.arm("PUT", f"{where}/origins/one", origin, api_version=VERSION).status_code == 201
    assert azure.arm("PUT", path, route, api_version=VERSION).status_code == 201
