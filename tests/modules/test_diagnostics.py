# SPDX-License-Identifier: Apache-2.0
"""What is sent of each type of resource."""

import pytest

from groundplan.diagnostics import SENDS, log_groups, sends
from groundplan.errors import ArgumentError

# Of the types in our table. Source: AzureMonitor_DiagSettings_logAnalytics_audit.json of Azure/azure-policy
AUDIT = """
    automation/automationaccounts cdn/profiles cognitiveservices/accounts containerregistry/registries dashboard/grafana
    dbforpostgresql/flexibleservers devices/iothubs eventgrid/topics eventhub/namespaces keyvault/managedhsms keyvault/vaults
    machinelearningservices/registries machinelearningservices/workspaces network/bastionhosts network/frontdoors
    network/publicipaddresses operationalinsights/workspaces purview/accounts search/searchservices servicebus/namespaces
    synapse/workspaces synapse/workspaces/bigdatapools synapse/workspaces/sqlpools
"""
# The same of AzureMonitor_DiagSettings_logAnalytics_allLogs.json, beyond those of AUDIT
ALL_LOGS = """
    containerinstance/containergroups databricks/workspaces datafactory/factories devices/provisioningservices
    eventgrid/systemtopics insights/autoscalesettings insights/components machinelearningservices/workspaces/onlineendpoints
    network/applicationgateways network/azurefirewalls network/loadbalancers network/networksecuritygroups
    network/virtualnetworks
"""
# Left out of both initiatives, with logs in Azure Monitor's reference
UNLISTED = """
    containerservice/managedclusters storage/storageaccounts/blobservices storage/storageaccounts/fileservices
    storage/storageaccounts/queueservices storage/storageaccounts/tableservices web/sites
"""
# "N/A", or not there, in the column of metrics of learn.microsoft.com/azure/azure-monitor/reference/logs-index
NO_METRICS = """
    authorization/locks databricks/workspaces insights/actiongroups insights/privatelinkscopes insights/workbooks
    machinelearningservices/registries machinelearningservices/workspaces/batchendpoints
    machinelearningservices/workspaces/computes machinelearningservices/workspaces/serverlessendpoints
    managedidentity/userassignedidentities network/networksecuritygroups network/routetables
"""


def test_table_is_that_of_azure() -> None:
    """Category groups and metrics are those that Azure's own lists give, type by type."""
    lists = {kind.removeprefix("microsoft."): sends for kind, sends in ((each.lower(), SENDS[each]) for each in SENDS)}

    assert sorted(kind for kind, sends in lists.items() if sends.audit and kind not in UNLISTED.split()) == sorted(
        AUDIT.split()
    )
    assert sorted(kind for kind, sends in lists.items() if sends.logs) == sorted(f"{AUDIT}{ALL_LOGS}{UNLISTED}".split())
    assert sorted(kind for kind, sends in lists.items() if not sends.metrics) == sorted(NO_METRICS.split())


def test_types_are_found_whatever_their_case() -> None:
    """ARM answers types in more than one spelling."""
    assert sends("microsoft.keyvault/VAULTS").audit


@pytest.mark.parametrize("arm_type", SENDS)
def test_no_group_is_asked_for_that_a_type_lacks(arm_type: str) -> None:
    groups = log_groups(arm_type, ("audit", "allLogs"))

    assert bool(groups) == SENDS[arm_type].logs
    assert ("audit" in groups) == SENDS[arm_type].audit
    assert len(groups) == len(set(groups))


def test_audit_alone_becomes_all_logs() -> None:
    """Rather too much than nothing, where Azure keeps no audit logs apart."""
    assert log_groups("Microsoft.DataFactory/factories", ("audit",)) == ("allLogs",)
    assert log_groups("Microsoft.KeyVault/vaults", ("audit",)) == ("audit",)


def test_unknown_type() -> None:
    with pytest.raises(ArgumentError, match=r"did you mean .Microsoft\.KeyVault/vaults"):
        sends("Microsoft.KeyVault/vault")
