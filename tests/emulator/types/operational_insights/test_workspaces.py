# SPDX-License-Identifier: Apache-2.0
"""Log Analytics workspaces, with azure-mgmt-resource and over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.fixtures.azure import RunningAzure

VERSION = "2023-09-01"


def path(group: str) -> str:
    return f"/resourceGroups/{group}/providers/Microsoft.OperationalInsights/workspaces/logs"


def put(azure: RunningAzure, group: str, **properties: Any) -> httpx.Response:
    return azure.arm("PUT", path(group), {"location": "westeurope", "properties": properties}, api_version=VERSION)


@pytest.mark.azure_spec
def test_create_get_update(azure: RunningAzure, group: str):
    made = put(azure, group, sku={"name": "pergb2018"}, retentionInDays=30)
    changed = azure.arm("PATCH", path(group), {"properties": {"retentionInDays": 90}}, api_version=VERSION)

    assert made.status_code == 200
    properties = made.json()["properties"]
    assert (properties["retentionInDays"], properties["provisioningState"]) == (30, "Succeeded")
    assert (changed.status_code, changed.json()["properties"]["retentionInDays"]) == (200, 90), changed.text
    assert changed.json()["properties"]["customerId"] == properties["customerId"]


@pytest.mark.azure_spec
def test_keys(azure: RunningAzure, group: str):
    put(azure, group)

    first = azure.arm("POST", f"{path(group)}/sharedKeys", api_version="2020-08-01").json()
    second = azure.arm("POST", f"{path(group)}/regenerateSharedKey", api_version="2020-08-01").json()

    assert first["primarySharedKey"] != first["secondarySharedKey"]
    assert first["primarySharedKey"] != second["primarySharedKey"]
    assert first["primarySharedKey"] not in (azure.folder / "server.log").read_text()


@pytest.mark.azure_spec
def test_a_deleted_workspace_comes_back_with_its_id(azure: RunningAzure, group: str):
    before = put(azure, group, retentionInDays=60).json()["properties"]
    azure.arm("DELETE", path(group), api_version=VERSION)
    waiting = azure.arm(
        "GET",
        f"/subscriptions/{azure.subscription_id}/providers/Microsoft.OperationalInsights/deletedWorkspaces",
        api_version=VERSION,
    )

    after = put(azure, group).json()["properties"]

    assert any(found["id"].endswith(path(group)) for found in waiting.json()["value"])
    assert (after["customerId"], after["retentionInDays"]) == (before["customerId"], 60)
    assert not any(found.endswith(path(group)) for found in azure.status()["soft_deleted"])


@pytest.mark.azure_spec
def test_force_deletes_for_good(azure: RunningAzure, group: str):
    before = put(azure, group).json()["properties"]
    azure.arm("DELETE", path(group), api_version=VERSION, params={"force": "true"})

    after = put(azure, group).json()["properties"]

    assert after["customerId"] != before["customerId"]


@pytest.mark.azure_spec
def test_force_ends_one_that_waits(azure: RunningAzure, group: str):
    put(azure, group)
    azure.arm("DELETE", path(group), api_version=VERSION)
    azure.arm("DELETE", path(group), api_version=VERSION, params={"force": "true"})

    assert not any(found.endswith(path(group)) for found in azure.status()["soft_deleted"])


@pytest.mark.azure_spec
@pytest.mark.parametrize("properties", [{"retentionInDays": 29}, {"retentionInDays": 731}, {"sku": {"name": "Huge"}}])
def test_wrong_input(azure: RunningAzure, group: str, properties: dict[str, Any]):
    assert put(azure, group, **properties).status_code == 400


@pytest.mark.azure_spec
def test_a_saved_search(azure: RunningAzure, group: str):
    put(azure, group)
    body = {"properties": {"category": "ml", "displayName": "errors", "query": "Heartbeat"}}

    answer = azure.arm("PUT", f"{path(group)}/savedSearches/errors", body, api_version=VERSION)

    assert (answer.status_code, answer.json()["properties"]["version"]) == (200, 2)
