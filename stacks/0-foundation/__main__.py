# SPDX-License-Identifier: Apache-2.0
"""Stage 0: the network, private DNS zones and monitoring that every later stage stands on."""

import pulumi
from monitoring import declare_monitoring, declare_scope
from pulumi_azure_native import authorization, resources
from registry import declare_registry
from settings import FoundationSettings
from virtual_network import declare_network
from zones import declare_zones

import groundplan as gp
from groundplan.contracts import Foundation


async def main() -> pulumi.Inputs:
    """Declare the stage and return what `1-workspace` reads."""
    settings = FoundationSettings.load()
    subscription_id = authorization.get_client_config().subscription_id
    names = gp.Names(
        project=settings.project,
        environment=settings.environment,
        subscription_id=subscription_id,
        overrides=settings.names,
    )
    group = resources.ResourceGroup(
        "foundation",
        resource_group_name=names("resource_group", "foundation"),
        location=settings.location,
        tags=settings.tags,
    )
    network = declare_network(settings, names, group, subscription_id)
    monitoring = declare_monitoring(settings, group)
    dns_zone_ids = declare_zones(settings, group, network, subscription_id)
    placement = gp.PrivateEndpoint(
        subnet_id=network.subnet_ids["endpoints"], dns_zone_ids=dns_zone_ids, dns_managed_elsewhere=not dns_zone_ids
    )
    scope = declare_scope(settings, names, group, monitoring, placement)
    registry = declare_registry(settings, names, group, placement)
    return Foundation(
        project=settings.project,
        environment=settings.environment,
        location=settings.location,
        virtual_network_id=network.id,
        subnet_ids=network.subnet_ids,
        dns_zone_ids=dns_zone_ids,
        log_analytics_workspace_id=monitoring.log_analytics_workspace_id,
        application_insights_id=monitoring.application_insights_id,
        action_group_id=monitoring.action_group_id,
        monitor_private_link_scope_id=scope.id if scope else None,
        ml_registry_id=registry.id if registry else None,
    ).outputs()


pulumi.run(main)
