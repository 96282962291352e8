# SPDX-License-Identifier: Apache-2.0
"""Subnets."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator.arm import operations
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.resource import Seconds, Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.network import addresses, service
from groundplan_emulator.types.network.inlined import asked_for
from groundplan_emulator.types.network.service import NetworkType
from groundplan_emulator.types.network.subnet_users import configurations, users

JOIN = "Microsoft.Network/virtualNetworks/subnets/join/action"
LINKS = ("networkSecurityGroup", "routeTable", "natGateway")


class Subnets(NetworkType):
    """Microsoft.Network/virtualNetworks/subnets: a block of the network's space; kept while anything sits in it.

    Differs from Azure:
    - which services a subnet may be delegated to, and their own demands on it, are not checked
    - a delegation's actions are one join action for every service; service endpoints answer all regions (`*`)
    - reserved names (GatewaySubnet, AzureBastionSubnet, ...) have no special rules
    """

    type: ClassVar[str] = service.SUBNET
    seconds: ClassVar[Seconds] = Seconds(create=3, update=3, delete=10)
    refers: ClassVar[tuple[str, ...]] = (
        *(f"properties.{name}.id" for name in LINKS),
        "properties.serviceEndpointPolicies[*].id",
    )
    defaults: ClassVar[dict[str, Any]] = {
        "delegations": [],
        "privateEndpointNetworkPolicies": "Disabled",
        "privateLinkServiceNetworkPolicies": "Enabled",
    }

    def check(self, write: Write) -> None:
        """References in the network's region, addresses inside the network and beside the other subnets."""
        super().check(write)
        vnet = service.parent_of(write.ctx, write.id)
        for name in LINKS:
            linked = (write.properties.get(name) or {}).get("id")
            if linked and service.refer(write, linked).body.get("location") != vnet.body.get("location"):
                raise bad_request(
                    "InvalidResourceReference",
                    f"Resource {linked} referenced by resource {write.id.id} is in another region than its virtual network."
                    " Please make sure that the referenced resource exists, and that both resources are in the same region.",
                    target=f"properties.{name}.id",
                )
        blocks = addresses.prefixes_of(write.properties, write.id.id)
        if not blocks and not write.properties.get("ipamPoolPrefixAllocations"):
            raise bad_request(
                "InvalidAddressPrefixFormat",
                f"Subnet {write.id.name} has no address prefix; give addressPrefix or addressPrefixes.",
                target="properties.addressPrefix",
            )
        _keep_used(write, blocks)
        if asked_for(write):
            _beside(write, vnet, blocks)

    def fill(self, write: Write) -> None:
        """Delegations and service endpoints as the service completes them."""
        super().fill(write)
        for delegation in write.properties["delegations"]:
            name = delegation.get("name") or "delegation"
            delegation |= {"name": name, "id": f"{write.id.id}/delegations/{name}", "type": f"{self.type}/delegations"}
            delegation.setdefault("properties", {}).update(actions=[JOIN], provisioningState="Succeeded")
        for endpoint in write.properties.get("serviceEndpoints") or []:
            endpoint.setdefault("locations", ["*"])
            endpoint["provisioningState"] = "Succeeded"

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """With what sits in it."""
        inside = [{"id": found} for found in configurations(ctx, resource.id)]
        endpoints = service.pointing(ctx, service.PRIVATE_ENDPOINT, "properties.subnet.id", resource.id)
        return service.shown(resource.body, ipConfigurations=inside, privateEndpoints=service.references(endpoints))

    def deleting(self, ctx: Context, resource: Resource) -> None:
        """Refused while anything sits in it."""
        if inside := users(ctx, resource.id):
            raise bad_request(
                "InUseSubnetCannotBeDeleted",
                f"Subnet {resource.name} is in use by {', '.join(inside)} and cannot be deleted."
                " In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.",
            )


def _keep_used(write: Write, blocks: list[addresses.Network]) -> None:
    if write.old is None or addresses.prefixes_of(write.old_properties, write.id.id) == blocks:
        return
    if users(write.ctx, write.id.id):
        before = ", ".join(map(str, addresses.prefixes_of(write.old_properties, write.id.id)))
        raise bad_request(
            "InUsePrefixCannotBeDeleted",
            f"IpPrefix {before} on Subnet {write.id.name} has active allocations and cannot be deleted.",
            target="properties.addressPrefix",
        )


def _beside(write: Write, vnet: Resource, blocks: list[addresses.Network]) -> None:
    """The service changes one subnet of a network at a time, and no two may overlap."""
    ctx = write.ctx
    operations.refuse_overlap(ctx, vnet.key)
    others: dict[str, list[addresses.Network]] = {}
    for sibling in ctx.children(vnet.id, service.SUBNET):
        if sibling.key != write.id.key:
            operations.refuse_overlap(ctx, sibling.key)
            others[sibling.name] = addresses.prefixes_of(sibling.properties, sibling.id)
    space = addresses.space_of(vnet.properties, vnet.id)
    addresses.check_subnets(vnet.name, space, {**others, write.id.name: blocks})
