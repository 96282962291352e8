# SPDX-License-Identifier: Apache-2.0
"""Computes of a workspace, by what they are."""

from __future__ import annotations

from typing import Final

from groundplan_policies.resource import Resource

KIND: Final = "properties.computeType"
SUBNET: Final = "properties.properties.subnet"
PUBLIC_IP: Final = "properties.properties.enableNodePublicIp"


def is_cluster(compute: Resource) -> bool:
    """Whether it is a cluster of machines that Azure starts and stops with jobs. Raises `Undecided`."""
    return compute.equals(KIND, "AmlCompute")


def is_instance(compute: Resource) -> bool:
    """Whether it is the workstation of a person. Raises `Undecided`."""
    return compute.equals(KIND, "ComputeInstance")


def is_rented(compute: Resource) -> bool:
    """Whether its machines are made for it, and not attached: a cluster or an instance. Raises `Undecided`."""
    return is_cluster(compute) or is_instance(compute)
