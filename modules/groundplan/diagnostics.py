# SPDX-License-Identifier: Apache-2.0
"""What each type of resource can send to Azure Monitor: logs, audit logs, metrics.

Azure refuses a diagnostic setting that names a category the type lacks, so a component must know.

Sources:
    Which types have logs and metrics: learn.microsoft.com/azure/azure-monitor/reference/logs-index.
    Category groups: the types that two initiatives of Azure Policy list for each, `allLogs` and `audit`,
    built-in-policies/policySetDefinitions/Monitoring/AzureMonitor_DiagSettings_logAnalytics_{allLogs,audit}.json of
    Azure/azure-policy. They leave out AKS, the services of storage accounts and App Service, which have `allLogs` in the
    examples of Azure's own modules; for `audit` of the first two there is no more than what the portal shows.
A type whose logs no source puts in a category group sends metrics only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from groundplan.errors import ArgumentError


@dataclass(frozen=True, kw_only=True)
class Sends:
    """What a type of resource sends."""

    logs: bool = True
    """It has resource logs, in the category group `allLogs`."""
    audit: bool = False
    """It has the category group `audit` as well."""
    metrics: bool = True
    """It has platform metrics, as `AllMetrics`."""


_BOTH: Final = Sends()
_AUDITED: Final = Sends(audit=True)
_METRICS: Final = Sends(logs=False)
_LOGS: Final = Sends(metrics=False)
_NOTHING: Final = Sends(logs=False, metrics=False)

SENDS: Final[Mapping[str, Sends]] = {
    "Microsoft.Authorization/locks": _NOTHING,
    "Microsoft.Automation/automationAccounts": _AUDITED,
    "Microsoft.Cdn/profiles": _AUDITED,
    "Microsoft.CognitiveServices/accounts": _AUDITED,
    "Microsoft.Compute/virtualMachines": _METRICS,
    "Microsoft.ContainerInstance/containerGroups": _BOTH,
    "Microsoft.ContainerRegistry/registries": _AUDITED,
    "Microsoft.ContainerService/managedClusters": _AUDITED,
    "Microsoft.DBforPostgreSQL/flexibleServers": _AUDITED,
    "Microsoft.Dashboard/grafana": _AUDITED,
    "Microsoft.DataFactory/factories": _BOTH,
    # the premium tier only
    "Microsoft.Databricks/workspaces": _LOGS,
    "Microsoft.Devices/IotHubs": _AUDITED,
    "Microsoft.Devices/provisioningServices": _BOTH,
    "Microsoft.EventGrid/systemTopics": _BOTH,
    "Microsoft.EventGrid/topics": _AUDITED,
    "Microsoft.EventHub/namespaces": _AUDITED,
    "Microsoft.Insights/actionGroups": _NOTHING,
    "Microsoft.Insights/autoscalesettings": _BOTH,
    "Microsoft.Insights/components": _BOTH,
    "Microsoft.Insights/privateLinkScopes": _NOTHING,
    "Microsoft.Insights/workbooks": _NOTHING,
    "Microsoft.KeyVault/managedHSMs": _AUDITED,
    "Microsoft.KeyVault/vaults": _AUDITED,
    "Microsoft.Kubernetes/connectedClusters": _METRICS,
    "Microsoft.MachineLearningServices/registries": Sends(audit=True, metrics=False),
    "Microsoft.MachineLearningServices/workspaces": _AUDITED,
    "Microsoft.MachineLearningServices/workspaces/batchEndpoints": _NOTHING,
    "Microsoft.MachineLearningServices/workspaces/computes": _NOTHING,
    "Microsoft.MachineLearningServices/workspaces/onlineEndpoints": _BOTH,
    "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments": _METRICS,
    "Microsoft.MachineLearningServices/workspaces/serverlessEndpoints": _NOTHING,
    "Microsoft.ManagedIdentity/userAssignedIdentities": _NOTHING,
    "Microsoft.Monitor/accounts": _METRICS,
    "Microsoft.Network/applicationGateways": _BOTH,
    "Microsoft.Network/azureFirewalls": _BOTH,
    "Microsoft.Network/bastionHosts": _AUDITED,
    "Microsoft.Network/frontDoors": _AUDITED,
    "Microsoft.Network/loadBalancers": _BOTH,
    "Microsoft.Network/natGateways": _METRICS,
    "Microsoft.Network/networkInterfaces": _METRICS,
    "Microsoft.Network/networkSecurityGroups": _LOGS,
    "Microsoft.Network/privateDnsZones": _METRICS,
    "Microsoft.Network/privateEndpoints": _METRICS,
    "Microsoft.Network/publicIPAddresses": _AUDITED,
    "Microsoft.Network/routeTables": _NOTHING,
    "Microsoft.Network/virtualNetworks": _BOTH,
    "Microsoft.OperationalInsights/workspaces": _AUDITED,
    "Microsoft.Purview/accounts": _AUDITED,
    "Microsoft.Search/searchServices": _AUDITED,
    "Microsoft.ServiceBus/namespaces": _AUDITED,
    # the account itself has metrics; logs belong to its four services
    "Microsoft.Storage/storageAccounts": _METRICS,
    "Microsoft.Storage/storageAccounts/blobServices": _AUDITED,
    "Microsoft.Storage/storageAccounts/fileServices": _AUDITED,
    "Microsoft.Storage/storageAccounts/queueServices": _AUDITED,
    "Microsoft.Storage/storageAccounts/tableServices": _AUDITED,
    "Microsoft.Synapse/workspaces": _AUDITED,
    "Microsoft.Synapse/workspaces/bigDataPools": _AUDITED,
    "Microsoft.Synapse/workspaces/sqlPools": _AUDITED,
    "Microsoft.Web/serverfarms": _METRICS,
    "Microsoft.Web/sites": _BOTH,
}
"""What a type sends, by its ARM type."""

_BY_LOWER: Final = {kind.lower(): sends for kind, sends in SENDS.items()}


def sends(arm_type: str) -> Sends:
    """What resources of an ARM type send; `ArgumentError` for a type that the table lacks."""
    try:
        return _BY_LOWER[arm_type.lower()]
    except KeyError:
        near = get_close_matches(arm_type, SENDS, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise ArgumentError(
            f"diagnostics: what {arm_type!r} sends is not known; {hint}add it to groundplan.diagnostics.SENDS"
        ) from None


def log_groups(arm_type: str, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """The category groups of `wanted` that the type has; `audit` becomes `allLogs` where it has no group of its own.

    Empty for a type without logs: such a type sends metrics only.
    """
    known = sends(arm_type)
    if not known.logs:
        return ()
    if known.audit:
        return wanted
    return tuple(dict.fromkeys("allLogs" if group == "audit" else group for group in wanted))
