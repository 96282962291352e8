# SPDX-License-Identifier: Apache-2.0
"""Components of an Azure Machine Learning platform, for Pulumi programs in Python."""

from groundplan.budget import Alert, Budget, BudgetArgs
from groundplan.compute import ComputeCluster, ComputeClusterArgs
from groundplan.container_registry import ContainerRegistry, ContainerRegistryArgs
from groundplan.dns import PrivateDns, PrivateDnsArgs
from groundplan.errors import ArgumentError, ConfigError, ContractError, GroundplanError
from groundplan.identity import Identity, IdentityArgs, RoleOn
from groundplan.interfaces import CustomerKey, Diagnostics, Lock, PrivateEndpoint, RoleGrant
from groundplan.monitoring import Monitoring, MonitoringArgs
from groundplan.naming import Names
from groundplan.network import Network, NetworkArgs, Subnet
from groundplan.private_link import PrivateLink, PrivateLinkArgs
from groundplan.security_rules import SecurityRule, endpoint_rules, training_rules
from groundplan.storage import Storage, StorageArgs
from groundplan.vault import KeyVault, KeyVaultArgs
from groundplan.workspace import Workspace, WorkspaceArgs

__all__ = [
    "Alert",
    "ArgumentError",
    "Budget",
    "BudgetArgs",
    "ComputeCluster",
    "ComputeClusterArgs",
    "ConfigError",
    "ContainerRegistry",
    "ContainerRegistryArgs",
    "ContractError",
    "CustomerKey",
    "Diagnostics",
    "GroundplanError",
    "Identity",
    "IdentityArgs",
    "KeyVault",
    "KeyVaultArgs",
    "Lock",
    "Monitoring",
    "MonitoringArgs",
    "Names",
    "Network",
    "NetworkArgs",
    "PrivateDns",
    "PrivateDnsArgs",
    "PrivateEndpoint",
    "PrivateLink",
    "PrivateLinkArgs",
    "RoleGrant",
    "RoleOn",
    "SecurityRule",
    "Storage",
    "StorageArgs",
    "Subnet",
    "Workspace",
    "WorkspaceArgs",
    "endpoint_rules",
    "training_rules",
]
