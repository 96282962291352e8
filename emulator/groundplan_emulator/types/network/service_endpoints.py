# SPDX-License-Identifier: Apache-2.0
"""Firewall rules of a service name subnets that have a service endpoint for it."""

from __future__ import annotations

from typing import Any

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request


def require(ctx: Context, acls: dict[str, Any], service: str, code: str) -> None:
    """400 with the service's own code for a `virtualNetworkRules` subnet without the endpoint, unless the rule says it may lack it."""
    for rule in acls.get("virtualNetworkRules") or []:
        subnet = ctx.get(str(rule.get("id", "")))
        if subnet is None or rule.get("ignoreMissingVnetServiceEndpoint"):
            continue
        offered = [str(item.get("service", "")).lower() for item in subnet.properties.get("serviceEndpoints") or []]
        if not any(name == service.lower() or name.startswith(f"{service.lower()}.") for name in offered):
            vnet = subnet.id.rsplit("/", 2)[0]
            raise bad_request(
                code,
                f"Validation of network acls failure: SubnetsHaveNoServiceEndpointsConfigured:Subnets {subnet.name} of virtual network"
                f" {vnet} do not have ServiceEndpoints for {service} resources configured. Add {service} to subnet's ServiceEndpoints"
                f" collection before trying to ACL {service} resources to these subnets.",
                target="properties.networkAcls.virtualNetworkRules",
            )
