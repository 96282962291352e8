# SPDX-License-Identifier: Apache-2.0
"""Stage 0: the network, private DNS zones and monitoring that every later stage stands on."""

import pulumi
from monitoring import declare_monitoring
from pulumi_azure_native import authorization, resources
from registry import declare_registry
from settings import FoundationSettings

import groundplan as gp
from groundplan.contracts import Foundation


async def main() -> pulumi.Inputs:
    """Declare the stage and return what `1-workspace` reads."""
    settings = FoundationSettings.load()
    project, environment, location, tags = settings.project, settings.environment, settings.location, settings.tags
    subscription_id = authorization.get_client_config().subscription_id
    names = gp.Names(
        project=project,
        environment=environment,
        subscription_id=subscription_id,
        overrides=settings.names,
    )
    group_name = names("resource_group", "foundation")
    group = resources.ResourceGroup("foundation", resource_group_name=group_name, location=location, tags=tags)
    network = gp.Network(
        "network",
        gp.NetworkArgs(
            resource_group_name=group.name,
            location=location,
            network_name=names("virtual_network"),
            address_space=str(settings.network.address_space),
            subnets={key: each.subnet(location) for key, each in settings.network.subnets.items()},
            tags=tags,
        ),
    )
    dns_args = gp.PrivateDnsArgs(
        resource_group_name=group.name, virtual_network_ids={"platform": network.id}, cloud=settings.cloud, tags=tags
    )
    monitoring = declare_monitoring(settings, group)
    dns = gp.PrivateDns("dns", dns_args)
    registry = declare_registry(settings, names, group, network, dns)
    return Foundation(
        project=project,
        environment=environment,
        location=location,
        virtual_network_id=network.id,
        subnet_ids=network.subnet_ids,
        dns_zone_ids=dns.zone_ids,
        log_analytics_workspace_id=monitoring.log_analytics_workspace_id,
        application_insights_id=monitoring.application_insights_id,
        action_group_id=monitoring.action_group_id,
        ml_registry_id=registry.id if registry else None,
    ).outputs()


pulumi.run(main)
