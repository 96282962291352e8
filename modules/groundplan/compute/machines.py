# SPDX-License-Identifier: Apache-2.0
"""What clusters and instances have in common: virtual machines in a network."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import Input
from pulumi_azure_native import machinelearningservices as ml

from groundplan.compute.compute import ComputeArgs
from groundplan.errors import ArgumentError


@dataclass(frozen=True, kw_only=True)
class MachineArgs(ComputeArgs):
    """Arguments of a compute that is made of virtual machines."""

    vm_size: Input[str]
    """Required. Size of each machine, e.g. `Standard_DS3_v2`; a change replaces the compute. Its family needs quota."""
    subnet_id: Input[str] | None = None
    """Conditional. ARM id of the subnet that the machines join. Required unless `workspace_managed_network` or
    `node_public_ip` is set."""
    workspace_managed_network: bool = False
    """Conditional. The workspace has a managed network, which the machines join by themselves. Refused together with
    `subnet_id`."""
    node_public_ip: bool = False
    """Optional. Each machine gets a public IP address. Default: no; the subnet then needs a NAT gateway or a firewall
    route."""
    identity_ids: tuple[Input[str], ...] = ()
    """Optional. ARM ids of user-assigned identities that jobs and programs can act as. Default: a system-assigned identity."""


def check_network(what: str, args: MachineArgs) -> None:
    """Raise `ArgumentError` for machines without a network, and for machines with two."""
    if args.workspace_managed_network and args.subnet_id is not None:
        raise ArgumentError(f"{what}: subnet_id cannot be combined with workspace_managed_network; pass one of them")
    if args.subnet_id is None and not (args.workspace_managed_network or args.node_public_ip):
        raise ArgumentError(
            f"{what}: without a public IP it needs a network; "
            "pass subnet_id, or set workspace_managed_network=True or node_public_ip=True"
        )


def subnet_of(args: MachineArgs) -> ml.ResourceIdArgs | None:
    """The subnet as Azure takes it."""
    return ml.ResourceIdArgs(id=args.subnet_id) if args.subnet_id is not None else None
