# SPDX-License-Identifier: Apache-2.0
"""The platform that `policy` previews and checks: plain azure-native, forty resources a team, of many types."""

import os

import pulumi
from pulumi_azure_native import (
    applicationinsights,
    authorization,
    containerregistry,
    keyvault,
    machinelearningservices,
    managedidentity,
    monitor,
    network,
    operationalinsights,
    privatedns,
    resources,
    storage,
)

LOCATION = "westeurope"
TENANT = "00000000-0000-0000-0000-000000000001"
SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000"
BLOB_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
ZONES = {
    "amlworkspace": "privatelink.api.azureml.ms",
    "vault": "privatelink.vaultcore.azure.net",
    "blob": "privatelink.blob.core.windows.net",
    "registry": "privatelink.azurecr.io",
}


def team(name: str) -> None:
    """Forty resources."""
    tags = {"team": name, "env": "prod"}
    group = resources.ResourceGroup(name, resource_group_name=f"rg-{name}", location=LOCATION, tags=tags)
    # the network
    nsg = network.NetworkSecurityGroup(
        f"{name}-nsg",
        resource_group_name=group.name,
        network_security_group_name=f"nsg-{name}",
        location=LOCATION,
        tags=tags,
        security_rules=[
            network.SecurityRuleArgs(
                name="from-vnet",
                priority=100,
                direction="Inbound",
                access="Allow",
                protocol="Tcp",
                source_address_prefix="VirtualNetwork",
                source_port_range="*",
                destination_address_prefix="*",
                destination_port_ranges=["443", "44224"],
            )
        ],
    )
    routes = network.RouteTable(
        f"{name}-routes",
        resource_group_name=group.name,
        route_table_name=f"rt-{name}",
        location=LOCATION,
        tags=tags,
        routes=[
            network.RouteArgs(
                name="all", address_prefix="0.0.0.0/0", next_hop_type="VirtualAppliance", next_hop_ip_address="10.0.0.4"
            )
        ],
    )
    vnet = network.VirtualNetwork(
        f"{name}-vnet",
        resource_group_name=group.name,
        virtual_network_name=f"vnet-{name}",
        location=LOCATION,
        tags=tags,
        address_space=network.AddressSpaceArgs(address_prefixes=["10.1.0.0/16"]),
    )
    endpoints = network.Subnet(
        f"{name}-endpoints",
        resource_group_name=group.name,
        virtual_network_name=vnet.name,
        subnet_name="endpoints",
        address_prefix="10.1.0.0/24",
        network_security_group=network.NetworkSecurityGroupArgs(id=nsg.id),
    )
    training = network.Subnet(
        f"{name}-training",
        resource_group_name=group.name,
        virtual_network_name=vnet.name,
        subnet_name="training",
        address_prefix="10.1.1.0/24",
        network_security_group=network.NetworkSecurityGroupArgs(id=nsg.id),
        route_table=network.RouteTableArgs(id=routes.id),
    )
    zones = {
        key: privatedns.PrivateZone(
            f"{name}-zone-{key}",
            resource_group_name=group.name,
            private_zone_name=zone,
            location="global",
            tags=tags,
        )
        for key, zone in ZONES.items()
    }
    # what a workspace stands on
    identity = managedidentity.UserAssignedIdentity(
        f"{name}-id", resource_group_name=group.name, resource_name_=f"id-{name}", location=LOCATION, tags=tags
    )
    logs = operationalinsights.Workspace(
        f"{name}-logs",
        resource_group_name=group.name,
        workspace_name=f"log-{name}",
        location=LOCATION,
        tags=tags,
        retention_in_days=90,
        sku=operationalinsights.WorkspaceSkuArgs(name="PerGB2018"),
    )
    insights = applicationinsights.Component(
        f"{name}-insights",
        resource_group_name=group.name,
        resource_name_=f"appi-{name}",
        location=LOCATION,
        tags=tags,
        kind="web",
        application_type="web",
        ingestion_mode="LogAnalytics",
        workspace_resource_id=logs.id,
    )
    vault = keyvault.Vault(
        f"{name}-kv",
        resource_group_name=group.name,
        vault_name=f"kv-{name}",
        location=LOCATION,
        tags=tags,
        properties=keyvault.VaultPropertiesArgs(
            tenant_id=TENANT,
            sku=keyvault.SkuArgs(family="A", name=keyvault.SkuName.STANDARD),
            enable_rbac_authorization=True,
            enable_soft_delete=True,
            public_network_access="Disabled",
            network_acls=keyvault.NetworkRuleSetArgs(default_action="Deny", bypass="AzureServices"),
        ),
    )
    account = storage.StorageAccount(
        f"{name}-st",
        resource_group_name=group.name,
        account_name=f"st{name}",
        location=LOCATION,
        tags=tags,
        kind="StorageV2",
        sku=storage.SkuArgs(name="Standard_ZRS"),
        allow_blob_public_access=False,
        minimum_tls_version="TLS1_2",
        enable_https_traffic_only=True,
        public_network_access="Disabled",
        network_rule_set=storage.NetworkRuleSetArgs(default_action=storage.DefaultAction.DENY, bypass="AzureServices"),
    )
    storage.BlobServiceProperties(
        f"{name}-blob",
        resource_group_name=group.name,
        account_name=account.name,
        blob_services_name="default",
        delete_retention_policy=storage.DeleteRetentionPolicyArgs(enabled=True, days=14),
    )
    for container in ("datasets", "models"):
        storage.BlobContainer(
            f"{name}-{container}",
            resource_group_name=group.name,
            account_name=account.name,
            container_name=container,
            public_access=storage.PublicAccess.NONE,
        )
    registry = containerregistry.Registry(
        f"{name}-cr",
        resource_group_name=group.name,
        registry_name=f"cr{name}",
        location=LOCATION,
        tags=tags,
        sku=containerregistry.SkuArgs(name="Premium"),
        admin_user_enabled=False,
        public_network_access="Disabled",
    )
    # the workspace and what is in it
    workspace = machinelearningservices.Workspace(
        f"{name}-mlw",
        resource_group_name=group.name,
        workspace_name=f"mlw-{name}",
        location=LOCATION,
        tags=tags,
        identity=machinelearningservices.ManagedServiceIdentityArgs(
            type="UserAssigned", user_assigned_identities=[identity.id]
        ),
        primary_user_assigned_identity=identity.id,
        key_vault=vault.id,
        storage_account=account.id,
        container_registry=registry.id,
        application_insights=insights.id,
        public_network_access="Disabled",
    )
    for kind in ("cpu", "gpu"):
        machinelearningservices.Compute(
            f"{name}-{kind}",
            resource_group_name=group.name,
            workspace_name=workspace.name,
            compute_name=kind,
            location=LOCATION,
            tags=tags,
            properties=machinelearningservices.AmlComputeArgs(
                compute_type="AmlCompute",
                disable_local_auth=True,
                properties=machinelearningservices.AmlComputePropertiesArgs(
                    vm_size="Standard_DS3_v2" if kind == "cpu" else "Standard_NC24ads_A100_v4",
                    vm_priority="Dedicated",
                    enable_node_public_ip=False,
                    subnet=machinelearningservices.ResourceIdArgs(id=training.id),
                    scale_settings=machinelearningservices.ScaleSettingsArgs(
                        min_node_count=0, max_node_count=4, node_idle_time_before_scale_down="PT10M"
                    ),
                ),
            ),
        )
    machinelearningservices.WorkspaceConnection(
        f"{name}-connection",
        resource_group_name=group.name,
        workspace_name=workspace.name,
        connection_name="feed",
        properties=machinelearningservices.ManagedIdentityAuthTypeWorkspaceConnectionPropertiesArgs(
            auth_type="ManagedIdentity", category="PythonFeed", target="https://feed.example.com"
        ),
    )
    online = machinelearningservices.OnlineEndpoint(
        f"{name}-online",
        resource_group_name=group.name,
        workspace_name=workspace.name,
        endpoint_name=f"score-{name}",
        location=LOCATION,
        tags=tags,
        identity=machinelearningservices.ManagedServiceIdentityArgs(type="SystemAssigned"),
        properties=machinelearningservices.OnlineEndpointPropertiesArgs(
            auth_mode="AADToken", public_network_access="Disabled"
        ),
    )
    machinelearningservices.OnlineDeployment(
        f"{name}-blue",
        resource_group_name=group.name,
        workspace_name=workspace.name,
        endpoint_name=online.name,
        deployment_name="blue",
        location=LOCATION,
        tags=tags,
        sku=machinelearningservices.SkuArgs(name="Default", capacity=2),
        properties=machinelearningservices.ManagedOnlineDeploymentArgs(
            endpoint_compute_type="Managed",
            instance_type="Standard_DS3_v2",
            model="azureml://registries/models/models/churn/versions/3",
        ),
    )
    machinelearningservices.BatchEndpoint(
        f"{name}-batch",
        resource_group_name=group.name,
        workspace_name=workspace.name,
        endpoint_name=f"batch-{name}",
        location=LOCATION,
        tags=tags,
        properties=machinelearningservices.BatchEndpointPropertiesArgs(auth_mode="AADToken"),
    )
    # endpoints, logs and rights
    targets: dict[str, tuple[pulumi.CustomResource, str]] = {
        "amlworkspace": (workspace, "amlworkspace"),
        "vault": (vault, "vault"),
        "blob": (account, "blob"),
        "registry": (registry, "registry"),
    }
    for key, (target, part) in targets.items():
        endpoint = network.PrivateEndpoint(
            f"{name}-pe-{key}",
            resource_group_name=group.name,
            private_endpoint_name=f"pe-{name}-{key}",
            location=LOCATION,
            tags=tags,
            subnet=network.SubnetArgs(id=endpoints.id),
            private_link_service_connections=[
                network.PrivateLinkServiceConnectionArgs(name=key, private_link_service_id=target.id, group_ids=[part])
            ],
        )
        network.PrivateDnsZoneGroup(
            f"{name}-zones-{key}",
            resource_group_name=group.name,
            private_endpoint_name=endpoint.name,
            private_dns_zone_group_name="default",
            private_dns_zone_configs=[network.PrivateDnsZoneConfigArgs(name=key, private_dns_zone_id=zones[key].id)],
        )
    for key, target in {"kv": vault, "mlw": workspace, "cr": registry}.items():
        monitor.DiagnosticSetting(
            f"{name}-diag-{key}",
            name="to-logs",
            resource_uri=target.id,
            workspace_id=logs.id,
            logs=[monitor.DiagnosticsLogSettingsArgs(category_group="allLogs", enabled=True)],
        )
    for key, (scope, role) in {
        "blob": (account.id, BLOB_READER),
        "cr": (registry.id, CONTRIBUTOR),
        "kv": (vault.id, CONTRIBUTOR),
    }.items():
        authorization.RoleAssignment(
            f"{name}-role-{key}",
            scope=scope,
            principal_id=identity.principal_id,
            principal_type="ServicePrincipal",
            role_definition_id=f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{role}",
        )


for number in range(int(os.environ["TEAMS"])):
    team(f"team{number:02}")
