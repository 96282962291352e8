# SPDX-License-Identifier: Apache-2.0
"""Key vaults, keys and secrets."""

from typing import Any

import pulumi
from pulumi_azure_native import keyvault

import groundplan as gp
from tests.policies.checkov.reviewed.ground import Ground

OFFICE: dict[str, Any] = {"ip_rules": [{"value": "203.0.113.0/28"}]}
VAULTS: dict[str, Any] = {
    "kv-closed": {
        "public_network_access": "Disabled",
        "network_acls": {"default_action": "Deny", "bypass": "AzureServices"},
        "enable_purge_protection": True,
        "enable_soft_delete": True,
    },
    "kv-open": {
        "public_network_access": "Enabled",
        "network_acls": {"default_action": "Allow", "bypass": "AzureServices"},
    },
    "kv-office": {
        "public_network_access": "Enabled",
        "network_acls": {"default_action": "Deny", "bypass": "AzureServices", **OFFICE},
        "enable_purge_protection": True,
    },
    "kv-no-firewall": {"public_network_access": "Disabled", "enable_purge_protection": True},
    "kv-perimeter": {"public_network_access": "SecuredByPerimeter", "enable_purge_protection": True},
    "kv-short-memory": {"public_network_access": "Disabled", "soft_delete_retention_in_days": 7},
}
YEAR: dict[str, Any] = {"attributes": {"expiry_time": "P1Y"}}
ROTATE: dict[str, Any] = {
    "lifetime_actions": [{"action": {"type": "rotate"}, "trigger": {"time_after_create": "P180D"}}]
}
NOTIFY: dict[str, Any] = {
    "lifetime_actions": [{"action": {"type": "notify"}, "trigger": {"time_before_expiry": "P30D"}}]
}
KEYS: dict[str, Any] = {
    "plain": {"kty": "RSA"},
    "expiring-versions": {"kty": "RSA-HSM", "rotation_policy": {**YEAR, **NOTIFY}},
    "curve": {"kty": "EC-HSM", "rotation_policy": {**YEAR, **ROTATE}},
    "rotated": {"kty": "EC", "rotation_policy": ROTATE},
    "dated": {"kty": "RSA", "attributes": {"expires": 1893456000}},
}
SECRETS: dict[str, Any] = {
    "bare": {"value": "s3cret"},
    "labelled": {"value": "s3cret", "content_type": "password", "attributes": {"expires": 1893456000}},
    "dated": {"value": "s3cret", "attributes": {"expires": 1893456000}},
}


def declare(ground: Ground) -> None:
    """Six vaults, one of them with keys and secrets, and two of our component."""
    shared: Any = {
        "tenant_id": ground.tenant_id,
        "sku": {"family": "A", "name": "premium"},
        "enable_rbac_authorization": True,
    }
    made = {
        name: keyvault.Vault(
            name, vault_name=name, resource_group_name=ground.group_name, properties=shared | properties
        )
        for name, properties in VAULTS.items()
    }
    closed = made["kv-closed"].name
    for name, properties in KEYS.items():
        keyvault.Key(
            f"key-{name}",
            key_name=name,
            vault_name=closed,
            resource_group_name=ground.group_name,
            properties=properties,
        )
    for name, properties in SECRETS.items():
        keyvault.Secret(
            f"secret-{name}",
            secret_name=name,
            vault_name=closed,
            resource_group_name=ground.group_name,
            properties=properties,
        )
    gp.KeyVault(
        "component-vault",
        gp.KeyVaultArgs(
            resource_group_name=ground.group_name,
            tenant_id=ground.tenant_id,
            vault_name="kv-component",
            private_endpoint=ground.placement,
            sku="premium",
            keys={
                "everyday": gp.VaultKey(),
                "strict": gp.VaultKey(hardware=True, rotate_days=180, expire_days=365),
                "forever": gp.VaultKey(rotate_days=None),
            },
            secrets={"token": pulumi.Output.secret("s3cret")},
        ),
    )
    gp.KeyVault(
        "component-open-vault",
        gp.KeyVaultArgs(
            resource_group_name=ground.group_name,
            tenant_id=ground.tenant_id,
            vault_name="kv-component-open",
            public_network_access=True,
            purge_protection=False,
        ),
    )
