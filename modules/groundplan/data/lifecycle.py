# SPDX-License-Identifier: Apache-2.0
"""Rules that move ageing blobs to cheaper tiers, and delete them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from pulumi import Input, ResourceOptions
from pulumi_azure_native import storage

from groundplan.component import Component
from groundplan.errors import ArgumentError

MAX_RULES = 100
"""Rules of one account; source: learn.microsoft.com/azure/storage/blobs/lifecycle-management-overview."""


@dataclass(frozen=True, kw_only=True)
class LifecycleRule:
    """What happens to block blobs as they age; days are whole and count from the last change, or from the last access."""

    prefixes: tuple[str, ...] = ()
    """Optional. Start of the paths it is about, container first: `raw/camera`. Default: every blob of the account."""
    cool_after_days: int | None = None
    """Optional. Move to the cool tier. Default: never."""
    cold_after_days: int | None = None
    """Optional. Move to the cold tier. Default: never."""
    archive_after_days: int | None = None
    """Optional. Move to the archive tier, whose blobs take hours to come back; not with a zone-redundant account.
    Default: never."""
    delete_after_days: int | None = None
    """Optional. Delete. Default: never."""
    delete_versions_after_days: int | None = None
    """Optional. Delete earlier versions and snapshots, this many days after they were made. Default: never."""
    since_last_access: bool = False
    """Optional. Count from the last read or write instead of the last change; Azure then notes each blob's accesses, once a
    day. Default: no."""

    def __post_init__(self) -> None:
        given = {field: days for field in _STEPS if (days := getattr(self, field)) is not None}
        versions = self.delete_versions_after_days
        if not given and versions is None:
            raise ArgumentError(f"lifecycle rule: nothing would happen; give one of {', '.join(_STEPS)}")
        for field, days in {**given, "delete_versions_after_days": versions}.items():
            if days is not None and days < 0:
                raise ArgumentError(f"lifecycle rule: {field} is {days}; allowed are 0 and more")
        for (sooner, first), (later, second) in pairwise(given.items()):
            if first >= second:
                raise ArgumentError(
                    f"lifecycle rule: {later} is {second}, not after {sooner} ({first}); tiers go from cool to deleted"
                )


_STEPS = ("cool_after_days", "cold_after_days", "archive_after_days", "delete_after_days")


def check_rules(rules: Mapping[str, LifecycleRule], redundancy: str) -> None:
    """Refuse what an account cannot have."""
    if len(rules) > MAX_RULES:
        raise ArgumentError(f"storage: lifecycle has {len(rules)} rules; an account has at most {MAX_RULES}")
    archiving = [key for key, rule in rules.items() if rule.archive_after_days is not None]
    if archiving and redundancy.endswith("ZRS"):
        raise ArgumentError(
            f"storage: lifecycle {', '.join(archiving)}: Azure has no archive tier in accounts of redundancy "
            f"{redundancy!r}; choose 'Standard_LRS', 'Standard_GRS' or 'Standard_RAGRS', or use cold_after_days"
        )


def manage(
    component: Component,
    name: str,
    account_name: Input[str],
    resource_group_name: Input[str],
    rules: Mapping[str, LifecycleRule],
    opts: ResourceOptions,
) -> storage.ManagementPolicy:
    """Declare the account's one policy, as `<name>-lifecycle`."""
    return storage.ManagementPolicy(
        f"{name}-lifecycle",
        management_policy_name="default",
        account_name=account_name,
        resource_group_name=resource_group_name,
        policy=storage.ManagementPolicySchemaArgs(
            rules=[
                storage.ManagementPolicyRuleArgs(
                    name=key,
                    enabled=True,
                    type="Lifecycle",
                    definition=storage.ManagementPolicyDefinitionArgs(
                        filters=storage.ManagementPolicyFilterArgs(
                            blob_types=["blockBlob"], prefix_match=[*rule.prefixes] or None
                        ),
                        actions=_actions(rule),
                    ),
                )
                for key, rule in rules.items()
            ]
        ),
        opts=component.child(opts),
    )


def _actions(rule: LifecycleRule) -> storage.ManagementPolicyActionArgs:
    versions = rule.delete_versions_after_days
    gone = None if versions is None else storage.DateAfterCreationArgs(days_after_creation_greater_than=versions)
    steps = [_after(getattr(rule, field), accessed=rule.since_last_access) for field in _STEPS]
    cool, cold, archive, delete = steps
    return storage.ManagementPolicyActionArgs(
        base_blob=storage.ManagementPolicyBaseBlobArgs(
            tier_to_cool=cool, tier_to_cold=cold, tier_to_archive=archive, delete=delete
        )
        if any(steps)
        else None,
        snapshot=storage.ManagementPolicySnapShotArgs(delete=gone) if gone else None,
        version=storage.ManagementPolicyVersionArgs(delete=gone) if gone else None,
    )


def _after(days: int | None, *, accessed: bool) -> storage.DateAfterModificationArgs | None:
    if days is None:
        return None
    if accessed:
        return storage.DateAfterModificationArgs(days_after_last_access_time_greater_than=days)
    return storage.DateAfterModificationArgs(days_after_modification_greater_than=days)
