# SPDX-License-Identifier: Apache-2.0
"""Functions over ranges of IP addresses.

Source: "CIDR functions for ARM templates" of Microsoft's documentation.
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from groundplan_policies.expressions.errors import ExpressionError
from groundplan_policies.expressions.function import Table, told

CIDR = Table()


def _network(name: str, text: str) -> IPv4Network | IPv6Network:
    try:
        if "/" in text:
            return ip_network(text, strict=False)
    except ValueError:
        pass
    raise ExpressionError(f"{name} is given {told(text)}; a range such as '10.0.0.0/24' is expected")


@CIDR.add("parseCidr", "string")
def _parse_cidr(text: str) -> dict[str, Any]:
    network = _network("parseCidr", text)
    ends = {"network": str(network.network_address), "netmask": str(network.netmask)}
    if isinstance(network, IPv6Network):
        first, last = network.network_address, network.broadcast_address
    else:
        ends["broadcast"] = str(network.broadcast_address)
        apart = network.num_addresses > 2
        first, last = network.network_address + apart, network.broadcast_address - apart
    return {**ends, "firstUsable": str(first), "lastUsable": str(last), "cidr": network.prefixlen}


@CIDR.add("cidrSubnet", "string", "int", "int")
def _cidr_subnet(text: str, prefix: int, index: int) -> str:
    network = _network("cidrSubnet", text)
    if not network.prefixlen <= prefix <= network.max_prefixlen:
        raise ExpressionError(
            f"cidrSubnet is given /{prefix} for {told(text)}; /{network.prefixlen} to /{network.max_prefixlen} is expected"
        )
    count = 1 << (prefix - network.prefixlen)
    if not 0 <= index < count:
        raise ExpressionError(
            f"cidrSubnet is given index {index}; {told(text)} has {count} ranges of /{prefix}, from 0"
        )
    start = network.network_address + (index << (network.max_prefixlen - prefix))
    return f"{start}/{prefix}"


@CIDR.add("cidrHost", "string", "int")
def _cidr_host(text: str, index: int) -> str:
    network = _network("cidrHost", text)
    count = network.num_addresses - (1 if isinstance(network, IPv6Network) else 2)
    if not 0 <= index < count:
        raise ExpressionError(f"cidrHost is given index {index}; {told(text)} has {max(count, 0)} hosts, from 0")
    return str(network.network_address + index + 1)
