# SPDX-License-Identifier: Apache-2.0
"""What lies in a storage account: its blob service and containers, file shares, queues and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi import Resource, ResourceOptions
from pulumi_azure_native import storage

from groundplan.component import Component

if TYPE_CHECKING:
    from groundplan.data.storage import StorageArgs


def blob_service(component: Component, name: str, account: storage.StorageAccount, args: StorageArgs) -> Resource:
    """How long the account keeps old and deleted blobs."""
    kept = storage.DeleteRetentionPolicyArgs(enabled=True, days=args.delete_retention_days)
    accessed = any(rule.since_last_access for rule in args.lifecycle.values())
    return storage.BlobServiceProperties(
        f"{name}-blobs",
        blob_services_name="default",
        account_name=account.name,
        resource_group_name=args.resource_group_name,
        is_versioning_enabled=args.blob_versioning,
        delete_retention_policy=kept,
        container_delete_retention_policy=kept,
        change_feed=storage.ChangeFeedArgs(enabled=True, retention_in_days=args.change_feed_days)
        if args.change_feed_days
        else None,
        restore_policy=storage.RestorePolicyPropertiesArgs(enabled=True, days=args.restore_days)
        if args.restore_days
        else None,
        last_access_time_tracking_policy=storage.LastAccessTimeTrackingPolicyArgs(
            enable=True, name="AccessTimeTracking", tracking_granularity_in_days=1, blob_type=["blockBlob"]
        )
        if accessed
        else None,
        opts=component.child(),
    )


def containers(component: Component, name: str, account: storage.StorageAccount, args: StorageArgs) -> list[Resource]:
    """Blob containers, and how long nobody may change what is in them."""
    made: list[Resource] = []
    for key in args.containers:
        container = storage.BlobContainer(
            f"{name}-{key}",
            container_name=key,
            account_name=account.name,
            resource_group_name=args.resource_group_name,
            public_access=storage.PublicAccess.NONE,
            opts=component.child(),
        )
        made.append(container)
        if key in args.immutable_days:
            made.append(
                storage.BlobContainerImmutabilityPolicy(
                    f"{name}-{key}-immutable",
                    immutability_policy_name="default",
                    container_name=container.name,
                    account_name=account.name,
                    resource_group_name=args.resource_group_name,
                    immutability_period_since_creation_in_days=args.immutable_days[key],
                    allow_protected_append_writes=False,
                    opts=component.child(),
                )
            )
    return made


def file_shares(component: Component, name: str, account: storage.StorageAccount, args: StorageArgs) -> list[Resource]:
    """SMB file shares, after the service that keeps deleted ones for a while."""
    if not args.file_shares:
        return []
    files = storage.FileServiceProperties(
        f"{name}-files",
        file_services_name="default",
        account_name=account.name,
        resource_group_name=args.resource_group_name,
        share_delete_retention_policy=storage.DeleteRetentionPolicyArgs(enabled=True, days=args.delete_retention_days),
        opts=component.child(),
    )
    shares = [
        storage.FileShare(
            f"{name}-share-{key}",
            share_name=key,
            account_name=account.name,
            resource_group_name=args.resource_group_name,
            share_quota=size,
            enabled_protocols="SMB",
            opts=component.child(ResourceOptions(depends_on=[files])),
        )
        for key, size in args.file_shares.items()
    ]
    return [files, *shares]


def queues(component: Component, name: str, account: storage.StorageAccount, args: StorageArgs) -> list[Resource]:
    """Queues for messages."""
    return [
        storage.Queue(
            f"{name}-queue-{key}",
            queue_name=key,
            account_name=account.name,
            resource_group_name=args.resource_group_name,
            opts=component.child(),
        )
        for key in args.queues
    ]


def tables(component: Component, name: str, account: storage.StorageAccount, args: StorageArgs) -> list[Resource]:
    """Tables of entities."""
    return [
        storage.Table(
            f"{name}-table-{key}",
            table_name=key,
            account_name=account.name,
            resource_group_name=args.resource_group_name,
            opts=component.child(),
        )
        for key in args.tables
    ]
