# SPDX-License-Identifier: Apache-2.0
"""A workspace shows the private link scopes that it is in; a scope takes nothing that Azure Monitor does not have."""

from __future__ import annotations

import pytest

from tests.fixtures.azure import RunningAzure


@pytest.mark.azure_assumed
def test_a_workspace_shows_its_scope(azure: RunningAzure, group: str) -> None:
    providers = f"/subscriptions/{azure.subscription_id}/resourceGroups/{group}/providers"
    logs, scope = f"{providers}/Microsoft.OperationalInsights/workspaces/logs", f"{providers}/Microsoft.Insights"
    scope = f"{scope}/privateLinkScopes/scope"
    modes = {"ingestionAccessMode": "PrivateOnly", "queryAccessMode": "PrivateOnly"}
    azure.arm("PUT", logs, {"location": "westeurope"}, api_version="2023-09-01")
    body = {"location": "global", "properties": {"accessModeSettings": modes}}
    azure.arm("PUT", scope, body, api_version="2021-07-01-preview")

    def link(name: str, target: str) -> int:
        linked = {"properties": {"linkedResourceId": target}}
        path = f"{scope}/scopedResources/{name}"
        return azure.arm("PUT", path, linked, api_version="2021-07-01-preview").status_code

    assert link("logs", logs) in (200, 201)
    assert link("scope", scope) == 400
    shown = azure.arm("GET", logs, api_version="2023-09-01").json()["properties"]
    (scoped,) = shown["privateLinkScopedResources"]
    assert scoped["resourceId"].lower() == f"{scope}/scopedResources/logs".lower()

    azure.arm("DELETE", f"{scope}/scopedResources/logs", api_version="2021-07-01-preview")
    assert "privateLinkScopedResources" not in azure.arm("GET", logs, api_version="2023-09-01").json()["properties"]
