# SPDX-License-Identifier: Apache-2.0
"""A private endpoint to one Azure resource, with its DNS records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import network

from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.interfaces import PrivateEndpoint, ResourceArgs
from groundplan.naming import check_name, derived_name
from groundplan.networking.dns_zones import GROUP_ZONES, ZONES


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
    zones: tuple[str, ...] | None = None
    """Conditional. Keys of the zones (`dns_zones.ZONES`) that the endpoint registers in. Required if another service has
    the same group id: Microsoft Purview, Azure Cosmos DB. Default: those of the group id (`dns_zones.GROUP_ZONES`)."""
    addresses: Mapping[str, str] = field(default_factory=dict[str, str])
    """Optional. Fixed addresses of the subnet by the group's member (`default`, `blob`, ...), for firewalls that know
    addresses only; every member or none. Default: Azure picks them."""
    application_security_group_ids: tuple[Input[str], ...] = ()
    """Optional. ARM ids of application security groups that the endpoint joins, so that security rules can name it.
    Default: none."""
    approval_message: str | None = None
    """Conditional. Required if the target's owner approves connections by hand (another tenant or subscription): the
    request then waits with this message, at most 140 characters. Default: approved at once, which needs rights on the
    target."""
    tags: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. Azure tags of the endpoint. Default: none."""

    def __post_init__(self) -> None:
        for member, address in self.addresses.items():
            try:
                IPv4Address(address)
            except ValueError:
                raise ArgumentError(
                    f"private link: the address of {member!r} is {address!r}, not an IPv4 address such as 10.20.0.10"
                ) from None
        # Source: requestMessage of PrivateLinkServiceConnection in the specification of Microsoft.Network: "Restricted to 140 chars"
        if self.approval_message is not None and len(self.approval_message) > 140:
            raise ArgumentError(
                f"private link: approval_message has {len(self.approval_message)} characters; allowed are up to 140"
            )
        if not self.private_endpoint.dns_managed_elsewhere:
            self._check_zones()

    def zone_keys(self) -> tuple[str, ...] | None:
        """Keys of the zones that the endpoint registers in; nothing if they are not known."""
        return self.zones if self.zones is not None else GROUP_ZONES.get(self.group_id)

    def _check_zones(self) -> None:
        if unknown := [zone for zone in self.zones or () if zone not in ZONES]:
            raise ArgumentError(f"private link: unknown zones {unknown}; known: {', '.join(ZONES)}")
        needed = self.zone_keys()
        if not needed:
            raise ArgumentError(
                f"private link: no DNS zone is known for group id {self.group_id!r}; known: {', '.join(GROUP_ZONES)}. "
                "For any other, name its zones, or set dns_managed_elsewhere=True on the private endpoint and write the "
                "zone group yourself"
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
            ip_configurations=[
                network.PrivateEndpointIPConfigurationArgs(
                    name=member, group_id=args.group_id, member_name=member, private_ip_address=address
                )
                for member, address in args.addresses.items()
            ]
            or None,
            application_security_groups=[
                network.ApplicationSecurityGroupArgs(id=each) for each in args.application_security_group_ids
            ]
            or None,
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
                    for zone in args.zone_keys() or ()
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
    *,
    zones: tuple[str, ...] | None = None,
) -> PrivateLink | None:
    """Give a component's resource a private link as its child, if the component's arguments ask for one.

    `zones` is for a resource whose group id another service has, too, or that needs fewer zones than the id's.
    """
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
            endpoint_name=derived_name("private_endpoint", endpoint_name),
            zones=zones,
            tags=args.tags,
        ),
        opts=component.child(),
    )
