# SPDX-License-Identifier: Apache-2.0
"""What Azure's own pages and specifications say of names, to hold our rules against.

Each row is a regular expression of whole names, lengths included. Letters of other scripts are left out.
"""

NETWORK = r"[A-Za-z0-9]([A-Za-z0-9_.-]{%d,%d}[A-Za-z0-9_])?"
ALNUM_DASH = r"[A-Za-z0-9]([A-Za-z0-9-]{%d,%d}[A-Za-z0-9])"

# learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
PAGE = {
    "action_group": r"[^:<>+/&%\\?\x00-\x1f\x7f]{0,259}[^:<>+/&%\\?\x00-\x1f\x7f. ]",
    "activity_log_alert": r"[^<>*%{}&:\\?+/#\x00-\x1f\x7f]{0,259}[^<>*%{}&:\\?+/#\x00-\x1f\x7f. ]",
    "app_service_plan": r"[A-Za-z0-9-]{1,60}",
    "application_gateway": NETWORK % (0, 78),
    "application_insights": r"[^%&\\?/\x00-\x1f\x7f]{0,259}[^%&\\?/\x00-\x1f\x7f. ]",
    "automation_account": r"[A-Za-z][A-Za-z0-9-]{4,48}[A-Za-z0-9]",
    "blob_container": r"[a-z0-9]{3,40}(-[a-z0-9]{1,20})?",
    "budget": r"[A-Za-z0-9_-]{1,63}",
    "cognitive_account": ALNUM_DASH % (0, 62),
    "container_instance": r"[a-z0-9]{1,40}(-[a-z0-9]{1,20})?",
    "container_registry": r"[A-Za-z0-9]{5,50}",
    "data_factory": r"[A-Za-z0-9]{3,40}(-[A-Za-z0-9]{1,20})?",
    "databricks_workspace": r"[A-Za-z0-9][A-Za-z0-9_-]{2,63}",
    "datastore": r"[a-z0-9_]{1,255}",
    "device_provisioning": ALNUM_DASH % (1, 62),
    "event_grid_subscription": r"[A-Za-z0-9-]{3,64}",
    "event_grid_topic": r"[A-Za-z0-9-]{3,50}",
    "event_hub": r"[A-Za-z0-9]([A-Za-z0-9._-]{0,254}[A-Za-z0-9])?",
    "event_hub_consumer_group": r"[A-Za-z0-9]([A-Za-z0-9._-]{0,48}[A-Za-z0-9])?",
    "event_hub_namespace": r"[A-Za-z][A-Za-z0-9-]{4,48}[A-Za-z0-9]",
    "file_share": r"[a-z0-9]{3,40}(-[a-z0-9]{1,20})?",
    "firewall_policy": NETWORK % (0, 78),
    "front_door": ALNUM_DASH % (0, 258),
    "front_door_firewall_policy": r"[A-Za-z][A-Za-z0-9]{0,127}",
    "function_app": ALNUM_DASH % (0, 58),
    "identity": r"[A-Za-z0-9][A-Za-z0-9_-]{2,127}",
    "iot_hub": ALNUM_DASH % (1, 48),
    "key_vault": r"[A-Za-z][A-Za-z0-9]{2,12}(-[A-Za-z0-9]{1,10})?",
    "kubernetes_cluster": r"[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?",
    "load_balancer": NETWORK % (0, 78),
    "lock": r"[A-Za-z0-9._()-]{0,89}[A-Za-z0-9_()-]",
    "log_analytics": ALNUM_DASH % (2, 61),
    "log_analytics_cluster": ALNUM_DASH % (2, 61),
    "machine_learning_workspace": r"[A-Za-z0-9][A-Za-z0-9-]{2,32}",
    "metric_alert": r"[^*#&+:<>?@%{}\\/\x00-\x1f\x7f]{0,259}[^*#&+:<>?@%{}\\/\x00-\x1f\x7f. ]",
    "network_interface": NETWORK % (0, 78),
    "network_security_group": NETWORK % (0, 78),
    "policy_assignment": r"[^<>*%&:\\?.+/\x00-\x1f\x7f]{0,63}[^<>*%&:\\?.+/\x00-\x1f\x7f ]",
    "policy_definition": r"[^<>*%&:\\?.+/\x00-\x1f\x7f]{0,63}[^<>*%&:\\?.+/\x00-\x1f\x7f ]",
    "policy_exemption": r"[^<>*%&:\\?.+/\x00-\x1f\x7f]{0,63}[^<>*%&:\\?.+/\x00-\x1f\x7f ]",
    "private_dns_link": NETWORK % (0, 78),
    "private_dns_resolver": r"[A-Za-z0-9]([A-Za-z0-9_-]{0,78}[A-Za-z0-9])?",
    "private_endpoint": r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}[A-Za-z0-9_]",
    "public_ip": NETWORK % (0, 78),
    "resource_group": r"[A-Za-z0-9._()-]{0,89}[A-Za-z0-9_()-]",
    "route": NETWORK % (0, 78),
    "route_table": NETWORK % (0, 78),
    "scheduled_query_rule": r"[^*<>%{}&:\\?/#\x00-\x1f\x7f]{0,259}[^*<>%{}&:\\?/#\x00-\x1f\x7f. ]",
    "secret": r"[A-Za-z0-9-]{1,127}",
    "service_bus_namespace": r"[A-Za-z][A-Za-z0-9-]{4,48}[A-Za-z0-9]",
    "spark_pool": r"[A-Za-z][A-Za-z0-9]{0,14}",
    "storage_account": r"[a-z0-9]{3,24}",
    "storage_queue": r"[a-z0-9]{3,40}(-[a-z0-9]{1,20})?",
    "storage_table": r"[A-Za-z][A-Za-z0-9]{2,62}",
    "subnet": NETWORK % (0, 78),
    "synapse_workspace": r"[a-z0-9]([a-z0-9-]{0,9}[a-z0-9])?",
    "virtual_network": r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}[A-Za-z0-9_]",
    "virtual_network_peering": NETWORK % (0, 78),
}

