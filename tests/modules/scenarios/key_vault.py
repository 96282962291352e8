# SPDX-License-Identifier: Apache-2.0
"""A vault with keys, secrets and rules, and one in hardware that only its endpoint reaches."""

import pulumi
from pulumi_azure_native import network

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    offices = network.VirtualNetwork(
        "full-offices",
        virtual_network_name="vnet-offices",
        resource_group_name=here.group.name,
        location=LOCATION,
        address_space=network.AddressSpaceArgs(address_prefixes=["10.99.0.0/24"]),
        opts=pulumi.ResourceOptions(ignore_changes=["subnets"]),
    )
    office = network.Subnet(
        "full-office",
        subnet_name="office",
        virtual_network_name=offices.name,
        resource_group_name=here.group.name,
        address_prefix="10.99.0.0/25",
        service_endpoints=[network.ServiceEndpointPropertiesFormatArgs(service="Microsoft.KeyVault")],
    )
    gp.KeyVault(
        "full",
        gp.KeyVaultArgs(
            resource_group_name=here.group.name,
            location=LOCATION,
            tags=TAGS,
            role_grants={"reader": here.reader},
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
            tenant_id=here.client.tenant_id,
            public_network_access=True,
            private_endpoint=here.placement,
            soft_delete_retention_days=7,
            purge_protection=False,
            recover_deleted=False,
            soft_delete=gp.SoftDelete(on_create="recover", on_destroy="purge"),
            sku="premium",
            keys={
                "data": gp.VaultKey(kind="RSA", size=4096, hardware=True, rotate_days=90, expire_days=180),
                "signing": gp.VaultKey(kind="EC", curve="P-384", rotate_days=None),
            },
            secrets={"token": pulumi.Output.secret("hushhush-secret"), "plain": "hushhush-plain"},
            allowed_addresses=("203.0.113.0/24",),
            allowed_subnet_ids=(office.id,),
            trusted_services=False,
            vault_name=here.names("key_vault", "full"),
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Keys in hardware, rotated; one way in; audited and locked."""
    gp.KeyVault(
        "locked-down",
        gp.KeyVaultArgs(
            resource_group_name=here.group.name,
            tenant_id=here.client.tenant_id,
            private_endpoint=here.placement,
            sku="premium",
            keys={"workspace": gp.VaultKey(hardware=True)},
            diagnostics=gp.Diagnostics(
                log_analytics_workspace_id=here.monitoring.log_analytics_workspace_id, log_category_groups=("audit",)
            ),
            lock=gp.Lock(),
            vault_name=here.names("key_vault", "locked"),
        ),
    )


def check(found: Declared) -> None:
    """RBAC and purge protection; secrets are ciphertext."""
    assert "hushhush" not in str(found.rows)
    closed = found.one("keyvault:Vault", "locked-down")["properties"]
    assert closed["enableRbacAuthorization"] is True
    assert closed["enablePurgeProtection"] is True
    assert closed["networkAcls"] == {"bypass": "AzureServices", "defaultAction": "Deny"}
    assert found.one("keyvault:Vault", "full")["properties"]["networkAcls"]["defaultAction"] == "Deny"
    key = found.one("keyvault:Key", "locked-down-key-workspace")["properties"]
    assert key["kty"] == "RSA-HSM"
    assert key["rotationPolicy"]["lifetimeActions"][0]["trigger"] == {"timeAfterCreate": "P365D"}
