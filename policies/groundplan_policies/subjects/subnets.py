# SPDX-License-Identifier: Apache-2.0
"""Subnets, in the body of their network or alone, and the one that a private endpoint stands in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from groundplan_policies.resource import Resource, View
from groundplan_policies.rule import Parameter
from groundplan_policies.stack import Stack
from groundplan_policies.values import same

NETWORK: Final = "Microsoft.Network/virtualNetworks"
SUBNET: Final = "Microsoft.Network/virtualNetworks/subnets"
TYPES: Final = (NETWORK, SUBNET)
OF_ENDPOINT: Final = "properties.subnet.id"
EXEMPT: Final = Parameter(
    name="exempt",
    default=[
        "GatewaySubnet",
        "AzureFirewallSubnet",
        "AzureFirewallManagementSubnet",
        "AzureBastionSubnet",
        "RouteServerSubnet",
    ],
    description="Names of subnets that are not asked: Azure reserves them for services that it guards itself.",
    schema={"type": "array", "items": {"type": "string"}},
)


def subnets_of(found: Resource, exempt: list[str]) -> Iterator[View]:
    """A subnet that stands alone, or the subnets in a network's body, without those that are exempt by name. Raises `Undecided`."""
    if found.is_a(SUBNET):
        if not _is_one_of(found.short_name, exempt):
            yield found
    else:
        yield from (each for each in found.items("properties.subnets") if not _is_one_of(each.get("name"), exempt))


def network_of(endpoint: Resource, stack: Stack) -> Resource | None:
    """The network of the stack that a private endpoint stands in; None for one from elsewhere. Raises `Undecided`."""
    alone = stack.target(endpoint, OF_ENDPOINT, SUBNET)
    if alone is not None:
        return stack.parent(alone)
    given = endpoint.view(OF_ENDPOINT).node
    if isinstance(given, str):
        wanted = _below_subscription(given.rpartition("/subnets/")[0])
        return next((each for each in stack.of(NETWORK) if each.id and _below_subscription(each.id) == wanted), None)
    sources = endpoint.sources_of(OF_ENDPOINT)
    return next((each for each in stack.of(NETWORK) if each.key in sources), None)


def subnet_of(endpoint: Resource, stack: Stack) -> View | None:
    """The subnet of the stack that a private endpoint stands in; None for one from elsewhere. Raises `Undecided`."""
    alone = stack.target(endpoint, OF_ENDPOINT, SUBNET)
    if alone is not None:
        return alone
    network = network_of(endpoint, stack)
    if network is None:
        return None
    name = endpoint.text(OF_ENDPOINT).rpartition("/")[2]
    return next((each for each in network.items("properties.subnets") if each.equals("name", name)), None)


def _is_one_of(name: object, names: list[str]) -> bool:
    return any(same(name, each) for each in names)


def _below_subscription(resource_id: str) -> str:
    """An id without its subscription, which a preview does not always know."""
    return resource_id.casefold().partition("/resourcegroups/")[2]
