# SPDX-License-Identifier: Apache-2.0
"""A virtual network with its subnets, their security groups and, where asked for, a NAT gateway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from itertools import combinations

from pulumi import Output, ResourceOptions
from pulumi_azure_native import network

from groundplan.attachments import attach
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.interfaces import ResourceArgs
from groundplan.naming import check_name
from groundplan.networking.security_rules import SecurityRule


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
    """Optional. Service that the subnet is handed to, e.g. `Microsoft.App/environments`. Default: none."""


@dataclass(frozen=True, kw_only=True)
class NetworkArgs(ResourceArgs):
    """Arguments of `Network`."""

    address_space: str
    """Required. CIDR block of the whole network."""
    subnets: Mapping[str, Subnet]
    """Required. Subnets by a key that becomes their Azure name, and part of their logical name."""
    network_name: str | None = None
    """Optional. Azure name; the names of security groups and NAT gateway derive from it. Default: the component's
    name."""

    def __post_init__(self) -> None:
        space = _cidr("network: address_space", self.address_space)
        blocks = {key: _cidr(f"network: subnet {key!r}", subnet.address_prefix) for key, subnet in self.subnets.items()}
        for key, block in blocks.items():
            check_name("subnet", key)
            if block.prefixlen > 29:
                raise ArgumentError(f"network: subnet {key!r} is {block}; Azure's smallest subnet is /29")
            if not block.subnet_of(space):
                raise ArgumentError(f"network: subnet {key!r} is {block}, outside of address_space {space}")
        for (one, first), (other, second) in combinations(blocks.items(), 2):
            if first.overlaps(second):
                raise ArgumentError(f"network: subnets {one!r} ({first}) and {other!r} ({second}) overlap")


class Network(Component):
    """A virtual network whose subnets each have a security group and no way out unless one is given.

    Example:
        Network("network", NetworkArgs(
            resource_group_name=group.name, address_space="10.20.0.0/16",
            subnets={"endpoints": Subnet(address_prefix="10.20.0.0/24", rules=endpoint_rules())}))
    """

    id: Output[str]
    """ARM id of the virtual network."""
    name: Output[str]
    """Azure name of the virtual network."""
    subnet_ids: Mapping[str, Output[str]]
    """ARM ids of the subnets by key."""

    def __init__(self, name: str, args: NetworkArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        azure_name = check_name("virtual_network", args.network_name or name)
        virtual_network = network.VirtualNetwork(
            name,
            virtual_network_name=azure_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            address_space=network.AddressSpaceArgs(address_prefixes=[args.address_space]),
            tags=args.tags,
            opts=self.child(),
        )
        nat = _nat_gateway(self, name, azure_name, args) if any(each.nat for each in args.subnets.values()) else None
        subnet_ids: dict[str, Output[str]] = {}
        previous: network.Subnet | None = None
        for key, spec in args.subnets.items():
            group = network.NetworkSecurityGroup(
                f"{name}-{key}",
                network_security_group_name=check_name("network_security_group", f"nsg-{azure_name}-{key}"),
                resource_group_name=args.resource_group_name,
                location=args.location,
                security_rules=[rule.to_azure(rule_name) for rule_name, rule in spec.rules.items()],
                tags=args.tags,
                opts=self.child(),
            )
            previous = network.Subnet(
                f"{name}-{key}",
                subnet_name=key,
                virtual_network_name=virtual_network.name,
                resource_group_name=args.resource_group_name,
                address_prefix=spec.address_prefix,
                network_security_group=network.NetworkSecurityGroupArgs(id=group.id),
                nat_gateway=network.SubResourceArgs(id=nat.id) if nat and spec.nat else None,
                default_outbound_access=False,
                private_endpoint_network_policies="NetworkSecurityGroupEnabled",
                delegations=[network.DelegationArgs(name="delegation", service_name=spec.delegation)]
                if spec.delegation
                else None,
                # Azure changes one subnet of a network at a time and refuses the others meanwhile
                opts=self.child(ResourceOptions(depends_on=[previous] if previous else [])),
            )
            subnet_ids[key] = previous.id
        attach(self, name, virtual_network.id, args, after=[previous])  # each subnet waits for the one before
        self.id = virtual_network.id
        self.name = virtual_network.name
        self.subnet_ids = subnet_ids
        self.seal()


def _nat_gateway(component: Network, name: str, azure_name: str, args: NetworkArgs) -> network.NatGateway:
    address = network.PublicIPAddress(
        f"{name}-nat",
        public_ip_address_name=check_name("public_ip", f"pip-{azure_name}-nat"),
        resource_group_name=args.resource_group_name,
        location=args.location,
        sku=network.PublicIPAddressSkuArgs(name="Standard"),
        public_ip_allocation_method="Static",
        tags=args.tags,
        # Azure writes the gateway's id here, too; a refresh would bring it back as a change to undo
        opts=component.child(ResourceOptions(ignore_changes=["natGateway"])),
    )
    return network.NatGateway(
        f"{name}-nat",
        nat_gateway_name=check_name("nat_gateway", f"ng-{azure_name}"),
        resource_group_name=args.resource_group_name,
        location=args.location,
        sku=network.NatGatewaySkuArgs(name="Standard"),
        public_ip_addresses=[network.SubResourceArgs(id=address.id)],
        tags=args.tags,
        opts=component.child(),
    )


def _cidr(what: str, value: str) -> IPv4Network:
    try:
        return IPv4Network(value)
    except ValueError as error:
        raise ArgumentError(f"{what} is {value!r}, not an IPv4 CIDR block such as 10.20.0.0/16 ({error})") from None
