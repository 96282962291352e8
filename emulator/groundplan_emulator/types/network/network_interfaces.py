# SPDX-License-Identifier: Apache-2.0
"""Network interfaces."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator.arm import paths
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request, invalid_content
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import Seconds, Write, action
from groundplan_emulator.store import Resource
from groundplan_emulator.types.network import addresses, service
from groundplan_emulator.types.network.nat_gateways import public_ip_users
from groundplan_emulator.types.network.service import NetworkType

CONFIGURATION = "properties.ipConfigurations[*].properties"


class NetworkInterfaces(NetworkType):
    """Microsoft.Network/networkInterfaces: private addresses out of a subnet; those of private endpoints go with them.

    Differs from Azure:
    - no virtual machine attaches to it, so there is no MAC address; IPv6 configurations get no address
    """

    type: ClassVar[str] = service.NIC
    seconds: ClassVar[Seconds] = Seconds(create=2, update=2, delete=5)
    refers: ClassVar[tuple[str, ...]] = (
        "properties.networkSecurityGroup.id",
        f"{CONFIGURATION}.subnet.id",
        f"{CONFIGURATION}.publicIPAddress.id",
        f"{CONFIGURATION}.applicationSecurityGroups[*].id",
    )
    defaults: ClassVar[dict[str, Any]] = {
        "enableAcceleratedNetworking": False,
        "enableIPForwarding": False,
        "disableTcpStateTracking": False,
        "nicType": "Standard",
    }

    def check(self, write: Write) -> None:
        """At least one configuration, each in a subnet, public addresses unshared."""
        if write.old is not None and (endpoint := write.old_properties.get("privateEndpoint")):
            raise _endpoints_own(write.id.id, endpoint["id"], "updated")
        given = write.properties.get("ipConfigurations") or []
        if not given:
            raise invalid_content(
                "properties.ipConfigurations", "Required property 'ipConfigurations' not found in JSON"
            )
        super().check(write)
        for at, item in enumerate(given):
            if not item.get("name") or paths.read(item, "properties.subnet.id") is None:
                raise invalid_content(
                    f"properties.ipConfigurations[{at}]", "An IP configuration needs a name and a subnet"
                )
            address = paths.read(item, "properties.publicIPAddress.id")
            for user in public_ip_users(write.ctx, address) if address else []:
                if not user.lower().startswith(f"{write.id.key}/"):
                    raise bad_request(
                        "PublicIPAddressInUse",
                        f"Resource {write.id.id}/ipConfigurations/{item['name']} is referencing public IP address {address}"
                        f" that is already allocated to resource {user}.",
                    )

    def fill(self, write: Write) -> None:
        """Addresses: fixed ones as asked, others kept or the lowest free ones."""
        super().fill(write)
        before = {item["name"].lower(): item["properties"] for item in write.old_properties.get("ipConfigurations", [])}
        own = {properties.get("privateIPAddress") for properties in before.values()}
        given = write.properties["ipConfigurations"]
        for at, item in enumerate(given):
            properties = item["properties"]
            properties.setdefault("primary", at == 0)
            properties.setdefault("privateIPAddressVersion", "IPv4")
            properties.setdefault("privateIPAllocationMethod", "Dynamic")
            subnet = service.refer(write, properties["subnet"]["id"])
            used = addresses.taken(write.ctx, subnet.id) - own
            used |= {paths.read(other, "properties.privateIPAddress") for other in given[:at]}
            _settle(properties, subnet, before.get(item["name"].lower(), {}), used)
            item.update(describe(write.id.id, item["name"]))
            properties["provisioningState"] = "Succeeded"
        write.properties.setdefault("dnsSettings", {}).setdefault("dnsServers", [])
        write.properties.setdefault("primary", True)

    def deleting(self, ctx: Context, resource: Resource) -> None:
        """Refused while it is a private endpoint's."""
        if endpoint := resource.properties.get("privateEndpoint"):
            raise _endpoints_own(resource.id, endpoint["id"], "deleted")

    @action("ipConfigurations", "GET")
    def list_configurations(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """The configurations as a list of their own."""
        return Response(200, {"value": resource.properties["ipConfigurations"]})


def describe(nic: str, name: str) -> dict[str, str]:
    """Name, id and type of an IP configuration."""
    return {"name": name, "id": f"{nic}/ipConfigurations/{name}", "type": f"{service.NIC}/ipConfigurations"}


def _settle(properties: dict[str, Any], subnet: Resource, before: dict[str, Any], used: set[str]) -> None:
    if properties["privateIPAddressVersion"] != "IPv4":
        return
    if properties["privateIPAllocationMethod"] == "Static":
        wanted = properties.get("privateIPAddress")
        if not wanted:
            raise bad_request(
                "PrivateIPAddressMissing",
                "An IP configuration whose allocation method is Static needs a privateIPAddress.",
                target="properties.ipConfigurations",
            )
        properties["privateIPAddress"] = addresses.claim(subnet, wanted, used)
        return
    kept = before.get("privateIPAddress") if service.same((before.get("subnet") or {}).get("id"), subnet.id) else None
    properties["privateIPAddress"] = kept if kept and kept not in used else addresses.allocate(subnet, used)


def _endpoints_own(nic: str, endpoint: str, verb: str) -> Exception:
    return bad_request(
        "NicInUseWithPrivateEndpoint",
        f"Network interface {nic} cannot be {verb} because it is currently in use with an private endpoint ({endpoint}).",
    )
