# SPDX-License-Identifier: Apache-2.0
"""Storage accounts and blob containers."""

from typing import Any

from pulumi_azure_native import storage as azure

import groundplan as gp
from tests.policies.checkov.reviewed.ground import Ground

COLLEAGUE = {
    "tenant_id": "00000000-0000-0000-0000-000000000000",
    "resource_id": "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-ml/providers"
    "/Microsoft.MachineLearningServices/workspaces/mlw",
}
ACCOUNTS: dict[str, Any] = {
    "stclosed": {
        "sku": {"name": "Standard_GZRS"},
        "public_network_access": "Disabled",
        "network_rule_set": {"default_action": "Deny", "bypass": "AzureServices"},
        "minimum_tls_version": "TLS1_2",
        "enable_https_traffic_only": True,
        "allow_shared_key_access": False,
    },
    "stopen": {
        "sku": {"name": "Standard_LRS"},
        "public_network_access": "Enabled",
        "network_rule_set": {"default_action": "Allow", "bypass": "AzureServices"},
        "minimum_tls_version": "TLS1_0",
        "enable_https_traffic_only": False,
    },
    "stoffice": {
        "sku": {"name": "Standard_ZRS"},
        "public_network_access": "Enabled",
        "network_rule_set": {
            "default_action": "Deny",
            "bypass": "None",
            "ip_rules": [{"i_p_address_or_range": "203.0.113.9"}],
        },
        "minimum_tls_version": "TLS1_3",
    },
    "stcolleague": {
        "sku": {"name": "Standard_GRS"},
        "public_network_access": "Enabled",
        "network_rule_set": {"default_action": "Deny", "bypass": "None", "resource_access_rules": [COLLEAGUE]},
        "minimum_tls_version": "TLS1_2",
    },
    "stmetrics": {
        "sku": {"name": "Standard_RAGRS"},
        "public_network_access": "Enabled",
        "network_rule_set": {"default_action": "Deny", "bypass": "AzureServices"},
        "minimum_tls_version": "TLS1_2",
    },
    "stnorules": {"sku": {"name": "Premium_ZRS"}, "public_network_access": "Disabled", "minimum_tls_version": "TLS1_2"},
    "stperimeter": {"sku": {"name": "Standard_GRS"}, "public_network_access": "SecuredByPerimeter"},
    "stnothing": {"sku": {"name": "Standard_LRS"}},
}
CONTAINERS = {
    "private": azure.PublicAccess.NONE,
    "readable": azure.PublicAccess.BLOB,
    "listed": azure.PublicAccess.CONTAINER,
}


def declare(ground: Ground) -> None:
    """Eight accounts, three containers, logs of one account, and two of our component."""
    made = {
        name: azure.StorageAccount(
            name,
            account_name=name,
            resource_group_name=ground.group_name,
            kind="BlockBlobStorage" if arguments["sku"]["name"].startswith("Premium") else "StorageV2",
            allow_blob_public_access=name == "stopen",
            **arguments,
        )
        for name, arguments in ACCOUNTS.items()
    }
    for name, access in CONTAINERS.items():
        azure.BlobContainer(
            f"container-{name}",
            container_name=name,
            account_name=made["stopen"].name,
            resource_group_name=ground.group_name,
            public_access=access,
        )
    gp.Storage(
        "component-data",
        gp.StorageArgs(
            resource_group_name=ground.group_name,
            account_name="stcomponent",
            private_endpoint=ground.placement,
            containers=("raw",),
            diagnostics=ground.monitoring.diagnostics,
        ),
    )
    gp.Storage(
        "component-open-data",
        gp.StorageArgs(
            resource_group_name=ground.group_name,
            account_name="stcomponentopen",
            public_network_access=True,
            redundancy="Standard_GZRS",
            containers=("raw",),
        ),
    )
