# SPDX-License-Identifier: Apache-2.0
"""Azure Machine Learning workspaces."""

from typing import Any

from pulumi_azure_native import machinelearningservices as ml

import groundplan as gp
from tests.policies.checkov.reviewed.ground import Ground

WORKSPACES: dict[str, Any] = {
    "mlw-closed": {"public_network_access": "Disabled"},
    "mlw-open": {"public_network_access": "Enabled"},
    "mlw-bare": {},
}


def declare(ground: Ground) -> None:
    """Three, and two of our component."""
    vault = gp.KeyVault(
        "ml-vault",
        gp.KeyVaultArgs(
            resource_group_name=ground.group_name,
            tenant_id=ground.tenant_id,
            vault_name="kv-ml",
            private_endpoint=ground.placement,
        ),
    )
    data = gp.Storage(
        "ml-data",
        gp.StorageArgs(resource_group_name=ground.group_name, account_name="stml", private_endpoint=ground.placement),
    )
    for name, arguments in WORKSPACES.items():
        ml.Workspace(
            name,
            workspace_name=name,
            resource_group_name=ground.group_name,
            identity={"type": "SystemAssigned"},
            key_vault=vault.id,
            storage_account=data.id,
            **arguments,
        )
    gp.Workspace(
        "component-workspace",
        gp.WorkspaceArgs(
            resource_group_name=ground.group_name,
            workspace_name="mlw-component",
            key_vault_id=vault.id,
            storage_account_id=data.id,
            private_endpoint=ground.placement,
            managed_network="AllowOnlyApprovedOutbound",
        ),
    )
    gp.Workspace(
        "component-open-workspace",
        gp.WorkspaceArgs(
            resource_group_name=ground.group_name,
            workspace_name="mlw-component-open",
            key_vault_id=vault.id,
            storage_account_id=data.id,
            public_network_access=True,
        ),
    )
