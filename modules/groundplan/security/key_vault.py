# SPDX-License-Identifier: Apache-2.0
"""A key vault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import keyvault

from groundplan.attachments import attach
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.interfaces import PrivateEndpoint, ResourceArgs
from groundplan.naming import check_name
from groundplan.networking.private_link import connect


@dataclass(frozen=True, kw_only=True)
class KeyVaultArgs(ResourceArgs):
    """Arguments of `KeyVault`."""

    tenant_id: Input[str]
    """Required. Microsoft Entra tenant whose principals may be granted roles on the vault."""
    public_network_access: bool = False
    """Optional. Reachable from the internet. Default: no. Prefer `private_endpoint`."""
    private_endpoint: PrivateEndpoint | None = None
    """Conditional. Subnet and DNS zone of the vault's private endpoint. Required unless `public_network_access` is
    set."""
    soft_delete_retention_days: int = 90
    """Optional. Days that a deleted vault can be recovered and keeps its name, 7 to 90; cannot change later. Default:
    90."""
    purge_protection: bool = True
    """Optional. Nobody, Microsoft included, can purge a deleted vault before its retention ends; cannot be switched off
    later.
    Default: yes."""
    recover_deleted: bool = False
    """Optional. Recover the soft-deleted vault of this name instead of creating one. Default: no; creating fails while
    a deleted
    vault holds the name."""
    sku: Literal["standard", "premium"] = "standard"
    """Optional. `premium` keeps keys in hardware. Default: `standard`."""
    vault_name: str | None = None
    """Optional. Azure name, unique over all of Azure. Default: the component's name."""

    def __post_init__(self) -> None:
        if not 7 <= self.soft_delete_retention_days <= 90:
            raise ArgumentError(
                f"key vault: soft_delete_retention_days is {self.soft_delete_retention_days}; allowed are 7 to 90"
            )
        if not self.public_network_access and self.private_endpoint is None:
            raise ArgumentError(
                "key vault: private_endpoint is required when public_network_access is False; "
                "pass one or set public_network_access=True"
            )


class KeyVault(Component):
    """A vault under Azure RBAC, with soft delete and purge protection, closed to the internet.

    Example:
        KeyVault("vault", KeyVaultArgs(
            resource_group_name=group.name, tenant_id=client.tenant_id, private_endpoint=placement))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name."""
    uri: Output[str]
    """Data-plane URI, e.g. `https://<name>.vault.azure.net/`."""

    def __init__(self, name: str, args: KeyVaultArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        vault = keyvault.Vault(
            name,
            vault_name=check_name("key_vault", args.vault_name or name),
            resource_group_name=args.resource_group_name,
            location=args.location,
            properties=keyvault.VaultPropertiesArgs(
                tenant_id=args.tenant_id,
                sku=keyvault.SkuArgs(family="A", name=keyvault.SkuName(args.sku)),
                enable_rbac_authorization=True,
                enable_soft_delete=True,
                soft_delete_retention_in_days=args.soft_delete_retention_days,
                # Azure refuses an explicit false, even for a vault that never had it
                enable_purge_protection=args.purge_protection or None,
                create_mode=keyvault.CreateMode.RECOVER if args.recover_deleted else None,
                public_network_access="Enabled" if args.public_network_access else "Disabled",
                network_acls=keyvault.NetworkRuleSetArgs(
                    bypass="AzureServices", default_action="Allow" if args.public_network_access else "Deny"
                ),
            ),
            tags=args.tags,
            # recovering is about one creation only: switching it on or off later changes nothing
            opts=self.child(ResourceOptions(ignore_changes=["properties.createMode"])),
        )
        endpoint_name = f"pep-{args.vault_name or name}"
        link = connect(self, f"{name}-link", vault.id, "vault", args.private_endpoint, args, endpoint_name)
        attach(self, name, vault.id, args, after=[link])
        self.id = vault.id
        self.name = vault.name
        self.uri = vault.properties.apply(lambda properties: properties.vault_uri or "")
        self.seal()
