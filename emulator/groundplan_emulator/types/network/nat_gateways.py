# SPDX-License-Identifier: Apache-2.0
"""NAT gateways."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.resource import Seconds, Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.network import service
from groundplan_emulator.types.network.service import NetworkType, pointing, references

LINK = "properties.natGateway.id"
ADDRESSES = "properties.publicIpAddresses[*].id"


class NatGateways(NetworkType):
    """Microsoft.Network/natGateways: standard public addresses of its own, kept while a subnet is linked.

    Differs from Azure:
    - zones of gateway and addresses are not compared
    """

    type: ClassVar[str] = service.NAT_GATEWAY
    seconds: ClassVar[Seconds] = Seconds(create=5, update=5, delete=10)
    refers: ClassVar[tuple[str, ...]] = (ADDRESSES, "properties.publicIpPrefixes[*].id")
    defaults: ClassVar[dict[str, Any]] = {"idleTimeoutInMinutes": 4}

    def check(self, write: Write) -> None:
        """Its addresses are standard ones that nothing else uses."""
        super().check(write)
        for item in write.properties.get("publicIpAddresses") or []:
            address = service.refer(write, item.get("id"))
            if not str((address.body.get("sku") or {}).get("name", "")).startswith("Standard"):
                raise bad_request(
                    "NatGatewayCannotUseBasicPublicIp",
                    f"NAT gateway {write.id.name} needs public IP addresses of sku Standard; {address.id} is"
                    f" {(address.body.get('sku') or {}).get('name')}.",
                    target="properties.publicIpAddresses",
                )
            for user in public_ip_users(write.ctx, address.id):
                if not service.same(user, write.id.id):
                    raise bad_request(
                        "PublicIPAddressInUse",
                        f"Resource {write.id.id} is referencing public IP address {address.id} that is already allocated"
                        f" to resource {user}.",
                    )

    def fill(self, write: Write) -> None:
        """The sku."""
        super().fill(write)
        write.body.setdefault("sku", {"name": "Standard"})

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """With linked subnets."""
        return service.shown(resource.body, subnets=references(pointing(ctx, service.SUBNET, LINK, resource.id)))

    def deleting(self, ctx: Context, resource: Resource) -> None:
        """Refused while a subnet is linked."""
        if users := [subnet.id for subnet in pointing(ctx, service.SUBNET, LINK, resource.id)]:
            raise service.in_use("InUseNatGatewayCannotBeDeleted", "Nat gateway", resource, users)


def public_ip_users(ctx: Context, address: str) -> list[str]:
    """Ids of what a public IP address is allocated to: NAT gateways and IP configurations."""
    found = [gateway.id for gateway in pointing(ctx, service.NAT_GATEWAY, ADDRESSES, address)]
    for type_, list_ in (
        (service.NIC, "ipConfigurations"),
        ("Microsoft.Network/bastionHosts", "ipConfigurations"),
        ("Microsoft.Network/azureFirewalls", "ipConfigurations"),
        ("Microsoft.Network/virtualNetworkGateways", "ipConfigurations"),
        ("Microsoft.Network/loadBalancers", "frontendIPConfigurations"),
        ("Microsoft.Network/applicationGateways", "frontendIPConfigurations"),
    ):
        for owner in pointing(ctx, type_, f"properties.{list_}[*].properties.publicIPAddress.id", address):
            found += [
                item.get("id") or f"{owner.id}/{list_}/{item.get('name')}"
                for item in owner.properties[list_]
                if service.same(((item.get("properties") or {}).get("publicIPAddress") or {}).get("id"), address)
            ]
    return found
