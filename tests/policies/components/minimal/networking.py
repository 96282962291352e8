# SPDX-License-Identifier: Apache-2.0
"""Networks, private ways and public entries with required arguments alone."""

import groundplan as gp
from tests.modules.surroundings import Surroundings


def network(here: Surroundings) -> None:
    """Two subnets, as a platform has at least."""
    subnets = {
        "endpoints": gp.Subnet(address_prefix="10.80.0.0/24"),
        "training": gp.Subnet(address_prefix="10.80.8.0/21"),
    }
    args = gp.NetworkArgs(resource_group_name=here.group.name, address_space="10.80.0.0/16", subnets=subnets)
    gp.Network("minimal", args)


def private_dns(here: Surroundings) -> None:
    """The zones that a platform needs."""
    args = gp.PrivateDnsArgs(
        resource_group_name=here.group.name, virtual_network_ids={"platform": here.application_network.id}
    )
    gp.PrivateDns("minimal", args)


def private_link(here: Surroundings) -> None:
    """To a vault."""
    args = gp.PrivateLinkArgs(
        resource_id=here.vault.id,
        group_id="vault",
        private_endpoint=here.placement,
        resource_group_name=here.group.name,
    )
    gp.PrivateLink("minimal", args)


def monitor_private_link_scope(here: Surroundings) -> None:
    """Nothing in it yet, and no way to it."""
    gp.MonitorPrivateLinkScope("minimal", gp.MonitorPrivateLinkScopeArgs(resource_group_name=here.group.name))


def application_gateway(here: Surroundings) -> None:
    """One site."""
    site = gp.Site(
        host_name="score.example.com",
        certificate_secret_id="https://kv-vision.vault.azure.net/secrets/score",
        backends=("score.example.net",),
    )
    args = gp.ApplicationGatewayArgs(
        resource_group_name=here.group.name,
        subnet_id=here.network.subnet_ids["endpoints"],
        identity_id=here.identity.id,
        sites={"score": site},
    )
    gp.ApplicationGateway("minimal", args)


def front_door(here: Surroundings) -> None:
    """One origin."""
    args = gp.FrontDoorArgs(
        resource_group_name=here.group.name, origins={"score": gp.Origin(host_name="score.example.net")}
    )
    gp.FrontDoor("minimal", args)
