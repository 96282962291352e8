# SPDX-License-Identifier: Apache-2.0
"""Address prefixes: reading them, subnets inside their network, free addresses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from itertools import combinations
from typing import Any

from groundplan_emulator.arm import paths
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError, bad_request
from groundplan_emulator.store import Resource
from groundplan_emulator.types.network import service

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
RESERVED = 4
"""Azure keeps the first four addresses of a subnet and its last one."""
SMALLEST = 29


def network(text: str, owner: str) -> Network:
    """A CIDR block. 400 InvalidAddressPrefixFormat or InvalidCIDRNotation with what would be right."""
    try:
        wide = ip_network(text, strict=False)
    except ValueError as error:
        raise bad_request(
            "InvalidAddressPrefixFormat",
            f"Address prefix string {text} for resource {owner} is not formatted correctly: {error}."
            " It should follow CIDR notation, for example 10.0.0.0/24.",
        ) from None
    if "/" in text and str(wide.network_address) != str(ip_address(text.partition("/")[0])):
        raise bad_request(
            "InvalidCIDRNotation",
            f"The address prefix {text} in resource {owner} has an invalid CIDR notation."
            f" For the given prefix length, the address prefix should be {wide}.",
        )
    return wide


def space_of(vnet: dict[str, Any], owner: str) -> list[Network]:
    """The address space of a virtual network's properties; 400 when two of its blocks overlap."""
    blocks = [network(text, owner) for text in (vnet.get("addressSpace") or {}).get("addressPrefixes") or []]
    for one, other in combinations(blocks, 2):
        if one.version == other.version and one.overlaps(other):
            raise bad_request(
                "NetcfgInvalidVirtualNetworkSite",
                f"Address prefixes {one} and {other} of virtual network {owner} overlap.",
                target="properties.addressSpace.addressPrefixes",
            )
    return blocks


def prefixes_of(subnet: Mapping[str, Any], owner: str) -> list[Network]:
    """The blocks of a subnet's properties, from either of the two properties that hold them."""
    single = subnet.get("addressPrefix")
    return [network(text, owner) for text in (subnet.get("addressPrefixes") or ([single] if single else []))]


def check_subnets(vnet: str, space: Sequence[Network], subnets: Mapping[str, Sequence[Network]]) -> None:
    """Every subnet lies inside the network, is large enough, and overlaps no other."""
    for name, blocks in subnets.items():
        for block in blocks:
            inside = any(isinstance(block, type(wide)) and block.subnet_of(wide) for wide in space)  # pyright: ignore[reportArgumentType]
            if not inside:
                raise bad_request(
                    "NetcfgInvalidSubnet",
                    f"Subnet '{name}' is not valid in virtual network '{vnet}': {block} is outside of the address space"
                    f" {', '.join(map(str, space)) or '(none)'}.",
                )
            if isinstance(block, IPv4Network) and block.prefixlen > SMALLEST:
                raise bad_request(
                    "NetcfgInvalidSubnet",
                    f"Subnet '{name}' is not valid in virtual network '{vnet}': {block} is smaller than /{SMALLEST}.",
                )
    for (one, first), (other, second) in combinations(subnets.items(), 2):
        if any(a.version == b.version and a.overlaps(b) for a in first for b in second):
            raise bad_request(
                "NetcfgSubnetRangesOverlap",
                f"Subnet '{other}' is not valid because its IP address range overlaps with that of an existing subnet"
                f" in virtual network '{vnet}': {', '.join(map(str, second))} and '{one}' {', '.join(map(str, first))}.",
            )


def taken(ctx: Context, subnet: str) -> set[str]:
    """Addresses that network interfaces have in a subnet."""
    return {
        configuration["properties"]["privateIPAddress"]
        for nic in service.pointing(ctx, service.NIC, "properties.ipConfigurations[*].properties.subnet.id", subnet)
        for configuration in nic.properties["ipConfigurations"]
        if service.same(paths.read(configuration, "properties.subnet.id"), subnet)
    }


def free(subnet: Resource, used: set[str]) -> Iterator[str]:
    """The subnet's free IPv4 addresses, lowest first."""
    for block in prefixes_of(subnet.properties, subnet.id):
        if isinstance(block, IPv4Network):
            last = block.num_addresses - 1
            candidates = (str(block[at]) for at in range(RESERVED, last))
            yield from (address for address in candidates if address not in used)


def allocate(subnet: Resource, used: set[str]) -> str:
    """The lowest free address; it is added to `used`. 400 SubnetIsFull when there is none."""
    address = next(free(subnet, used), None)
    if address is None:
        blocks = ", ".join(map(str, prefixes_of(subnet.properties, subnet.id)))
        raise bad_request(
            "SubnetIsFull",
            f"Subnet {subnet.name} with address prefix {blocks} does not have enough capacity for 1 IP addresses.",
        )
    used.add(address)
    return address


def claim(subnet: Resource, wanted: str, used: set[str]) -> str:
    """A fixed address, added to `used`; 400 when it is outside of the subnet, reserved or taken."""
    blocks = prefixes_of(subnet.properties, subnet.id)
    try:
        address = ip_address(wanted)
    except ValueError:
        raise bad_request("InvalidIPAddressFormat", f"'{wanted}' is not an IP address.") from None
    block = next((block for block in blocks if address in block), None)
    if block is None:
        raise _refused(
            "PrivateIPAddressNotInSubnet", wanted, f"does not belong to the range of subnet prefix {blocks[0]}"
        )
    at = int(address) - int(block.network_address)
    if at < RESERVED or (isinstance(block, IPv4Network) and at == block.num_addresses - 1):
        raise _refused(
            "PrivateIPAddressInReservedRange", wanted, f"falls within reserved IP range of subnet prefix {block}"
        )
    if str(address) in used:
        raise _refused("PrivateIPAddressInUse", wanted, "is already in use in the subnet")
    used.add(str(address))
    return str(address)


def _refused(code: str, address: str, why: str) -> ArmError:
    return bad_request(code, f"Private static IP address {address} {why}.")
