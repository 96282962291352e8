# SPDX-License-Identifier: Apache-2.0
"""Packs run inside the real engine, at preview and at update, as `pulumi preview --policy-pack` does it."""

from __future__ import annotations

from tests.provider.conftest import Stack

PROGRAM = """
import pulumi
from pulumi_azure_native import keyvault, machinelearningservices as ml, resources, storage

group = resources.ResourceGroup("group", resource_group_name="rg-shore")
ml.Workspace(
    "mlw",
    resource_group_name=group.name,
    workspace_name="mlw-shore",
    identity=ml.ManagedServiceIdentityArgs(type="SystemAssigned"),
    public_network_access={access!r},
)
"""


def test_violation_stops_the_update(stack: Stack, baseline: str) -> None:
    """A mandatory rule stops preview and update, and says which property, its value, and how to mend it."""
    stack.write(PROGRAM.format(access="Enabled"))

    said = stack.pulumi("preview", "--policy-pack", baseline, code=255)

    assert "[mandatory]" in said
    assert "GP-AML-001: properties.publicNetworkAccess is 'Enabled'; 'Disabled' is needed" in said
