# SPDX-License-Identifier: Apache-2.0
"""Clusters without local accounts, and the workspaces that they trust."""

from __future__ import annotations

import pytest

from .conftest import Workspaces, refused

pytestmark = pytest.mark.azure_assumed


def test_a_cluster_without_local_accounts_trusts_the_workspace_first(workspaces: Workspaces):
    workspaces.made("serve")
    cluster = f"{workspaces.group}/providers/Microsoft.ContainerService/managedClusters/closed"
    pools = [{"name": "system", "mode": "System", "count": 1}]
    aks = {
        "location": "westeurope",
        "identity": {"type": "SystemAssigned"},
        "properties": {"agentPoolProfiles": pools, "disableLocalAccounts": True, "aadProfile": {"managed": True}},
    }
    installed = {"properties": {"extensionType": "Microsoft.AzureML.Kubernetes"}}
    extension = f"{cluster}/providers/Microsoft.KubernetesConfiguration/extensions/ml"
    assert workspaces.azure.arm("PUT", cluster, aks, api_version="2025-09-01").is_success
    assert workspaces.azure.arm("PUT", extension, installed, api_version="2023-05-01").is_success
    attached = {"properties": {"computeType": "Kubernetes", "resourceId": cluster, "properties": {"namespace": "ml"}}}

    refused(workspaces.call("PUT", "serve/computes/k8s", attached), "UserError", "trusted access role binding")

    binding = {
        "properties": {
            "sourceResourceId": workspaces.id("serve"),
            "roles": ["Microsoft.MachineLearningServices/workspaces/mlworkload"],
        }
    }
    path = f"{cluster}/trustedAccessRoleBindings/ml"
    assert workspaces.azure.arm("PUT", path, binding, api_version="2025-09-01").is_success
    assert workspaces.call("PUT", "serve/computes/k8s", attached).is_success
