# SPDX-License-Identifier: Apache-2.0
"""An Azure Machine Learning workspace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_azure_native import authorization
from pulumi_azure_native import machinelearningservices as ml

from groundplan.attachments import attach
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.interfaces import CustomerKey, PrivateEndpoint, ResourceArgs, SoftDelete
from groundplan.naming import check_name
from groundplan.networking.private_link import connect
from groundplan.propagation import once_granted
from groundplan.soft_delete import keeping
from groundplan.workspace import managed_network, workspace_roles, workspace_settings
from groundplan.workspace.managed_network import Isolation, ManagedNetwork
from groundplan.workspace.outbound_rules import create_rules
from groundplan.workspace.workspace_settings import FeatureStoreSettings, ServerlessCompute

Kind = Literal["Default", "Hub", "Project", "FeatureStore"]


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
    """Optional. ARM id of the user-assigned identity that the workspace acts as. Default: a system-assigned identity, whose
    roles Azure assigns by itself."""
    identity_principal_id: Input[str] | None = None
    """Conditional. Object id of that identity: the component gives it the roles that a workspace needs, and creates the
    workspace once Azure shows them. Required unless somebody else gives the roles."""
    other_identity_ids: tuple[Input[str], ...] = ()
    """Optional. ARM ids of more user-assigned identities, such as the one that materializes features. Default: none."""
    public_network_access: bool = False
    """Optional. Reachable from the internet. Default: no. Prefer `private_endpoint`."""
    private_endpoint: PrivateEndpoint | None = None
    """Conditional. Subnet and DNS zones (api and notebooks) of the workspace's private endpoint. Required unless
    `public_network_access` is set or `kind` is `Project`, which goes through its hub's."""
    managed_network: ManagedNetwork | Isolation | None = None
    """Optional. A network that Azure manages around all compute: its isolation mode alone, or a `ManagedNetwork` with outbound
    rules. Loosening the mode replaces the workspace. Default: none; compute joins a subnet."""
    customer_key: CustomerKey | None = None
    """Optional. The customer's own key for data at rest; only at creation. Default: Microsoft's key."""
    service_side_encryption: bool = False
    """Optional. With `customer_key`, keep what is encrypted in Microsoft's subscription instead of a managed resource group that
    you pay for; only at creation. Default: the managed resource group."""
    high_business_impact: bool = False
    """Optional. Less diagnostic data to Microsoft, encrypted scratch disks; only at creation. Default: no."""
    data_isolation: bool | None = None
    """Optional. Keep containers, secrets and images apart from those of other workspaces on the same storage account, vault and
    registry; only at creation. Default: Azure's: on for hubs and their projects, off for others."""
    image_build_compute: Input[str] | None = None
    """Conditional. Name of the cluster that builds images. Required if the container registry is private, because
    Azure's own
    image builder cannot reach it then."""
    serverless_compute: ServerlessCompute | None = None
    """Optional. Where jobs run that name no compute. Default: Azure's network, with public IP addresses, or the managed
    network."""
    datastore_access_keys: bool = False
    """Optional. System datastores use the storage account's keys instead of the caller's identity. Default: no."""
    feature_store: FeatureStoreSettings | None = None
    """Optional. Stores and Spark runtime of a workspace of kind `FeatureStore`, refused otherwise. Default: Azure's runtime, no
    stores."""
    kind: Kind = "Default"
    """Optional. `Hub`, `Project` (of a hub) or `FeatureStore`. Default: a plain workspace."""
    hub_id: Input[str] | None = None
    """Conditional. ARM id of the hub. Required if `kind` is `Project`, refused otherwise."""
    workspace_name: str | None = None
    """Optional. Azure name. A deleted workspace keeps its name for 14 days unless it is purged. Default: the
    component's name."""
    soft_delete: SoftDelete | None = None
    """Optional. What to do with a deleted workspace of this name, and whether to purge this one when it is destroyed. Recovering
    is refused: azure-native takes over nothing that exists. Default: Azure refuses a name that a deleted workspace holds,
    and keeps what is destroyed for 14 days."""
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
        if self.identity_principal_id is not None and self.identity_id is None:
            raise ArgumentError("workspace: identity_principal_id is the object id of identity_id; pass both")
        if self.feature_store is not None and self.kind != "FeatureStore":
            raise ArgumentError(
                f"workspace of kind {self.kind!r}: feature_store is for kind 'FeatureStore'; leave it out or change kind"
            )
        if self.soft_delete is not None and self.soft_delete.on_create == "recover":
            raise ArgumentError(
                "workspace: soft_delete.on_create is 'recover'; allowed are 'refuse' and 'purge', as azure-native takes over nothing "
                "that exists: recover the workspace (portal, or `az ml workspace create`), then take it in with `groundplan import`"
            )
        if self.service_side_encryption and self.customer_key is None:
            raise ArgumentError("workspace: service_side_encryption needs customer_key; pass one or leave it out")
        network = managed_network.normalised(self.managed_network)
        closed = network is not None and network.isolation != "Disabled"
        workspace_settings.check_serverless(self.serverless_compute, managed_network=closed)
        if project:
            _check_project(self)
            return
        for field in ("key_vault_id", "storage_account_id"):
            if getattr(self, field) is None:
                raise ArgumentError(f"workspace of kind {self.kind!r}: {field} is required unless kind is 'Project'")
        if not self.public_network_access and self.private_endpoint is None:
            raise ArgumentError(
                "workspace: private_endpoint is required when public_network_access is False; "
                "pass one or set public_network_access=True"
            )


