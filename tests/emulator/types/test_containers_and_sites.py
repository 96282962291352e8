# SPDX-License-Identifier: Apache-2.0
"""Addresses and host names of container groups and sites, and the subnets they demand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.types.test_data_services import put
from tests.fixtures.azure import RunningAzure

GROUPS = "Microsoft.ContainerInstance/containerGroups"


def subnet(azure: RunningAzure, group: str, name: str, delegation: str | None) -> str:
    """A network with one subnet; the subnet's id."""
    handed = [{"name": "it", "properties": {"serviceName": delegation}}] if delegation else []
    properties = {
        "addressSpace": {"addressPrefixes": ["10.9.0.0/24"]},
        "subnets": [{"name": "one", "properties": {"addressPrefix": "10.9.0.0/24", "delegations": handed}}],
    }
    made = put(azure, group, "Microsoft.Network/virtualNetworks", name, properties=properties)
    return made.json()["properties"]["subnets"][0]["id"]


def container_group(subnet_id: str) -> dict[str, Any]:
    container = {
        "image": "scorer:1",
        "resources": {"requests": {"cpu": 1, "memoryInGB": 1}},
        "environmentVariables": [{"name": "KEY", "secureValue": "swordfish"}],
    }
    return {
        "osType": "Linux",
        "containers": [{"name": "scorer", "properties": container}],
        "ipAddress": {"type": "Private", "ports": [{"port": 80}]},
        "subnetIds": [{"id": subnet_id}],
    }


@pytest.mark.azure_assumed
def test_container_groups_share_a_subnet(azure: RunningAzure, group: str, name: str) -> None:
    """Each has an address of its own, and keeps it; secure values are not answered."""
    body = container_group(subnet(azure, group, name, GROUPS))
    first = put(azure, group, GROUPS, f"{name}1", properties=body)
    second = put(azure, group, GROUPS, f"{name}2", properties=body)
    again = put(azure, group, GROUPS, f"{name}1", properties=body)

    hosts = [each.json()["properties"]["ipAddress"]["ip"] for each in (first, second, again)]
    assert hosts == ["10.9.0.4", "10.9.0.5", "10.9.0.4"]
    assert "swordfish" not in first.text


@pytest.mark.azure_assumed
def test_a_subnet_that_is_not_handed_over_is_refused(azure: RunningAzure, group: str, name: str) -> None:
    """Neither containers nor functions go there."""
    plain = subnet(azure, group, name, None)
    containers = put(azure, group, GROUPS, name, properties=container_group(plain))
    site = put(azure, group, "Microsoft.Web/sites", name, properties={"virtualNetworkSubnetId": plain})

    for refused in (containers, site):
        assert refused.json()["error"]["code"] == "SubnetMissingRequiredDelegation", refused.text


@pytest.mark.azure_assumed
def test_a_site_has_a_host(azure: RunningAzure, group: str, name: str) -> None:
    """And an identity, if it wants one."""
    made = put(azure, group, "Microsoft.Web/sites", name, identity={"type": "SystemAssigned"}, properties={})

    assert made.json()["properties"]["defaultHostName"] == f"{name}.azurewebsites.net", made.text
    assert made.json()["identity"]["principalId"]
