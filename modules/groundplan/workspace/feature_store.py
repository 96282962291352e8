# SPDX-License-Identifier: Apache-2.0
"""A feature store: a workspace for features, the Data Lake account that keeps them, and the identity that computes them.

What a feature store consists of, and the roles of its identity, follow `FeatureStoreOperations.begin_create` of azure-ai-ml and the
template that it deploys.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import authorization

from groundplan.access.identity import Identity, IdentityArgs
from groundplan.attachments import grant_role
from groundplan.component import Component
from groundplan.data.storage import Redundancy, Storage, StorageArgs
from groundplan.errors import ArgumentError
from groundplan.interfaces import CustomerKey, Diagnostics, PrivateEndpoint, ResourceArgs, RoleGrant, SoftDelete
from groundplan.propagation import once_granted
from groundplan.workspace.connection import Connection, ConnectionArgs
from groundplan.workspace.credentials import ManagedIdentityLogin
from groundplan.workspace.managed_network import Isolation, ManagedNetwork
from groundplan.workspace.workspace import Workspace, WorkspaceArgs
from groundplan.workspace.workspace_settings import FeatureStoreSettings

# azure-ai-ml knows its own connections by these beginnings
_OFFLINE: Final = "OfflineStoreConnectionName"
_ONLINE: Final = "OnlineStoreConnectionName"
_CONTAINER: Final = "features"
_CONTAINER_ID: Final = re.compile(
    r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Storage/storageAccounts/[^/]+/blobServices/default/containers/[^/]+",
    re.IGNORECASE,
)
_CACHE_ID: Final = re.compile(
    r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Cache/redis/[^/]+", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class FeatureStoreArgs(ResourceArgs):
    """Arguments of `FeatureStore`. Role grants, diagnostics and the lock are on the workspace."""

    key_vault_id: Input[str]
    """Required. ARM id of the key vault; cannot change later."""
    storage_account_id: Input[str]
    """Required. ARM id of the default storage account, for code and logs; cannot change later."""
    offline_account_name: str | None = None
    """Conditional. Azure name, unique over all of Azure, of the Data Lake account that is made for the features. Required unless
    `offline_container_id` is given, refused otherwise."""
    offline_container_id: Input[str] | None = None
    """Conditional. ARM id of a container (`.../blobServices/default/containers/<name>`) in a Data Lake account that keeps the features
    instead. Required unless `offline_account_name` is given, refused otherwise."""
    online_store_id: Input[str] | None = None
    """Optional. ARM id of an Azure Cache for Redis (`Microsoft.Cache/redis`) that serves features online. The materializing identity
    becomes `Contributor` there, which reads the cache's keys. Default: features are not served online."""
    application_insights_id: Input[str] | None = None
    """Optional. ARM id of Application Insights. Default: none."""
    container_registry_id: Input[str] | None = None
    """Optional. ARM id of the container registry for images. Default: Azure makes one at the first image build."""
    identity_id: Input[str] | None = None
    """Optional. ARM id of the user-assigned identity that the workspace acts as; another one materializes. Default: a
    system-assigned identity, whose roles Azure assigns by itself."""
    identity_principal_id: Input[str] | None = None
    """Conditional. Object id of that identity: it gets the roles that a workspace needs. Required unless somebody else gives the
    roles, refused without `identity_id`."""
    data_isolation: bool | None = None
    """Optional. As for a `Workspace`: keep containers, secrets and images apart from those of other workspaces on the same account,
    vault and registry; only at creation. Default: Azure's, which is no."""
    redundancy: Redundancy = "Standard_ZRS"
    """Optional. Where the account of `offline_account_name` keeps copies of the features. Default: three zones of the region."""
    offline_diagnostics: Diagnostics | None = None
    """Optional. Where logs and metrics of the account of `offline_account_name` go: who reads and writes features. Default:
    nowhere."""
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
    soft_delete: SoftDelete | None = None
    """Optional. As for a `Workspace`. Default: Azure refuses a name that a deleted one holds, and keeps what is destroyed."""
    feature_store_name: str | None = None
    """Optional. Azure name. A deleted one keeps its name for 14 days unless it is purged. Default: the component's name."""
    description: Input[str] | None = None
    """Optional. Text shown in the studio. Default: none."""

    def __post_init__(self) -> None:
        if (self.offline_account_name is None) == (self.offline_container_id is None):
            given = "neither" if self.offline_account_name is None else "both"
            raise ArgumentError(
                f"feature store: {given} of offline_account_name and offline_container_id given; pass a name to have an account made, "
                "or the id of a container to keep features there"
            )
        if self.offline_diagnostics is not None and self.offline_account_name is None:
            raise ArgumentError(
                "feature store: offline_diagnostics is of the account that offline_account_name makes; "
                "give the account of offline_container_id its own"
            )
        if self.identity_principal_id is not None and self.identity_id is None:
            raise ArgumentError("feature store: identity_principal_id is the object id of identity_id; pass both")
        _check_id("offline_container_id", self.offline_container_id, _CONTAINER_ID, "a blob container")
        _check_id("online_store_id", self.online_store_id, _CACHE_ID, "an Azure Cache for Redis")
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
    """Azure name: what `FeatureStoreEntity` and `FeatureSet` go into; during an update it is there once the identity has its roles."""
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
        store_id, account_id = self._offline_store(name, args)
        stores = {"offline": (_OFFLINE, "ADLSGen2", store_id, _CONTAINER)}
        if args.online_store_id is not None:
            stores["online"] = (_ONLINE, "Redis", Output.from_input(args.online_store_id), "redis")
        connections = {key: f"{beginning}-{suffix}" for key, (beginning, _, _, suffix) in stores.items()}
        workspace = Workspace(name, _workspace(args, identity, connections), self.child())
        for key, (_, category, target, _) in stores.items():
            Connection(
                f"{name}-{key}-connection",
                ConnectionArgs(
                    resource_group_name=args.resource_group_name,
                    workspace_name=workspace.name,
                    category=category,
                    target=target,
                    credential=ManagedIdentityLogin(identity_id=identity.id, client_id=identity.client_id),
                    shared=True,
                    connection_name=connections[key],
                ),
                self.child(),
            )
        holder = {"AzureML Data Scientist": workspace.id, "Storage Blob Data Contributor": account_id}
        if "online" in stores:
            holder["Contributor"] = stores["online"][2]
        granted: list[authorization.RoleAssignment] = []
        for role, scope in holder.items():
            grant = RoleGrant(role=role, principal_id=identity.principal_id, description="materializes features")
            granted.append(grant_role(self, f"{name}-materialize-{role.lower().replace(' ', '-')}", scope, grant))
        self.id = workspace.id
        self.name = once_granted(self, workspace.name, granted)
        self.workspace_id = workspace.workspace_id
        self.offline_store_id = store_id
        self.identity_id = identity.id
        self.identity_principal_id = identity.principal_id
        self.seal()

    def _offline_store(self, name: str, args: FeatureStoreArgs) -> tuple[Output[str], Output[str]]:
        """ARM ids of the container that keeps features, and of its account."""
        if args.offline_container_id is not None:
            brought = Output.from_input(args.offline_container_id)
            return brought, brought.apply(lambda id_: id_.rsplit("/", 4)[0])
        account = Storage(f"{name}-offline", _offline(args), self.child())
        return Output.concat(account.id, "/blobServices/default/containers/", _CONTAINER), account.id


def _check_id(argument: str, value: Input[str] | None, form: re.Pattern[str], what: str) -> None:
    if isinstance(value, str) and not form.fullmatch(value):
        raise ArgumentError(f"feature store: {argument} is {value!r}; pass the ARM id of {what}")


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
        diagnostics=args.offline_diagnostics,
    )


def _workspace(args: FeatureStoreArgs, identity: Identity, connections: Mapping[str, str]) -> WorkspaceArgs:
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
        identity_id=args.identity_id,
        identity_principal_id=args.identity_principal_id,
        other_identity_ids=(identity.id,),
        data_isolation=args.data_isolation,
        feature_store=FeatureStoreSettings(
            offline_store_connection=connections["offline"],
            online_store_connection=connections.get("online"),
            spark_version=args.spark_version,
        ),
        public_network_access=args.public_network_access,
        private_endpoint=args.private_endpoint,
        managed_network=args.managed_network,
        customer_key=args.customer_key,
        soft_delete=args.soft_delete,
        workspace_name=args.feature_store_name,
        description=args.description,
    )
