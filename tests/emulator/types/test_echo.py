# SPDX-License-Identifier: Apache-2.0
"""What a type answers can be sent back: nothing of it is refused, nothing changes. Clients that read, change and write rely on it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.azure import RunningAzure

VOLATILE = {"etag", "eTag", "systemData", "updatedOn", "modifiedDate", "lastModifiedTime", "timestamp", "lastSkuUpdate"}
VAULT = "Microsoft.KeyVault/vaults"
STORAGE = "Microsoft.Storage/storageAccounts"
REGISTRY = "Microsoft.ContainerRegistry/registries"
LOGS = "Microsoft.OperationalInsights/workspaces"
IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities"
MAIL = {"name": "team", "emailAddress": "a@example.com", "useCommonAlertSchema": True}
THRESHOLD = {"enabled": True, "operator": "GreaterThan", "threshold": 80, "contactEmails": ["a@example.com"]}
POLICY = {
    "rules": [
        {
            "name": "age",
            "type": "Lifecycle",
            "definition": {"actions": {"baseBlob": {"delete": {"daysAfterModificationGreaterThan": 9}}}},
        }
    ]
}


def vault(azure: RunningAzure) -> dict[str, Any]:
    return {"tenantId": azure.tenant_id, "sku": {"family": "A", "name": "standard"}, "enableRbacAuthorization": True}


def located(**body: Any) -> dict[str, Any]:
    return {"location": "westeurope", **body}


def cases(azure: RunningAzure, name: str) -> list[tuple[str, str, dict[str, Any]]]:
    """(type and names, api-version of the type table, body): parents before their children."""
    account = located(kind="StorageV2", sku={"name": "Standard_GRS"}, identity={"type": "SystemAssigned"})
    premium = located(
        sku={"name": "Premium"}, properties={"publicNetworkAccess": "Disabled"}, identity={"type": "SystemAssigned"}
    )
    logs = f"/subscriptions/{azure.subscription_id}/resourceGroups/rg-{name}/providers/{LOGS}/{name}"
    key = {"properties": {"kty": "RSA", "keySize": 2048}}
    return [
        (f"{VAULT}/{name}", "2024-11-01", located(properties=vault(azure))),
        (f"{VAULT}/{name}/keys/cmk", "2024-11-01", key),
        (f"{STORAGE}/{name}", "2024-01-01", account),
        (f"{STORAGE}/{name}/blobServices/default", "2024-01-01", {"properties": {"isVersioningEnabled": True}}),
        (f"{STORAGE}/{name}/fileServices/default", "2024-01-01", {"properties": {}}),
        (f"{STORAGE}/{name}/blobServices/default/containers/models", "2024-01-01", {"properties": {}}),
        (f"{STORAGE}/{name}/fileServices/default/shares/code", "2024-01-01", {"properties": {}}),
        (f"{STORAGE}/{name}/queueServices/default/queues/jobs", "2024-01-01", {"properties": {}}),
        (f"{STORAGE}/{name}/tableServices/default/tables/Runs", "2024-01-01", {"properties": {}}),
        (f"{STORAGE}/{name}/managementPolicies/default", "2024-01-01", {"properties": {"policy": POLICY}}),
        (f"{REGISTRY}/{name}", "2023-01-01-preview", premium),
        (f"{REGISTRY}/{name}/replications/northeurope", "2024-11-01-preview", {"location": "northeurope"}),
        (f"{LOGS}/{name}", "2023-09-01", located(properties={"retentionInDays": 30})),
        (
            f"Microsoft.Insights/components/{name}",
            "2020-02-02",
            located(kind="web", properties={"Application_Type": "web", "WorkspaceResourceId": logs}),
        ),
        (
            f"Microsoft.Insights/actionGroups/{name}",
            "2024-10-01-preview",
            {"location": "global", "properties": {"groupShortName": "ml", "enabled": True, "emailReceivers": [MAIL]}},
        ),
        (f"{IDENTITY}/{name}", "2023-01-31", located()),
        (
            f"{IDENTITY}/{name}/federatedIdentityCredentials/main",
            "2023-01-31",
            {"properties": {"issuer": "https://issuer.example", "subject": "s", "audiences": ["a"]}},
        ),
        ("Microsoft.Authorization/locks/keep", "2020-05-01", {"properties": {"level": "CanNotDelete"}}),
        (
            "Microsoft.Consumption/budgets/monthly",
            "2024-08-01",
            {
                "properties": {
                    "category": "Cost",
                    "amount": 5,
                    "timeGrain": "Monthly",
                    "timePeriod": {"startDate": "2026-11-01T00:00:00Z"},
                    "notifications": {"warn": THRESHOLD},
                }
            },
        ),
    ]


def still(value: Any) -> Any:
    """Without what changes with every write."""
    if isinstance(value, dict):
        return {key: still(item) for key, item in value.items() if key not in VOLATILE}
    return [still(item) for item in value] if isinstance(value, list) else value


@pytest.mark.azure_spec
def test_what_is_answered_can_be_sent_back(azure: RunningAzure, name: str):
    azure.group(f"rg-{name}")
    failures: list[str] = []
    for path, version, body in cases(azure, name):
        where = f"/resourceGroups/rg-{name}/providers/{path}"
        made = azure.arm("PUT", where, body, api_version=version)
        if made.status_code not in (200, 201):
            failures.append(f"{path} create: {made.text}")
            continue
        first = azure.arm("GET", where, api_version=version).json()
        again = azure.arm("PUT", where, first, api_version=version)
        if again.status_code not in (200, 201):
            failures.append(f"{path} echo: {again.text}")
            continue
        second = azure.arm("GET", where, api_version=version).json()
        if still(first) != still(second):
            failures.append(f"{path} changed: {still(first)} -> {still(second)}")
        patched = azure.arm("PATCH", where, {}, api_version=version)
        if patched.status_code != 200:
            failures.append(f"{path} patch: {patched.text}")
    azure.arm(
        "DELETE", f"/resourceGroups/rg-{name}/providers/Microsoft.Authorization/locks/keep", api_version="2020-05-01"
    )

    assert failures == []
    assert azure.arm("DELETE", f"/resourceGroups/rg-{name}").status_code == 200
    left = [found for found in azure.status()["ids"] if f"/rg-{name}/" in found]
    assert left == []
