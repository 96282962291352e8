# SPDX-License-Identifier: Apache-2.0
"""ARM's rules for the names of resources, by kind of resource.

Sources, the first that knows the kind; where two know it and differ, the wider holds, so that no name is refused which
Azure takes:

1. learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules;
2. the path parameters of Azure/azure-rest-api-specs (`pattern`, `minLength`, `maxLength`), as the azure-mgmt SDKs have them;
3. for endpoints and deployments, learn.microsoft.com/azure/machine-learning/how-to-manage-quotas;
4. the validation of hashicorp/terraform-provider-azurerm, for Front Door's parts, diagnostic settings, private link
   scopes, Arc clusters and Grafana; the table of aztfmod/terraform-provider-azurecaf for parts of data collection.

Kinds that none of them knows take whatever their neighbours take. `tests/modules/published_names.py` holds what the sources
say. Abbreviations follow the Cloud Adoption Framework.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class NameRule:
    """What ARM accepts as the name of one type of resource."""

    abbreviation: str
    """Prefix of generated names, e.g. `mlw`."""
    minimum: int
    """Shortest name, in characters."""
    maximum: int
    """Longest name, in characters."""
    pattern: str
    """Regular expression for the whole name; the length is checked apart."""
    allowed: str
    """The pattern in words, for errors."""
    separator: str = "-"
    """What joins the parts of a generated name; empty where ARM allows letters and digits only."""
    unique: bool = False
    """Unique over all of Azure, or over a region, because the name is part of a DNS name."""
    declared_as: str = ""
    """Resource and argument of azure-native that takes the name, e.g. `keyvault:Vault.vault_name`. Kinds that name the
    same one share a space of names."""


_Shape = tuple[str, str]
"""A pattern, and the same in words."""

_NETWORK: Final[_Shape] = (
    r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?",
    "letters, digits, dots, underscores and dashes, first a letter or digit, last no dot and no dash",
)
_DASHED: Final[_Shape] = (
    r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?",
    "letters, digits and dashes, first and last a letter or digit",
)
_LETTER_DASHED: Final[_Shape] = (
    r"[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?",
    "letters, digits and dashes, first a letter, last a letter or digit",
)
_DASHES: Final[_Shape] = (r"[A-Za-z0-9-]+", "letters, digits and dashes")
_BETWEEN: Final[_Shape] = (
    r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*",
    "letters, digits and single dashes, first and last a letter or digit",
)
_UNDERSCORED: Final[_Shape] = (
    r"[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?",
    "letters, digits, dashes and underscores, first and last a letter or digit",
)
_LOWER_DASHED: Final[_Shape] = (
    r"(?!.*-ondemand)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?",
    "lower case letters, digits and dashes, first and last a letter or digit, without '-ondemand'",
)
_SINGLE: Final[_Shape] = (
    r"[A-Za-z](?:-?[A-Za-z0-9])*",
    "letters, digits and single dashes, first a letter, last a letter or digit",
)
_LOWER: Final[_Shape] = (
    r"[a-z0-9](?:-?[a-z0-9])*",
    "lower case letters, digits and single dashes, first and last a letter or digit",
)
_WORDS: Final[_Shape] = (
    r"[A-Za-z0-9][A-Za-z0-9_-]*",
    "letters, digits, dashes and underscores, first a letter or digit",
)
_ANY_WORDS: Final[_Shape] = (r"[A-Za-z0-9_-]+", "letters, digits, dashes and underscores")
_COMPUTE: Final[_Shape] = (
    r"[A-Za-z](?![A-Za-z0-9-]*-\d+$)[A-Za-z0-9-]+",
    "letters, digits and dashes, first a letter, not ending in a dash and digits",
)
_PLAIN: Final[_Shape] = (r"[A-Za-z0-9]+", "letters and digits")
_LETTER_PLAIN: Final[_Shape] = (r"[A-Za-z][A-Za-z0-9]*", "letters and digits, first a letter")
_LOWER_PLAIN: Final[_Shape] = (r"[a-z0-9]+", "lower case letters and digits")
_LOWER_LETTER_PLAIN: Final[_Shape] = (r"[a-z][a-z0-9]*", "lower case letters and digits, first a letter")


def _without(characters: str) -> _Shape:
    """Anything but `characters` and control characters, and no dot or space at the end."""
    kept = rf"^\x00-\x1f\x7f{re.escape(characters)}"
    return rf"[{kept}]*[{kept}. ]", f"anything but {' '.join(characters)}, last no dot and no space"


_INSIGHTS: Final[_Shape] = (
    r"[A-Za-z0-9._()-]*[A-Za-z0-9_()-]",
    "letters, digits, dots, dashes, underscores and parentheses, last no dot",
)
_GROUP: Final[_Shape] = (
    r"[\w().-]*[\w()-]",
    "letters, digits, underscores, parentheses, dashes and dots, last no dot",
)
_ACCOUNT: Final[_Shape] = (
    r"[A-Za-z0-9][A-Za-z0-9_.-]*",
    "letters, digits, dots, underscores and dashes, first a letter or digit",
)
_SITE: Final[_Shape] = (
    r"[^\W_](?:(?:[^\W_]|-)*[^\W_])?",
    "letters of any script, digits and dashes, first and last a letter or digit",
)
_PLAN: Final[_Shape] = (r"(?:[^\W_]|-)+", "letters of any script, digits and dashes")
_POLICY: Final = _without("<>*%&:?.+/\\")
_DATASTORE: Final[_Shape] = (r"[a-z0-9_]+", "lower case letters, digits and underscores")
_TABLE: Final[_Shape] = (r"[A-Za-z][A-Za-z0-9_]*", "letters, digits and underscores, first a letter")


def _rule(
    abbreviation: str,
    minimum: int,
    maximum: int,
    shape: _Shape,
    declared_as: str,
    *,
    separator: str = "-",
    unique: bool = False,
) -> NameRule:
    return NameRule(
        abbreviation=abbreviation,
        minimum=minimum,
        maximum=maximum,
        pattern=shape[0],
        allowed=shape[1],
        separator=separator,
        unique=unique,
        declared_as=declared_as,
    )


_ML: Final = "machinelearningservices:"
_WORKSPACE: Final = f"{_ML}Workspace.workspace_name"
_COGNITIVE: Final = "cognitiveservices:Account.account_name"

RULES: Final[Mapping[str, NameRule]] = {
    "action_group": _rule("ag", 1, 260, _without(r":<>+/&%\?"), "monitor:ActionGroup.action_group_name"),
    "activity_log_alert": _rule(
        "ala", 1, 260, _without(r"<>*%{}&:\?+/#"), "monitor:ActivityLogAlert.activity_log_alert_name"
    ),
    "ai_search": _rule("srch", 2, 60, _LOWER, "search:Service.search_service_name", unique=True),
    "app_service_plan": _rule("asp", 1, 60, _PLAN, "web:AppServicePlan.name"),
    "application_gateway": _rule("agw", 1, 80, _NETWORK, "network:ApplicationGateway.application_gateway_name"),
    "application_insights": _rule("appi", 1, 260, _without(r"%&\?/"), "applicationinsights:Component.resource_name_"),
    "arc_cluster": _rule("arck", 1, 260, _ANY_WORDS, "kubernetes:ConnectedCluster.cluster_name"),
    "attached_compute": _rule("", 2, 16, _COMPUTE, f"{_ML}Compute.compute_name"),
    "automation_account": _rule("aa", 6, 50, _LETTER_DASHED, "automation:AutomationAccount.automation_account_name"),
    "autoscale_setting": _rule(
        "as", 1, 260, _without(r"<>*%&:\?+/#"), "monitor:AutoscaleSetting.autoscale_setting_name"
    ),
    "azure_monitor_workspace": _rule(
        "amw", 2, 260, _DASHED, "monitor:AzureMonitorWorkspace.azure_monitor_workspace_name"
    ),
    "batch_endpoint": _rule("bep", 3, 32, _SINGLE, f"{_ML}BatchEndpoint.endpoint_name", unique=True),
    "batch_deployment": _rule("bdep", 3, 32, _SINGLE, f"{_ML}BatchDeployment.deployment_name"),
    "blob_container": _rule("blob", 3, 63, _LOWER, "storage:BlobContainer.container_name"),
    "budget": _rule("budget", 1, 63, _ANY_WORDS, "consumption:Budget.budget_name"),
    "certificate": _rule("cert", 1, 127, _DASHES, ""),
    "cognitive_account": _rule("cog", 2, 64, _ACCOUNT, _COGNITIVE, unique=True),
    "cognitive_deployment": _rule("dep", 1, 64, _ACCOUNT, "cognitiveservices:Deployment.deployment_name"),
    "compute": _rule("", 3, 24, _COMPUTE, f"{_ML}Compute.compute_name"),
    # unique in its region, over all subscriptions
    "compute_instance": _rule("ci", 3, 24, _COMPUTE, f"{_ML}Compute.compute_name", unique=True),
    # azure-ai-ml itself gives names of 35 characters
    "connection": _rule("con", 3, 255, _WORDS, f"{_ML}WorkspaceConnection.connection_name"),
    "container_instance": _rule("ci", 1, 63, _LOWER, "containerinstance:ContainerGroup.container_group_name"),
    "container_registry": _rule(
        "cr", 5, 50, _PLAIN, "containerregistry:Registry.registry_name", separator="", unique=True
    ),
    "data_collection_endpoint": _rule(
        "dce", 3, 44, _DASHED, "monitor:DataCollectionEndpoint.data_collection_endpoint_name"
    ),
    "data_collection_rule": _rule("dcr", 3, 44, _DASHED, "monitor:DataCollectionRule.data_collection_rule_name"),
    "data_export": _rule("exp", 4, 63, _LETTER_DASHED, "operationalinsights:DataExport.data_export_name"),
    "data_factory": _rule("adf", 3, 63, _BETWEEN, "datafactory:Factory.factory_name", unique=True),
    "databricks_connector": _rule("dbac", 3, 64, _WORDS, "databricks:AccessConnector.connector_name"),
    "databricks_workspace": _rule("dbw", 3, 64, _WORDS, "databricks:Workspace.workspace_name"),
    "datastore": _rule("", 1, 255, _DATASTORE, f"{_ML}Datastore.name", separator="_"),
    "device_provisioning": _rule(
        "provs", 3, 64, _DASHED, "deviceprovisioningservices:IotDpsResource.provisioning_service_name", unique=True
    ),
    "diagnostic_setting": _rule("diag", 1, 260, _without(r"<>*%&:\?+/"), "monitor:DiagnosticSetting.name"),
    "event_grid_subscription": _rule("evgs", 3, 64, _DASHES, "eventgrid:EventSubscription.event_subscription_name"),
    "event_grid_system_topic": _rule("egst", 3, 50, _DASHES, "eventgrid:SystemTopic.system_topic_name"),
    "event_grid_topic": _rule("evgt", 3, 50, _DASHES, "eventgrid:Topic.topic_name", unique=True),
    "event_hub": _rule("evh", 1, 256, _NETWORK, "eventhub:EventHub.event_hub_name"),
    "event_hub_consumer_group": _rule("evhcg", 1, 50, _NETWORK, "eventhub:ConsumerGroup.consumer_group_name"),
    "event_hub_namespace": _rule("evhns", 6, 50, _LETTER_DASHED, "eventhub:Namespace.namespace_name", unique=True),
    "feature_set": _rule("", 1, 255, _WORDS, f"{_ML}FeaturesetContainerEntity.name"),
    "feature_store": _rule("mlfs", 3, 33, _WORDS, _WORKSPACE),
    "feature_store_entity": _rule("", 1, 255, _WORDS, f"{_ML}FeaturestoreEntityContainerEntity.name"),
    "federated_credential": _rule(
        "fc",
        3,
        120,
        _WORDS,
        "managedidentity:FederatedIdentityCredential.federated_identity_credential_resource_name",
    ),
    "file_share": _rule("share", 3, 63, _LOWER, "storage:FileShare.share_name"),
    "firewall": _rule("afw", 1, 56, _NETWORK, "network:AzureFirewall.azure_firewall_name"),
    "firewall_policy": _rule("afwp", 1, 80, _NETWORK, "network:FirewallPolicy.firewall_policy_name"),
    "front_door": _rule("afd", 1, 260, _DASHED, "cdn:Profile.profile_name"),
    "front_door_endpoint": _rule("fde", 2, 46, _DASHED, "cdn:AFDEndpoint.endpoint_name"),
    "front_door_firewall_policy": _rule("fdfp", 1, 128, _LETTER_PLAIN, "frontdoor:Policy.policy_name", separator=""),
    "front_door_origin": _rule("fdo", 1, 90, _DASHED, "cdn:AFDOrigin.origin_name"),
    "front_door_origin_group": _rule("fdog", 1, 90, _DASHED, "cdn:AFDOriginGroup.origin_group_name"),
    "front_door_route": _rule("fdr", 1, 90, _DASHED, "cdn:Route.route_name"),
    "front_door_security_policy": _rule("fdsp", 1, 90, _DASHED, "cdn:SecurityPolicy.security_policy_name"),
    "function_app": _rule("func", 2, 60, _SITE, "web:WebApp.name", unique=True),
    "grafana": _rule("amg", 2, 23, _LETTER_DASHED, "dashboard:Grafana.workspace_name", unique=True),
    "hub": _rule("hub", 3, 33, _WORDS, _WORKSPACE),
    "identity": _rule("id", 3, 128, _WORDS, "managedidentity:UserAssignedIdentity.resource_name_"),
    "iot_hub": _rule("iot", 3, 50, _DASHED, "iothub:IotHubResource.resource_name_", unique=True),
    "key": _rule("key", 1, 127, _DASHES, "keyvault:Key.key_name"),
    "key_vault": _rule("kv", 3, 24, _SINGLE, "keyvault:Vault.vault_name", unique=True),
    "kubernetes_cluster": _rule("aks", 1, 63, _UNDERSCORED, "containerservice:ManagedCluster.resource_name_"),
    "kubernetes_extension": _rule("ext", 1, 253, _DASHED, "kubernetesconfiguration:Extension.extension_name"),
    "load_balancer": _rule("lb", 1, 80, _NETWORK, "network:LoadBalancer.load_balancer_name"),
    "lock": _rule("lock", 1, 90, _GROUP, "authorization:ManagementLockByScope.lock_name"),
    "log_analytics": _rule("log", 4, 63, _DASHED, "operationalinsights:Workspace.workspace_name"),
    "log_analytics_cluster": _rule("logc", 4, 63, _DASHED, "operationalinsights:Cluster.cluster_name"),
    "log_analytics_table": _rule("", 1, 63, _TABLE, "operationalinsights:Table.table_name", separator="_"),
    "machine_learning_registry": _rule("mlr", 3, 33, _WORDS, f"{_ML}Registry.registry_name", unique=True),
    "machine_learning_workspace": _rule("mlw", 3, 33, _WORDS, _WORKSPACE),
    "metric_alert": _rule("ma", 1, 260, _without(r"*#&+:<>?@%{}\/"), "monitor:MetricAlert.rule_name"),
    "nat_gateway": _rule("ng", 1, 80, _NETWORK, "network:NatGateway.nat_gateway_name"),
    "network_interface": _rule("nic", 1, 80, _NETWORK, "network:NetworkInterface.network_interface_name"),
    "network_security_group": _rule("nsg", 1, 80, _NETWORK, "network:NetworkSecurityGroup.network_security_group_name"),
    # Azure's limit for Linux pools; one of Windows takes 6 characters
    "node_pool": _rule("np", 1, 12, _LOWER_LETTER_PLAIN, "containerservice:AgentPool.agent_pool_name", separator=""),
    "online_deployment": _rule("dep", 3, 32, _SINGLE, f"{_ML}OnlineDeployment.deployment_name"),
    "online_endpoint": _rule("oep", 3, 32, _SINGLE, f"{_ML}OnlineEndpoint.endpoint_name", unique=True),
    "openai_account": _rule("oai", 2, 64, _ACCOUNT, _COGNITIVE, unique=True),
    # of managed networks; no source gives a rule, so this is what all of a workspace's other children may have
    "outbound_rule": _rule("", 1, 255, _ACCOUNT, f"{_ML}ManagedNetworkSettingsRule.rule_name"),
    # 64 characters are the limit of groups and subscriptions; management groups take 24
    "policy_assignment": _rule("pa", 1, 64, _POLICY, "authorization:PolicyAssignment.policy_assignment_name"),
    "policy_definition": _rule("pd", 1, 64, _POLICY, "authorization:PolicyDefinition.policy_definition_name"),
    "policy_exemption": _rule("pe", 1, 64, _POLICY, "authorization:PolicyExemption.policy_exemption_name"),
    "private_dns_link": _rule("pdnsl", 1, 80, _NETWORK, "privatedns:VirtualNetworkLink.virtual_network_link_name"),
    "private_dns_resolver": _rule("dnspr", 1, 80, _UNDERSCORED, "dnsresolver:DnsResolver.dns_resolver_name"),
    "private_endpoint": _rule("pep", 2, 64, _NETWORK, "network:PrivateEndpoint.private_endpoint_name"),
    "private_link_scope": _rule("ampls", 1, 255, _INSIGHTS, "monitor:PrivateLinkScope.scope_name"),
    "project": _rule("proj", 3, 33, _WORDS, _WORKSPACE),
    "prometheus_rule_group": _rule(
        "prg", 1, 260, _without(r"<>*%&:\?+/#"), "alertsmanagement:PrometheusRuleGroup.rule_group_name"
    ),
    "public_ip": _rule("pip", 1, 80, _NETWORK, "network:PublicIPAddress.public_ip_address_name"),
    "purview_account": _rule("pview", 3, 63, _BETWEEN, "purview:Account.account_name", unique=True),
    "resource_group": _rule("rg", 1, 90, _GROUP, "resources:ResourceGroup.resource_group_name"),
    "route": _rule("udr", 1, 80, _NETWORK, "network:Route.route_name"),
    "route_table": _rule("rt", 1, 80, _NETWORK, "network:RouteTable.route_table_name"),
    "scheduled_query_rule": _rule("sqr", 1, 260, _without(r"*<>%{}&:\?/#"), "monitor:ScheduledQueryRule.rule_name"),
    "secret": _rule("secret", 1, 127, _DASHES, "keyvault:Secret.secret_name"),
    "serverless_endpoint": _rule("sep", 3, 32, _SINGLE, f"{_ML}ServerlessEndpoint.name", unique=True),
    "service_bus_namespace": _rule("sbns", 6, 50, _LETTER_DASHED, "servicebus:Namespace.namespace_name", unique=True),
    "spark_pool": _rule("synsp", 1, 15, _LETTER_PLAIN, "synapse:BigDataPool.big_data_pool_name", separator=""),
    "storage_account": _rule(
        "st", 3, 24, _LOWER_PLAIN, "storage:StorageAccount.account_name", separator="", unique=True
    ),
    "storage_queue": _rule("queue", 3, 63, _LOWER, "storage:Queue.queue_name"),
    "storage_table": _rule("table", 3, 63, _LETTER_PLAIN, "storage:Table.table_name", separator=""),
    "subnet": _rule("snet", 1, 80, _NETWORK, "network:Subnet.subnet_name"),
    "synapse_workspace": _rule("synw", 1, 50, _LOWER_DASHED, "synapse:Workspace.workspace_name", unique=True),
    "trusted_access_binding": _rule(
        "", 1, 24, _DASHES, "containerservice:TrustedAccessRoleBinding.trusted_access_role_binding_name"
    ),
    "virtual_machine": _rule("vm", 1, 64, _DASHED, "compute:VirtualMachine.vm_name"),
    "virtual_network": _rule("vnet", 2, 64, _NETWORK, "network:VirtualNetwork.virtual_network_name"),
    "virtual_network_peering": _rule(
        "peer", 1, 80, _NETWORK, "network:VirtualNetworkPeering.virtual_network_peering_name"
    ),
    "web_application_firewall_policy": _rule(
        "waf", 1, 128, _NETWORK, "network:WebApplicationFirewallPolicy.policy_name"
    ),
}
"""ARM's name rules by kind of resource."""
