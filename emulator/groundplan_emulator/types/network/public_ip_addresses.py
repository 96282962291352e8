# SPDX-License-Identifier: Apache-2.0
"""Public IP addresses."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network
from typing import Any, ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import Seconds, Write, route
from groundplan_emulator.store import Resource
from groundplan_emulator.types.network import service
from groundplan_emulator.types.network.nat_gateways import public_ip_users
from groundplan_emulator.types.network.service import NetworkType

POOLS = {"IPv4": IPv4Network("198.18.0.0/15"), "IPv6": IPv6Network("2001:db8::/32")}
"""Blocks that no one has on the internet: benchmarks (RFC 2544) and documentation (RFC 3849)."""
LABEL = r"[a-z][a-z0-9-]{1,61}[a-z0-9]"


class PublicIPAddresses(NetworkType):
    """Microsoft.Network/publicIPAddresses: an address at once where it is static, kept while it is allocated.

    Differs from Azure:
    - addresses are of blocks that no one has (198.18.0.0/15, 2001:db8::/32) and the same for the same id
    - a dynamic address never gets its number, as no machine starts
    """

    type: ClassVar[str] = service.PUBLIC_IP
    seconds: ClassVar[Seconds] = Seconds(create=2, update=2, delete=5)
    refers: ClassVar[tuple[str, ...]] = ("properties.publicIPPrefix.id",)
    immutable: ClassVar[tuple[str, ...]] = ("properties.publicIPAddressVersion", "properties.publicIPPrefix.id")
    defaults: ClassVar[dict[str, Any]] = {
        "publicIPAddressVersion": "IPv4",
        "idleTimeoutInMinutes": 4,
        "ipTags": [],
        "ddosSettings": {"protectionMode": "VirtualNetworkInherited"},
    }

    def check(self, write: Write) -> None:
        """Sku and allocation method go together; a DNS label is taken once in a region."""
        super().check(write)
        sku = write.body.get("sku") or (write.old.body["sku"] if write.old else {"name": "Basic"})
        if write.old and write.old.body["sku"]["name"] != sku.get("name", "Basic"):
            raise bad_request(
                "SkuPropertyCannotBeChangedOnUpdate",
                f"Sku property is set at creation time and cannot be changed from {write.old.body['sku']['name']} to"
                f" {sku.get('name', 'Basic')} on resource update for resource {write.id.id}.",
                target="sku.name",
            )
        method = write.properties.get("publicIPAllocationMethod") or "Dynamic"
        if sku.get("name", "Basic") != "Basic" and method != "Static":
            raise bad_request(
                "StandardAndStandardV2SkuPublicIPAddressesMustBeStatic",
                f"Standard sku publicIp {write.id.id} must have AllocationMethod set to Static.",
                target="properties.publicIPAllocationMethod",
            )
        self._check_label(write)

    def _check_label(self, write: Write) -> None:
        label = (write.properties.get("dnsSettings") or {}).get("domainNameLabel")
        if not label:
            return
        if re.fullmatch(LABEL, label) is None:
            raise bad_request(
                "InvalidDomainNameLabel",
                f"The domain name label {label} is invalid. It must conform to the following regular expression: ^{LABEL}$.",
                target="properties.dnsSettings.domainNameLabel",
            )
        fqdn = _fqdn(label, write.body["location"])
        if any(other.key != write.id.key for other in _named(write.ctx, fqdn)):
            raise bad_request(
                "DnsRecordInUse",
                f"DNS record {fqdn} is already used by another public IP.",
                target="properties.dnsSettings.domainNameLabel",
            )

    def fill(self, write: Write) -> None:
        """Sku, address and name."""
        super().fill(write)
        body, properties = write.body, write.properties
        body["sku"] = {
            "name": "Basic",
            "tier": "Regional",
            **(body.get("sku") or (write.old.body["sku"] if write.old else {})),
        }
        properties.setdefault("publicIPAllocationMethod", "Dynamic")
        properties.pop("ipAddress", None)
        if properties["publicIPAllocationMethod"] == "Static":
            kept = write.old_properties.get("ipAddress")
            properties["ipAddress"] = kept or _address(write.ctx, write.id.key, properties["publicIPAddressVersion"])
        if label := (properties.get("dnsSettings") or {}).get("domainNameLabel"):
            properties["dnsSettings"]["fqdn"] = _fqdn(label, body["location"])

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """With what it is allocated to."""
        users = public_ip_users(ctx, resource.id)
        gateways = [{"id": user} for user in users if "/natgateways/" in user.lower()]
        others = [{"id": user} for user in users if "/natgateways/" not in user.lower()]
        first = {"natGateway": gateways[:1], "ipConfiguration": others[:1]}
        return service.shown(resource.body, **{name: found[0] for name, found in first.items() if found})

    def deleting(self, ctx: Context, resource: Resource) -> None:
        """Refused while it is allocated."""
        if users := public_ip_users(ctx, resource.id):
            raise bad_request(
                "PublicIPAddressCannotBeDeleted",
                f"Public IP address {resource.id} can not be deleted since it is still allocated to resource {users[0]}."
                " In order to delete the public IP, disassociate/detach the Public IP address from the resource.",
            )

    @route(
        "GET",
        "/subscriptions/{subscriptionId}/providers/Microsoft.Network/locations/{location}/CheckDnsNameAvailability",
    )
    def check_label(self, ctx: Context, params: dict[str, str], _body: dict[str, Any]) -> Response:
        """Whether a DNS label is free in a region."""
        label = ctx.request.query.get("domainnamelabel", "")
        taken = any(True for _ in _named(ctx, _fqdn(label, params["location"].lower())))
        return Response(200, {"available": re.fullmatch(LABEL, label) is not None and not taken})


def _fqdn(label: str, location: str) -> str:
    return f"{label.lower()}.{location}.cloudapp.azure.com"


def _named(ctx: Context, fqdn: str) -> list[Resource]:
    found = ctx.store.of_type(service.PUBLIC_IP)
    return [address for address in found if (address.properties.get("dnsSettings") or {}).get("fqdn") == fqdn]


def _address(ctx: Context, key: str, version: str) -> str:
    """The first free address from a place that the id decides."""
    pool = POOLS.get(version, POOLS["IPv4"])
    used = {address.properties.get("ipAddress") for address in ctx.store.of_type(service.PUBLIC_IP)}
    at = int.from_bytes(ctx.secret("public ip", key, size=4), "big")
    while True:
        address = str(pool[1 + at % (pool.num_addresses - 2)])
        if address not in used:
            return address
        at += 1
