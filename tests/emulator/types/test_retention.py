# SPDX-License-Identifier: Apache-2.0
"""Soft-deleted resources wait as long as Azure keeps them, by the emulator's clock; then their names are free."""

from __future__ import annotations

import pytest

from tests.fixtures.azure import RunningAzure

DAY = 24 * 3600


@pytest.mark.azure_spec
def test_retention_ends(fresh_azure: RunningAzure):
    azure = fresh_azure
    group = azure.group("rg")
    vault, logs = (
        f"{group}/providers/Microsoft.KeyVault/vaults/kept",
        f"{group}/providers/Microsoft.OperationalInsights/workspaces/logs",
    )
    properties = {
        "tenantId": azure.tenant_id,
        "sku": {"family": "A", "name": "standard"},
        "enableRbacAuthorization": True,
        "enablePurgeProtection": True,
        "softDeleteRetentionInDays": 20,
    }

    def put(path: str, version: str, **body: object) -> int:
        return azure.arm("PUT", path, {"location": "westeurope", **body}, api_version=version).status_code

    def waiting() -> set[str]:
        return {found.rsplit("/", 1)[1] for found in azure.status()["soft_deleted"]}

    put(vault, "2024-11-01", properties=properties)
    put(logs, "2023-09-01", properties={})
    azure.arm("PUT", f"{vault}/secrets/gone", {"properties": {"value": "x"}}, api_version="2024-11-01")
    azure.arm("DELETE", f"{vault}/secrets/gone", api_version="2024-11-01")

    assert waiting() == {"gone"}
    azure.arm("DELETE", "/resourceGroups/rg")
    azure.group("rg")

    assert waiting() == {"gone", "kept", "logs"}
    assert put(vault, "2024-11-01", properties=properties) == 409
    azure.clock(advance=15 * DAY)
    assert waiting() == {"gone", "kept"}
    azure.clock(advance=6 * DAY)
    assert waiting() == set()
    assert put(vault, "2024-11-01", properties=properties) == 201
