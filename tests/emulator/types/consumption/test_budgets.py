# SPDX-License-Identifier: Apache-2.0
"""Budgets, over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.fixtures.azure import RunningAzure

VERSION = "2024-08-01"
NOTIFICATION = {"enabled": True, "operator": "GreaterThan", "threshold": 80, "contactEmails": ["a@example.com"]}


def put(azure: RunningAzure, group: str, body: dict[str, Any] | None = None, **properties: Any) -> httpx.Response:
    path = f"/resourceGroups/{group}/providers/Microsoft.Consumption/budgets/monthly"
    said = {
        "category": "Cost",
        "amount": 500,
        "timeGrain": "Monthly",
        "timePeriod": {"startDate": "2026-11-01T00:00:00Z"},
        "notifications": {"warn": NOTIFICATION},
        **properties,
    }
    return azure.arm("PUT", path, {"properties": said, **(body or {})}, api_version=VERSION)


@pytest.mark.azure_spec
def test_create_get_update_delete(azure: RunningAzure, group: str):
    path = f"/resourceGroups/{group}/providers/Microsoft.Consumption/budgets"

    made = put(azure, group).json()
    changed = put(azure, group, {"eTag": made["eTag"]}, amount=600)
    stale = put(azure, group, {"eTag": made["eTag"]}, amount=700)
    listed = azure.arm("GET", path, api_version=VERSION).json()["value"]
    gone = azure.arm("DELETE", f"{path}/monthly", api_version=VERSION)

    assert made["properties"]["currentSpend"]["amount"] == 0
    assert made["properties"]["timePeriod"] == {"startDate": "2026-11-01T00:00:00Z", "endDate": "2036-11-01T00:00:00Z"}
    assert (changed.status_code, changed.json()["properties"]["amount"]) == (200, 600)
    assert stale.status_code == 412
    assert [found["name"] for found in listed] == ["monthly"]
    assert gone.status_code == 200
    assert azure.arm("GET", f"{path}/monthly", api_version=VERSION).status_code == 404


@pytest.mark.azure_assumed
@pytest.mark.parametrize(
    ("properties", "text"),
    [
        ({"amount": 0}, "greater than 0"),
        ({"amount": -5}, "greater than 0"),
        ({"timePeriod": {"startDate": "2026-11-02T00:00:00Z"}}, "first of a month"),
        ({"timePeriod": {"startDate": "2026-11-01T00:00:00Z", "endDate": "2026-10-01T00:00:00Z"}}, "after its start"),
        ({"timePeriod": {"startDate": "2099-01-01T00:00:00Z"}}, "twelve months"),
        ({"timePeriod": {"startDate": "soon"}}, "no date"),
        ({"notifications": {"n": {**NOTIFICATION, "threshold": 0}}}, "threshold"),
        ({"notifications": {"n": {**NOTIFICATION, "threshold": 1001}}}, "threshold"),
        ({"notifications": {"n": {**NOTIFICATION, "contactEmails": []}}}, "no recipient"),
        ({"notifications": {f"n{number}": NOTIFICATION for number in range(6)}}, "at most 5"),
    ],
)
def test_wrong_input(azure: RunningAzure, group: str, properties: dict[str, Any], text: str):
    answer = put(azure, group, **properties)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "400")
    assert text in answer.json()["error"]["message"]


@pytest.mark.azure_spec
def test_the_schema_refuses(azure: RunningAzure, group: str):
    answer = put(azure, group, timeGrain="Weekly")

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "InvalidRequestContent")
