# SPDX-License-Identifier: Apache-2.0
"""Record sets of private DNS zones, one type for each kind of record."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address
from typing import Any, ClassVar

from groundplan_arm import ResourceType, load
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.resource import ArmType, NameRule, Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.network import service

NAME = NameRule(
    r"@|(?=.{1,253}$)(\*|[\w-]{1,63})(\.[\w-]{1,63})*",
    "@ for the zone itself, or labels of letters, digits, underscores and hyphens with periods between, the first may be *",
)
SOA_RECORD = {
    "host": "azureprivatedns.net",
    "email": "azureprivatedns-host.microsoft.com",
    "serialNumber": 1,
    "refreshTime": 3600,
    "retryTime": 300,
    "expireTime": 2419200,
    "minimumTtl": 10,
}
PROPERTY = {
    "A": "aRecords",
    "AAAA": "aaaaRecords",
    "CNAME": "cnameRecord",
    "MX": "mxRecords",
    "PTR": "ptrRecords",
    "SOA": "soaRecord",
    "SRV": "srvRecords",
    "TXT": "txtRecords",
}


class RecordSet(ArmType):
    """What the eight kinds have in common: `properties` holds the records of the kind in the path and no others.

    Differs from Azure:
    - a missing ttl becomes 3600; limits on the number of records are not enforced
    """

    name_rule: ClassVar[NameRule | None] = NAME
    kind: ClassVar[str] = ""

    def __init__(self, row: ResourceType | None = None, type_: str = "") -> None:
        super().__init__(row or load().by_token("azure-native:privatedns:PrivateRecordSet"), type_)

    def check(self, write: Write) -> None:
        """Records of the right kind, well formed; a CNAME stands alone."""
        own = PROPERTY[self.kind]
        for name in PROPERTY.values():
            if name != own and write.properties.get(name) is not None:
                raise _invalid(f"The record set is of type {self.kind}; {name} does not belong to it.", name)
        if write.properties.get(own) is None:
            write.properties[own] = [] if own.endswith("s") else {}
        self.check_records(write)
        zone, name = write.id.parent_id, write.id.name
        for other in write.ctx.children(zone):
            kind = other.type.rpartition("/")[2]
            clash = other.name.lower() == name.lower() and kind.upper() != self.kind
            if clash and kind in PROPERTY and "CNAME" in (kind.upper(), self.kind):
                raise _invalid(
                    f"The record set '{name}' of type {self.kind} could not be created because a {kind} record set with the"
                    " same name exists in this zone. A CNAME stands alone.",
                    own,
                )

    def check_records(self, write: Write) -> None:
        """Refuse records that are not well formed."""

    def fill(self, write: Write) -> None:
        """Time to live and the full name."""
        zone = write.id.names[0]
        write.properties.setdefault("ttl", 3600)
        write.properties["fqdn"] = fqdn(zone, write.id.name)
        write.properties["isAutoRegistered"] = False


class ARecords(RecordSet):
    """Microsoft.Network/privateDnsZones/A.

    Differs from Azure:
    - as every record set here, see `RecordSet`
    """

    type: ClassVar[str] = f"{service.ZONE}/A"
    kind: ClassVar[str] = "A"

    def check_records(self, write: Write) -> None:
        """IPv4 addresses."""
        for record in write.properties["aRecords"]:
            _address(IPv4Address, record.get("ipv4Address"), "aRecords")


class AaaaRecords(RecordSet):
    """Microsoft.Network/privateDnsZones/AAAA.

    Differs from Azure:
    - as every record set here, see `RecordSet`
    """

    type: ClassVar[str] = f"{service.ZONE}/AAAA"
    kind: ClassVar[str] = "AAAA"

    def check_records(self, write: Write) -> None:
        """IPv6 addresses."""
        for record in write.properties["aaaaRecords"]:
            _address(IPv6Address, record.get("ipv6Address"), "aaaaRecords")


class CnameRecords(RecordSet):
    """Microsoft.Network/privateDnsZones/CNAME.

    Differs from Azure:
    - as every record set here, see `RecordSet`
    """

    type: ClassVar[str] = f"{service.ZONE}/CNAME"
    kind: ClassVar[str] = "CNAME"

    def check_records(self, write: Write) -> None:
        """One name, and not for the zone itself."""
        if write.id.name == "@":
            raise _invalid("A CNAME record set cannot be created at the apex of a zone ('@').", "cnameRecord")
        if not write.properties["cnameRecord"].get("cname"):
            raise _invalid("cnameRecord has no cname.", "cnameRecord.cname")


class MxRecords(RecordSet):
    """Microsoft.Network/privateDnsZones/MX.

    Differs from Azure:
    - as every record set here, see `RecordSet`
    """

    type: ClassVar[str] = f"{service.ZONE}/MX"
    kind: ClassVar[str] = "MX"


class PtrRecords(RecordSet):
    """Microsoft.Network/privateDnsZones/PTR.

    Differs from Azure:
    - as every record set here, see `RecordSet`
    """

    type: ClassVar[str] = f"{service.ZONE}/PTR"
    kind: ClassVar[str] = "PTR"


class SrvRecords(RecordSet):
    """Microsoft.Network/privateDnsZones/SRV.

    Differs from Azure:
    - as every record set here, see `RecordSet`
    """

    type: ClassVar[str] = f"{service.ZONE}/SRV"
    kind: ClassVar[str] = "SRV"


class TxtRecords(RecordSet):
    """Microsoft.Network/privateDnsZones/TXT.

    Differs from Azure:
    - as every record set here, see `RecordSet`
    """

    type: ClassVar[str] = f"{service.ZONE}/TXT"
    kind: ClassVar[str] = "TXT"


class SoaRecords(RecordSet):
    """Microsoft.Network/privateDnsZones/SOA: comes and goes with the zone; its times can be changed.

    Differs from Azure:
    - as every record set here, see `RecordSet`
    """

    type: ClassVar[str] = f"{service.ZONE}/SOA"
    kind: ClassVar[str] = "SOA"

    def check_records(self, write: Write) -> None:
        """Only the zone's own, only changed."""
        if write.old is None:
            raise _invalid("A zone has one SOA record set, '@', which comes with it.", "soaRecord")

    def fill(self, write: Write) -> None:
        """Host and serial number are the service's."""
        super().fill(write)
        before = write.old_properties.get("soaRecord", SOA_RECORD)
        fixed = {name: before[name] for name in ("host", "serialNumber")}
        write.properties["soaRecord"] = {**before, **write.properties["soaRecord"], **fixed}

    def deleting(self, ctx: Context, resource: Resource) -> None:
        """Never by itself."""
        raise _invalid("The SOA record set cannot be deleted; it goes with its zone.", "soaRecord")


