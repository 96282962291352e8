# SPDX-License-Identifier: Apache-2.0
"""A virtual network with its subnets, their security groups and, where asked for, a NAT gateway; or one that exists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from itertools import combinations

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_azure_native import network

from groundplan.attachments import attach
from groundplan.component import Component, child_id
from groundplan.errors import ArgumentError
from groundplan.interfaces import ResourceArgs
from groundplan.naming import check_name, derived_name
from groundplan.networking.peering import Peering, make_peering
from groundplan.networking.subnets import Subnet, cidr, make_subnets


@dataclass(frozen=True, kw_only=True)
class FlowLogs:
    """Where a network's flow logs go."""

    storage_account_id: Input[str]
    """Required. ARM id of a storage account in the network's region."""
    watcher_name: Input[str]
    """Required. Network watcher of the region; Azure makes `NetworkWatcher_<region>` by itself."""
    watcher_resource_group_name: Input[str]
    """Required. Resource group of the watcher; Azure's own is `NetworkWatcherRG`."""
    retention_days: int = 30
    """Optional. Days that logs are kept, 0 for ever. Default: 30."""

    def __post_init__(self) -> None:
        if self.retention_days < 0:
            raise ArgumentError(
                f"flow logs: retention_days is {self.retention_days}; allowed are 0 (for ever) and more"
            )


