# SPDX-License-Identifier: Apache-2.0
"""Autoscale settings and the activity log over azure-mgmt-monitor: what is taken, what is refused, what can be seen."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential
from azure.mgmt.monitor import MonitorManagementClient

from groundplan_emulator.clock import Clock
from tests.emulator.ml.autoscale.settings import profile, rule, setting
from tests.emulator.ml.metrics.feed import LOCATION, endpoint, opened
from tests.fixtures.azure import RunningAzure, running

pytestmark = pytest.mark.azure_spec
GROUP, CPU = "metrics", "CpuUtilizationPercentage"


class Monitored:
    """A server with two deployments of an endpoint that are in its store, and Microsoft's client."""

    def __init__(self, azure: RunningAzure, endpoint: str) -> None:
        self.azure = azure
        self.endpoint = endpoint
        self.target = f"{endpoint}/deployments/blue"
        self.client = MonitorManagementClient(DefaultAzureCredential(), azure.subscription_id, azure.https)

    def put(self, *profiles: dict[str, Any], name: str = "scale", target: str = "", **more: Any) -> Any:
        body: Any = {"location": LOCATION, "properties": setting(target or self.target, *profiles, **more)}
        return self.client.autoscale_settings.create_or_update(GROUP, name, body)

    def refusal(self, *profiles: dict[str, Any], **more: Any) -> tuple[int, str, str]:
        """Status, code and message."""
        with pytest.raises(HttpResponseError) as refused:
            self.put(*profiles, **more)
        assert refused.value.response is not None
        error = refused.value.response.json()["error"]
        return refused.value.status_code or 0, error["code"], error["message"]

    def rule(self, **more: Any) -> dict[str, Any]:
        chosen: dict[str, Any] = {"above": 70, **more}
        return rule(CPU, self.target, **chosen)

    def events(self, **since: datetime) -> list[Any]:
        start = since.get("since", datetime.now(UTC) - timedelta(days=1))
        text = f"eventTimestamp ge '{start.isoformat()}' and resourceGroupName eq '{GROUP}' and category eq 'Autoscale'"
        return list(self.client.activity_logs.list(filter=text))


@pytest.fixture(scope="module")
def monitored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Monitored]:
    folder = tmp_path_factory.mktemp("monitored")
    with opened(folder, Clock()) as local:
        scoring = endpoint(local, "blue", "green", capacity=2)
    with running(folder) as azure, pytest.MonkeyPatch.context() as patch:
        for name, value in azure.env.items():
            patch.setenv(name, value)
        found = Monitored(azure, scoring.id)
        yield found
        found.client.close()


def test_a_setting_is_kept_as_it_was_sent(monitored: Monitored) -> None:
    made = monitored.put(profile(monitored.rule(), monitored.rule(above=None, below=30), low=1, high=4), enabled=False)
    assert (made.enabled, made.target_resource_uri) == (False, monitored.target)
    (found,) = monitored.client.autoscale_settings.list_by_resource_group(GROUP)
    (kept,) = found.profiles
    assert (kept.capacity.minimum, kept.capacity.maximum, kept.capacity.default) == ("1", "4", "1")
    assert [each.scale_action.direction for each in kept.rules] == ["Increase", "Decrease"]
    assert kept.rules[0].metric_trigger.time_window == timedelta(minutes=5)


def test_a_resource_has_one_setting(monitored: Monitored) -> None:
    monitored.put(profile(), enabled=False)
    status, code, message = monitored.refusal(profile(), name="other", enabled=False)
    assert (status, code) == (409, "Conflict")
    assert "/scale" in message


WEEK: dict[str, Any] = {
    "frequency": "Week",
    "schedule": {"timeZone": "UTC", "days": ["Monday"], "hours": [8], "minutes": [0]},
}


