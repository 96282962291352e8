# SPDX-License-Identifier: Apache-2.0
"""Private DNS zones of an ML platform: made and linked to its virtual networks, or those of a central team."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import privatedns

from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.naming import check_name
from groundplan.networking.dns_zones import PLATFORM_ZONES, Cloud, zone_name


@dataclass(frozen=True, kw_only=True)
class PrivateDnsArgs:
    """Arguments of `PrivateDns`."""

    resource_group_name: Input[str]
    """Required. Resource group that holds the zones."""
    virtual_network_ids: Mapping[str, Input[str]]
    """Required. ARM ids of the networks that resolve through the zones, by a key that becomes part of the link's
    name."""
    cloud: Cloud = "public"
    """Optional. Azure cloud whose zone names are used. Default: `public`."""
    zones: tuple[str, ...] = PLATFORM_ZONES
    """Optional. Keys of the zones (`dns_zones.ZONES`). Default: those of a workspace with vault, storage and container
    registry."""
    region: str | None = None
    """Conditional. Required if a zone is one of a region (`aks`, `prometheus`), e.g. `westeurope`."""
    public_fallback: bool = False
    """Optional. A name that a zone lacks is asked for in public DNS (Azure's `NxDomainRedirect`): for resources of other
    networks that share a zone's name. Default: such a name does not resolve."""
    tags: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. Azure tags of zones and links. Default: none."""

    def __post_init__(self) -> None:
        _check(self.zones, self.cloud, self.region)
        if not self.virtual_network_ids:
            raise ArgumentError("private DNS: virtual_network_ids is empty, so nothing could resolve through the zones")
        for key in self.virtual_network_ids:
            check_name("private_dns_link", key)


class PrivateDns(Component):
    """Private DNS zones for private endpoints, each linked to every given virtual network.

    Example:
        dns = PrivateDns("dns", PrivateDnsArgs(resource_group_name=group.name, virtual_network_ids={"hub": network.id}))
    """

    zone_ids: Mapping[str, Output[str]]
    """ARM ids of the zones by key: what `PrivateEndpoint.dns_zone_ids` takes."""

    def __init__(self, name: str, args: PrivateDnsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        zone_ids: dict[str, Output[str]] = {}
        for key in args.zones:
            zone = privatedns.PrivateZone(
                f"{name}-{key}",
                private_zone_name=zone_name(key, args.cloud, args.region),
                resource_group_name=args.resource_group_name,
                location="global",
                tags=args.tags,
                opts=self.child(),
            )
            for network, network_id in args.virtual_network_ids.items():
                privatedns.VirtualNetworkLink(
                    f"{name}-{key}-{network}",
                    virtual_network_link_name=network,
                    private_zone_name=zone.name,
                    resource_group_name=args.resource_group_name,
                    location="global",
                    registration_enabled=False,
                    resolution_policy="NxDomainRedirect" if args.public_fallback else None,
                    virtual_network=privatedns.SubResourceArgs(id=network_id),
                    tags=args.tags,
                    opts=self.child(),
                )
            zone_ids[key] = zone.id
        self.zone_ids = zone_ids
        self.seal()


def central_zone_ids(
    *,
    subscription_id: Input[str],
    resource_group_name: Input[str],
    zones: tuple[str, ...] = PLATFORM_ZONES,
    cloud: Cloud = "public",
    region: str | None = None,
) -> Mapping[str, Output[str]]:
    """ARM ids of zones that a central team keeps in one resource group, by key: what `PrivateEndpoint.dns_zone_ids` takes.

    Nothing is looked up or changed. The central team links the zones to the network; who deploys needs the role `Private DNS Zone
    Contributor` on them.

    Raises:
        ArgumentError: a zone is unknown, is not one of the cloud, or needs a region.
    """
    _check(zones, cloud, region)
    return {
        key: Output.concat(
            "/subscriptions/",
            subscription_id,
            "/resourceGroups/",
            resource_group_name,
            "/providers/Microsoft.Network/privateDnsZones/",
            zone_name(key, cloud, region),
        )
        for key in zones
    }


def _check(zones: tuple[str, ...], cloud: Cloud, region: str | None) -> None:
    if not zones:
        raise ArgumentError("private DNS: zones is empty; name at least one, or leave it out for a workspace's zones")
    for key in zones:
        zone_name(key, cloud, region)
