# SPDX-License-Identifier: Apache-2.0
"""Application Insights, diagnostic settings, action groups, alerts and autoscale, over HTTP with the published schemas."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.fixtures.azure import RunningAzure

METRIC_CRITERIA = {
    "odata.type": "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
    "allOf": [
        {
            "criterionType": "StaticThresholdCriterion",
            "name": "many",
            "metricName": "ServiceApiHit",
            "operator": "GreaterThan",
            "threshold": 10,
            "timeAggregation": "Total",
        }
    ],
}


def error(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


class Monitoring:
    """A group with a workspace, and PUTs of what watches it."""

    def __init__(self, azure: RunningAzure, group: str) -> None:
        self.azure = azure
        self.providers = f"/subscriptions/{azure.subscription_id}/resourceGroups/{group}/providers"
        self.workspace = f"{self.providers}/Microsoft.OperationalInsights/workspaces/logs"
        self.put(self.workspace, "2023-09-01", {}, location="westeurope")

    def put(self, path: str, version: str, properties: dict[str, Any], **body: Any) -> httpx.Response:
        return self.azure.arm("PUT", path, {"properties": properties, **body}, api_version=version)

    def action_group(self, name: str = "oncall", **properties: Any) -> httpx.Response:
        said = {
            "groupShortName": "oncall",
            "enabled": True,
            "emailReceivers": [{"name": "team", "emailAddress": "a@example.com"}],
        }
        return self.put(
            f"{self.providers}/Microsoft.Insights/actionGroups/{name}",
            "2024-10-01-preview",
            {**said, **properties},
            location="global",
        )

    def metric_alert(self, **properties: Any) -> httpx.Response:
        said = {
            "scopes": [self.workspace],
            "enabled": True,
            "severity": 2,
            "evaluationFrequency": "PT5M",
            "windowSize": "PT15M",
            "criteria": METRIC_CRITERIA,
        }
        return self.put(
            f"{self.providers}/Microsoft.Insights/metricAlerts/many",
            "2018-03-01",
            {**said, **properties},
            location="global",
        )

    def diagnostics(self, name: str, **properties: Any) -> httpx.Response:
        said = {"workspaceId": self.workspace, "logs": [{"categoryGroup": "allLogs", "enabled": True}]}
        path = f"{self.workspace}/providers/Microsoft.Insights/diagnosticSettings/{name}"
        wanted = {key: value for key, value in {**said, **properties}.items() if value is not None}
        return self.put(path, "2021-05-01-preview", wanted)


@pytest.fixture
def monitoring(azure: RunningAzure, group: str) -> Monitoring:
    return Monitoring(azure, group)


@pytest.mark.azure_spec
def test_application_insights(monitoring: Monitoring):
    path = f"{monitoring.providers}/Microsoft.Insights/components/watch"
    body = {"Application_Type": "web", "WorkspaceResourceId": monitoring.workspace}

    made = monitoring.put(path, "2020-02-02", body, location="westeurope", kind="web")
    changed = monitoring.azure.arm("PATCH", path, {"tags": {"a": "b"}}, api_version="2020-02-02")
    wrong = monitoring.put(
        path,
        "2020-02-02",
        {**body, "WorkspaceResourceId": f"{monitoring.workspace}-not"},
        location="westeurope",
        kind="web",
    )

    assert made.status_code == 200, made.text
    properties = made.json()["properties"]
    assert properties["ConnectionString"].startswith(f"InstrumentationKey={properties['InstrumentationKey']};")
    assert (properties["ApplicationId"], properties["IngestionMode"]) == ("watch", "LogAnalytics")
    assert (changed.status_code, changed.json()["properties"]["AppId"]) == (200, properties["AppId"]), changed.text
    assert error(wrong) == (400, "LinkedResourceNotFound")


@pytest.mark.azure_spec
def test_diagnostic_settings(monitoring: Monitoring):
    made = monitoring.diagnostics("all")
    listed = monitoring.azure.arm(
        "GET",
        f"{monitoring.workspace}/providers/Microsoft.Insights/diagnosticSettings",
        api_version="2021-05-01-preview",
    )

    assert (made.status_code, made.json()["properties"]["metrics"]) == (200, [])
    assert [found["name"] for found in listed.json()["value"]] == ["all"]
    assert error(monitoring.diagnostics("twice")) == (409, "Conflict")
    assert error(monitoring.diagnostics("nowhere", workspaceId=None)) == (400, "BadRequest")
    assert error(monitoring.diagnostics("nothing", logs=[{"category": "Audit", "enabled": False}])) == (
        400,
        "BadRequest",
    )
    assert error(
        monitoring.diagnostics("both", logs=[{"category": "Audit", "categoryGroup": "audit", "enabled": True}])
    ) == (400, "BadRequest")
    assert error(monitoring.diagnostics("gone", workspaceId=f"{monitoring.workspace}-not")) == (
        400,
        "LinkedResourceNotFound",
    )


@pytest.mark.azure_spec
def test_a_setting_on_a_resource_that_is_not_there(monitoring: Monitoring):
    path = f"{monitoring.workspace}-not/providers/Microsoft.Insights/diagnosticSettings/all"
    body = {"workspaceId": monitoring.workspace, "logs": [{"categoryGroup": "allLogs", "enabled": True}]}

    assert error(monitoring.put(path, "2021-05-01-preview", body)) == (404, "ParentResourceNotFound")


@pytest.mark.azure_spec
def test_action_groups(monitoring: Monitoring):
    made = monitoring.action_group()

    assert (made.status_code, made.json()["location"]) == (201, "global"), made.text
    assert made.json()["properties"]["emailReceivers"][0]["status"] == "Enabled"
    assert error(monitoring.action_group(groupShortName="far too long a name")) == (400, "BadRequest")
    assert error(monitoring.action_group(emailReceivers=[{"name": "team", "emailAddress": "nowhere"}])) == (
        400,
        "BadRequest",
    )
    twice = [{"name": "team", "emailAddress": "a@example.com"}, {"name": "Team", "emailAddress": "b@example.com"}]
    assert error(monitoring.action_group(emailReceivers=twice)) == (400, "BadRequest")


@pytest.mark.azure_spec
def test_metric_alerts(monitoring: Monitoring):
    action_group = monitoring.action_group().json()["id"]

    made = monitoring.metric_alert(actions=[{"actionGroupId": action_group}])

    assert (made.status_code, made.json()["properties"]["autoMitigate"]) == (200, True), made.text
    assert error(monitoring.metric_alert(severity=5)) == (400, "BadRequest")
    assert error(monitoring.metric_alert(windowSize="PT1M")) == (400, "BadRequest")
    assert error(monitoring.metric_alert(evaluationFrequency="PT7M")) == (400, "BadRequest")
    assert error(monitoring.metric_alert(scopes=[])) == (400, "BadRequest")
    assert error(monitoring.metric_alert(actions=[{"actionGroupId": f"{action_group}-not"}])) == (
        400,
        "LinkedResourceNotFound",
    )


@pytest.mark.azure_spec
def test_scheduled_query_rules(monitoring: Monitoring):
    path = f"{monitoring.providers}/Microsoft.Insights/scheduledQueryRules/errors"
    said = {
        "scopes": [monitoring.workspace],
        "severity": 3,
        "evaluationFrequency": "PT5M",
        "windowSize": "PT5M",
        "criteria": {
            "allOf": [
                {
                    "query": "AmlOnlineEndpointTrafficLog",
                    "timeAggregation": "Count",
                    "operator": "GreaterThan",
                    "threshold": 1,
                }
            ]
        },
    }

    def put(**changed: Any) -> httpx.Response:
        wanted = {key: value for key, value in {**said, **changed}.items() if value is not None}
        return monitoring.put(path, "2025-01-01-preview", wanted, location="westeurope")

    first, second = put(), put()
    assert (first.status_code, second.status_code) == (201, 200), first.text
    assert error(put(criteria=None))[0] == 400
    assert error(put(severity=9)) == (400, "BadRequest")
    assert error(put(scopes=[f"{monitoring.workspace}-not"])) == (400, "LinkedResourceNotFound")


@pytest.mark.azure_spec
def test_autoscale(monitoring: Monitoring):
    path = f"{monitoring.providers}/Microsoft.Insights/autoscaleSettings/scale"

    def put(low: str, high: str, target: str = monitoring.workspace) -> httpx.Response:
        profile = {"name": "default", "capacity": {"minimum": low, "maximum": high, "default": low}, "rules": []}
        return monitoring.put(
            path,
            "2021-05-01-preview",
            {"profiles": [profile], "targetResourceUri": target, "enabled": True},
            location="westeurope",
        )

    assert put("1", "3").status_code == 201
    assert error(put("3", "1")) == (400, "BadRequest")
    assert error(put("one", "3")) == (400, "BadRequest")
    assert error(put("1", "3", f"{monitoring.workspace}-not")) == (400, "LinkedResourceNotFound")
