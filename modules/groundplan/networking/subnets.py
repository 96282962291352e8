# SPDX-License-Identifier: Apache-2.0
"""Subnets of a network, with their security groups and route tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from typing import Literal

from pulumi import ResourceOptions
from pulumi_azure_native import network

from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.interfaces import ResourceArgs
from groundplan.naming import derived_name
from groundplan.networking.security_rules import SecurityRule

NextHop = Literal["VirtualAppliance", "VirtualNetworkGateway", "VnetLocal", "Internet", "None"]


@dataclass(frozen=True, kw_only=True)
class Route:
    """One user-defined route of a subnet."""

    prefix: str
    """Required. Destination: a CIDR block such as `0.0.0.0/0`, or a service tag such as `AzureMachineLearning`."""
    next_hop: NextHop = "VirtualAppliance"
    """Optional. Where the packets go; `None` drops them. Default: a virtual appliance, such as a firewall."""
    address: str | None = None
    """Conditional. Private address of the appliance. Required for `VirtualAppliance`, refused otherwise."""

    def __post_init__(self) -> None:
        if (self.next_hop == "VirtualAppliance") != (self.address is not None):
            raise ArgumentError(
                f"route to {self.prefix}: next_hop is {self.next_hop!r} and address is {self.address!r}; an address is "
                "required for 'VirtualAppliance' and refused otherwise"
            )
        if self.address is not None:
            try:
                IPv4Address(self.address)
            except ValueError:
                raise ArgumentError(
                    f"route to {self.prefix}: address is {self.address!r}, not an IPv4 address such as 10.0.0.4"
                ) from None


@dataclass(frozen=True, kw_only=True)
class Subnet:
    """One subnet of a `Network`."""

    address_prefix: str
    """Required. CIDR block inside the network's address space, /29 or larger; Azure keeps 5 addresses for itself."""
    rules: Mapping[str, SecurityRule] = field(default_factory=dict[str, SecurityRule])
    """Optional. Security rules by name. Default: none, so Azure's own: open inside the network and outward, closed
    inward."""
    nat: bool = False
    """Optional. Outbound traffic leaves through the network's NAT gateway. Default: no way out to the internet."""
    delegation: str | None = None
    """Optional. Service that the subnet is handed to: `Microsoft.Web/serverFarms` for functions,
    `Microsoft.ContainerInstance/containerGroups`, `Microsoft.App/environments`. Default: none."""
    routes: Mapping[str, Route] = field(default_factory=dict[str, Route])
    """Optional. User-defined routes by name; they get the subnet a route table of its own, which takes no routes from
    gateways. Default: Azure's routes."""
    service_endpoints: tuple[str, ...] = ()
    """Optional. Services reached over Azure's backbone by their public names, e.g. `Microsoft.Storage`. Default: none;
    private endpoints need none."""


def cidr(what: str, value: str) -> IPv4Network:
    """A CIDR block, or an `ArgumentError` that starts with `what`."""
    try:
        return IPv4Network(value)
    except ValueError as error:
        raise ArgumentError(f"{what} is {value!r}, not an IPv4 CIDR block such as 10.20.0.0/16 ({error})") from None


def make_subnets(
    component: Component,
    name: str,
    virtual_network: network.VirtualNetwork,
    azure_name: str,
    subnets: Mapping[str, Subnet],
    nat: network.NatGateway | None,
    args: ResourceArgs,
) -> dict[str, network.Subnet]:
    """Create subnets as a component's children, one after another, each with its security group."""
    made: dict[str, network.Subnet] = {}
    previous: network.Subnet | None = None
    for key, spec in subnets.items():
        group = network.NetworkSecurityGroup(
            f"{name}-{key}",
            network_security_group_name=derived_name("network_security_group", f"nsg-{azure_name}-{key}"),
            resource_group_name=args.resource_group_name,
            location=args.location,
            security_rules=[rule.to_azure(rule_name) for rule_name, rule in spec.rules.items()],
            tags=args.tags,
            opts=component.child(),
        )
        table = _route_table(component, f"{name}-{key}", f"rt-{azure_name}-{key}", spec.routes, args)
        previous = network.Subnet(
            f"{name}-{key}",
            subnet_name=key,
            virtual_network_name=virtual_network.name,
            resource_group_name=args.resource_group_name,
            address_prefix=spec.address_prefix,
            network_security_group=network.NetworkSecurityGroupArgs(id=group.id),
            route_table=network.RouteTableArgs(id=table.id) if table else None,
            nat_gateway=network.SubResourceArgs(id=nat.id) if nat and spec.nat else None,
            default_outbound_access=False,
            private_endpoint_network_policies="NetworkSecurityGroupEnabled",
            delegations=[network.DelegationArgs(name="delegation", service_name=spec.delegation)]
            if spec.delegation
            else None,
            service_endpoints=[
                network.ServiceEndpointPropertiesFormatArgs(service=service) for service in spec.service_endpoints
            ]
            or None,
            # Azure changes one subnet of a network at a time and refuses the others meanwhile
            opts=component.child(ResourceOptions(depends_on=[previous] if previous else [])),
        )
        made[key] = previous
    return made


def _route_table(
    component: Component, name: str, azure_name: str, routes: Mapping[str, Route], args: ResourceArgs
) -> network.RouteTable | None:
    if not routes:
        return None
    return network.RouteTable(
        name,
        route_table_name=derived_name("route_table", azure_name),
        resource_group_name=args.resource_group_name,
        location=args.location,
        # a gateway's routes would lead around the appliance
        disable_bgp_route_propagation=True,
        routes=[_route(key, route) for key, route in routes.items()],
        tags=args.tags,
        opts=component.child(),
    )


def _route(name: str, route: Route) -> network.RouteArgs:
    return network.RouteArgs(
        name=name, address_prefix=route.prefix, next_hop_type=route.next_hop, next_hop_ip_address=route.address
    )
