# SPDX-License-Identifier: Apache-2.0
"""What a private endpoint is made of: its group at the target, its network interface, its connection, its names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.resource import Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.network import addresses, private_link_targets, service
from groundplan_emulator.types.network.network_interfaces import describe
from groundplan_emulator.types.network.private_link_targets import Group, Host

LISTS = ("privateLinkServiceConnections", "manualPrivateLinkServiceConnections")


def connections_of(properties: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The connections of an endpoint's properties, automatic ones first."""
    for list_ in LISTS:
        yield from properties.get(list_) or []


def resolve(write: Write, connection: dict[str, Any]) -> tuple[Resource, Group]:
    """Target and group of a connection; 400 when the target is no target, or has no such group."""
    properties = connection.setdefault("properties", {})
    target = service.refer(write, properties.get("privateLinkServiceId"), "privateLinkServiceId")
    known = private_link_targets.groups(target.type)
    if not known:
        raise bad_request(
            "PrivateLinkServiceTypeNotSupported",
            f"Call to {target.type} failed. Error message: a private endpoint cannot connect to {target.id}; supported types:"
            f" {', '.join(private_link_targets.types())}.",
            target="privateLinkServiceId",
        )
    given: list[str] = properties.get("groupIds") or []
    if not given and "" not in known:
        raise bad_request(
            "MissingParameterOnPrivateLinkServiceConnection",
            f"Private link service connection {write.id.id}/privateLinkServiceConnections/{connection.get('name')}"
            " is missing required parameter 'group Id'.",
            target="groupIds",
        )
    wanted = [name.lower() for name in given] or [""]
    if len(wanted) != 1 or wanted[0] not in known:
        raise bad_request(
            "InvalidGroupId",
            f"Call to {target.type} failed. Error message: Invalid groupId {', '.join(given)}; exactly one of"
            f" {', '.join(group.id for group in known.values() if group.id) or '(none)'} is allowed.",
            target="groupIds",
        )
    if (armtype := write.ctx.type_of(target)) is not None:
        armtype.connecting(write.ctx, target)
    return target, known[wanted[0]]


def _parts(ctx: Context, endpoint: Resource) -> tuple[Resource, Group] | None:
    properties = next(connections_of(endpoint.properties))["properties"]
    target = ctx.get(properties["privateLinkServiceId"])
    if target is None:
        return None
    wanted = "".join(properties.get("groupIds") or []).lower()
    return target, private_link_targets.groups(target.type)[wanted]


# -- the network interface


def nic_id(write: Write) -> str:
    """Where the endpoint's interface is: beside it, under the name asked for or one that its id decides."""
    group = write.id.scope
    given = write.properties.get("customNetworkInterfaceName")
    name = given or f"{write.id.name}.nic.{write.ctx.guid('private endpoint nic', write.id.key)}"
    return ResourceId.of(group, service.NIC, name).id


def check_fixed(write: Write, target: Resource, group: Group) -> None:
    """Fixed addresses name members of the group, lie in the subnet and are free."""
    names = {member.name.lower() for member in private_link_targets.members(target, group)}
    subnet = service.refer(write, write.properties["subnet"]["id"])
    used = addresses.taken(write.ctx, subnet.id) if write.old is None else set[str]()
    for item in write.properties.get("ipConfigurations") or []:
        properties = item.get("properties") or {}
        if str(properties.get("memberName", "")).lower() not in names:
            raise bad_request(
                "InvalidMemberName",
                f"IP configuration {item.get('name')} names member {properties.get('memberName')}; group {group.id} of"
                f" {target.type} has {', '.join(sorted(names))}.",
                target="properties.ipConfigurations",
            )
        addresses.claim(subnet, str(properties.get("privateIPAddress", "")), used)