# Path parameters of Azure/azure-rest-api-specs, by the file's service
SPECIFICATIONS = {
    # containerservice
    "node_pool": r"[a-z][a-z0-9]{0,11}",
    "trusted_access_binding": r"[A-Za-z0-9-]{1,24}",
    # cognitiveservices
    "openai_account": r"[A-Za-z0-9][A-Za-z0-9_.-]{1,63}",
    # databricks
    "databricks_connector": r"[A-Za-z0-9][A-Za-z0-9_-]{2,63}",
    # eventgrid
    "event_grid_system_topic": r"[A-Za-z0-9-]{3,50}",
    # keyvault
    "certificate": r"[A-Za-z0-9-]{1,127}",
    "key": r"[A-Za-z0-9-]{1,127}",
    # machinelearningservices
    "compute": r"[A-Za-z][A-Za-z0-9]{2,23}",
    "compute_instance": r"[A-Za-z][A-Za-z0-9]{2,23}",
    "feature_set": r"[A-Za-z0-9][A-Za-z0-9_-]{0,254}",
    "feature_store": r"[A-Za-z0-9][A-Za-z0-9_-]{2,32}",
    "feature_store_entity": r"[A-Za-z0-9][A-Za-z0-9_-]{0,254}",
    "hub": r"[A-Za-z0-9][A-Za-z0-9_-]{2,32}",
    "machine_learning_registry": r"[A-Za-z0-9][A-Za-z0-9_-]{2,32}",
    "project": r"[A-Za-z0-9][A-Za-z0-9_-]{2,32}",
    # monitor
    "azure_monitor_workspace": r"[A-Za-z0-9][A-Za-z0-9-]{0,258}[A-Za-z0-9]",
    # msi
    "federated_credential": r"[A-Za-z0-9][A-Za-z0-9_-]{2,119}",
    # network; its specification says no more of the policy's name
    "web_application_firewall_policy": r"[A-Za-z0-9]{1,128}",
    "firewall": NETWORK % (0, 54),
    # operationalinsights
    "data_export": r"[A-Za-z][A-Za-z0-9-]{2,61}[A-Za-z0-9]",
    # purview
    "purview_account": r"[A-Za-z0-9]{3,40}(-[A-Za-z0-9]{1,20})?",
    # search
    "ai_search": r"[a-z0-9]{2,40}(-[a-z0-9]{1,19})?",
}

# learn.microsoft.com/azure/machine-learning/how-to-manage-quotas
ENDPOINT = r"[A-Za-z][A-Za-z0-9]{2,15}(-[A-Za-z0-9]{1,15})?"
ENDPOINTS = ("batch_deployment", "batch_endpoint", "online_deployment", "online_endpoint", "serverless_endpoint")

# Validation of hashicorp/terraform-provider-azurerm
PROVIDER = {
    "arc_cluster": r"[A-Za-z0-9_-]{1,260}",
    "diagnostic_setting": r"[^<>*%&:\\?+/\x00-\x1f\x7f]{0,259}[^<>*%&:\\?+/\x00-\x1f\x7f. ]",
    "front_door_endpoint": ALNUM_DASH % (0, 44),
    "front_door_origin": ALNUM_DASH % (0, 88),
    "front_door_origin_group": ALNUM_DASH % (0, 88),
    "front_door_route": ALNUM_DASH % (0, 88),
    "front_door_security_policy": ALNUM_DASH % (0, 88),
    "grafana": r"[A-Za-z][A-Za-z0-9-]{0,21}[A-Za-z0-9]",
    "private_link_scope": r"[A-Za-z0-9()._-]{0,254}[A-Za-z0-9_-]",
}

# Table of aztfmod/terraform-provider-azurecaf
TABLE = {
    "data_collection_endpoint": ALNUM_DASH % (1, 42),
    "data_collection_rule": ALNUM_DASH % (1, 42),
}

PUBLISHED = [
    *PAGE.items(),
    *SPECIFICATIONS.items(),
    *((kind, ENDPOINT) for kind in ENDPOINTS),
    *PROVIDER.items(),
    *TABLE.items(),
    # where the specification is wider than the page
    ("cognitive_account", SPECIFICATIONS["openai_account"]),
    ("machine_learning_workspace", SPECIFICATIONS["hub"]),
]
