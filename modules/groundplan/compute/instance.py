# SPDX-License-Identifier: Apache-2.0
"""A workstation in the cloud that belongs to one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from groundplan.component import Component
from groundplan.compute.compute import declare_compute
from groundplan.compute.machines import MachineArgs, check_network, subnet_of
from groundplan.compute.schedules import PowerSchedule
from groundplan.compute.scripts import SetupScript
from groundplan.errors import ArgumentError
from groundplan.identities import acts_as, principal_of

# what Azure sets once, when it makes the machine; schedules, idle shutdown, identity and tags change on the living one
_FIXED = (
    "disableLocalAuth",
    "properties.computeInstanceAuthorizationType",
    "properties.enableNodePublicIp",
    "properties.personalComputeInstanceSettings",
    "properties.setupScripts",
    "properties.sshSettings",
    "properties.subnet",
    "properties.vmSize",
)


@dataclass(frozen=True, kw_only=True)
class InstanceOwner:
    """The one person who works on a compute instance."""

    object_id: Input[str]
    """Required. Object id of the user in Microsoft Entra ID; not a group's."""
    tenant_id: Input[str]
    """Required. Tenant of the user."""


@dataclass(frozen=True, kw_only=True)
class ComputeInstanceArgs(MachineArgs):
    """Arguments of `ComputeInstance`."""

    owner: InstanceOwner | None = None
    """Optional. Who works on the instance; nobody else can, and a change replaces it. Default: whoever deploys it."""
    idle_minutes: int | None = 60
    """Optional. Minutes without activity after which the instance stops, 15 to 4320 (3 days); none for never.
    Default: 60."""
    schedules: Mapping[str, PowerSchedule] = field(default_factory=dict[str, PowerSchedule])
    """Optional. When the instance starts and stops by itself, by a key of your own. Default: never."""
    creation_script: SetupScript | None = None
    """Optional. Script that runs once, when the instance is made; a change replaces the instance. Default: none."""
    startup_script: SetupScript | None = None
    """Optional. Script that runs at each start; a change replaces the instance. Default: none."""
    ssh_public_key: Input[str] | None = None
    """Optional. Open the SSH port for this RSA public key. Default: the port is closed."""
    shared_applications: bool = False
    """Optional. Whoever has access to the workspace may open the applications (Jupyter, ...). Default: the owner
    only."""
    single_sign_on: bool = True
    """Optional. Sign in to the applications with Microsoft Entra ID. Default: yes."""

    def __post_init__(self) -> None:
        # Source: idle_time_before_shutdown_minutes of azure-ai-ml's ComputeInstance
        if self.idle_minutes is not None and not 15 <= self.idle_minutes <= 4320:
            raise ArgumentError(
                f"compute instance: idle_minutes is {self.idle_minutes}; allowed are 15 to 4320 (3 days), or None for never"
            )
        check_network("compute instance", self)


class ComputeInstance(Component):
    """A personal workstation that stops when idle, without public IP, SSH or other people's eyes on its notebooks.

    Example:
        ComputeInstance("ada", ComputeInstanceArgs(
            resource_group_name=group.name, workspace_name=workspace.name, vm_size="Standard_DS3_v2",
            subnet_id=network.subnet_ids["training"], owner=InstanceOwner(object_id=ada, tenant_id=tenant)))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name."""
    principal_id: Output[str]
    """Object id of the system-assigned identity; empty with user-assigned ones."""
    private_ip_address: Output[str]
    """Address in the network; empty in a managed network."""
    application_uris: Output[Mapping[str, str]]
    """Addresses of the applications (`Jupyter`, `VS Code`, ...) by their names."""

    def __init__(self, name: str, args: ComputeInstanceArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        instance = declare_compute(
            self,
            name,
            args,
            ml.ComputeInstanceArgs(
                compute_type="ComputeInstance",
                description=args.description,
                disable_local_auth=True,
                properties=_properties(args),
            ),
            kind="compute_instance",
            identity=acts_as(args.identity_ids),
            fixed=_FIXED,
        )
        self.id = instance.id
        self.name = instance.name
        self.principal_id = principal_of(instance.identity)
        self.private_ip_address = instance.properties.apply(_private_ip_address)
        self.application_uris = instance.properties.apply(_application_uris)
        self.seal()


def _properties(args: ComputeInstanceArgs) -> ml.ComputeInstancePropertiesArgs:
    scripts = args.creation_script or args.startup_script
    return ml.ComputeInstancePropertiesArgs(
        vm_size=args.vm_size,
        application_sharing_policy="Shared" if args.shared_applications else "Personal",
        compute_instance_authorization_type="personal",
        personal_compute_instance_settings=ml.PersonalComputeInstanceSettingsArgs(
            assigned_user=ml.AssignedUserArgs(object_id=args.owner.object_id, tenant_id=args.owner.tenant_id)
        )
        if args.owner
        else None,
        enable_node_public_ip=args.node_public_ip,
        enable_sso=args.single_sign_on,
        idle_time_before_shutdown=f"PT{args.idle_minutes}M" if args.idle_minutes is not None else None,
        schedules=ml.ComputeSchedulesArgs(compute_start_stop=[each.to_azure() for each in args.schedules.values()])
        if args.schedules
        else None,
        setup_scripts=ml.SetupScriptsArgs(
            scripts=ml.ScriptsToExecuteArgs(
                creation_script=args.creation_script.to_azure() if args.creation_script else None,
                startup_script=args.startup_script.to_azure() if args.startup_script else None,
            )
        )
        if scripts
        else None,
        ssh_settings=ml.ComputeInstanceSshSettingsArgs(
            ssh_public_access="Disabled" if args.ssh_public_key is None else "Enabled",
            admin_public_key=args.ssh_public_key,
        ),
        subnet=subnet_of(args),
    )


def _private_ip_address(properties: Any) -> str:
    endpoints = _inner(properties).get("connectivityEndpoints") or {}
    return endpoints.get("privateIpAddress") or ""


def _application_uris(properties: Any) -> dict[str, str]:
    found = _inner(properties).get("applications") or []
    return {each["displayName"]: each["endpointUri"] for each in found}


def _inner(properties: Any) -> dict[str, Any]:
    """The instance's own properties; the SDK leaves those of a compute, a union of many types, as the answer has them."""
    return (properties or {}).get("properties") or {}
