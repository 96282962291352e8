# SPDX-License-Identifier: Apache-2.0
"""What an AKS cluster can not be."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from groundplan.errors import ArgumentError
from groundplan.naming import check_name

if TYPE_CHECKING:
    from groundplan.kubernetes.aks import AksClusterArgs


def check_pools(args: AksClusterArgs) -> None:
    """Raise `ArgumentError` for pools with other names than Azure allows, and for none that runs Kubernetes' own pods."""
    for key in args.node_pools:
        check_name("node_pool", key)
    if not any(pool.system for pool in args.node_pools.values()):
        raise ArgumentError(
            f"AKS cluster: none of the node pools ({', '.join(args.node_pools) or 'none given'}) has system=True; "
            "Kubernetes' own pods need one"
        )


def check_network(args: AksClusterArgs) -> None:
    """Raise `ArgumentError` for a way out without its subnet, for an API server that is half public, and for ranges that overlap."""
    if (args.outbound_type == "managedNATGateway") == (args.subnet_id is not None):
        raise ArgumentError(
            f"AKS cluster with outbound_type {args.outbound_type!r}: subnet_id is refused with 'managedNATGateway' "
            "and required otherwise"
        )
    if args.public_api_server != bool(args.authorized_ip_ranges):
        raise ArgumentError(
            "AKS cluster: authorized_ip_ranges is required with public_api_server=True and refused otherwise"
        )
    if args.public_api_server and args.private_dns_zone_id is not None:
        raise ArgumentError("AKS cluster: private_dns_zone_id is for a private API server; leave public_api_server out")
    blocks: dict[str, IPv4Network] = {}
    for name, value in (("pod_cidr", args.pod_cidr), ("service_cidr", args.service_cidr)):
        try:
            blocks[name] = IPv4Network(value)
        except ValueError as error:
            raise ArgumentError(f"AKS cluster: {name} is {value!r}, not an IPv4 CIDR block ({error})") from None
    if blocks["pod_cidr"].overlaps(blocks["service_cidr"]):
        raise ArgumentError(f"AKS cluster: pod_cidr ({args.pod_cidr}) and service_cidr ({args.service_cidr}) overlap")


def check_upgrades(args: AksClusterArgs) -> None:
    """Raise `ArgumentError` for hours in which nothing would be done."""
    if args.maintenance and args.upgrade_channel == "none" and args.node_image_channel in ("None", "Unmanaged"):
        raise ArgumentError(
            "AKS cluster: maintenance has nothing to wait for, as upgrade_channel is 'none' and node_image_channel is "
            f"{args.node_image_channel!r}; leave maintenance out, or let Azure upgrade something"
        )
