# SPDX-License-Identifier: Apache-2.0
"""Every component with required arguments alone, and with those that are required of these: a function for each page."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable

from tests.modules.surroundings import Surroundings

Build = Callable[[Surroundings], None]

CONDITIONAL = {
    "AiSearch": {"private_endpoint": "it is not public"},
    "AiServices": {"private_endpoint": "it is not public"},
    "AksCluster": {
        "subnet_id": "the way out is the subnet's NAT gateway",
        "system": "one pool runs Kubernetes' own pods",
    },
    "AlertRules": {"metrics": "there is a rule"},
    "ArcCluster": {"private_link_scope_id": "it is not public"},
    "AzureMonitorWorkspace": {"private_endpoint": "it is not public"},
    "Budget": {"contact_emails": "somebody is told"},
    "ComputeCluster": {"subnet_id": "nodes have no public address"},
    "ComputeInstance": {"subnet_id": "it has no public address"},
    "ContainerInstance": {"subnet_id": "it has no public address"},
    "ContainerRegistry": {"private_endpoint": "it is not public"},
    "CustomRole": {"actions": "a role allows something"},
    "DataFactory": {"private_endpoint": "it is not public"},
    "DatabricksWorkspace": {
        "virtual_network_id": "clusters are in no network of Azure's",
        "host_subnet_name": "the network is given",
        "container_subnet_name": "the network is given",
        "private_endpoint": "it is not public",
    },
    "DeviceProvisioning": {"private_endpoint": "it is not public"},
    "EventGridTopic": {"private_endpoint": "it is not public"},
    "EventHubs": {"private_endpoint": "it is not public"},
    "FeatureStore": {
        "offline_account_name": "features are kept in no account that there is",
        "private_endpoint": "it is not public",
    },
    "FederatedCredentials": {"environment": "a trust names what of the repository it is for"},
    "FunctionApp": {"private_endpoint": "it is not public"},
    "IotHub": {"private_endpoint": "it is not public"},
    "KeyVault": {"private_endpoint": "it is not public"},
    "MachineLearningRegistry": {"private_endpoint": "it is not public"},
    "ManagedGrafana": {"private_endpoint": "it is not public"},
    "PersonaRoles": {"workspace": "roles are on something"},
    "PurviewAccount": {"private_endpoint": "it is not public"},
    "Storage": {"private_endpoint": "it is not public"},
    "SynapseWorkspace": {"private_endpoint": "it is not public"},
    "Workspace": {
        "key_vault_id": "it is no project",
        "storage_account_id": "it is no project",
        "private_endpoint": "it is not public",
    },
}
"""Arguments with a default that the components refuse to do without, and why: by component."""


def builds() -> dict[str, Build]:
    """What declares the component of a page, by the page's name."""
    found: dict[str, Build] = {}
    for module in pkgutil.iter_modules(__path__):
        named = importlib.import_module(f"{__name__}.{module.name}")
        for name, build in inspect.getmembers(named, inspect.isfunction):
            if build.__module__ == named.__name__:
                found[name.replace("_", "-")] = build
    return found