@pytest.mark.parametrize(
    ("profiles", "said"),
    [
        (lambda _: [profile(), profile()], "2 profiles have neither fixedDate nor recurrence"),
        (lambda _: [profile(low=0)], "at least 1 instance"),
        (lambda it: [profile(it.rule(window="PT1M"))], "timeWindow is 'PT1M'; allowed: 5 minutes to 12 hours"),
        (lambda it: [profile(it.rule(cooldown="P8D"))], "cooldown is 'P8D'; allowed: 1 minute to 1 week"),
        (lambda it: [profile(it.rule(timeGrain="PT30S"))], "timeGrain is 'PT30S'; allowed: 1 minute to 12 hours"),
        (lambda it: [profile(it.rule(value=-1))], "value is '-1'; allowed: a whole number above 0"),
        (lambda _: [profile(recurrence={**WEEK, "frequency": "Day"})], "frequency is 'Day'; it must be Week"),
        (
            lambda _: [profile(recurrence={**WEEK, "schedule": {**WEEK["schedule"], "timeZone": "Europe/Berlin"}})],
            "'Europe/Berlin' is no time zone",
        ),
        (
            lambda _: [profile(recurrence={**WEEK, "schedule": {**WEEK["schedule"], "days": ["Someday"]}})],
            "days is a list of names such as Monday",
        ),
        (
            lambda _: [
                profile(fixedDate={"timeZone": "UTC", "start": "2026-01-02T00:00:00Z", "end": "2026-01-01T00:00:00Z"})
            ],
            "end comes after start",
        ),
    ],
)
def test_unsound_settings_are_refused(
    monitored: Monitored, profiles: Callable[[Monitored], list[dict[str, Any]]], said: str
) -> None:
    status, code, message = monitored.refusal(*profiles(monitored), enabled=False)
    assert (status, code) == (400, "BadRequest")
    assert said in message


def test_a_metric_that_the_resource_does_not_have(monitored: Monitored) -> None:
    wrong = profile(rule("CpuPercentage", monitored.target, above=70))
    status, code, message = monitored.refusal(wrong, enabled=False)
    assert (status, code) == (400, "UnsupportedMetric")
    assert "metricname: CpuPercentage" in message
    assert CPU in message


def test_scaling_can_be_seen(monitored: Monitored) -> None:
    start = datetime.now(UTC)
    target = f"{monitored.endpoint}/deployments/green"
    monitored.put(profile(low=4, high=6), name="green", target=target)
    deadline = time.monotonic() + 20
    while not (found := monitored.events(since=start)):
        assert time.monotonic() < deadline, "autoscale did nothing"
        time.sleep(0.05)
    (event,) = found
    assert event.operation_name.value == "Microsoft.Insights/AutoscaleSettings/Scaleup/Action"
    assert (event.category.value, event.event_name.value, event.status.value) == (
        "Autoscale",
        "AutoscaleAction",
        "Succeeded",
    )
    assert (event.properties["OldInstancesCount"], event.properties["NewInstancesCount"]) == ("2", "4")
    assert event.properties["ResourceName"] == target
    assert event.resource_id.lower().endswith("/autoscalesettings/green")
    assert abs(event.event_timestamp - start) < timedelta(minutes=5)
    answer = monitored.azure.arm("GET", target, api_version="2024-10-01")
    assert answer.json()["sku"]["capacity"] == 4


def test_a_filter_of_the_log_that_cannot_be_read(monitored: Monitored) -> None:
    with pytest.raises(HttpResponseError) as refused:
        list(monitored.client.activity_logs.list(filter="color eq 'blue'"))
    assert refused.value.status_code == 400
    assert list(monitored.client.activity_logs.list(filter="category eq 'Administrative'")) == []


def test_other_resources_may_have_settings(monitored: Monitored) -> None:
    workspace = monitored.endpoint.rpartition("/onlineEndpoints/")[0]
    assert monitored.put(profile(), name="workspace", target=workspace).enabled
    status, code, _ = monitored.refusal(profile(), name="nothing", target=f"{workspace}-not")
    assert (status, code) == (400, "LinkedResourceNotFound")
