# SPDX-License-Identifier: Apache-2.0
"""A feature store: a workspace for features, the Data Lake account that keeps them, and the identity that computes them.

What a feature store consists of, and the roles of its identity, follow `FeatureStoreOperations.begin_create` of azure-ai-ml.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from pulumi import Input, Output, ResourceOptions

from groundplan.access.identity import Identity, IdentityArgs
from groundplan.attachments import grant_role
from groundplan.component import Component
from groundplan.data.storage import Redundancy, Storage, StorageArgs
from groundplan.errors import ArgumentError
from groundplan.interfaces import CustomerKey, PrivateEndpoint, ResourceArgs, RoleGrant
from groundplan.workspace.connection import Connection, ConnectionArgs
from groundplan.workspace.credentials import ManagedIdentityLogin
from groundplan.workspace.managed_network import Isolation, ManagedNetwork
from groundplan.workspace.workspace import Workspace, WorkspaceArgs
from groundplan.workspace.workspace_settings import FeatureStoreSettings

_CONNECTION: Final = "OfflineStoreConnectionName"  # azure-ai-ml knows its own connections by this beginning
_CONTAINER: Final = "features"


@dataclass(frozen=True, kw_only=True)
class FeatureStoreArgs(ResourceArgs):
    """Arguments of `FeatureStore`. Role grants, diagnostics and the lock are on the workspace."""

    key_vault_id: Input[str]
    """Required. ARM id of the key vault; cannot change later."""
    storage_account_id: Input[str]
    """Required. ARM id of the default storage account, for code and logs; cannot change later."""
    offline_account_name: str
    """Required. Azure name, unique over all of Azure, of the Data Lake account that is made for the features."""
    application_insights_id: Input[str] | None = None
    """Optional. ARM id of Application Insights. Default: none."""
    container_registry_id: Input[str] | None = None
    """Optional. ARM id of the container registry for images. Default: Azure makes one at the first image build."""
    redundancy: Redundancy = "Standard_ZRS"
    """Optional. Where copies of the features are kept. Default: three zones of the region."""
    spark_version: str | None = None
    """Optional. Version of the Spark runtime that materializes, e.g. `3.4.0`. Default: Azure's."""
    public_network_access: bool = False
    """Optional. Workspace and features are reachable from the internet. Default: no. Prefer `private_endpoint`."""
    private_endpoint: PrivateEndpoint | None = None
    """Conditional. Subnet and DNS zones of the private endpoints of the workspace and the Data Lake account. Required unless
    `public_network_access` is set."""
    managed_network: ManagedNetwork | Isolation | None = None
    """Optional. Network around the jobs that materialize, as for a `Workspace`; rules to the Data Lake account (`blob`, `dfs`) are yours
    to add. Default: none."""
    customer_key: CustomerKey | None = None
    """Optional. The customer's own key for the workspace and the features. Default: Microsoft's key."""
    feature_store_name: str | None = None
    """Optional. Azure name. A deleted one keeps its name for 14 days unless it is purged. Default: the component's name."""
    description: Input[str] | None = None
    """Optional. Text shown in the studio. Default: none."""

    def __post_init__(self) -> None:
        if not self.public_network_access and self.private_endpoint is None:
            raise ArgumentError(
                "feature store: private_endpoint is required when public_network_access is False; "
                "pass one or set public_network_access=True"
            )


class FeatureStore(Component):
    """A feature store that keeps features in its own Data Lake account and computes them with its own identity.

    Example:
        FeatureStore("features", FeatureStoreArgs(
            resource_group_name=group.name, key_vault_id=vault.id, storage_account_id=data.id,
            offline_account_name=names("storage_account", "features"), private_endpoint=placement))
    """

    id: Output[str]
    """ARM id of the workspace."""
    name: Output[str]
    """Azure name: what `FeatureStoreEntity` and `FeatureSet` go into."""
    workspace_id: Output[str]
    """Azure's immutable GUID of the workspace."""
    offline_store_id: Output[str]
    """ARM id of the container that keeps features."""
    identity_id: Output[str]
    """ARM id of the identity that materializes features; it needs `Storage Blob Data Reader` on the sources that they are made of."""
    identity_principal_id: Output[str]
    """Object id of that identity."""

    def __init__(self, name: str, args: FeatureStoreArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        identity = Identity(
            f"{name}-materialize",
            IdentityArgs(resource_group_name=args.resource_group_name, location=args.location, tags=args.tags),
            self.child(),
        )
        offline = Storage(f"{name}-offline", _offline(args), self.child())
        store_id = Output.concat(offline.id, "/blobServices/default/containers/", _CONTAINER)
        connection_name = f"{_CONNECTION}-{_CONTAINER}"
        workspace = Workspace(name, _workspace(args, identity, connection_name), self.child())
        Connection(
            f"{name}-offline-connection",
            ConnectionArgs(
                resource_group_name=args.resource_group_name,
                workspace_name=workspace.name,
                category="ADLSGen2",
                target=store_id,
                credential=ManagedIdentityLogin(identity_id=identity.id, client_id=identity.client_id),
                shared=True,
                connection_name=connection_name,
            ),
            self.child(),
        )
        holder: dict[Literal["AzureML Data Scientist", "Storage Blob Data Contributor"], Output[str]] = {
            "AzureML Data Scientist": workspace.id,
            "Storage Blob Data Contributor": offline.id,
        }
        for role, scope in holder.items():
            grant = RoleGrant(role=role, principal_id=identity.principal_id, description="materializes features")
            grant_role(self, f"{name}-materialize-{role.lower().replace(' ', '-')}", scope, grant)
        self.id = workspace.id
        self.name = workspace.name
        self.workspace_id = workspace.workspace_id
        self.offline_store_id = store_id
        self.identity_id = identity.id
        self.identity_principal_id = identity.principal_id
        self.seal()


def _offline(args: FeatureStoreArgs) -> StorageArgs:
    return StorageArgs(
        resource_group_name=args.resource_group_name,
        location=args.location,
        tags=args.tags,
        account_name=args.offline_account_name,
        hierarchical_namespace=True,
        containers=(_CONTAINER,),
        redundancy=args.redundancy,
        public_network_access=args.public_network_access,
        private_endpoint=args.private_endpoint,
        private_services=("blob", "dfs"),
        customer_key=args.customer_key,
    )


def _workspace(args: FeatureStoreArgs, identity: Identity, connection_name: str) -> WorkspaceArgs:
    return WorkspaceArgs(
        resource_group_name=args.resource_group_name,
        location=args.location,
        tags=args.tags,
        role_grants=args.role_grants,
        diagnostics=args.diagnostics,
        lock=args.lock,
        kind="FeatureStore",
        key_vault_id=args.key_vault_id,
        storage_account_id=args.storage_account_id,
        application_insights_id=args.application_insights_id,
        container_registry_id=args.container_registry_id,
        other_identity_ids=(identity.id,),
        feature_store=FeatureStoreSettings(offline_store_connection=connection_name, spark_version=args.spark_version),
        public_network_access=args.public_network_access,
        private_endpoint=args.private_endpoint,
        managed_network=args.managed_network,
        customer_key=args.customer_key,
        workspace_name=args.feature_store_name,
        description=args.description,
    )
