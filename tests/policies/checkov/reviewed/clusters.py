# SPDX-License-Identifier: Apache-2.0
"""Kubernetes clusters and their node pools."""

from typing import Any

from pulumi_azure_native import containerservice

import groundplan as gp
from tests.policies.checkov.reviewed.ground import Ground

POOL: dict[str, Any] = {
    "name": "system",
    "mode": "System",
    "vm_size": "Standard_D4ds_v5",
    "count": 1,
    "os_type": "Linux",
}
SECRETS = {"azureKeyvaultSecretsProvider": {"enabled": True, "config": {"enableSecretRotation": "true"}}}
STALE = {"azureKeyvaultSecretsProvider": {"enabled": True, "config": {"enableSecretRotation": "false"}}}
CLUSTERS: dict[str, Any] = {
    "aks-listed": {
        "api_server_access_profile": {"authorized_ip_ranges": ["203.0.113.0/28"]},
        "agent_pool_profiles": [{**POOL, "enable_encryption_at_host": True}],
        "disable_local_accounts": True,
        "aad_profile": {"managed": True, "enable_azure_rbac": True},
        "auto_upgrade_profile": {"upgrade_channel": "patch"},
        "network_profile": {"network_plugin": "azure", "network_policy": "azure"},
        "addon_profiles": {**SECRETS, "kubeDashboard": {"enabled": False}},
    },
    "aks-open": {
        "agent_pool_profiles": [POOL],
        "auto_upgrade_profile": {"upgrade_channel": "none"},
        "network_profile": {"network_plugin": "kubenet", "network_policy": "none"},
        "addon_profiles": {**STALE, "kubeDashboard": {"enabled": True}},
        "enable_rbac": False,
    },
    "aks-bare": {"agent_pool_profiles": [POOL]},
    "aks-half": {
        "api_server_access_profile": {"authorized_ip_ranges": ["0.0.0.0/0"]},
        "agent_pool_profiles": [
            {**POOL, "enable_encryption_at_host": True},
            {**POOL, "name": "user", "mode": "User"},
        ],
        "network_profile": {"network_plugin": "none"},
    },
    "aks-automatic": {"sku": {"name": "Automatic", "tier": "Standard"}, "agent_pool_profiles": [POOL]},
}


def declare(ground: Ground) -> None:
    """Five clusters, two pools of their own, and two of our component."""
    made = {
        name: containerservice.ManagedCluster(
            name,
            resource_name_=name,
            resource_group_name=ground.group_name,
            dns_prefix=name,
            identity={"type": containerservice.ResourceIdentityType.SYSTEM_ASSIGNED},
            **arguments,
        )
        for name, arguments in CLUSTERS.items()
    }
    for name, encrypted in {"sealed": True, "plain": False}.items():
        containerservice.AgentPool(
            f"pool-{name}",
            agent_pool_name=name,
            resource_name_=made["aks-listed"].name,
            resource_group_name=ground.group_name,
            mode="User",
            count=1,
            vm_size="Standard_D4ds_v5",
            os_type="Linux",
            enable_encryption_at_host=encrypted,
        )
    gp.AksCluster(
        "component-cluster",
        gp.AksClusterArgs(
            resource_group_name=ground.group_name,
            cluster_name="aks-component",
            outbound_type="managedNATGateway",
            host_encryption=True,
            log_analytics_workspace_id=ground.monitoring.log_analytics_workspace_id,
            diagnostics=ground.monitoring.diagnostics,
            node_pools={"system": gp.NodePool(vm_size="Standard_D4ds_v5", max_nodes=3, system=True)},
        ),
    )
    gp.AksCluster(
        "component-public-cluster",
        gp.AksClusterArgs(
            resource_group_name=ground.group_name,
            cluster_name="aks-component-public",
            outbound_type="managedNATGateway",
            public_api_server=True,
            authorized_ip_ranges=("203.0.113.0/28",),
            local_accounts=True,
            upgrade_channel="none",
            node_pools={"system": gp.NodePool(vm_size="Standard_D4ds_v5", max_nodes=3, system=True)},
        ),
    )
