# SPDX-License-Identifier: Apache-2.0
"""A cluster of virtual machines that a workspace starts and stops with its jobs."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from groundplan.component import Component
from groundplan.compute.compute import declare_compute
from groundplan.compute.machines import MachineArgs, check_network, subnet_of
from groundplan.errors import ArgumentError
from groundplan.identities import acts_as, principal_of

MAX_NODES = 65_000
"""Most nodes that Azure configures for one cluster; above 100 it asks for a support request first.

Source: learn.microsoft.com/azure/machine-learning/how-to-manage-quotas."""

# Azure updates the scale settings of a living cluster and refuses changes of these; the provider does not know that
_FIXED = (
    "disableLocalAuth",
    "properties.enableNodePublicIp",
    "properties.osType",
    "properties.remoteLoginPortPublicAccess",
    "properties.subnet",
    "properties.userAccountCredentials",
    "properties.vmPriority",
    "properties.vmSize",
)


@dataclass(frozen=True, kw_only=True)
class ComputeClusterArgs(MachineArgs):
    """Arguments of `ComputeCluster`."""

    max_nodes: int
    """Required. Most nodes at one time, 1 to 65000, and 100 unless Azure has raised the limit; the cost limit of the
    cluster."""
    min_nodes: int = 0
    """Optional. Nodes that always run and always cost. Default: 0."""
    idle_minutes: int = 15
    """Optional. Minutes without a job after which a node stops. Default: 15."""
    low_priority: bool = False
    """Optional. Cheaper spot nodes that Azure may take away in the middle of a job. Default: no."""
    ssh: bool = False
    """Optional. Open the nodes' SSH port to the network. Default: no."""
    ssh_public_key: Input[str] | None = None
    """Conditional. Public key that opens `ssh` for the account `azureuser`; a change replaces the cluster. Refused
    without `ssh`. Default: no account."""
    local_authentication: bool = False
    """Optional. Accept keys and passwords beside Microsoft Entra ID. Default: no."""

    def __post_init__(self) -> None:
        if not 1 <= self.max_nodes <= MAX_NODES:
            raise ArgumentError(f"compute cluster: max_nodes is {self.max_nodes}; allowed are 1 to {MAX_NODES}")
        if not 0 <= self.min_nodes <= self.max_nodes:
            raise ArgumentError(
                f"compute cluster: min_nodes is {self.min_nodes}; allowed are 0 to max_nodes ({self.max_nodes})"
            )
        if self.idle_minutes < 1:
            raise ArgumentError(f"compute cluster: idle_minutes is {self.idle_minutes}; allowed are 1 and more")
        if self.ssh_public_key is not None and not self.ssh:
            raise ArgumentError(
                "compute cluster: ssh_public_key is given but the SSH port stays closed; set ssh=True or leave the key out"
            )
        check_network("compute cluster", self)


class ComputeCluster(Component):
    """An AmlCompute cluster that scales to nothing when idle, without public IPs, SSH or passwords.

    Example:
        ComputeCluster("cpu", ComputeClusterArgs(
            resource_group_name=group.name, workspace_name=workspace.name, subnet_id=network.subnet_ids["training"],
            vm_size="Standard_DS3_v2", max_nodes=4))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name: what jobs give as their compute."""
    principal_id: Output[str]
    """Object id of the system-assigned identity; empty with user-assigned ones."""

    def __init__(self, name: str, args: ComputeClusterArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        cluster = declare_compute(
            self,
            name,
            args,
            ml.AmlComputeArgs(
                compute_type="AmlCompute",
                description=args.description,
                disable_local_auth=not args.local_authentication,
                properties=_properties(args),
            ),
            kind="compute",
            identity=acts_as(args.identity_ids),
            fixed=_FIXED,
        )
        self.id = cluster.id
        self.name = cluster.name
        self.principal_id = principal_of(cluster.identity)
        self.seal()


def _properties(args: ComputeClusterArgs) -> ml.AmlComputePropertiesArgs:
    return ml.AmlComputePropertiesArgs(
        os_type="Linux",
        vm_size=args.vm_size,
        vm_priority="LowPriority" if args.low_priority else "Dedicated",
        scale_settings=ml.ScaleSettingsArgs(
            min_node_count=args.min_nodes,
            max_node_count=args.max_nodes,
            node_idle_time_before_scale_down=_duration(args.idle_minutes),
        ),
        subnet=subnet_of(args),
        enable_node_public_ip=args.node_public_ip,
        remote_login_port_public_access="Enabled" if args.ssh else "Disabled",
        user_account_credentials=ml.UserAccountCredentialsArgs(
            admin_user_name="azureuser", admin_user_ssh_public_key=args.ssh_public_key
        )
        if args.ssh_public_key is not None
        else None,
    )


def _duration(minutes: int) -> str:
    """ISO 8601 duration as Azure writes it back: whole hours are hours."""
    hours, rest = divmod(minutes, 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{rest}M" if rest else "")
