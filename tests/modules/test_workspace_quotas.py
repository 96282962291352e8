# SPDX-License-Identifier: Apache-2.0
"""Quotas of a workspace on the real engine: set, changed, drifted, refused, taken away."""

from typing import Any

from tests.fixtures.azure import RunningAzure
from tests.provider.conftest import Stack

PROGRAM = """
import groundplan as gp
import pulumi
from pulumi_azure_native import authorization, resources

group = resources.ResourceGroup("group", resource_group_name="rg-quotas", location="westeurope")
vault = gp.KeyVault(
    "vault",
    gp.KeyVaultArgs(
        resource_group_name=group.name,
        tenant_id=authorization.get_client_config().tenant_id,
        public_network_access=True,
        vault_name="kv-quotas-of-test",
    ),
)
data = gp.Storage(
    "data", gp.StorageArgs(resource_group_name=group.name, public_network_access=True, account_name="stquotasoftest")
)
workspace = gp.Workspace(
    "mlw-quotas",
    gp.WorkspaceArgs(
        resource_group_name=group.name, key_vault_id=vault.id, storage_account_id=data.id, public_network_access=True
    ),
)
limits = pulumi.Config().require_object("limits")
quotas = gp.WorkspaceQuotas("quotas", gp.WorkspaceQuotasArgs(workspace_id=workspace.id, limits=limits))
pulumi.export("limits", quotas.limits)
"""
STEM = "/providers/Microsoft.MachineLearningServices/locations/westeurope"


def limits(stack: Stack, given: str) -> None:
    stack.pulumi("config", "set", "limits", given)


def kept(stack: Stack) -> dict[str, Any]:
    kind = "pulumi-python:dynamic/groundplan:WorkspaceQuotas"
    return next(row for row in stack.state()["deployment"]["resources"] if row["type"] == kind)


def in_azure(azure: RunningAzure) -> dict[str, int]:
    path = f"/subscriptions/{azure.subscription_id}{STEM}/quotas"
    found: list[dict[str, Any]] = azure.arm("GET", path, api_version="2024-10-01").json()["value"]
    return {each["id"].rpartition("/")[2]: each["limit"] for each in found if "/rg-quotas/" in each["id"]}


def test_a_life(stack: Stack, azure: RunningAzure) -> None:
    """Families in any case; what was changed elsewhere shows at a refresh, and the next up puts it back."""
    (stack.folder / "__main__.py").write_text(PROGRAM)
    limits(stack, '{"STANDARDDSV2FAMILY": 24, "standardNCSv3Family": 0}')
    stack.preview()
    assert in_azure(azure) == {}
    stack.up()
    assert in_azure(azure) == {"standardDSv2Family": 24, "standardNCSv3Family": 0}
    stack.unchanged()

    subscription = f"/subscriptions/{azure.subscription_id}"
    workspace = (
        f"{subscription}/resourceGroups/rg-quotas/providers/Microsoft.MachineLearningServices/workspaces/mlw-quotas"
    )
    drift = {"value": [{"id": f"{workspace}/quotas/standardDSv2Family", "limit": 50}]}
    azure.arm("POST", f"{subscription}{STEM}/updateQuotas", drift, api_version="2024-10-01")
    stack.refresh()
    assert kept(stack)["outputs"]["limits"] == {"STANDARDDSV2FAMILY": 50, "standardNCSv3Family": 0}

    assert "~ STANDARDDSV2FAMILY : 50 => 24" in stack.preview()

    limits(stack, '{"STANDARDDSV2FAMILY": 12}')
    stack.up()
    assert in_azure(azure) == {"standardDSv2Family": 12}

    limits(stack, '{"standardDSv2Famly": 12}')
    assert "no VM family 'standardDSv2Famly' in westeurope; near are standardDSv2Family" in stack.up(code=1)
    limits(stack, '{"standardDSv2Family": 1000}')
    said = stack.up(code=1)
    assert "standardDSv2Family = 1000: InvalidQuotaExceedsSubscriptionLimit (the subscription has less" in said
    assert in_azure(azure) == {"standardDSv2Family": 12}
    assert set(kept(stack)["outputs"]) == {"__provider", "workspaceId", "limits"}, "and nothing of a login"

    (stack.folder / "__main__.py").write_text(PROGRAM.partition("limits = ")[0])
    stack.up()
    assert in_azure(azure) == {}
    stack.destroy()
