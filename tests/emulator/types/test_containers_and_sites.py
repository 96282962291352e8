# SPDX-License-Identifier: Apache-2.0
"""Addresses and host names of container groups and sites, and the subnets they demand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.types.test_data_services import put
from tests.fixtures.azure import RunningAzure

GROUPS = "Microsoft.ContainerInstance/containerGroups"
SITES = "Microsoft.Web/sites"
WEB = "2025-05-01"


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


@pytest.mark.azure_assumed
def test_settings_of_a_site_are_told_by_a_post_alone(azure: RunningAzure, group: str, name: str) -> None:
    """GET answers no settings; a PUT without them keeps them, one with them replaces them, and so does a PUT of their own."""
    config = {"alwaysOn": True, "minTlsVersion": "1.3", "appSettings": [{"name": "COLOUR", "value": "green"}]}
    made = put(azure, group, SITES, name, properties={"siteConfig": config})
    id_ = made.json()["id"]

    def settings() -> dict[str, str]:
        return azure.arm("POST", f"{id_}/config/appsettings/list", api_version=WEB).json()["properties"]

    shown = azure.arm("GET", id_, api_version=WEB).json()["properties"]["siteConfig"]
    assert (shown["alwaysOn"], shown["minTlsVersion"], shown["appSettings"]) == (True, None, None)
    whole = azure.arm("GET", f"{id_}/config/web", api_version=WEB).json()["properties"]
    assert (whole["minTlsVersion"], whole["appSettings"]) == ("1.3", None)
    put(azure, group, SITES, name, properties={"siteConfig": {"alwaysOn": False}})
    assert settings() == {"COLOUR": "green"}
    put(azure, group, SITES, name, properties={"siteConfig": {"appSettings": [{"name": "SIZE", "value": "9"}]}})
    assert settings() == {"SIZE": "9"}
    azure.arm("PUT", f"{id_}/config/appsettings", {"properties": {"TASTE": "sweet"}}, api_version=WEB)
    assert settings() == {"TASTE": "sweet"}
    gone = azure.arm("POST", f"{id_}gone/config/appsettings/list", api_version=WEB)
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "ResourceNotFound")
