# SPDX-License-Identifier: Apache-2.0
"""What the types of Microsoft.Network have in common: names, references, states."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, ClassVar

from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm import paths
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError, bad_request
from groundplan_emulator.arm.resource import ArmType, NameRule, Write
from groundplan_emulator.store import Resource

VNET = "Microsoft.Network/virtualNetworks"
SUBNET = f"{VNET}/subnets"
PEERING = f"{VNET}/virtualNetworkPeerings"
SECURITY_GROUP = "Microsoft.Network/networkSecurityGroups"
SECURITY_RULE = f"{SECURITY_GROUP}/securityRules"
ROUTE_TABLE = "Microsoft.Network/routeTables"
ROUTE = f"{ROUTE_TABLE}/routes"
NAT_GATEWAY = "Microsoft.Network/natGateways"
PUBLIC_IP = "Microsoft.Network/publicIPAddresses"
NIC = "Microsoft.Network/networkInterfaces"
PRIVATE_ENDPOINT = "Microsoft.Network/privateEndpoints"
ZONE_GROUP = f"{PRIVATE_ENDPOINT}/privateDnsZoneGroups"
ZONE = "Microsoft.Network/privateDnsZones"
ZONE_LINK = f"{ZONE}/virtualNetworkLinks"

APPLICATION_GROUP = "Microsoft.Network/applicationSecurityGroups"
TYPES = {
    "subnet": SUBNET,
    "networkSecurityGroup": SECURITY_GROUP,
    "routeTable": ROUTE_TABLE,
    "natGateway": NAT_GATEWAY,
    "publicIPAddress": PUBLIC_IP,
    "publicIpAddresses": PUBLIC_IP,
    "remoteVirtualNetwork": VNET,
    "virtualNetwork": VNET,
    "privateDnsZoneId": ZONE,
    "applicationSecurityGroups": APPLICATION_GROUP,
    "sourceApplicationSecurityGroups": APPLICATION_GROUP,
    "destinationApplicationSecurityGroups": APPLICATION_GROUP,
}
"""What the id under a property has to be an id of."""

WORDS = "letters, digits, underscores, periods and hyphens, a letter or digit first, a letter, digit or underscore last"


def network_name(minimum: int = 1, maximum: int = 80) -> NameRule:
    """The name rule that most network resources share (ARM documentation, "Naming rules and restrictions")."""
    return NameRule(
        rf"(?=.{{{minimum},{maximum}}}$)[A-Za-z0-9](?:[\w.-]*\w)?",
        f"{minimum} to {maximum} {WORDS}",
    )


class NetworkType(ArmType):
    """The base of the types here: checks references as the service does and gives each tracked resource its GUID."""

    name_rule: ClassVar[NameRule | None] = network_name()
    creating: ClassVar[str] = "Updating"
    refers: ClassVar[tuple[str, ...]] = ()
    """Paths of ids that must name existing resources, answered with InvalidResourceReference."""
    defaults: ClassVar[dict[str, Any]] = {}
    """Properties that the service sets when a write leaves them out."""

    def check(self, write: Write) -> None:
        """Every resource that the body names is there."""
        for path in self.refers:
            for at, value in paths.values(write.body, path):
                refer(write, value, at)

    def fill(self, write: Write) -> None:
        """Defaults, plain references, and the GUID of a tracked resource."""
        for name, value in self.defaults.items():
            if write.properties.get(name) is None:
                write.properties[name] = copy.deepcopy(value)
        for path in self.refers:
            only_id(write.body, path)
        if self.row is not None and "resourceGuid" in self.row.outputs:
            write.properties["resourceGuid"] = write.ctx.guid("resource", write.id.key)


def refer(write: Write, resource_id: object, at: str = "") -> Resource:
    """The resource that a write names at a path; 400 when the id is none, of another type, or of nothing that exists."""
    if not isinstance(resource_id, str) or not resource_id.lower().startswith("/subscriptions/"):
        raise bad_request(
            "LinkedInvalidPropertyId",
            f"Property id '{resource_id}' at path '{at}' is invalid. Expect fully qualified resource Id that start with"
            " '/subscriptions/{subscriptionId}' or '/providers/{resourceProviderNamespace}/'.",
            target=at or None,
        )
    found = write.ctx.get(resource_id)
    if found is None:
        raise bad_request(
            "InvalidResourceReference",
            f"Resource {resource_id} referenced by resource {write.id.id} was not found."
            " Please make sure that the referenced resource exists, and that both resources are in the same region.",
            target=at or resource_id,
        )
    wanted = TYPES.get(at.removesuffix(".id").rpartition(".")[2].partition("[")[0])
    if wanted is not None and found.type.lower() != wanted.lower():
        raise bad_request(
            "InvalidResourceReference",
            f"Resource {resource_id} referenced by resource {write.id.id} at '{at}' is of type '{found.type}', not '{wanted}'.",
            target=at,
        )
    return found


def only_id(body: dict[str, Any], path: str) -> None:
    """A client may send a whole resource where the service wants its id: keep the id alone."""
    for _, value in list(paths.values(body, path.removesuffix(".id"))):
        if isinstance(value, dict) and "id" in value:
            kept = {"id": value["id"]}
            value.clear()
            value.update(kept)


def same(one: object, other: str) -> bool:
    """Whether two ids name the same resource."""
    return isinstance(one, str) and one.lower() == other.lower()


def pointing(ctx: Context, type_: str, path: str, target: str) -> Iterator[Resource]:
    """Resources of a type, in the target's subscription, whose body names the target at `path`."""
    subscription = "/".join(target.split("/")[:3])
    for resource in ctx.store.of_type(type_, within=subscription):
        if any(same(value, target) for _, value in paths.values(resource.body, path)):
            yield resource


def references(found: Iterator[Resource]) -> list[dict[str, str]]:
    """Back references as a body shows them."""
    return [{"id": resource.id} for resource in found]


def shown(body: dict[str, Any], **computed: Any) -> dict[str, Any]:
    """A body with computed properties; empty ones are left out, as the service does with back references."""
    return {**body, "properties": {**body.get("properties", {}), **{k: v for k, v in computed.items() if v}}}


def in_use(code: str, what: str, resource: Resource, users: list[str]) -> ArmError:
    """400: something still points at a resource that is to be deleted."""
    return bad_request(
        code,
        f"{what} {resource.id} cannot be deleted because it is in use by the following resources: {', '.join(users)}."
        f" In order to delete the {what}, remove the association with the resource(s).",
    )


def parent_of(ctx: Context, id_: ResourceId) -> Resource:
    """The resource above a child; the life cycle has checked that it exists."""
    found = ctx.get(id_.parent_id)
    if found is None:
        raise bad_request("ParentResourceNotFound", f"The parent of {id_.id} was not found.")
    return found
