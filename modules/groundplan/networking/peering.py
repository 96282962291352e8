# SPDX-License-Identifier: Apache-2.0
"""Peerings of a network with others, usually the hub of a platform."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import Input, Output, ProviderResource, Resource, ResourceOptions
from pulumi_azure_native import network

from groundplan.component import Component
from groundplan.errors import ArgumentError


@dataclass(frozen=True, kw_only=True)
class Peering:
    """A connection of a `Network` to another one."""

    network_id: Input[str]
    """Required. ARM id of the other virtual network; the address spaces may not overlap."""
    both_ways: bool = False
    """Optional. The other network is ours as well: make its side of the peering, too. Default: this side only; the
    peering is up when the other network's owner has made theirs."""
    forwarded_traffic: bool = False
    """Optional. Let in what the other network only passes on, e.g. through a firewall in a hub. Default: no."""
    use_remote_gateways: bool = False
    """Optional. Reach on-premises networks through the other network's gateway, which it must have. Default: no."""
    provider: ProviderResource | None = None
    """Conditional. Azure-native provider of the other network's subscription. Required for `both_ways` if that is not
    this stack's subscription."""

    def __post_init__(self) -> None:
        if self.provider is not None and not self.both_ways:
            raise ArgumentError("peering: provider is for the other network's side; set both_ways=True or leave it out")


def make_peering(
    component: Component,
    name: str,
    key: str,
    peering: Peering,
    ours: network.VirtualNetwork,
    resource_group_name: Input[str],
    after: Sequence[Resource],
) -> network.VirtualNetworkPeering:
    """Peer a component's network with another; the other side first, as its gateway is only offered from there."""
    # what Azure writes when the peer appears or its address space changes
    written = ["peeringState", "peeringSyncLevel", "remoteAddressSpace", "remoteVirtualNetworkAddressSpace"]
    waits: list[Resource] = [*after]
    if peering.both_ways:
        other = Output.from_input(peering.network_id)
        waits = [
            network.VirtualNetworkPeering(
                f"{name}-{key}-back",
                virtual_network_peering_name=ours.name.apply(lambda name: f"peer-{name}"),
                virtual_network_name=other.apply(lambda found: found.split("/")[8]),
                resource_group_name=other.apply(lambda found: found.split("/")[4]),
                remote_virtual_network=network.SubResourceArgs(id=ours.id),
                allow_virtual_network_access=True,
                allow_forwarded_traffic=peering.forwarded_traffic,
                allow_gateway_transit=peering.use_remote_gateways,
                use_remote_gateways=False,
                opts=component.child(
                    ResourceOptions(depends_on=waits, provider=peering.provider, ignore_changes=written)
                ),
            )
        ]
    return network.VirtualNetworkPeering(
        f"{name}-{key}",
        virtual_network_peering_name=f"peer-{key}",
        virtual_network_name=ours.name,
        resource_group_name=resource_group_name,
        remote_virtual_network=network.SubResourceArgs(id=peering.network_id),
        allow_virtual_network_access=True,
        allow_forwarded_traffic=peering.forwarded_traffic,
        allow_gateway_transit=False,
        use_remote_gateways=peering.use_remote_gateways,
        opts=component.child(ResourceOptions(depends_on=waits, ignore_changes=written)),
    )
