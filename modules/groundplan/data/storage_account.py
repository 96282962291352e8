# SPDX-License-Identifier: Apache-2.0
"""A storage account itself: what it is made of, who may reach it, and whose key encrypts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_azure_native import storage

from groundplan.component import Component
from groundplan.data.keys import key_part
from groundplan.interfaces import CustomerKey
from groundplan.naming import check_name

if TYPE_CHECKING:
    from groundplan.data.storage import StorageArgs


def create_account(component: Component, name: str, args: StorageArgs) -> storage.StorageAccount:
    """The account, without anything in it."""
    return storage.StorageAccount(
        name,
        account_name=check_name("storage_account", args.account_name or name),
        resource_group_name=args.resource_group_name,
        location=args.location,
        kind="StorageV2",
        sku=storage.SkuArgs(name=args.redundancy),
        access_tier=storage.AccessTier(args.access_tier),
        identity=storage.IdentityArgs(type="UserAssigned", user_assigned_identities=[args.customer_key.identity_id])
        if args.customer_key
        else None,
        encryption=_encryption(args.customer_key),
        public_network_access="Enabled" if args.public_network_access else "Disabled",
        network_rule_set=_firewall(args),
        allow_blob_public_access=False,
        allow_cross_tenant_replication=False,
        allow_shared_key_access=args.shared_key_access,
        sas_policy=storage.SasPolicyArgs(expiration_action="Log", sas_expiration_period=f"{args.sas_days}.00:00:00")
        if args.shared_key_access
        else None,
        allowed_copy_scope=args.copy_scope,
        default_to_o_auth_authentication=True,
        enable_https_traffic_only=True,
        minimum_tls_version="TLS1_2",
        is_hns_enabled=args.hierarchical_namespace,
        is_local_user_enabled=False,
        is_sftp_enabled=False,
        tags=args.tags,
        opts=component.child(),
    )


def _firewall(args: StorageArgs) -> storage.NetworkRuleSetArgs:
    some = args.allowed_ip_ranges or args.allowed_subnet_ids
    return storage.NetworkRuleSetArgs(
        bypass="AzureServices" if args.trusted_services else "None",
        default_action=storage.DefaultAction.ALLOW
        if args.public_network_access and not some
        else storage.DefaultAction.DENY,
        ip_rules=[
            storage.IPRuleArgs(i_p_address_or_range=each, action=storage.Action.ALLOW)
            for each in args.allowed_ip_ranges
        ]
        or None,
        virtual_network_rules=[
            storage.VirtualNetworkRuleArgs(virtual_network_resource_id=each, action=storage.Action.ALLOW)
            for each in args.allowed_subnet_ids
        ]
        or None,
        resource_access_rules=[
            storage.ResourceAccessRuleArgs(resource_id=each, tenant_id=args.allowed_tenant_id)
            for each in args.allowed_resource_ids
        ]
        or None,
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
    return storage.EncryptionArgs(
        key_source="Microsoft.Keyvault",
        require_infrastructure_encryption=True,
        services=services,
        encryption_identity=storage.EncryptionIdentityArgs(encryption_user_assigned_identity=key.identity_id),
        key_vault_properties=storage.KeyVaultPropertiesArgs(
            key_vault_uri=key_part(key.key_identifier, 0),
            key_name=key_part(key.key_identifier, 1),
            key_version=key_part(key.key_identifier, 2),
        ),
    )
