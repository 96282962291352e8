# SPDX-License-Identifier: Apache-2.0
"""A storage account for datasets, models and job output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pulumi import Output, Resource, ResourceOptions
from pulumi_azure_native import storage

from groundplan.attachments import attach, send_diagnostics
from groundplan.component import Component, child_id
from groundplan.errors import ArgumentError
from groundplan.interfaces import CustomerKey, PrivateEndpoint, ResourceArgs
from groundplan.naming import check_name
from groundplan.networking.private_link import connect

Service = Literal["blob", "file", "queue", "table", "dfs"]
Redundancy = Literal[
    "Standard_LRS", "Standard_ZRS", "Standard_GRS", "Standard_RAGRS", "Standard_GZRS", "Standard_RAGZRS"
]


@dataclass(frozen=True, kw_only=True)
class StorageArgs(ResourceArgs):
    """Arguments of `Storage`."""

    public_network_access: bool = False
    """Optional. Reachable from the internet. Default: no. Prefer `private_endpoint`."""
    private_endpoint: PrivateEndpoint | None = None
    """Conditional. Subnet and DNS zones of the account's private endpoints. Required unless `public_network_access` is
    set."""
    private_services: tuple[Service, ...] = ("blob", "file")
    """Optional. Services that get a private endpoint each. Default: `blob` and `file`, which a workspace uses; batch
    endpoints
    need `queue` and `table` as well."""
    shared_key_access: bool = False
    """Optional. Accept the account's keys, and SAS tokens signed with them. Default: no; every caller uses its identity, and
    needs `Storage Blob Data Contributor` and, for file shares, `Storage File Data Privileged Contributor`."""
    redundancy: Redundancy = "Standard_ZRS"
    """Optional. Where copies are kept. Default: three zones of the region."""
    hierarchical_namespace: bool = False
    """Optional. Data Lake Gen2 directories; refused by Azure for a workspace's default account, cannot change later.
    Default: no."""
    blob_versioning: bool = False
    """Optional. Keep every overwritten blob. Default: no, since training output multiplies it."""
    delete_retention_days: int = 7
    """Optional. Days that deleted blobs and containers can be restored, 1 to 365. Default: 7."""
    containers: tuple[str, ...] = ()
    """Optional. Names of blob containers to create. Default: none; a workspace makes its own."""
    customer_key: CustomerKey | None = None
    """Optional. The customer's own key for data at rest. Default: Microsoft's key."""
    account_name: str | None = None
    """Optional. Azure name, unique over all of Azure. Default: the component's name."""

    def __post_init__(self) -> None:
        if not 1 <= self.delete_retention_days <= 365:
            raise ArgumentError(f"storage: delete_retention_days is {self.delete_retention_days}; allowed are 1 to 365")
        if self.hierarchical_namespace and self.blob_versioning:
            raise ArgumentError("storage: blob_versioning cannot be combined with hierarchical_namespace; choose one")
        if not self.public_network_access and self.private_endpoint is None:
            raise ArgumentError(
                "storage: private_endpoint is required when public_network_access is False; "
                "pass one or set public_network_access=True"
            )