def _check_project(args: WorkspaceArgs) -> None:
    """A project lives in its hub's network."""
    if args.managed_network is not None:
        raise ArgumentError("workspace of kind 'Project': it is in its hub's managed_network; set that on the hub")


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
        azure_name = check_name("machine_learning_workspace", args.workspace_name or name)
        kept = keeping(self, name, "workspace", (args.resource_group_name, azure_name), args.soft_delete)
        network = managed_network.normalised(args.managed_network)
        roles = self._roles_before(name, args)
        identity_id = None if args.identity_id is None else once_granted(self, args.identity_id, roles)
        workspace = ml.Workspace(
            name,
            workspace_name=azure_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            kind=args.kind,
            hub_resource_id=args.hub_id,
            sku=ml.SkuArgs(name="Basic", tier=ml.SkuTier.BASIC),
            identity=workspace_settings.identity(identity_id, args.other_identity_ids),
            primary_user_assigned_identity=identity_id,
            key_vault=args.key_vault_id,
            storage_account=args.storage_account_id,
            application_insights=args.application_insights_id,
            container_registry=args.container_registry_id,
            public_network_access="Enabled" if args.public_network_access else "Disabled",
            managed_network=managed_network.settings(network),
            provision_network_now=True if network and network.provision_now else None,
            encryption=workspace_settings.encryption(args.customer_key),
            enable_service_side_cmk_encryption=args.service_side_encryption or None,
            hbi_workspace=args.high_business_impact,
            enable_data_isolation=args.data_isolation,
            image_build_compute=args.image_build_compute,
            serverless_compute_settings=workspace_settings.serverless(args.serverless_compute),
            system_datastores_auth_mode="AccessKey" if args.datastore_access_keys else "Identity",
            feature_store_settings=workspace_settings.feature_store(args.feature_store),
            # managed online endpoints do not work in the mode of the first API version
            v1_legacy_mode=False,
            friendly_name=args.friendly_name,
            description=args.description,
            tags=args.tags,
            opts=self.child(
                ResourceOptions.merge(
                    kept.options,
                    ResourceOptions(
                        depends_on=roles,
                        ignore_changes=_filled_by_azure(args.kind, network),
                        replace_on_changes=managed_network.replaced_by(network),
                        # the name cannot be held by two workspaces
                        delete_before_replace=True,
                    ),
                )
            ),
        )
        self.id = workspace.id
        self.name = workspace.name
        self.workspace_id = workspace.workspace_id
        self.discovery_url = workspace.discovery_url.apply(lambda url: url or "")
        self.principal_id = workspace.identity.apply(lambda identity: (identity.principal_id or "") if identity else "")
        endpoint_name = f"pep-{azure_name}"
        link = connect(self, f"{name}-link", workspace.id, "amlworkspace", args.private_endpoint, args, endpoint_name)
        attach(self, name, workspace.id, args, after=[link, *self._inside(name, args, workspace)])
        self.seal()

    def _roles_before(self, name: str, args: WorkspaceArgs) -> list[authorization.RoleAssignment]:
        """The roles of a user-assigned identity on what the workspace stands on."""
        if args.identity_principal_id is None:
            return []
        neighbours = {
            "storage": args.storage_account_id,
            "vault": args.key_vault_id,
            "images": args.container_registry_id,
            "insights": args.application_insights_id,
        }
        return workspace_roles.grant_before(self, f"{name}-identity", args.identity_principal_id, neighbours)

    def _inside(self, name: str, args: WorkspaceArgs, workspace: ml.Workspace) -> list[Resource | None]:
        """The identity's role on the workspace, and the outbound rules, which a lock would keep from changing."""
        role = None
        if args.identity_principal_id is not None:
            role = workspace_roles.grant_after(self, f"{name}-identity", args.identity_principal_id, workspace.id)
        approver = self.principal_id if args.identity_id is None else args.identity_principal_id
        network = managed_network.normalised(args.managed_network)
        rules = network.rules if network else {}
        return [role, create_rules(self, name, workspace, rules, (args.resource_group_name, approver))]


def _filled_by_azure(kind: Kind, network: ManagedNetwork | None) -> list[str]:
    """What Azure writes by itself once there are rules, projects and computes; a refresh would bring it back as changes to undo."""
    if kind == "Project":
        return ["managedNetwork"]
    return ["associatedWorkspaces", *managed_network.filled_by_azure(network)]
