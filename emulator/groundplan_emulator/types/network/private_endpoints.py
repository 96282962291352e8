# SPDX-License-Identifier: Apache-2.0
"""Private endpoints: a network interface in a subnet, and a connection at the target."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator.arm import paths
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request, invalid_content, property_change_not_allowed
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import NameRule, Seconds, Write, route
from groundplan_emulator.store import Resource
from groundplan_emulator.types.network import endpoint_parts, private_link_targets, service
from groundplan_emulator.types.network.service import NetworkType, network_name

AUTOMATIC, MANUAL = "privateLinkServiceConnections", "manualPrivateLinkServiceConnections"
GONE = {
    "status": "Disconnected",
    "description": "The connection was removed at the resource that the endpoint leads to.",
    "actionsRequired": "None",
}


class PrivateEndpoints(NetworkType):
    """Microsoft.Network/privateEndpoints: one connection to one target, an address per member of its group.

    Connections under `privateLinkServiceConnections` are approved at once, those under `manualPrivateLinkServiceConnections` wait
    for a PUT on the target's `privateEndpointConnections`.

    Differs from Azure:
    - the target is in this subscription; automatic approval needs no rights on it
    - a rejected or removed connection leaves the endpoint with its network interface, but no traffic shows that it is dead
    - target types are those of Microsoft's DNS page, in the public cloud's zones
    """

    type: ClassVar[str] = service.PRIVATE_ENDPOINT
    name_rule: ClassVar[NameRule | None] = network_name(2, 64)
    seconds: ClassVar[Seconds] = Seconds(create=20, update=5, delete=10)
    refers: ClassVar[tuple[str, ...]] = ("properties.subnet.id", "properties.applicationSecurityGroups[*].id")
    immutable: ClassVar[tuple[str, ...]] = ("properties.subnet.id", "properties.customNetworkInterfaceName")
    defaults: ClassVar[dict[str, Any]] = {"ipConfigurations": []}

    def check(self, write: Write) -> None:
        """A subnet in the endpoint's region; one connection, to a group that the target has."""
        subnet_id = paths.read(write.body, "properties.subnet.id")
        if subnet_id is None:
            raise invalid_content("properties.subnet", "Required property 'subnet' not found in JSON")
        super().check(write)
        subnet = service.refer(write, subnet_id)
        vnet = write.ctx.get(subnet.id.rsplit("/", 2)[0])
        if vnet is not None and vnet.body.get("location") != write.body.get("location"):
            raise bad_request(
                "InvalidResourceReference",
                f"Resource {subnet.id} referenced by resource {write.id.id} was not found: its virtual network is in"
                f" '{vnet.body.get('location')}', the endpoint in '{write.body.get('location')}'."
                " Please make sure that the referenced resource exists, and that both resources are in the same region.",
                target="location",
            )
        connection = _only_connection(write)
        target, group = endpoint_parts.resolve(write, connection)
        if write.old is not None:
            _unchanged(write, connection)
        endpoint_parts.check_fixed(write, target, group)

    def fill(self, write: Write) -> None:
        """The connection's envelope and the interface's id; state and names are read when asked for."""
        super().fill(write)
        properties = write.properties
        properties.pop("customDnsConfigs", None)
        for list_ in (AUTOMATIC, MANUAL):
            properties[list_] = [_stored(write, list_, item) for item in properties.get(list_) or []]
        properties.setdefault("customNetworkInterfaceName", "")
        nic = endpoint_parts.nic_id(write)
        properties["networkInterfaces"] = [{"id": nic}]
        guid = write.ctx.guid("private endpoint", write.id.key)
        target = next(endpoint_parts.connections_of(properties))["properties"]["privateLinkServiceId"]
        type_ = service.refer(write, target).type
        write.private |= {
            "nic": nic,
            "guid": guid,
            "connection": f"{target}/privateEndpointConnections/{write.id.name}.{guid}",
            "connection type": f"{type_}/privateEndpointConnections",
        }

    def written(self, ctx: Context, resource: Resource, *, created: bool) -> None:
        """A new endpoint gets its interface and asks its target."""
        if created:
            endpoint_parts.make_nic(ctx, resource)
            endpoint_parts.connect(ctx, resource, waits=bool(resource.properties[MANUAL]))

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """With the connection's state as the target has it, and the names to resolve while no zone group does it."""
        state = endpoint_parts.state(ctx, resource) or GONE
        lists = {
            name: [
                {**item, "properties": {**item["properties"], "privateLinkServiceConnectionState": state}}
                for item in resource.properties[name]
            ]
            for name in (AUTOMATIC, MANUAL)
        }
        grouped = any(True for _ in ctx.children(resource.id, service.ZONE_GROUP))
        names = [] if grouped or state.get("status") != "Approved" else endpoint_parts.names(ctx, resource)
        return {**resource.body, "properties": {**resource.properties, **lists, "customDnsConfigs": names}}

    def deleted(self, ctx: Context, resource: Resource) -> None:
        """Interface and connection go too."""
        for name in ("nic", "connection"):
            if (left := ctx.get(resource.private[name])) is not None:
                ctx.delete(left)

    @route(
        "GET",
        "/subscriptions/{subscriptionId}/providers/Microsoft.Network/locations/{location}/availablePrivateEndpointTypes",
    )
    def list_types(self, ctx: Context, params: dict[str, str], _body: dict[str, Any]) -> Response:
        """Types that an endpoint can connect to."""
        stem = f"/subscriptions/{params['subscriptionId']}/providers/Microsoft.Network/AvailablePrivateEndpointTypes"
        value = [
            {
                "name": type_.replace("/", "."),
                "id": f"{stem}/{type_.replace('/', '.')}",
                "type": "Microsoft.Network/AvailablePrivateEndpointTypes",
                "resourceName": type_,
                "displayName": type_,
            }
            for type_ in private_link_targets.types()
        ]
        return Response(200, {"value": value})


def _only_connection(write: Write) -> dict[str, Any]:
    given = [item for list_ in (AUTOMATIC, MANUAL) for item in write.properties.get(list_) or []]
    if len(given) != 1:
        raise bad_request(
            "InvalidPrivateLinkServiceConnectionCount",
            f"Private endpoint {write.id.name} has {len(given)} connections; it takes exactly one, under"
            f" {AUTOMATIC} or {MANUAL}.",
            target=f"properties.{AUTOMATIC}",
        )
    if not given[0].get("name"):
        raise invalid_content(f"properties.{AUTOMATIC}[0].name", "Required property 'name' not found in JSON")
    return given[0]


def _unchanged(write: Write, connection: dict[str, Any]) -> None:
    before = next(endpoint_parts.connections_of(write.old_properties))["properties"]
    after = connection["properties"]
    if not service.same(after["privateLinkServiceId"], before["privateLinkServiceId"]):
        raise property_change_not_allowed(f"properties.{AUTOMATIC}[0].properties.privateLinkServiceId")
    if [name.lower() for name in after.get("groupIds") or []] != [n.lower() for n in before.get("groupIds") or []]:
        raise property_change_not_allowed(f"properties.{AUTOMATIC}[0].properties.groupIds")


def _stored(write: Write, list_: str, item: dict[str, Any]) -> dict[str, Any]:
    properties = {name: v for name, v in item["properties"].items() if name != "privateLinkServiceConnectionState"}
    return {
        "name": item["name"],
        "id": f"{write.id.id}/{list_}/{item['name']}",
        "type": f"{service.PRIVATE_ENDPOINT}/{list_}",
        "properties": {"groupIds": [], **properties, "provisioningState": "Succeeded"},
    }