def _invalid(why: str, target: str) -> Exception:
    return bad_request("BadRequest", why, target=f"properties.{target}")


def _address(kind: type[IPv4Address] | type[IPv6Address], text: object, target: str) -> None:
    try:
        kind(str(text))
    except ValueError:
        raise _invalid(f"'{text}' is not a valid {kind.__name__.removesuffix('Address')} address.", target) from None


def fqdn(zone: str, name: str) -> str:
    """The full name with its last period."""
    return f"{zone.lower()}." if name == "@" else f"{name}.{zone.lower()}."


def is_record_set(resource: Resource) -> bool:
    """Whether a child of a zone is a record set (and not a link)."""
    return re.fullmatch(r"[A-Z]+", resource.type.rpartition("/")[2]) is not None


def make(zone: Resource, kind: str, name: str, properties: dict[str, Any]) -> Resource:
    """A record set that the service itself writes."""
    type_ = f"{service.ZONE}/{kind}"
    known = {"fqdn": fqdn(zone.name, name), "isAutoRegistered": False}
    id_ = f"{zone.id}/{kind}/{name}"
    body = {"id": id_, "name": name, "type": type_, "etag": "", "properties": {**known, **properties}}
    return Resource(id_, type_, name, body)


def publish(ctx: Context, record: str, addresses: list[str], ttl: int, metadata: dict[str, str]) -> None:
    """Write an A record set for someone else's sake; what was there is replaced."""
    zone_id, _, name = record.rsplit("/", 2)
    zone = ctx.get(zone_id)
    if zone is None:
        return
    records = [{"ipv4Address": address} for address in addresses]
    ctx.save(make(zone, "A", name, {"ttl": ttl, "aRecords": records, "metadata": metadata}))


def withdraw(ctx: Context, record: str, addresses: list[str]) -> None:
    """Take addresses out of an A record set; an empty one goes. Addresses that others wrote since stay."""
    found = ctx.get(record)
    if found is None:
        return
    before = found.properties.get("aRecords", [])
    left = [item for item in before if item["ipv4Address"] not in addresses]
    if not left:
        ctx.delete(found)
    elif left != before:
        found.properties["aRecords"] = left
        ctx.save(found)
