# SPDX-License-Identifier: Apache-2.0
"""An Azure Machine Learning workspace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from groundplan.attachments import attach
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.interfaces import CustomerKey, PrivateEndpoint, ResourceArgs
from groundplan.naming import check_name
from groundplan.networking.private_link import connect

Kind = Literal["Default", "Hub", "Project", "FeatureStore"]
Isolation = Literal["AllowInternetOutbound", "AllowOnlyApprovedOutbound"]


@dataclass(frozen=True, kw_only=True)
class WorkspaceArgs(ResourceArgs):
    """Arguments of `Workspace`."""

    key_vault_id: Input[str] | None = None
    """Conditional. ARM id of the key vault; cannot change later. Required unless `kind` is `Project`."""
    storage_account_id: Input[str] | None = None
    """Conditional. ARM id of the default storage account; cannot change later. Required unless `kind` is `Project`."""
    application_insights_id: Input[str] | None = None
    """Optional. ARM id of Application Insights, which online endpoints log to. Default: no endpoint logs."""
    container_registry_id: Input[str] | None = None
    """Optional. ARM id of the container registry for images. Default: Azure makes one, with its admin user on, at the
    first image build."""
    identity_id: Input[str] | None = None
    """Optional. ARM id of the user-assigned identity that the workspace acts as; it needs its roles beforehand.
    Default: a system-assigned identity, whose roles Azure assigns by itself."""
    public_network_access: bool = False
    """Optional. Reachable from the internet. Default: no. Prefer `private_endpoint`."""
    private_endpoint: PrivateEndpoint | None = None
    """Conditional. Subnet and DNS zones (api and notebooks) of the workspace's private endpoint. Required unless
    `public_network_access` is set or `kind` is `Project`, which goes through its hub's."""
    managed_network: Isolation | None = None
    """Optional. Isolation mode of a network that Azure manages around all compute. Azure allows changes in one
    direction only:
    a loosened mode means another workspace. Default: none; compute joins a subnet."""
    customer_key: CustomerKey | None = None
    """Optional. The customer's own key for data at rest; only at creation. Default: Microsoft's key."""
    high_business_impact: bool = False
    """Optional. Less diagnostic data to Microsoft, encrypted scratch disks; only at creation. Default: no."""
    image_build_compute: Input[str] | None = None
    """Conditional. Name of the cluster that builds images. Required if the container registry is private, because
    Azure's own
    image builder cannot reach it then."""
    datastore_access_keys: bool = False
    """Optional. System datastores use the storage account's keys instead of the caller's identity. Default: no."""
    kind: Kind = "Default"
    """Optional. `Hub`, `Project` (of a hub) or `FeatureStore`. Default: a plain workspace."""
    hub_id: Input[str] | None = None
    """Conditional. ARM id of the hub. Required if `kind` is `Project`, refused otherwise."""
    workspace_name: str | None = None
    """Optional. Azure name. A deleted workspace keeps its name for 14 days unless it is purged. Default: the
    component's name."""
    friendly_name: Input[str] | None = None
    """Optional. Name shown in the studio. Default: the Azure name."""
    description: Input[str] | None = None
    """Optional. Text shown in the studio. Default: none."""

    def __post_init__(self) -> None:
        project = self.kind == "Project"
        if project != (self.hub_id is not None):
            raise ArgumentError(
                f"workspace of kind {self.kind!r}: hub_id is required for 'Project' and refused otherwise"
            )
        if project:
            return
        for field in ("key_vault_id", "storage_account_id"):
            if getattr(self, field) is None:
                raise ArgumentError(f"workspace of kind {self.kind!r}: {field} is required unless kind is 'Project'")
        if not self.public_network_access and self.private_endpoint is None:
            raise ArgumentError(
                "workspace: private_endpoint is required when public_network_access is False; "
                "pass one or set public_network_access=True"
            )


class Workspace(Component):
    """A workspace that only its private endpoint reaches, and that opens its storage with identities, not keys.

    Example:
        Workspace("ml", WorkspaceArgs(
            resource_group_name=group.name, key_vault_id=vault.id, storage_account_id=storage.id,
            private_endpoint=placement))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name."""
    workspace_id: Output[str]
    """Azure's immutable GUID of the workspace."""
    discovery_url: Output[str]
    """URL from which clients learn the workspace's service endpoints."""
    principal_id: Output[str]
    """Object id of the system-assigned identity; empty with a user-assigned one."""

    def __init__(self, name: str, args: WorkspaceArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        workspace = ml.Workspace(
            name,
            workspace_name=check_name("machine_learning_workspace", args.workspace_name or name),
            resource_group_name=args.resource_group_name,
            location=args.location,
            kind=args.kind,
            hub_resource_id=args.hub_id,
            sku=ml.SkuArgs(name="Basic", tier=ml.SkuTier.BASIC),
            identity=_identity(args.identity_id),
            primary_user_assigned_identity=args.identity_id,
            key_vault=args.key_vault_id,
            storage_account=args.storage_account_id,
            application_insights=args.application_insights_id,
            container_registry=args.container_registry_id,
            public_network_access="Enabled" if args.public_network_access else "Disabled",
            managed_network=ml.ManagedNetworkSettingsArgs(isolation_mode=args.managed_network)
            if args.managed_network
            else None,
            encryption=_encryption(args.customer_key),
            hbi_workspace=args.high_business_impact,
            image_build_compute=args.image_build_compute,
            system_datastores_auth_mode="AccessKey" if args.datastore_access_keys else "Identity",
            # managed online endpoints do not work in the mode of the first API version
            v1_legacy_mode=False,
            friendly_name=args.friendly_name,
            description=args.description,
            tags=args.tags,
            opts=self.child(ResourceOptions(ignore_changes=_filled_by_azure(args))),
        )
        endpoint_name = f"pep-{args.workspace_name or name}"
        link = connect(self, f"{name}-link", workspace.id, "amlworkspace", args.private_endpoint, args, endpoint_name)
        attach(self, name, workspace.id, args, after=[link])
        self.id = workspace.id
        self.name = workspace.name
        self.workspace_id = workspace.workspace_id
        self.discovery_url = workspace.discovery_url.apply(lambda url: url or "")
        self.principal_id = workspace.identity.apply(lambda identity: identity.principal_id if identity else "")
        self.seal()


def _filled_by_azure(args: WorkspaceArgs) -> list[str]:
    """What Azure writes by itself once there are rules, projects and computes; a refresh would bring it back as changes to undo."""
    if args.kind == "Project":
        return ["managedNetwork"]
    network = ["managedNetwork.outboundRules", "managedNetwork.status"] if args.managed_network else []
    return ["associatedWorkspaces", *network]


def _identity(identity_id: Input[str] | None) -> ml.ManagedServiceIdentityArgs:
    if identity_id is None:
        return ml.ManagedServiceIdentityArgs(type="SystemAssigned")
    return ml.ManagedServiceIdentityArgs(type="UserAssigned", user_assigned_identities=[identity_id])


def _encryption(key: CustomerKey | None) -> ml.EncryptionPropertyArgs | None:
    if key is None:
        return None
    return ml.EncryptionPropertyArgs(
        status="Enabled",
        identity=ml.IdentityForCmkArgs(user_assigned_identity=key.identity_id),
        key_vault_properties=ml.KeyVaultPropertiesArgs(
            key_vault_arm_id=key.key_vault_id, key_identifier=key.key_identifier
        ),
    )
