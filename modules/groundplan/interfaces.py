# SPDX-License-Identifier: Apache-2.0
"""Arguments that mean the same in every component: placement, access, logs, locks and keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pulumi import Input

from groundplan.errors import ArgumentError
from groundplan.roles import role_guid

PrincipalType = Literal["ServicePrincipal", "Group", "User", "ForeignGroup", "Device"]


@dataclass(frozen=True, kw_only=True)
class PrivateEndpoint:
    """Where private endpoints go and how their names resolve; one object serves all components of a network."""

    subnet_id: Input[str]
    """Required. ARM id of the subnet that receives the endpoints' network interfaces."""
    dns_zone_ids: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Conditional. ARM ids of private DNS zones by key (`dns.ZONES`), as `PrivateDns.zone_ids` gives them; each
    component
    takes those it needs. Required unless `dns_managed_elsewhere` is set."""
    dns_managed_elsewhere: bool = False
    """Optional. Something else, such as an Azure Policy of the platform team, writes the DNS records. Default: the
    component does."""
    resource_group_name: Input[str] | None = None
    """Optional. Resource group of the endpoints. Default: the group of the resource they lead to."""
    location: Input[str] | None = None
    """Conditional. Region of the virtual network. Required if that is not the resource's own region, which is the
    default."""

    def __post_init__(self) -> None:
        if not self.dns_zone_ids and not self.dns_managed_elsewhere:
            raise ArgumentError(
                "private endpoint: dns_zone_ids is empty, so clients would resolve the public address; "
                "pass PrivateDns.zone_ids, or set dns_managed_elsewhere=True if something else writes the records"
            )


@dataclass(frozen=True, kw_only=True)
class RoleGrant:
    """A role that a principal gets on the component's main resource."""

    role: str
    """Required. Name of a built-in role (`roles.ROLES`), or the GUID of any role."""
    principal_id: Input[str]
    """Required. Object id of the principal in Microsoft Entra ID; never a client id."""
    principal_type: PrincipalType = "ServicePrincipal"
    """Optional. Kind of principal. Default: `ServicePrincipal`, which managed identities are. Azure needs it to accept
    a principal that is seconds old."""
    description: str | None = None
    """Optional. Why the grant exists, shown in the portal. Default: none."""

    def __post_init__(self) -> None:
        role_guid(self.role)


@dataclass(frozen=True, kw_only=True)
class Diagnostics:
    """Where a resource sends its logs and metrics: one destination or several."""

    log_analytics_workspace_id: Input[str] | None = None
    """Conditional. ARM id of the Log Analytics workspace. Required unless another destination is given."""
    log_category_groups: tuple[str, ...] = ("allLogs",)
    """Optional. Groups of log categories, `allLogs` or `audit`. Default: all logs. Resources without logs send metrics
    only; those without a group `audit` send all logs instead."""
    metrics: bool = True
    """Optional. Send all platform metrics as well. Default: yes."""
    dedicated_tables: bool = False
    """Optional. Logs land in a table for each kind of resource, not in `AzureDiagnostics`, where the service lets one
    choose. Default: the service's own way."""
    storage_account_id: Input[str] | None = None
    """Optional. ARM id of a storage account that archives the same, in the resource's region. Default: none."""
    event_hub_rule_id: Input[str] | None = None
    """Optional. ARM id of an authorization rule of an event hub namespace (manage, send, listen) that gets the same, in
    the resource's region. Default: none."""
    event_hub_name: Input[str] | None = None
    """Optional. Event hub in that namespace. Default: Azure makes one for each category."""

    def __post_init__(self) -> None:
        if not (self.log_category_groups or self.metrics):
            raise ArgumentError("diagnostics: nothing would be sent; give log_category_groups or set metrics=True")
        if unknown := [group for group in self.log_category_groups if group not in ("allLogs", "audit")]:
            raise ArgumentError(f"diagnostics: log_category_groups has {unknown[0]!r}; allowed are allLogs and audit")
        if (
            self.log_analytics_workspace_id is None
            and self.storage_account_id is None
            and self.event_hub_rule_id is None
        ):
            raise ArgumentError(
                "diagnostics: no destination; give log_analytics_workspace_id, storage_account_id or event_hub_rule_id"
            )
        if self.event_hub_name is not None and self.event_hub_rule_id is None:
            raise ArgumentError("diagnostics: event_hub_name needs event_hub_rule_id, the rule that may send there")
        if self.dedicated_tables and self.log_analytics_workspace_id is None:
            raise ArgumentError("diagnostics: dedicated_tables is about Log Analytics; give log_analytics_workspace_id")


@dataclass(frozen=True, kw_only=True)
class Lock:
    """A management lock on the component's main resource."""

    level: Literal["CanNotDelete", "ReadOnly"] = "CanNotDelete"
    """Optional. `ReadOnly` also blocks updates and most POST actions, such as listing keys. Default: `CanNotDelete`."""
    notes: str = "Protected by Groundplan: remove the lock from the stack before deleting the resource."
    """Optional. Shown to whoever runs into the lock; at most 512 characters."""


@dataclass(frozen=True, kw_only=True)
class SoftDelete:
    """What becomes of a name that Azure keeps after a delete, when the resource is created and when it is destroyed."""

    on_create: Literal["refuse", "recover", "purge"] = "refuse"
    """Optional. What to do where a deleted resource holds the name: `refuse` says what is kept and until when, `recover` brings it
    back in place of a new one, `purge` destroys it for good, with what was in it. Default: `refuse`."""
    on_destroy: Literal["keep", "purge"] = "keep"
    """Optional. `purge` destroys the resource for good once it is deleted; nobody can bring it back. Default: `keep`, for as long as
    Azure does."""


@dataclass(frozen=True, kw_only=True)
class CustomerKey:
    """A key of the customer's own that encrypts a resource at rest."""

    key_vault_id: Input[str]
    """Required. ARM id of the vault; it needs purge protection."""
    key_identifier: Input[str]
    """Required. URI of the key, `https://<vault>/keys/<name>` (follows rotation) or with `/<version>` (stays on that
    version)."""
    identity_id: Input[str]
    """Required. ARM id of the user-assigned identity that reads the key (role `Key Vault Crypto Service Encryption
    User`)."""
    identity_client_id: Input[str] | None = None
    """Conditional. Client id of that identity. Required by `ContainerRegistry`."""


@dataclass(frozen=True, kw_only=True)
class ResourceArgs:
    """Arguments that every component around one main Azure resource takes."""

    resource_group_name: Input[str]
    """Required. Resource group that holds the resource."""
    location: Input[str] | None = None
    """Optional. Azure region. Default: the resource group's region."""
    tags: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. Azure tags of every child that takes tags. Default: none."""
    role_grants: Mapping[str, RoleGrant] = field(default_factory=dict[str, RoleGrant])
    """Optional. Roles on the resource, by a key that becomes part of the grant's logical name. Default: none."""
    diagnostics: Diagnostics | None = None
    """Optional. Where logs and metrics go. Default: nowhere."""
    lock: Lock | None = None
    """Optional. Management lock on the resource. Default: none."""
