# SPDX-License-Identifier: Apache-2.0
"""How wide a block of addresses is."""

from __future__ import annotations

from ipaddress import ip_network


def prefix_length(block: str) -> int | None:
    """The bits that a CIDR block leaves no choice in: 0 for `*`, 32 for one IPv4 address; None for what is no block."""
    if block.strip() == "*":
        return 0
    try:
        return ip_network(block.strip(), strict=False).prefixlen
    except ValueError:
        return None
