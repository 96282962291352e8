# SPDX-License-Identifier: Apache-2.0
"""Private DNS zones: made here, or those of a central team."""

from collections.abc import Mapping

from pulumi import Input
from pulumi_azure_native import resources
from settings import FoundationSettings

import groundplan as gp


def declare_zones(
    settings: FoundationSettings,
    group: resources.ResourceGroup,
    network: gp.Network | gp.ExistingNetwork,
    subscription_id: str,
) -> Mapping[str, Input[str]]:
    """ARM ids of the zones by key; what no central team has is made and linked to the network."""
    central = settings.central_dns
    given = central.zone_ids if central else {}
    zones = tuple(key for key in settings.zones if key not in given)
    if not zones:
        return given
    if central is not None and central.resource_group is not None:
        found = gp.central_zone_ids(
            subscription_id=central.subscription or subscription_id,
            resource_group_name=central.resource_group,
            zones=zones,
            cloud=settings.cloud,
            region=settings.location,
        )
        return {**found, **given}
    made = gp.PrivateDns(
        "dns",
        gp.PrivateDnsArgs(
            resource_group_name=group.name,
            virtual_network_ids={"platform": network.id},
            cloud=settings.cloud,
            zones=zones,
            region=settings.location,
            tags=settings.tags,
        ),
    )
    return {**made.zone_ids, **given}