class Storage(Component):
    """A storage account without keys, public blobs or a way in from the internet.

    Example:
        Storage("data", StorageArgs(
            resource_group_name=group.name, account_name="stvisiondev4f9a21", private_endpoint=placement))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name."""
    blob_endpoint: Output[str]
    """URL of the blob service, e.g. `https://<name>.blob.core.windows.net/`."""

    def __init__(self, name: str, args: StorageArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        account = self._account(name, args)
        children = [self._blob_service(name, account, args), *self._containers(name, account, args)]
        links = [
            connect(
                self,
                f"{name}-{service}-link",
                account.id,
                service,
                args.private_endpoint,
                args,
                f"pep-{args.account_name or name}-{service}",
            )
            for service in args.private_services
        ]
        if args.diagnostics:
            # the account itself has metrics only; access logs belong to its services
            blobs = child_id(account.id, "blobServices", "default")
            children.append(send_diagnostics(self, f"{name}-blobs", blobs, args.diagnostics))
        attach(self, name, account.id, args, logs=False, after=[*children, *links])
        self.id = account.id
        self.name = account.name
        self.blob_endpoint = account.primary_endpoints.apply(lambda endpoints: endpoints.blob)
        self.seal()

    def _blob_service(self, name: str, account: storage.StorageAccount, args: StorageArgs) -> Resource:
        kept = storage.DeleteRetentionPolicyArgs(enabled=True, days=args.delete_retention_days)
        return storage.BlobServiceProperties(
            f"{name}-blobs",
            blob_services_name="default",
            account_name=account.name,
            resource_group_name=args.resource_group_name,
            is_versioning_enabled=args.blob_versioning,
            delete_retention_policy=kept,
            container_delete_retention_policy=kept,
            opts=self.child(),
        )

    def _containers(self, name: str, account: storage.StorageAccount, args: StorageArgs) -> list[Resource]:
        return [
            storage.BlobContainer(
                f"{name}-{container}",
                container_name=container,
                account_name=account.name,
                resource_group_name=args.resource_group_name,
                public_access=storage.PublicAccess.NONE,
                opts=self.child(),
            )
            for container in args.containers
        ]

    def _account(self, name: str, args: StorageArgs) -> storage.StorageAccount:
        return storage.StorageAccount(
            name,
            account_name=check_name("storage_account", args.account_name or name),
            resource_group_name=args.resource_group_name,
            location=args.location,
            kind="StorageV2",
            sku=storage.SkuArgs(name=args.redundancy),
            identity=storage.IdentityArgs(type="UserAssigned", user_assigned_identities=[args.customer_key.identity_id])
            if args.customer_key
            else None,
            encryption=_encryption(args.customer_key),
            public_network_access="Enabled" if args.public_network_access else "Disabled",
            network_rule_set=storage.NetworkRuleSetArgs(
                bypass="AzureServices",
                default_action=storage.DefaultAction.ALLOW
                if args.public_network_access
                else storage.DefaultAction.DENY,
            ),
            allow_blob_public_access=False,
            allow_cross_tenant_replication=False,
            allow_shared_key_access=args.shared_key_access,
            default_to_o_auth_authentication=True,
            enable_https_traffic_only=True,
            minimum_tls_version="TLS1_2",
            is_hns_enabled=args.hierarchical_namespace,
            is_local_user_enabled=False,
            is_sftp_enabled=False,
            tags=args.tags,
            opts=self.child(),
        )


def _encryption(key: CustomerKey | None) -> storage.EncryptionArgs:
    services = storage.EncryptionServicesArgs(
        blob=storage.EncryptionServiceArgs(enabled=True, key_type="Account"),
        file=storage.EncryptionServiceArgs(enabled=True, key_type="Account"),
    )
    if key is None:
        return storage.EncryptionArgs(
            key_source="Microsoft.Storage", require_infrastructure_encryption=True, services=services
        )
    parts = Output.from_input(key.key_identifier).apply(_key_parts)
    return storage.EncryptionArgs(
        key_source="Microsoft.Keyvault",
        require_infrastructure_encryption=True,
        services=services,
        encryption_identity=storage.EncryptionIdentityArgs(encryption_user_assigned_identity=key.identity_id),
        key_vault_properties=storage.KeyVaultPropertiesArgs(
            key_vault_uri=parts.apply(lambda part: part[0]),
            key_name=parts.apply(lambda part: part[1]),
            key_version=parts.apply(lambda part: part[2]),
        ),
    )


def _key_parts(identifier: str) -> tuple[str, str, str]:
    """Vault URI, key name and version (empty: follow rotation) of `https://<vault>/keys/<name>[/<version>]`."""
    vault, found, rest = identifier.rstrip("/").partition("/keys/")
    key, _, version = rest.partition("/")
    if not (found and key):
        raise ArgumentError(f"customer key: {identifier!r} is not of the form https://<vault>/keys/<name>[/<version>]")
    return vault, key, version
