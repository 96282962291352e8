# SPDX-License-Identifier: Apache-2.0
"""Every argument of every component, in one Pulumi program."""

import pulumi
from pulumi_azure_native import authorization, keyvault, resources

import groundplan as gp

HERE = "northeurope"
TAGS = {"cost-center": "42"}

client = authorization.get_client_config()
names = gp.Names(project="vision", environment="full", subscription_id=client.subscription_id)
group = resources.ResourceGroup("full", resource_group_name=names("resource_group"), location=HERE, tags=TAGS)
links = resources.ResourceGroup("links", resource_group_name=names("resource_group", "links"), location=HERE, tags=TAGS)
LOCK = gp.Lock(level="CanNotDelete", notes="ask the platform team")

monitoring = gp.Monitoring(
    "monitoring",
    gp.MonitoringArgs(
        resource_group_name=group.name,
        location=HERE,
        tags=TAGS,
        lock=gp.Lock(),
        role_grants={"me": gp.RoleGrant(role="Log Analytics Reader", principal_id=client.object_id)},
        retention_days=90,
        daily_cap_gb=5,
        public_ingestion=True,
        public_query=True,
        local_authentication=True,
        alert_emails={"oncall": "oncall@example.com", "team": "team@example.com"},
        alert_short_name="vision",
        monitoring_name="vision-full",
    ),
)
logs = gp.Diagnostics(
    log_analytics_workspace_id=monitoring.log_analytics_workspace_id, log_category_groups=("audit",), metrics=False
)
network = gp.Network(
    "network",
    gp.NetworkArgs(
        resource_group_name=group.name,
        location=HERE,
        tags=TAGS,
        lock=LOCK,
        diagnostics=gp.Diagnostics(log_analytics_workspace_id=monitoring.log_analytics_workspace_id),
        address_space="10.40.0.0/16",
        network_name=names("virtual_network"),
        subnets={
            "endpoints": gp.Subnet(address_prefix="10.40.0.0/24", rules=gp.endpoint_rules()),
            "training": gp.Subnet(
                address_prefix="10.40.8.0/21", rules=gp.training_rules(HERE, internet_outbound=True), nat=True
            ),
            "apps": gp.Subnet(address_prefix="10.40.1.0/24", delegation="Microsoft.App/environments"),
        },
    ),
)
dns = gp.PrivateDns(
    "dns",
    gp.PrivateDnsArgs(
        resource_group_name=links.name,
        virtual_network_ids={"platform": network.id},
        cloud="usgov",
        zones=("aml-api", "aml-notebooks", "blob", "dfs", "file", "queue", "registry", "table", "vault"),
        tags=TAGS,
    ),
)
placement = gp.PrivateEndpoint(
    subnet_id=network.subnet_ids["endpoints"],
    dns_zone_ids=dns.zone_ids,
    resource_group_name=links.name,
    location=HERE,
)
identity = gp.Identity(
    "identity",
    gp.IdentityArgs(
        resource_group_name=group.name,
        location=HERE,
        tags=TAGS,
        lock=LOCK,
        identity_name=names("identity"),
        role_grants={"me": gp.RoleGrant(role="Managed Identity Operator", principal_id=client.object_id)},
        roles={"group": gp.RoleOn(role="Reader", scope=group.id)},
    ),
)
reader = gp.RoleGrant(role="Reader", principal_id=identity.principal_id, description="looks, does not touch")
vault = gp.KeyVault(
    "vault",
    gp.KeyVaultArgs(
        resource_group_name=group.name,
        location=HERE,
        tags=TAGS,
        lock=LOCK,
        diagnostics=logs,
        role_grants={
            "reader": reader,
            "key": gp.RoleGrant(role="Key Vault Crypto Service Encryption User", principal_id=identity.principal_id),
        },
        tenant_id=client.tenant_id,
        public_network_access=True,
        private_endpoint=placement,
        soft_delete_retention_days=7,
        purge_protection=True,
        sku="premium",
        vault_name=names("key_vault"),
    ),
)
key = keyvault.Key(
    "key",
    key_name="platform",
    vault_name=vault.name,
    resource_group_name=group.name,
    properties=keyvault.KeyPropertiesArgs(kty="RSA"),
)
customer_key = gp.CustomerKey(
    key_vault_id=vault.id,
    key_identifier=key.key_uri_with_version,
    identity_id=identity.id,
    identity_client_id=identity.client_id,
)
data = gp.Storage(
    "data",
    gp.StorageArgs(
        resource_group_name=group.name,
        location=HERE,
        tags=TAGS,
        lock=LOCK,
        diagnostics=logs,
        role_grants={"reader": reader},
        public_network_access=True,
        private_endpoint=placement,
        private_services=("blob", "file", "queue", "table", "dfs"),
        shared_key_access=True,
        redundancy="Standard_LRS",
        hierarchical_namespace=True,
        delete_retention_days=30,
        containers=("raw", "curated"),
        customer_key=customer_key,
        account_name=names("storage_account"),
    ),
)
default_data = gp.Storage(
    "default",
    gp.StorageArgs(
        resource_group_name=group.name,
        account_name=names("storage_account", "default"),
        public_network_access=True,
        blob_versioning=True,
    ),
)
images = gp.ContainerRegistry(
    "images",
    gp.ContainerRegistryArgs(
        resource_group_name=group.name,
        location=HERE,
        tags=TAGS,
        lock=LOCK,
        diagnostics=logs,
        role_grants={"reader": reader},
        public_network_access=True,
        private_endpoint=placement,
        admin_user=True,
        anonymous_pull=True,
        zone_redundancy=True,
        untagged_retention_days=30,
        customer_key=customer_key,
        registry_name=names("container_registry"),
    ),
)
basic = gp.ContainerRegistry(
    "basic",
    gp.ContainerRegistryArgs(
        resource_group_name=group.name,
        sku="Basic",
        public_network_access=True,
        registry_name=names("container_registry", "basic"),
    ),
)
hub = gp.Workspace(
    "hub",
    gp.WorkspaceArgs(
        resource_group_name=group.name,
        location=HERE,
        tags=TAGS,
        lock=LOCK,
        diagnostics=logs,
        role_grants={"scientist": gp.RoleGrant(role="AzureML Data Scientist", principal_id=client.object_id)},
        kind="Hub",
        key_vault_id=vault.id,
        storage_account_id=default_data.id,
        container_registry_id=images.id,
        application_insights_id=monitoring.application_insights_id,
        identity_id=identity.id,
        public_network_access=True,
        private_endpoint=placement,
        managed_network="AllowInternetOutbound",
        customer_key=customer_key,
        high_business_impact=True,
        datastore_access_keys=True,
        workspace_name=names("machine_learning_workspace"),
        friendly_name="Vision",
        description="All of it",
    ),
    pulumi.ResourceOptions(depends_on=[identity, vault, data, images]),
)
gp.Workspace("project", gp.WorkspaceArgs(resource_group_name=group.name, location=HERE, kind="Project", hub_id=hub.id))
plain = gp.Workspace(
    "plain",
    gp.WorkspaceArgs(
        resource_group_name=group.name,
        key_vault_id=vault.id,
        storage_account_id=default_data.id,
        public_network_access=True,
        managed_network="AllowOnlyApprovedOutbound",
    ),
)
gp.ComputeCluster(
    "spot",
    gp.ComputeClusterArgs(
        resource_group_name=group.name,
        workspace_name=plain.name,
        vm_size="Standard_NC6s_v3",
        max_nodes=8,
        min_nodes=1,
        idle_minutes=90,
        low_priority=True,
        workspace_managed_network=True,
        identity_ids=(identity.id,),
        location=HERE,
        compute_name="gpu-spot",
        description="Training that may be interrupted",
        tags=TAGS,
    ),
)
gp.ComputeCluster(
    "open",
    gp.ComputeClusterArgs(
        resource_group_name=group.name,
        workspace_name=hub.name,
        vm_size="Standard_DS3_v2",
        max_nodes=1,
        node_public_ip=True,
        ssh=True,
        local_authentication=True,
    ),
)
gp.PrivateLink(
    "asked",
    gp.PrivateLinkArgs(
        resource_id=data.id,
        group_id="blob",
        private_endpoint=gp.PrivateEndpoint(subnet_id=network.subnet_ids["endpoints"], dns_managed_elsewhere=True),
        resource_group_name=links.name,
        location=HERE,
        endpoint_name="pep-asked",
        approval_message="for the labelling team",
        tags=TAGS,
    ),
)
gp.Budget(
    "budget",
    gp.BudgetArgs(
        scope=group.id,
        budget_name=names("budget"),
        amount=1234.5,
        start_date="2026-10-01",
        end_date="2028-09-30",
        time_grain="Quarterly",
        contact_emails=("finance@example.com",),
        action_group_ids=(monitoring.action_group_id,),
        alerts={"early": gp.Alert(percent=25), "late": gp.Alert(percent=110, on="Forecasted")},
    ),
)
pulumi.export("groups", [group.name, links.name])
