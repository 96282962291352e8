# SPDX-License-Identifier: Apache-2.0
"""AI services, Cosmos DB, Event Hubs and Databricks."""

from typing import Any

import pulumi
from pulumi_azure_native import cognitiveservices, cosmosdb, databricks, eventhub

import groundplan as gp
from tests.policies.checkov.reviewed.ground import Ground

ANALYSTS: dict[str, Any] = {
    "ai-closed": {
        "identity": {"type": "SystemAssigned"},
        "properties": {
            "public_network_access": "Disabled",
            "disable_local_auth": True,
            "custom_sub_domain_name": "ai-closed",
        },
    },
    "ai-open": {"properties": {"public_network_access": "Enabled"}},
    "ai-office": {
        "properties": {
            "public_network_access": "Enabled",
            "custom_sub_domain_name": "ai-office",
            "network_acls": {"default_action": "Deny", "ip_rules": [{"value": "203.0.113.0/28"}]},
        }
    },
    "ai-no-identity": {"identity": {"type": "None"}, "properties": {"public_network_access": "Disabled"}},
}
DOCUMENTS: dict[str, Any] = {
    "cosmos-closed": {"kind": "GlobalDocumentDB", "public_network_access": "Disabled", "disable_local_auth": True},
    "cosmos-open": {"kind": "GlobalDocumentDB", "public_network_access": "Enabled"},
    "cosmos-perimeter": {"kind": "GlobalDocumentDB", "public_network_access": "SecuredByPerimeter"},
    "cosmos-gremlin": {
        "kind": "GlobalDocumentDB",
        "public_network_access": "Disabled",
        "capabilities": [{"name": "EnableGremlin"}],
    },
    "cosmos-mongo": {"kind": "MongoDB", "public_network_access": "Disabled"},
}
HUBS: dict[str, Any] = {
    "evhns-tls12": {"minimum_tls_version": "1.2"},
    "evhns-tls10": {"minimum_tls_version": "1.0"},
    "evhns-bare": {},
}
LAKES: dict[str, Any] = {
    "dbw-closed": {"public_network_access": "Disabled", "required_nsg_rules": "NoAzureDatabricksRules"},
    "dbw-open": {"public_network_access": "Enabled"},
    "dbw-bare": {},
}


def declare(ground: Ground) -> None:
    """Each of them alone, and of our components."""
    group = ground.group_name
    for name, arguments in ANALYSTS.items():
        cognitiveservices.Account(
            name, account_name=name, resource_group_name=group, kind="AIServices", sku={"name": "S0"}, **arguments
        )
    for name, arguments in DOCUMENTS.items():
        cosmosdb.DatabaseAccount(
            name,
            account_name=name,
            resource_group_name=group,
            database_account_offer_type=cosmosdb.DatabaseAccountOfferType.STANDARD,
            locations=[{"location_name": "westeurope", "failover_priority": 0}],
            **arguments,
        )
    for name, arguments in HUBS.items():
        eventhub.Namespace(name, namespace_name=name, resource_group_name=group, sku={"name": "Standard"}, **arguments)
    for name, arguments in LAKES.items():
        databricks.Workspace(
            name,
            workspace_name=name,
            resource_group_name=group,
            compute_mode="Hybrid",
            managed_resource_group_id=pulumi.Output.concat(ground.group_id, f"-{name}"),
            sku={"name": "premium"},
            **arguments,
        )
    _components(ground)


def _components(ground: Ground) -> None:
    gp.AiServices(
        "component-ai",
        gp.AiServicesArgs(
            resource_group_name=ground.group_name, account_name="ai-component", private_endpoint=ground.placement
        ),
    )
    gp.AiServices(
        "component-open-ai",
        gp.AiServicesArgs(
            resource_group_name=ground.group_name, account_name="ai-component-open", public_network_access=True
        ),
    )
    gp.EventHubs(
        "component-events",
        gp.EventHubsArgs(
            resource_group_name=ground.group_name, namespace_name="evhns-component", private_endpoint=ground.placement
        ),
    )
    gp.DatabricksWorkspace(
        "component-lake",
        gp.DatabricksWorkspaceArgs(
            resource_group_name=ground.group_name,
            workspace_name="dbw-component",
            managed_resource_group_id=pulumi.Output.concat(ground.group_id, "-dbw-component"),
            azure_managed_network=True,
            public_network_access=True,
        ),
    )
