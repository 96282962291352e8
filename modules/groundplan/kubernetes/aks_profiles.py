# SPDX-License-Identifier: Apache-2.0
"""Parts of an AKS cluster as Azure takes them: network, API server, security, add-ons."""

from __future__ import annotations

from ipaddress import IPv4Network

from pulumi import Input
from pulumi_azure_native import containerservice as aks

from groundplan.interfaces import CustomerKey


def network(outbound_type: str, pod_cidr: str, service_cidr: str) -> aks.ContainerServiceNetworkProfileArgs:
    """Azure CNI overlay with Cilium, which also enforces network policies."""
    return aks.ContainerServiceNetworkProfileArgs(
        network_plugin="azure",
        network_plugin_mode="overlay",
        network_dataplane="cilium",
        network_policy="cilium",
        load_balancer_sku="standard",
        outbound_type=outbound_type,
        pod_cidr=pod_cidr,
        service_cidr=service_cidr,
        dns_service_ip=str(IPv4Network(service_cidr)[10]),
    )


def api_server(
    public: bool, ranges: tuple[str, ...], subnet_id: Input[str] | None, zone_id: Input[str] | None
) -> aks.ManagedClusterAPIServerAccessProfileArgs:
    """Where the Kubernetes API is; commands through Azure Resource Manager are off."""
    return aks.ManagedClusterAPIServerAccessProfileArgs(
        authorized_ip_ranges=[*ranges] or None,
        disable_run_command=True,
        enable_private_cluster=not public,
        enable_private_cluster_public_fqdn=None if public else False,
        enable_vnet_integration=True if subnet_id is not None else None,
        subnet_id=subnet_id,
        private_dns_zone=None if public else ("system" if zone_id is None else zone_id),
    )


def security(
    key: CustomerKey | None, *, vault_is_private: bool, defender_logs_to: Input[str] | None
) -> aks.ManagedClusterSecurityProfileArgs:
    """Workload identity and image cleaner; encryption of secrets and Defender where asked for."""
    return aks.ManagedClusterSecurityProfileArgs(
        workload_identity=aks.ManagedClusterSecurityProfileWorkloadIdentityArgs(enabled=True),
        image_cleaner=aks.ManagedClusterSecurityProfileImageCleanerArgs(enabled=True, interval_hours=168),
        azure_key_vault_kms=aks.AzureKeyVaultKmsArgs(
            enabled=True,
            key_id=key.key_identifier,
            # a private vault is reached from the API server's subnet only, and Azure wants its id then
            key_vault_network_access="Private" if vault_is_private else "Public",
            key_vault_resource_id=key.key_vault_id if vault_is_private else None,
        )
        if key
        else None,
        defender=aks.ManagedClusterSecurityProfileDefenderArgs(
            log_analytics_workspace_resource_id=defender_logs_to,
            security_monitoring=aks.ManagedClusterSecurityProfileDefenderSecurityMonitoringArgs(enabled=True),
        )
        if defender_logs_to is not None
        else None,
    )


def addons(*, azure_policy: bool, logs_to: Input[str] | None) -> dict[str, aks.ManagedClusterAddonProfileArgs]:
    """Key Vault secrets in pods, Azure Policy, and container logs where asked for."""
    found = {
        "azureKeyvaultSecretsProvider": aks.ManagedClusterAddonProfileArgs(
            enabled=True, config={"enableSecretRotation": "true", "rotationPollInterval": "2m"}
        ),
        "azurepolicy": aks.ManagedClusterAddonProfileArgs(enabled=azure_policy),
    }
    if logs_to is not None:
        found["omsagent"] = aks.ManagedClusterAddonProfileArgs(
            enabled=True, config={"logAnalyticsWorkspaceResourceID": logs_to, "useAADAuth": "true"}
        )
    return found
