# SPDX-License-Identifier: Apache-2.0
"""Virtual networks."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any, ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import NameRule, Seconds, Write, action
from groundplan_emulator.store import Resource
from groundplan_emulator.types.network import addresses, service
from groundplan_emulator.types.network.inlined import Inlined
from groundplan_emulator.types.network.service import NetworkType, network_name

SUBNETS = Inlined("subnets", service.SUBNET, absent_removes=False)
PEERINGS = Inlined("virtualNetworkPeerings", service.PEERING, absent_removes=False)


class VirtualNetworks(NetworkType):
    """Microsoft.Network/virtualNetworks: an address space whose subnets come inline or one by one.

    Differs from Azure:
    - address pools (IPAM), encryption and DDoS plans are kept but do nothing
    - effective settings of a network manager are not reflected
    """

    type: ClassVar[str] = service.VNET
    name_rule: ClassVar[NameRule | None] = network_name(2, 64)
    seconds: ClassVar[Seconds] = Seconds(create=4, update=2, delete=10)
    refers: ClassVar[tuple[str, ...]] = ("properties.ddosProtectionPlan.id",)
    defaults: ClassVar[dict[str, Any]] = {"enableDdosProtection": False}

    def check(self, write: Write) -> None:
        """The address space, and the subnets inside it: those given, else those that exist."""
        super().check(write)
        name = write.id.name
        space = addresses.space_of(write.properties, write.id.id)
        if not space and not (write.properties.get("addressSpace") or {}).get("ipamPoolPrefixAllocations"):
            raise bad_request(
                "VirtualNetworkAddressSpaceMissing",
                f"Virtual network {name} has no address prefix; give at least one in addressSpace.addressPrefixes.",
                target="properties.addressSpace.addressPrefixes",
            )
        given = SUBNETS.take(write)
        PEERINGS.take(write)
        if given is not None:
            wanted = {item["name"]: addresses.prefixes_of(item.get("properties") or {}, item["name"]) for item in given}
            addresses.check_subnets(name, space, wanted)
        else:
            _keep_used(write, space)

    def written(self, ctx: Context, resource: Resource, *, created: bool) -> None:
        """Subnets and peerings of the body become resources."""
        SUBNETS.store(ctx, resource)
        PEERINGS.store(ctx, resource)

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """With subnets and peerings."""
        properties = resource.body["properties"]
        return {
            **resource.body,
            "properties": {
                **properties,
                "subnets": SUBNETS.show(ctx, resource),
                "virtualNetworkPeerings": PEERINGS.show(ctx, resource),
            },
        }

    def deleting(self, ctx: Context, resource: Resource) -> None:
        """Refused while anything sits in one of its subnets."""
        armtype = ctx.registry.find(service.SUBNET, f"{resource.id}/subnets/x")
        for subnet in ctx.children(resource.id, service.SUBNET):
            if armtype is not None:
                armtype.deleting(ctx, subnet)

    @action("CheckIPAddressAvailability", "GET")
    def check_address(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """Whether an address of one of the subnets is free, and up to five that are."""
        wanted = ctx.request.query.get("ipaddress", "")
        try:
            address = ip_address(wanted)
        except ValueError:
            raise bad_request(
                "InvalidIPAddressFormat", f"The query parameter ipAddress is '{wanted}', not an IP address."
            ) from None
        for subnet in ctx.children(resource.id, service.SUBNET):
            if any(address in block for block in addresses.prefixes_of(subnet.properties, subnet.id)):
                used = addresses.taken(ctx, subnet.id)
                free = addresses.free(subnet, used)
                near = [found for _, found in zip(range(5), free, strict=False)]
                available = wanted not in used and wanted in set(addresses.free(subnet, used))
                answer: dict[str, Any] = {
                    "available": available,
                    "isPlatformReserved": not available and wanted not in used,
                }
                return Response(200, answer | ({} if available else {"availableIPAddresses": near}))
        raise bad_request(
            "PrivateIPAddressNotInAnySubnet",
            f"Private IP address {wanted} does not belong to any subnet of virtual network {resource.name}.",
        )

    @action("usages", "GET")
    def usages(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """How many addresses of each subnet are taken."""
        value: list[dict[str, Any]] = []
        for subnet in ctx.children(resource.id, service.SUBNET):
            size = sum(block.num_addresses for block in addresses.prefixes_of(subnet.properties, subnet.id))
            name = {"localizedValue": "Subnet size and usage", "value": "SubnetSpace"}
            used = len(addresses.taken(ctx, subnet.id))
            limit = size - addresses.RESERVED - 1
            value.append({"id": subnet.id, "currentValue": used, "limit": limit, "name": name, "unit": "Count"})
        return Response(200, {"value": value})


def _keep_used(write: Write, space: list[addresses.Network]) -> None:
    """Subnets that a PUT does not mention stay, so the new space has to hold them."""
    for subnet in write.ctx.children(write.id.id, service.SUBNET):
        for block in addresses.prefixes_of(subnet.properties, subnet.id):
            if not any(isinstance(block, type(wide)) and block.subnet_of(wide) for wide in space):  # pyright: ignore[reportArgumentType]
                raise bad_request(
                    "InUsePrefixCannotBeDeleted",
                    f"IpPrefix {block} of subnet {subnet.name} would be outside of virtual network {write.id.name},"
                    f" whose new address space is {', '.join(map(str, space))}. Delete the subnet first.",
                    target="properties.addressSpace.addressPrefixes",
                )
