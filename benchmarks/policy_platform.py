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


class Team:
    """Forty resources."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.tags = {"team": self.name, "env": "prod"}
        self.group = resources.ResourceGroup(
            name, resource_group_name=f"rg-{self.name}", location=LOCATION, tags=self.tags
        )
        self.network()
        self.private_names()
        self.foundation()
        self.stores()
        self.workspace_and_compute()
        self.serving()
        self.access()

    def network(self) -> None:
        """What all of it lies in."""
        nsg = network.NetworkSecurityGroup(
            f"{self.name}-nsg",
            resource_group_name=self.group.name,
            network_security_group_name=f"nsg-{self.name}",
            location=LOCATION,
            tags=self.tags,
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
            f"{self.name}-routes",
            resource_group_name=self.group.name,
            route_table_name=f"rt-{self.name}",
            location=LOCATION,
            tags=self.tags,
            routes=[
                network.RouteArgs(
                    name="all",
                    address_prefix="0.0.0.0/0",
                    next_hop_type="VirtualAppliance",
                    next_hop_ip_address="10.0.0.4",
                )
            ],
        )
        vnet = network.VirtualNetwork(
            f"{self.name}-vnet",
            resource_group_name=self.group.name,
            virtual_network_name=f"vnet-{self.name}",
            location=LOCATION,
            tags=self.tags,
            address_space=network.AddressSpaceArgs(address_prefixes=["10.1.0.0/16"]),
        )
        self.endpoints = network.Subnet(
            f"{self.name}-endpoints",
            resource_group_name=self.group.name,
            virtual_network_name=vnet.name,
            subnet_name="endpoints",
            address_prefix="10.1.0.0/24",
            network_security_group=network.NetworkSecurityGroupArgs(id=nsg.id),
        )
        self.training = network.Subnet(
            f"{self.name}-training",
            resource_group_name=self.group.name,
            virtual_network_name=vnet.name,
            subnet_name="training",
            address_prefix="10.1.1.0/24",
            network_security_group=network.NetworkSecurityGroupArgs(id=nsg.id),
            route_table=network.RouteTableArgs(id=routes.id),
        )

    def private_names(self) -> None:
        """Zones of the services."""
        self.zones = {
            key: privatedns.PrivateZone(
                f"{self.name}-zone-{key}",
                resource_group_name=self.group.name,
                private_zone_name=zone,
                location="global",
                tags=self.tags,
            )
            for key, zone in ZONES.items()
        }

    def foundation(self) -> None:
        """What a workspace stands on."""
        self.identity = managedidentity.UserAssignedIdentity(
            f"{self.name}-id",
            resource_group_name=self.group.name,
            resource_name_=f"id-{self.name}",
            location=LOCATION,
            tags=self.tags,
        )
        self.logs = operationalinsights.Workspace(
            f"{self.name}-logs",
            resource_group_name=self.group.name,
            workspace_name=f"log-{self.name}",
            location=LOCATION,
            tags=self.tags,
            retention_in_days=90,
            sku=operationalinsights.WorkspaceSkuArgs(name="PerGB2018"),
        )
        self.insights = applicationinsights.Component(
            f"{self.name}-insights",
            resource_group_name=self.group.name,
            resource_name_=f"appi-{self.name}",
            location=LOCATION,
            tags=self.tags,
            kind="web",
            application_type="web",
            ingestion_mode="LogAnalytics",
            workspace_resource_id=self.logs.id,
        )
        self.vault = keyvault.Vault(
            f"{self.name}-kv",
            resource_group_name=self.group.name,
            vault_name=f"kv-{self.name}",
            location=LOCATION,
            tags=self.tags,
            properties=keyvault.VaultPropertiesArgs(
                tenant_id=TENANT,
                sku=keyvault.SkuArgs(family="A", name=keyvault.SkuName.STANDARD),
                enable_rbac_authorization=True,
                enable_soft_delete=True,
                public_network_access="Disabled",
                network_acls=keyvault.NetworkRuleSetArgs(default_action="Deny", bypass="AzureServices"),
            ),
        )

    def stores(self) -> None:
        """Where its files and images are."""
        self.account = storage.StorageAccount(
            f"{self.name}-st",
            resource_group_name=self.group.name,
            account_name=f"st{self.name}",
            location=LOCATION,
            tags=self.tags,
            kind="StorageV2",
            sku=storage.SkuArgs(name="Standard_ZRS"),
            allow_blob_public_access=False,
            minimum_tls_version="TLS1_2",
            enable_https_traffic_only=True,
            public_network_access="Disabled",
            network_rule_set=storage.NetworkRuleSetArgs(
                default_action=storage.DefaultAction.DENY, bypass="AzureServices"
            ),
        )
        storage.BlobServiceProperties(
            f"{self.name}-blob",
            resource_group_name=self.group.name,
            account_name=self.account.name,
            blob_services_name="default",
            delete_retention_policy=storage.DeleteRetentionPolicyArgs(enabled=True, days=14),
        )
        for container in ("datasets", "models"):
            storage.BlobContainer(
                f"{self.name}-{container}",
                resource_group_name=self.group.name,
                account_name=self.account.name,
                container_name=container,
                public_access=storage.PublicAccess.NONE,
            )
        self.registry = containerregistry.Registry(
            f"{self.name}-cr",
            resource_group_name=self.group.name,
            registry_name=f"cr{self.name}",
            location=LOCATION,
            tags=self.tags,
            sku=containerregistry.SkuArgs(name="Premium"),
            admin_user_enabled=False,
            public_network_access="Disabled",
        )

    def workspace_and_compute(self) -> None:
        """The workspace, its clusters and a connection."""
        self.workspace = machinelearningservices.Workspace(
            f"{self.name}-mlw",
            resource_group_name=self.group.name,
            workspace_name=f"mlw-{self.name}",
            location=LOCATION,
            tags=self.tags,
            identity=machinelearningservices.ManagedServiceIdentityArgs(
                type="UserAssigned", user_assigned_identities=[self.identity.id]
            ),
            primary_user_assigned_identity=self.identity.id,
            key_vault=self.vault.id,
            storage_account=self.account.id,
            container_registry=self.registry.id,
            application_insights=self.insights.id,
            public_network_access="Disabled",
        )
        for kind in ("cpu", "gpu"):
            machinelearningservices.Compute(
                f"{self.name}-{kind}",
                resource_group_name=self.group.name,
                workspace_name=self.workspace.name,
                compute_name=kind,
                location=LOCATION,
                tags=self.tags,
                properties=machinelearningservices.AmlComputeArgs(
                    compute_type="AmlCompute",
                    disable_local_auth=True,
                    properties=machinelearningservices.AmlComputePropertiesArgs(
                        vm_size="Standard_DS3_v2" if kind == "cpu" else "Standard_NC24ads_A100_v4",
                        vm_priority="Dedicated",
                        enable_node_public_ip=False,
                        subnet=machinelearningservices.ResourceIdArgs(id=self.training.id),
                        scale_settings=machinelearningservices.ScaleSettingsArgs(
                            min_node_count=0, max_node_count=4, node_idle_time_before_scale_down="PT10M"
                        ),
                    ),
                ),
            )
        machinelearningservices.WorkspaceConnection(
            f"{self.name}-connection",
            resource_group_name=self.group.name,
            workspace_name=self.workspace.name,
            connection_name="feed",
            properties=machinelearningservices.ManagedIdentityAuthTypeWorkspaceConnectionPropertiesArgs(
                auth_type="ManagedIdentity", category="PythonFeed", target="https://feed.example.com"
            ),
        )

    def serving(self) -> None:
        """Endpoints."""
        online = machinelearningservices.OnlineEndpoint(
            f"{self.name}-online",
            resource_group_name=self.group.name,
            workspace_name=self.workspace.name,
            endpoint_name=f"score-{self.name}",
            location=LOCATION,
            tags=self.tags,
            identity=machinelearningservices.ManagedServiceIdentityArgs(type="SystemAssigned"),
            properties=machinelearningservices.OnlineEndpointPropertiesArgs(
                auth_mode="AADToken", public_network_access="Disabled"
            ),
        )
        machinelearningservices.OnlineDeployment(
            f"{self.name}-blue",
            resource_group_name=self.group.name,
            workspace_name=self.workspace.name,
            endpoint_name=online.name,
            deployment_name="blue",
            location=LOCATION,
            tags=self.tags,
            sku=machinelearningservices.SkuArgs(name="Default", capacity=2),
            properties=machinelearningservices.ManagedOnlineDeploymentArgs(
                endpoint_compute_type="Managed",
                instance_type="Standard_DS3_v2",
                model="azureml://registries/models/models/churn/versions/3",
            ),
        )
        machinelearningservices.BatchEndpoint(
            f"{self.name}-batch",
            resource_group_name=self.group.name,
            workspace_name=self.workspace.name,
            endpoint_name=f"batch-{self.name}",
            location=LOCATION,
            tags=self.tags,
            properties=machinelearningservices.BatchEndpointPropertiesArgs(auth_mode="AADToken"),
        )

    def access(self) -> None:
        """Private endpoints, logs and rights."""
        targets: dict[str, tuple[pulumi.CustomResource, str]] = {
            "amlworkspace": (self.workspace, "amlworkspace"),
            "vault": (self.vault, "vault"),
            "blob": (self.account, "blob"),
            "registry": (self.registry, "registry"),
        }
        for key, (target, part) in targets.items():
            endpoint = network.PrivateEndpoint(
                f"{self.name}-pe-{key}",
                resource_group_name=self.group.name,
                private_endpoint_name=f"pe-{self.name}-{key}",
                location=LOCATION,
                tags=self.tags,
                subnet=network.SubnetArgs(id=self.endpoints.id),
                private_link_service_connections=[
                    network.PrivateLinkServiceConnectionArgs(
                        name=key, private_link_service_id=target.id, group_ids=[part]
                    )
                ],
            )
            network.PrivateDnsZoneGroup(
                f"{self.name}-zones-{key}",
                resource_group_name=self.group.name,
                private_endpoint_name=endpoint.name,
                private_dns_zone_group_name="default",
                private_dns_zone_configs=[
                    network.PrivateDnsZoneConfigArgs(name=key, private_dns_zone_id=self.zones[key].id)
                ],
            )
        for key, target in {"kv": self.vault, "mlw": self.workspace, "cr": self.registry}.items():
            monitor.DiagnosticSetting(
                f"{self.name}-diag-{key}",
                name="to-logs",
                resource_uri=target.id,
                workspace_id=self.logs.id,
                logs=[monitor.DiagnosticsLogSettingsArgs(category_group="allLogs", enabled=True)],
            )
        for key, (scope, role) in {
            "blob": (self.account.id, BLOB_READER),
            "cr": (self.registry.id, CONTRIBUTOR),
            "kv": (self.vault.id, CONTRIBUTOR),
        }.items():
            authorization.RoleAssignment(
                f"{self.name}-role-{key}",
                scope=scope,
                principal_id=self.identity.principal_id,
                principal_type="ServicePrincipal",
                role_definition_id=f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{role}",
            )


for number in range(int(os.environ["TEAMS"])):
    Team(f"team{number:02}")
