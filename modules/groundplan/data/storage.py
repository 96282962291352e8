# SPDX-License-Identifier: Apache-2.0
"""A storage account for datasets, models and job output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_azure_native import storage

from groundplan.attachments import attach, send_diagnostics
from groundplan.component import Component, child_id
from groundplan.data.lifecycle import LifecycleRule, check_rules, manage
from groundplan.data.storage_account import create_account
from groundplan.data.storage_children import blob_service, containers, file_shares, queues, tables
from groundplan.errors import ArgumentError
from groundplan.interfaces import CustomerKey, PrivateEndpoint, ResourceArgs
from groundplan.naming import check_name
from groundplan.networking.private_link import connect

Service = Literal["blob", "file", "queue", "table", "dfs"]
Redundancy = Literal[
    "Standard_LRS", "Standard_ZRS", "Standard_GRS", "Standard_RAGRS", "Standard_GZRS", "Standard_RAGZRS"
]
MAX_SHARE_GIB = 102400
"""Largest file share of a standard account; source: `shareQuota` in the specification of Microsoft.Storage."""
MAX_RETENTION_DAYS = 365
MAX_IMMUTABLE_DAYS = 146000
"""Source: Microsoft's "Time-based retention policies for immutable blob data": 400 years."""


@dataclass(frozen=True, kw_only=True)
class StorageArgs(ResourceArgs):
    """Arguments of `Storage`."""

    public_network_access: bool = False
    """Optional. Reachable from the internet, or from `allowed_ip_ranges` and `allowed_subnet_ids` if there are any. Default: no.
    Prefer `private_endpoint`."""
    private_endpoint: PrivateEndpoint | None = None
    """Conditional. Subnet and DNS zones of the account's private endpoints. Required unless `public_network_access` is
    set."""
    private_services: tuple[Service, ...] | None = None
    """Optional. Services that get a private endpoint each. Default: `blob` and `file`, which a workspace uses, and `dfs` with
    `hierarchical_namespace`; batch endpoints need `queue` and `table` as well."""
    allowed_ip_ranges: tuple[str, ...] = ()
    """Optional. Public IPv4 addresses or CIDR blocks that may come in; nobody else then. Default: all, if
    `public_network_access` is set."""
    allowed_subnet_ids: tuple[Input[str], ...] = ()
    """Optional. ARM ids of subnets with the service endpoint `Microsoft.Storage` that may come in; nobody else then.
    Default: none."""
    allowed_resource_ids: tuple[Input[str], ...] = ()
    """Optional. ARM ids of resources, such as workspaces or search services, that pass the firewall with their managed
    identity, even with the public network closed. Default: none."""
    allowed_tenant_id: Input[str] | None = None
    """Conditional. Tenant of those resources. Required with `allowed_resource_ids`."""
    trusted_services: bool = True
    """Optional. Microsoft's trusted services pass the firewall, with their identity. Default: yes, since a workspace
    validates and profiles data that way."""
    shared_key_access: bool = False
    """Optional. Accept the account's keys, and SAS tokens signed with them. Default: no; every caller uses its identity, and
    needs `Storage Blob Data Contributor` and, for file shares, `Storage File Data Privileged Contributor`."""
    sas_days: int = 7
    """Optional. Days after which a SAS token signed with a key should have ended, 1 to 365; longer ones are logged. Only with
    `shared_key_access`. Default: 7."""
    copy_scope: Literal["AAD", "PrivateLink"] | None = None
    """Optional. Accounts that blobs may be copied from: those of the same tenant (`AAD`), or those that have a private
    endpoint in the same virtual network. Default: any."""
    redundancy: Redundancy = "Standard_ZRS"
    """Optional. Where copies are kept. Default: three zones of the region."""
    access_tier: Literal["Hot", "Cool", "Cold"] = "Hot"
    """Optional. Tier of blobs that say none. Default: `Hot`."""
    hierarchical_namespace: bool = False
    """Optional. Data Lake Gen2 directories; refused by Azure for a workspace's default account, cannot change later.
    Default: no."""
    blob_versioning: bool = False
    """Optional. Keep every overwritten blob. Default: no, since training output multiplies it."""
    delete_retention_days: int = 7
    """Optional. Days that deleted blobs, containers and file shares can be restored, 1 to 365. Default: 7."""
    change_feed_days: int = 0
    """Optional. Days that the log of all changes to blobs is kept. Default: 0, no log."""
    restore_days: int = 0
    """Conditional. Days back to which containers can be rolled; fewer than `delete_retention_days`. Needs `blob_versioning` and
    `change_feed_days`. Default: 0, no such restore."""
    lifecycle: Mapping[str, LifecycleRule] = field(default_factory=dict[str, LifecycleRule])
    """Optional. Rules that move or delete ageing blobs, by name. Default: blobs stay."""
    containers: tuple[str, ...] = ()
    """Optional. Names of blob containers, or Data Lake file systems, to create. Default: none; a workspace makes its own."""
    immutable_days: Mapping[str, int] = field(default_factory=dict[str, int])
    """Optional. Days that nobody can change or delete a blob, by the name of one of the `containers`; unlocked, so the owner
    can still end it. Default: none."""
    file_shares: Mapping[str, int] = field(default_factory=dict[str, int])
    """Optional. Size limits of SMB file shares to create, in GiB, by name. Default: none."""
    queues: tuple[str, ...] = ()
    """Optional. Names of queues to create. Default: none."""
    tables: tuple[str, ...] = ()
    """Optional. Names of tables to create. Default: none."""
    customer_key: CustomerKey | None = None
    """Optional. The customer's own key for data at rest. Default: Microsoft's key."""
    account_name: str | None = None
    """Optional. Azure name, unique over all of Azure. Default: the component's name."""

    def __post_init__(self) -> None:
        if not self.public_network_access and self.private_endpoint is None:
            raise ArgumentError(
                "storage: private_endpoint is required when public_network_access is False; "
                "pass one or set public_network_access=True"
            )
        if (self.allowed_ip_ranges or self.allowed_subnet_ids) and not self.public_network_access:
            raise ArgumentError(
                "storage: allowed_ip_ranges and allowed_subnet_ids do nothing while public_network_access is False; "
                "set public_network_access=True, which lets in only them"
            )
        if self.allowed_resource_ids and self.allowed_tenant_id is None:
            raise ArgumentError("storage: allowed_resource_ids needs allowed_tenant_id, the tenant of those resources")
        _check_days("delete_retention_days", self.delete_retention_days)
        if self.sas_days < 1:
            raise ArgumentError(f"storage: sas_days is {self.sas_days}; allowed are 1 and more")
        self._check_history()
        check_rules(self.lifecycle, self.redundancy)
        self._check_children()

    def _check_history(self) -> None:
        if self.hierarchical_namespace and self.blob_versioning:
            raise ArgumentError("storage: blob_versioning cannot be combined with hierarchical_namespace; choose one")
        if self.change_feed_days < 0:
            raise ArgumentError(f"storage: change_feed_days is {self.change_feed_days}; allowed are 0 and more")
        if self.restore_days == 0:
            return
        if not (self.blob_versioning and self.change_feed_days):
            raise ArgumentError("storage: restore_days needs blob_versioning=True and change_feed_days")
        if not 1 <= self.restore_days < self.delete_retention_days:
            raise ArgumentError(
                f"storage: restore_days is {self.restore_days}; allowed are 1 to {self.delete_retention_days - 1}, "
                "fewer than delete_retention_days"
            )

    def _check_children(self) -> None:
        for container, days in self.immutable_days.items():
            if container not in self.containers:
                raise ArgumentError(
                    f"storage: immutable_days names {container!r}, which is not one of containers: "
                    f"{', '.join(self.containers) or 'none'}"
                )
            if not 1 <= days <= MAX_IMMUTABLE_DAYS:
                raise ArgumentError(
                    f"storage: immutable_days of {container!r} is {days}; allowed are 1 to {MAX_IMMUTABLE_DAYS}"
                )
        for share, size in self.file_shares.items():
            if not 1 <= size <= MAX_SHARE_GIB:
                raise ArgumentError(
                    f"storage: file share {share!r} of {size} GiB; allowed are 1 to {MAX_SHARE_GIB} GiB"
                )
        for kind, names in (
            ("blob_container", self.containers),
            ("file_share", self.file_shares),
            ("storage_queue", self.queues),
            ("storage_table", self.tables),
        ):
            for name in names:
                check_name(kind, name)


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
    dfs_endpoint: Output[str]
    """URL of the Data Lake service, e.g. `https://<name>.dfs.core.windows.net/`."""
    file_endpoint: Output[str]
    """URL of the file service."""
    queue_endpoint: Output[str]
    """URL of the queue service."""
    table_endpoint: Output[str]
    """URL of the table service."""

    def __init__(self, name: str, args: StorageArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        account = create_account(self, name, args)
        blobs = blob_service(self, name, account, args)
        children = [blobs]
        for kind in (containers, file_shares, queues, tables):
            children += kind(self, name, account, args)
        if args.lifecycle:
            # Azure refuses rules about last accesses before they are tracked
            after = ResourceOptions(depends_on=[blobs])
            children.append(manage(self, name, account.name, args.resource_group_name, args.lifecycle, after))
        services: tuple[Service, ...] = ("blob", "file", "dfs") if args.hierarchical_namespace else ("blob", "file")
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
            for service in (services if args.private_services is None else args.private_services)
        ]
        children += self._diagnostics(name, account, args)
        attach(self, name, account.id, args, logs=False, after=[*children, *links])
        self.id = account.id
        self.name = account.name
        self.blob_endpoint = account.primary_endpoints.apply(lambda endpoints: endpoints.blob)
        self.dfs_endpoint = account.primary_endpoints.apply(lambda endpoints: endpoints.dfs)
        self.file_endpoint = account.primary_endpoints.apply(lambda endpoints: endpoints.file)
        self.queue_endpoint = account.primary_endpoints.apply(lambda endpoints: endpoints.queue)
        self.table_endpoint = account.primary_endpoints.apply(lambda endpoints: endpoints.table)
        self.seal()

    def _diagnostics(self, name: str, account: storage.StorageAccount, args: StorageArgs) -> list[Resource]:
        """The account itself has metrics only; access logs belong to those of its services that are used."""
        if args.diagnostics is None:
            return []
        used = {"blob": True, "file": args.file_shares, "queue": args.queues, "table": args.tables}
        sent = [
            send_diagnostics(
                self, f"{name}-{kind}s", child_id(account.id, f"{kind}Services", "default"), args.diagnostics
            )
            for kind, wanted in used.items()
            if wanted
        ]
        return [each for each in sent if each]


def _check_days(argument: str, days: int) -> None:
    if not 1 <= days <= MAX_RETENTION_DAYS:
        raise ArgumentError(f"storage: {argument} is {days}; allowed are 1 to {MAX_RETENTION_DAYS}")
