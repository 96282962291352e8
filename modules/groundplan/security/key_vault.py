# SPDX-License-Identifier: Apache-2.0
"""A key vault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Any, Literal, cast

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import keyvault

from groundplan.attachments import attach
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.interfaces import PrivateEndpoint, ResourceArgs, SoftDelete
from groundplan.naming import check_name
from groundplan.networking.private_link import connect
from groundplan.security.vault_key import VaultKey, key_properties
from groundplan.soft_delete import keeping


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
    soft_delete: SoftDelete | None = None
    """Optional. What to do with a deleted vault of this name, and whether to purge this one when it is destroyed, which
    `purge_protection` forbids. Default: Azure refuses a name that a deleted vault holds, and keeps what is destroyed."""
    recover_deleted: bool = False
    """Optional. Recover the soft-deleted vault of this name, which has to be there; `soft_delete` looks first. Default: no."""
    sku: Literal["standard", "premium"] = "standard"
    """Optional. `premium` keeps keys in hardware. Default: `standard`."""
    keys: Mapping[str, VaultKey] = field(default_factory=dict[str, VaultKey])
    """Optional. Keys, by their Azure names. Default: none."""
    secrets: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. Values by the secrets' Azure names; ciphertext in the state, never an output. Default: none."""
    allowed_addresses: tuple[str, ...] = ()
    """Optional. IPv4 addresses or CIDR blocks of the internet that reach the vault, and no others do. Needs
    `public_network_access`. Default: no rule."""
    allowed_subnet_ids: tuple[Input[str], ...] = ()
    """Optional. ARM ids of subnets with the service endpoint `Microsoft.KeyVault` that reach the vault. Needs
    `public_network_access`. Default: none."""
    trusted_services: bool = True
    """Optional. Azure's own services, such as encryption with a key of the vault, pass the firewall. Default: yes."""
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
        if (self.allowed_addresses or self.allowed_subnet_ids) and not self.public_network_access:
            raise ArgumentError(
                "key vault: allowed_addresses and allowed_subnet_ids are rules for the public address, "
                "which public_network_access=False closes; leave them out, or set it to True"
            )
        if self.recover_deleted and self.soft_delete is not None:
            raise ArgumentError("key vault: recover_deleted and soft_delete say the same; leave out recover_deleted")
        if self.purge_protection and self.soft_delete is not None and self.soft_delete.on_destroy == "purge":
            raise ArgumentError(
                "key vault: soft_delete.on_destroy is 'purge', which nobody may while there is purge_protection; "
                "keep it on_destroy, or set purge_protection=False (never possible for a vault that had it)"
            )
        for address in self.allowed_addresses:
            _check_address(address)
        for key, each in self.keys.items():
            check_name("key", key)
            if each.hardware and self.sku != "premium":
                raise ArgumentError(
                    f"key vault: key {key!r} wants hardware, which needs sku 'premium', not {self.sku!r}"
                )
        for secret in self.secrets:
            check_name("secret", secret)


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
    key_uris: Output[dict[str, str]]
    """URIs of the keys without a version, which follow rotation, by name."""
    secret_uris: Output[dict[str, str]]
    """URIs of the secrets without a version, by name; reading one needs a role on the vault."""

    def __init__(self, name: str, args: KeyVaultArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        vault_name = check_name("key_vault", args.vault_name or name)
        kept = keeping(self, name, "key_vault", (args.resource_group_name, vault_name), args.soft_delete)
        vault = keyvault.Vault(
            name,
            vault_name=vault_name,
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
                create_mode=_create_mode(args, kept.recover),
                public_network_access="Enabled" if args.public_network_access else "Disabled",
                network_acls=keyvault.NetworkRuleSetArgs(
                    bypass="AzureServices" if args.trusted_services else "None",
                    default_action="Allow" if args.public_network_access and not _rules(args) else "Deny",
                    ip_rules=[keyvault.IPRuleArgs(value=each) for each in args.allowed_addresses] or None,
                    virtual_network_rules=[keyvault.VirtualNetworkRuleArgs(id=each) for each in args.allowed_subnet_ids]
                    or None,
                ),
            ),
            tags=args.tags,
            # recovering is about one creation only: switching it on or off later changes nothing
            opts=self.child(
                ResourceOptions.merge(kept.options, ResourceOptions(ignore_changes=["properties.createMode"]))
            ),
        )
        endpoint_name = f"pep-{vault_name}"
        link = connect(self, f"{name}-link", vault.id, "vault", args.private_endpoint, args, endpoint_name)
        keys = {key: self._key(f"{name}-key-{key}", key, each, vault, args) for key, each in args.keys.items()}
        secrets = {
            key: self._secret(f"{name}-secret-{key}", key, value, vault, args) for key, value in args.secrets.items()
        }
        inside = [*keys.values(), *secrets.values()]
        attach(self, name, vault.id, args, arm_type="Microsoft.KeyVault/vaults", after=[link, *inside])
        self.id = vault.id
        self.name = vault.name
        self.uri = vault.properties.apply(lambda properties: properties.vault_uri or "")
        # of no keys at all, `Output.all` would make a list
        self.key_uris = cast(
            "Output[dict[str, str]]", Output.from_input({key: each.key_uri for key, each in keys.items()})
        )
        secret_uris = {key: each.properties.apply(_secret_uri) for key, each in secrets.items()}
        self.secret_uris = cast("Output[dict[str, str]]", Output.from_input(secret_uris))
        self.seal()

    def _key(self, name: str, key: str, asked: VaultKey, vault: keyvault.Vault, args: KeyVaultArgs) -> keyvault.Key:
        return keyvault.Key(
            name,
            key_name=key,
            vault_name=vault.name,
            resource_group_name=args.resource_group_name,
            properties=key_properties(asked),
            tags=args.tags,
            # Azure's ARM plane makes a key once and changes nothing afterwards; deleting the vault keeps it recoverable
            opts=self.child(ResourceOptions(retain_on_delete=True)),
        )

    def _secret(
        self, name: str, key: str, value: Input[str], vault: keyvault.Vault, args: KeyVaultArgs
    ) -> keyvault.Secret:
        return keyvault.Secret(
            name,
            secret_name=key,
            vault_name=vault.name,
            resource_group_name=args.resource_group_name,
            properties=keyvault.SecretPropertiesArgs(value=Output.secret(value)),
            tags=args.tags,
            opts=self.child(ResourceOptions(retain_on_delete=True)),
        )


def _secret_uri(properties: keyvault.outputs.SecretPropertiesResponse) -> str:
    return properties.secret_uri or ""


def _create_mode(args: KeyVaultArgs, recover: Output[bool] | None) -> Any:
    if recover is None:
        return keyvault.CreateMode.RECOVER if args.recover_deleted else None
    return recover.apply(lambda found: keyvault.CreateMode.RECOVER if found else keyvault.CreateMode.DEFAULT)


def _rules(args: KeyVaultArgs) -> bool:
    return bool(args.allowed_addresses or args.allowed_subnet_ids)


def _check_address(address: str) -> None:
    try:
        IPv4Network(address)
    except ValueError:
        raise ArgumentError(
            f"key vault: allowed_addresses has {address!r}; give an IPv4 address or CIDR block, e.g. 203.0.113.0/24"
        ) from None
