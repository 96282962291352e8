# SPDX-License-Identifier: Apache-2.0
"""A private endpoint to one Azure resource, with its DNS records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import network

from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.interfaces import PrivateEndpoint, ResourceArgs
from groundplan.naming import check_name
from groundplan.networking.dns import GROUP_ZONES


@dataclass(frozen=True, kw_only=True)
class PrivateLinkArgs:
    """Arguments of `PrivateLink`."""

    resource_id: Input[str]
    """Required. ARM id of the resource that the endpoint leads to."""
    group_id: str
    """Required. Part of the resource that the endpoint serves, in Azure's words: `vault`, `blob`, `registry`,
    `amlworkspace`, ..."""
    private_endpoint: PrivateEndpoint
    """Required. Subnet and DNS zones of the endpoint."""
    resource_group_name: Input[str]
    """Required. Resource group of the endpoint, unless `private_endpoint` names one."""
    location: Input[str] | None = None
    """Optional. Region of the endpoint, unless `private_endpoint` names one. Default: the resource group's region."""
    endpoint_name: str | None = None
    """Optional. Azure name of the endpoint. Default: the component's name."""
    approval_message: str | None = None
    """Conditional. Required if the target's owner approves connections by hand (another tenant or subscription): the
    request
    then waits with this message. Default: approved at once, which needs rights on the target."""
    tags: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. Azure tags of the endpoint. Default: none."""

    def __post_init__(self) -> None:
        if self.private_endpoint.dns_managed_elsewhere:
            return
        needed = GROUP_ZONES.get(self.group_id)
        if needed is None:
            raise ArgumentError(
                f"private link: no DNS zone is known for group id {self.group_id!r}; known: {', '.join(GROUP_ZONES)}. "
                "For any other, set dns_managed_elsewhere=True on the private endpoint and write the zone group yourself"
            )
        if missing := [zone for zone in needed if zone not in self.private_endpoint.dns_zone_ids]:
            raise ArgumentError(
                f"private link to {self.group_id!r}: dns_zone_ids lacks {', '.join(missing)}; "
                f"given: {', '.join(self.private_endpoint.dns_zone_ids)}. Add them to PrivateDnsArgs.zones"
            )


class PrivateLink(Component):
    """A private endpoint, and the zone group that keeps its DNS records.

    Example:
        PrivateLink("vault-link", PrivateLinkArgs(
            resource_id=vault.id, group_id="vault", private_endpoint=placement, resource_group_name=group.name))
    """

    id: Output[str]
    """ARM id of the private endpoint."""
    network_interface_id: Output[str]
    """ARM id of the endpoint's network interface."""

    def __init__(self, name: str, args: PrivateLinkArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        placement = args.private_endpoint
        connection = network.PrivateLinkServiceConnectionArgs(
            name=args.group_id,
            group_ids=[args.group_id],
            private_link_service_id=args.resource_id,
            request_message=args.approval_message,
        )
        by_hand = args.approval_message is not None
        group = args.resource_group_name if placement.resource_group_name is None else placement.resource_group_name
        endpoint = network.PrivateEndpoint(
            name,
            private_endpoint_name=check_name("private_endpoint", args.endpoint_name or name),
            resource_group_name=group,
            location=args.location if placement.location is None else placement.location,
            subnet=network.SubnetArgs(id=placement.subnet_id),
            private_link_service_connections=None if by_hand else [connection],
            manual_private_link_service_connections=[connection] if by_hand else None,
            tags=args.tags,
            # Azure fills them in when the zone group appears; a refresh would bring them back as a change to undo
            opts=self.child(ResourceOptions(ignore_changes=["customDnsConfigs"])),
        )
        if not placement.dns_managed_elsewhere:
            network.PrivateDnsZoneGroup(
                f"{name}-dns",
                private_dns_zone_group_name="default",
                private_endpoint_name=endpoint.name,
                resource_group_name=group,
                private_dns_zone_configs=[
                    network.PrivateDnsZoneConfigArgs(name=zone, private_dns_zone_id=placement.dns_zone_ids[zone])
                    for zone in GROUP_ZONES[args.group_id]
                ],
                opts=self.child(),
            )
        self.id = endpoint.id
        self.network_interface_id = endpoint.network_interfaces.apply(_first_id)
        self.seal()


def _first_id(interfaces: Sequence[network.outputs.NetworkInterfaceResponse]) -> str:
    return (interfaces[0].id or "") if interfaces else ""


def connect(
    component: Component,
    name: str,
    resource_id: Output[str],
    group_id: str,
    private_endpoint: PrivateEndpoint | None,
    args: ResourceArgs,
    endpoint_name: str,
) -> PrivateLink | None:
    """Give a component's resource a private link as its child, if the component's arguments ask for one."""
    if private_endpoint is None:
        return None
    return PrivateLink(
        name,
        PrivateLinkArgs(
            resource_id=resource_id,
            group_id=group_id,
            private_endpoint=private_endpoint,
            resource_group_name=args.resource_group_name,
            location=args.location,
            endpoint_name=endpoint_name,
            tags=args.tags,
        ),
        opts=component.child(),
    )
