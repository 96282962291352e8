# SPDX-License-Identifier: Apache-2.0
"""Network security groups."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator.arm import scopes
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import resource_not_found
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import Seconds, Write, action, route
from groundplan_emulator.store import Resource
from groundplan_emulator.types.network import security_rules, service
from groundplan_emulator.types.network.inlined import Inlined
from groundplan_emulator.types.network.service import NetworkType, pointing, references

RULES = Inlined("securityRules", service.SECURITY_RULE, absent_removes=True)
LINK = "properties.networkSecurityGroup.id"
DEFAULT_RULES = (
    ("AllowVnetInBound", "Inbound", "Allow", 65000, "VirtualNetwork", "VirtualNetwork", "from all VMs in VNET"),
    ("AllowAzureLoadBalancerInBound", "Inbound", "Allow", 65001, "AzureLoadBalancer", "*", "from azure load balancer"),
    ("DenyAllInBound", "Inbound", "Deny", 65500, "*", "*", ""),
    (
        "AllowVnetOutBound",
        "Outbound",
        "Allow",
        65000,
        "VirtualNetwork",
        "VirtualNetwork",
        "from all VMs to all VMs in VNET",
    ),
    ("AllowInternetOutBound", "Outbound", "Allow", 65001, "*", "Internet", "from all VMs to Internet"),
    ("DenyAllOutBound", "Outbound", "Deny", 65500, "*", "*", ""),
)
"""Source: "Network security groups", default security rules, of Azure's documentation."""
DEFAULTS_PATH = (
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network"
    "/networkSecurityGroups/{networkSecurityGroupName}/defaultSecurityRules/{name}"
)


class NetworkSecurityGroups(NetworkType):
    """Microsoft.Network/networkSecurityGroups: rules inline or one by one, six default rules, kept while linked.

    Differs from Azure:
    - rules are kept and checked, no traffic is filtered; flow logs are not reflected
    """

    type: ClassVar[str] = service.SECURITY_GROUP
    seconds: ClassVar[Seconds] = Seconds(create=3, update=3, delete=5)

    def check(self, write: Write) -> None:
        """Inline rules together: their priorities decide among each other."""
        super().check(write)
        given = RULES.take(write)
        if given is not None:
            security_rules.check_priorities({rule["name"]: rule.get("properties") or {} for rule in given})

    def written(self, ctx: Context, resource: Resource, *, created: bool) -> None:
        """Rules of the body become resources."""
        RULES.store(ctx, resource)

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """With rules, default rules and what the group is linked to."""
        subnets, nics = (references(pointing(ctx, type_, LINK, resource.id)) for type_ in (service.SUBNET, service.NIC))
        body = service.shown(resource.body, subnets=subnets, networkInterfaces=nics)
        body["properties"] |= {
            "securityRules": RULES.show(ctx, resource),
            "defaultSecurityRules": default_rules(resource.id),
        }
        return body

    def deleting(self, ctx: Context, resource: Resource) -> None:
        """Refused while a subnet or a network interface is linked."""
        users = [user.id for type_ in (service.SUBNET, service.NIC) for user in pointing(ctx, type_, LINK, resource.id)]
        if users:
            raise service.in_use("InUseNetworkSecurityGroupCannotBeDeleted", "Network security group", resource, users)

    @action("defaultSecurityRules", "GET")
    def list_default_rules(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """The six rules that every group has."""
        return Response(200, {"value": default_rules(resource.id)})

    @route("GET", DEFAULTS_PATH)
    def get_default_rule(self, ctx: Context, params: dict[str, str], _body: dict[str, Any]) -> Response:
        """One of them."""
        group = ctx.get(ctx.request.path.rsplit("/", 2)[0])
        if group is None:
            scopes.require_scope(ctx, scopes.ResourceId.parse(ctx.request.path))
            raise resource_not_found(self.type, params["networkSecurityGroupName"], params["resourceGroupName"])
        for rule in default_rules(group.id):
            if rule["name"].lower() == params["name"].lower():
                return Response(200, rule)
        raise resource_not_found(f"{self.type}/defaultSecurityRules", params["name"], params["resourceGroupName"])


def default_rules(group: str) -> list[dict[str, Any]]:
    """The default rules as a group's body shows them."""
    return [
        {
            "id": f"{group}/defaultSecurityRules/{name}",
            "name": name,
            "type": f"{service.SECURITY_GROUP}/defaultSecurityRules",
            "properties": {
                "provisioningState": "Succeeded",
                "description": f"{access} {'in' if direction == 'Inbound' else 'out'}bound traffic {which}".strip()
                if which
                else f"Deny all {direction.lower()} traffic",
                "protocol": "*",
                "sourcePortRange": "*",
                "destinationPortRange": "*",
                "sourceAddressPrefix": source,
                "destinationAddressPrefix": destination,
                "access": access,
                "priority": priority,
                "direction": direction,
                "sourcePortRanges": [],
                "destinationPortRanges": [],
                "sourceAddressPrefixes": [],
                "destinationAddressPrefixes": [],
            },
        }
        for name, direction, access, priority, source, destination, which in DEFAULT_RULES
    ]
