# SPDX-License-Identifier: Apache-2.0
"""The program that both reviewers read once it is up: every type that Checkov knows of those that our rules look at, open and closed."""

from pulumi_azure_native import authorization, resources

import groundplan as gp
from tests.modules.surroundings import Zones
from tests.policies.checkov.reviewed import accounts, clusters, networks, registries, storage, vaults, workspaces
from tests.policies.checkov.reviewed.ground import Ground

GROUP = "rg-reviewed"


def everything() -> None:
    """Declare it."""
    group = resources.ResourceGroup("group", resource_group_name=GROUP, location="westeurope")
    network = gp.Network(
        "platform",
        gp.NetworkArgs(
            resource_group_name=group.name,
            network_name="vnet-platform",
            address_space="10.20.0.0/16",
            subnets={"endpoints": gp.Subnet(address_prefix="10.20.0.0/24", rules=gp.endpoint_rules())},
        ),
    )
    ground = Ground(
        group_name=group.name,
        group_id=group.id,
        tenant_id=authorization.get_client_config_output().tenant_id,
        placement=gp.PrivateEndpoint(
            subnet_id=network.subnet_ids["endpoints"], dns_zone_ids=Zones(group.name, network.id)
        ),
        monitoring=gp.Monitoring("watch", gp.MonitoringArgs(resource_group_name=group.name)),
    )
    for area in (vaults, storage, registries, clusters, accounts, networks):
        area.declare(ground)
    workspaces.declare(ground)