def make_nic(ctx: Context, endpoint: Resource) -> None:
    """The interface, with one address for each member of the group."""
    parts = _parts(ctx, endpoint)
    subnet = ctx.get(endpoint.properties["subnet"]["id"])
    if parts is None or subnet is None:
        return
    nic, group = endpoint.private["nic"], parts[1]
    fixed = {
        item["properties"]["memberName"].lower(): item["properties"]["privateIPAddress"]
        for item in endpoint.properties["ipConfigurations"]
    }
    used = addresses.taken(ctx, subnet.id) | set(fixed.values())
    configurations: list[dict[str, Any]] = []
    for member in private_link_targets.members(*parts):
        address = fixed.get(member.name.lower())
        properties = {
            "provisioningState": "Succeeded",
            "privateIPAddress": address or addresses.allocate(subnet, used),
            "privateIPAllocationMethod": "Static" if address else "Dynamic",
            "subnet": {"id": subnet.id},
            "primary": not configurations,
            "privateIPAddressVersion": "IPv4",
            "privateLinkConnectionProperties": {
                "groupId": group.id,
                "requiredMemberName": member.name,
                "fqdns": [host.fqdn for host in member.hosts],
            },
        }
        name = f"privateEndpointIpConfig.{ctx.guid('ip configuration', nic.lower(), member.name)}"
        configurations.append({**describe(nic, name), "properties": properties})
    body: dict[str, Any] = {
        "id": nic,
        "name": nic.rpartition("/")[2],
        "type": service.NIC,
        "etag": "",
        "location": endpoint.body["location"],
        "properties": {
            "provisioningState": "Succeeded",
            "resourceGuid": ctx.guid("resource", nic.lower()),
            "ipConfigurations": configurations,
            "dnsSettings": {"dnsServers": [], "appliedDnsServers": []},
            "macAddress": "",
            "enableAcceleratedNetworking": False,
            "enableIPForwarding": False,
            "disableTcpStateTracking": False,
            "privateEndpoint": {"id": endpoint.id},
            "nicType": "Standard",
        },
    }
    ctx.save(Resource(nic, service.NIC, body["name"], body))


# -- the connection at the target


def connect(ctx: Context, endpoint: Resource, *, waits: bool) -> None:
    """The connection as the target has it: approved, or waiting with the request's message."""
    id_, type_ = endpoint.private["connection"], endpoint.private["connection type"]
    asked = next(connections_of(endpoint.properties))["properties"]
    state = {
        "status": "Pending" if waits else "Approved",
        "description": asked.get("requestMessage") or ("" if waits else "Auto-Approved"),
        "actionsRequired": "None",
    }
    row = ctx.registry.catalog.by_arm_type(type_)
    body: dict[str, Any] = {"id": id_, "name": id_.rpartition("/")[2], "type": type_}
    properties: dict[str, Any] = {
        "privateEndpoint": {"id": endpoint.id},
        "privateLinkServiceConnectionState": state,
        "provisioningState": "Succeeded",
    }
    if row is not None:
        if "etag" in row.outputs:
            body["etag"] = ""
        if "systemData" in row.outputs:
            body["systemData"] = ctx.system_data()
        if "groupIds" in row.outputs:
            properties["groupIds"] = asked["groupIds"]
    body["properties"] = properties
    ctx.save(Resource(id_, type_, body["name"], body))


def state(ctx: Context, endpoint: Resource) -> dict[str, Any] | None:
    """The connection's state as the target has it; None when target or connection is gone."""
    connection = ctx.get(endpoint.private["connection"])
    return connection.properties.get("privateLinkServiceConnectionState") if connection else None


# -- names


def hosts(ctx: Context, endpoint: Resource) -> Iterator[tuple[Host, str]]:
    """Every name of the endpoint's group, with the address of its member."""
    parts, nic = _parts(ctx, endpoint), ctx.get(endpoint.private["nic"])
    if parts is None or nic is None:
        return
    found = {
        item["properties"]["privateLinkConnectionProperties"]["requiredMemberName"]: item["properties"][
            "privateIPAddress"
        ]
        for item in nic.properties["ipConfigurations"]
    }
    for member in private_link_targets.members(*parts):
        for host in member.hosts:
            if member.name in found:
                yield host, found[member.name]


def names(ctx: Context, endpoint: Resource) -> list[dict[str, Any]]:
    """`customDnsConfigs`: public names and addresses."""
    return [{"fqdn": host.fqdn, "ipAddresses": [address]} for host, address in hosts(ctx, endpoint)]
