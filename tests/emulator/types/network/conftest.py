# SPDX-License-Identifier: Apache-2.0
"""A network client, and the calls that most tests of networks begin with."""

from __future__ import annotations

from typing import Any

import pytest
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.network import NetworkManagementClient

from tests.fixtures.azure import RunningAzure
from tests.fixtures.azure_sdk import client

LOCATION = "westeurope"


class Network:
    """Microsoft's client in one resource group, with bodies made short."""

    def __init__(self, azure: RunningAzure, group: str) -> None:
        self.azure = azure
        self.group = group
        self.client: Any = client(azure, NetworkManagementClient)

    def put(
        self, kind: str, *names: str, body: dict[str, Any] | None = None, location: bool = True, **properties: Any
    ) -> Any:
        """Create or update `kind` (an operation group of the client) and wait for it."""
        sent = {**({"location": LOCATION} if location else {}), **(body or {}), "properties": properties}
        return getattr(self.client, kind).begin_create_or_update(self.group, *names, sent).result()

    def child(self, kind: str, *names: str, **properties: Any) -> Any:
        """The same for what has no location."""
        return self.put(kind, *names, location=False, **properties)

    def get(self, kind: str, *names: str) -> Any:
        return getattr(self.client, kind).get(self.group, *names)

    def delete(self, kind: str, *names: str) -> None:
        getattr(self.client, kind).begin_delete(self.group, *names).result()

    def vnet(self, name: str, *prefixes: str, **subnets: str) -> Any:
        """A virtual network with subnets inline."""
        inline = [{"name": key, "properties": {"addressPrefix": prefix}} for key, prefix in subnets.items()]
        space = {"addressPrefixes": list(prefixes) or ["10.0.0.0/16"]}
        return self.put("virtual_networks", name, addressSpace=space, subnets=inline)

    def arm(self, method: str, path: str, json: object = None, version: str = "2024-06-01") -> Any:
        """One call below `Microsoft.Network` of the group, for what this client does not have (private DNS)."""
        stem = f"/resourceGroups/{self.group}/providers/Microsoft.Network"
        return self.azure.arm(
            method, path if path.startswith("/subscriptions") else f"{stem}/{path}", json, api_version=version
        )

    def zone(self, name: str) -> str:
        """A private DNS zone; its id."""
        answer = self.arm("PUT", f"privateDnsZones/{name}", {"location": "global"})
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    def records(self, zone: str) -> dict[str, list[str]]:
        """The zone's A records: name, addresses."""
        answer = self.arm("GET", f"{zone}/A")
        assert answer.status_code == 200, answer.text
        return {
            record["name"]: [item["ipv4Address"] for item in record["properties"]["aRecords"]]
            for record in answer.json()["value"]
        }

    def endpoint(self, name: str, subnet: str, target: str, *groups: str, manual: bool = False, **more: Any) -> Any:
        """A private endpoint with one connection."""
        connection = {
            "name": "connection",
            "properties": {"privateLinkServiceId": target, "groupIds": list(groups), "requestMessage": "please"},
        }
        list_ = "manualPrivateLinkServiceConnections" if manual else "privateLinkServiceConnections"
        return self.put("private_endpoints", name, subnet={"id": subnet}, **{list_: [connection]}, **more)

    def zone_group(self, endpoint: str, *zones: str) -> Any:
        """The endpoint's zone group."""
        configs = [{"name": zone.rpartition("/")[2], "properties": {"privateDnsZoneId": zone}} for zone in zones]
        return self.child("private_dns_zone_groups", endpoint, "default", privateDnsZoneConfigs=configs)


@pytest.fixture
def network(azure: RunningAzure, group: str) -> Network:
    """A network client in a resource group of the test's own."""
    return Network(azure, group)


@pytest.fixture
def subnet(network: Any) -> str:
    """A subnet 10.0.1.0/24 for endpoints, in the network `hub`."""
    return network.vnet("hub", "10.0.0.0/16", endpoints="10.0.1.0/24").subnets[0].id


@pytest.fixture
def vaults(azure: RunningAzure) -> Any:
    """Microsoft's client of key vaults."""
    return client(azure, KeyVaultManagementClient)


@pytest.fixture
def vault(azure: RunningAzure, vaults: Any, group: str, name: str) -> str:
    properties = {
        "tenantId": azure.tenant_id,
        "sku": {"family": "A", "name": "standard"},
        "enableRbacAuthorization": True,
        "softDeleteRetentionInDays": 7,
    }
    return (
        vaults.vaults.begin_create_or_update(group, name, {"location": LOCATION, "properties": properties}).result().id
    )