@dataclass(frozen=True, kw_only=True)
class NetworkArgs(ResourceArgs):
    """Arguments of `Network`."""

    address_space: str | tuple[str, ...]
    """Required. CIDR block of the whole network, or several."""
    subnets: Mapping[str, Subnet]
    """Required. Subnets by a key that becomes their Azure name, and part of their logical name."""
    peerings: Mapping[str, Peering] = field(default_factory=dict[str, Peering])
    """Optional. Other networks that this one is connected to, by a key that becomes part of the peering's name. Default:
    none."""
    dns_servers: tuple[str, ...] = ()
    """Optional. Addresses of the DNS servers of everything in the network; they must forward what private zones hold to
    Azure's 168.63.129.16. Default: Azure's own resolver."""
    ddos_protection_plan_id: Input[str] | None = None
    """Optional. ARM id of a DDoS protection plan. Default: Azure's basic protection."""
    flow_logs: FlowLogs | None = None
    """Optional. Record who talks to whom. Default: no."""
    network_name: str | None = None
    """Optional. Azure name; the names of security groups and NAT gateway derive from it. Default: the component's
    name."""

    def __post_init__(self) -> None:
        spaces = [cidr("network: address_space", each) for each in self.address_spaces()]
        if not spaces:
            raise ArgumentError("network: address_space is empty; give a CIDR block such as 10.20.0.0/16")
        blocks = {key: cidr(f"network: subnet {key!r}", subnet.address_prefix) for key, subnet in self.subnets.items()}
        for key, block in blocks.items():
            check_name("subnet", key)
            # Source: learn.microsoft.com/azure/virtual-network/virtual-networks-faq, for IPv4
            if block.prefixlen > 29:
                raise ArgumentError(f"network: subnet {key!r} is {block}; Azure's smallest subnet is /29")
            if not any(block.subnet_of(space) for space in spaces):
                given = ", ".join(str(space) for space in spaces)
                raise ArgumentError(f"network: subnet {key!r} is {block}, outside of address_space {given}")
        for (one, first), (other, second) in combinations(blocks.items(), 2):
            if first.overlaps(second):
                raise ArgumentError(f"network: subnets {one!r} ({first}) and {other!r} ({second}) overlap")
        self._check_rest()

    def address_spaces(self) -> tuple[str, ...]:
        """The CIDR blocks of the network."""
        return (self.address_space,) if isinstance(self.address_space, str) else self.address_space

    def _check_rest(self) -> None:
        for server in self.dns_servers:
            try:
                IPv4Address(server)
            except ValueError:
                raise ArgumentError(
                    f"network: DNS server is {server!r}, not an IPv4 address such as 10.0.0.4"
                ) from None
        for key in self.peerings:
            check_name("virtual_network_peering", f"peer-{key}")
        gateways = [key for key, peering in self.peerings.items() if peering.use_remote_gateways]
        # Source: documentation of VirtualNetworkPeering.useRemoteGateways: "Only one peering can have this flag set to true"
        if len(gateways) > 1:
            raise ArgumentError(f"network: peerings {gateways} use remote gateways; Azure allows one of them to")


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
    outbound_address: Output[str]
    """Public address that traffic through the NAT gateway comes from, for others' firewalls; empty without a gateway."""

    def __init__(self, name: str, args: NetworkArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        azure_name = check_name("virtual_network", args.network_name or name)
        plan = args.ddos_protection_plan_id
        virtual_network = network.VirtualNetwork(
            name,
            virtual_network_name=azure_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            address_space=network.AddressSpaceArgs(address_prefixes=[*args.address_spaces()]),
            dhcp_options=network.DhcpOptionsArgs(dns_servers=[*args.dns_servers]) if args.dns_servers else None,
            enable_ddos_protection=None if plan is None else True,
            ddos_protection_plan=None if plan is None else network.SubResourceArgs(id=plan),
            tags=args.tags,
            opts=self.child(),
        )
        address, nat = (None, None)
        if any(each.nat for each in args.subnets.values()):
            address, nat = _nat_gateway(self, name, azure_name, args)
        subnets = make_subnets(self, name, virtual_network, azure_name, args.subnets, nat, args)
        last: list[Resource] = [*subnets.values()]
        for key, peering in args.peerings.items():  # one at a time, as subnets are
            last = [make_peering(self, name, key, peering, virtual_network, args.resource_group_name, last)]
        if args.flow_logs:
            last.append(_log_flows(self, name, azure_name, virtual_network, args.flow_logs, args))
        attach(self, name, virtual_network.id, args, arm_type="Microsoft.Network/virtualNetworks", after=last)
        self.id = virtual_network.id
        self.name = virtual_network.name
        self.subnet_ids = {key: subnet.id for key, subnet in subnets.items()}
        self.outbound_address = (
            address.ip_address.apply(lambda found: found or "") if address else Output.from_input("")
        )
        self.seal()


@dataclass(frozen=True, kw_only=True)
class ExistingNetwork:
    """A network that somebody else made, with the outputs that `Network` has: nothing is created, changed or looked up."""

    network_id: Input[str]
    """Required. ARM id of the virtual network."""
    subnets: Mapping[str, str]
    """Required. Azure names of its subnets by the key that other components know them under."""

    def __post_init__(self) -> None:
        known = isinstance(self.network_id, str)
        if known and "/providers/microsoft.network/virtualnetworks/" not in str(self.network_id).lower():
            raise ArgumentError(
                f"existing network: network_id is {self.network_id!r}, not the id of a virtual network: /subscriptions/"
                "<id>/resourceGroups/<group>/providers/Microsoft.Network/virtualNetworks/<name>"
            )
        for subnet in self.subnets.values():
            check_name("subnet", subnet)

    @property
    def id(self) -> Output[str]:
        """ARM id of the virtual network."""
        return Output.from_input(self.network_id)

    @property
    def name(self) -> Output[str]:
        """Azure name of the virtual network."""
        return self.id.apply(lambda found: found.rpartition("/")[2])

    @property
    def subnet_ids(self) -> Mapping[str, Output[str]]:
        """ARM ids of the subnets by key."""
        return {key: child_id(self.id, "subnets", subnet) for key, subnet in self.subnets.items()}


def _nat_gateway(
    component: Network, name: str, azure_name: str, args: NetworkArgs
) -> tuple[network.PublicIPAddress, network.NatGateway]:
    address = network.PublicIPAddress(
        f"{name}-nat",
        public_ip_address_name=derived_name("public_ip", f"pip-{azure_name}-nat"),
        resource_group_name=args.resource_group_name,
        location=args.location,
        sku=network.PublicIPAddressSkuArgs(name="Standard"),
        public_ip_allocation_method="Static",
        tags=args.tags,
        # Azure writes the gateway's id here, too; a refresh would bring it back as a change to undo
        opts=component.child(ResourceOptions(ignore_changes=["natGateway"])),
    )
    gateway = network.NatGateway(
        f"{name}-nat",
        nat_gateway_name=derived_name("nat_gateway", f"ng-{azure_name}"),
        resource_group_name=args.resource_group_name,
        location=args.location,
        sku=network.NatGatewaySkuArgs(name="Standard"),
        public_ip_addresses=[network.SubResourceArgs(id=address.id)],
        tags=args.tags,
        opts=component.child(),
    )
    return address, gateway


def _log_flows(
    component: Network,
    name: str,
    azure_name: str,
    virtual_network: network.VirtualNetwork,
    logs: FlowLogs,
    args: NetworkArgs,
) -> network.FlowLog:
    return network.FlowLog(
        f"{name}-flows",
        flow_log_name=f"flow-{azure_name}",
        network_watcher_name=logs.watcher_name,
        resource_group_name=logs.watcher_resource_group_name,
        location=virtual_network.location.apply(lambda region: region or ""),
        target_resource_id=virtual_network.id,
        storage_id=logs.storage_account_id,
        enabled=True,
        format=network.FlowLogFormatParametersArgs(type="JSON", version=2),
        retention_policy=network.RetentionPolicyParametersArgs(
            enabled=logs.retention_days > 0, days=logs.retention_days
        ),
        tags=args.tags,
        opts=component.child(),
    )
