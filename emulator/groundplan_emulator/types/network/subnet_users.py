# SPDX-License-Identifier: Apache-2.0
"""Who sits in a subnet: resources that keep it from being deleted."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan_emulator.arm import paths
from groundplan_emulator.arm.context import Context
from groundplan_emulator.types.network import service

IN_CONFIGURATIONS = "properties.ipConfigurations[*].properties.subnet.id"
USERS: tuple[tuple[str, str], ...] = (
    ("Microsoft.Network/bastionHosts", IN_CONFIGURATIONS),
    ("Microsoft.Network/azureFirewalls", IN_CONFIGURATIONS),
    ("Microsoft.Network/virtualNetworkGateways", IN_CONFIGURATIONS),
    ("Microsoft.Network/privateLinkServices", IN_CONFIGURATIONS),
    ("Microsoft.Network/applicationGateways", "properties.gatewayIPConfigurations[*].properties.subnet.id"),
    ("Microsoft.Network/loadBalancers", "properties.frontendIPConfigurations[*].properties.subnet.id"),
    ("Microsoft.MachineLearningServices/workspaces/computes", "properties.properties.subnet.id"),
    ("Microsoft.ContainerService/managedClusters", "properties.agentPoolProfiles[*].vnetSubnetID"),
    ("Microsoft.ContainerService/managedClusters/agentPools", "properties.vnetSubnetID"),
    ("Microsoft.ContainerInstance/containerGroups", "properties.subnetIds[*].id"),
    ("Microsoft.Web/sites", "properties.virtualNetworkSubnetId"),
    ("Microsoft.App/managedEnvironments", "properties.vnetConfiguration.infrastructureSubnetId"),
    ("Microsoft.DBforPostgreSQL/flexibleServers", "properties.network.delegatedSubnetResourceId"),
)
"""Types whose resources live in a subnet, and where their bodies name it; network interfaces come on top."""


def configurations(ctx: Context, subnet: str) -> Iterator[str]:
    """Ids of the IP configurations that network interfaces have in a subnet."""
    for nic in service.pointing(ctx, service.NIC, IN_CONFIGURATIONS, subnet):
        for configuration in nic.properties["ipConfigurations"]:
            if service.same(paths.read(configuration, "properties.subnet.id"), subnet):
                yield configuration["id"]


def users(ctx: Context, subnet: str) -> list[str]:
    """Ids of what is in the subnet."""
    found = list(configurations(ctx, subnet))
    for type_, path in USERS:
        found += [resource.id for resource in service.pointing(ctx, type_, path, subnet)]
    return found
