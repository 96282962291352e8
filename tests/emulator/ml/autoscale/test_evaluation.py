# SPDX-License-Identifier: Apache-2.0
"""Settings over recorded metrics, with a clock that stands still: what becomes of the deployment and what the activity log says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from groundplan_emulator.app import Azure
from groundplan_emulator.ml.autoscale import activity, evaluation, rules, targets
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services import quotas
from tests.emulator.ml.autoscale.settings import profile, rule, setting
from tests.emulator.ml.metrics.feed import LOCATION, endpoint, listen, opened, put, serve, use

CPU, REQUESTS, LATENCY = "CpuUtilizationPercentage", "RequestsPerMinute", "RequestLatency"
CORES = min(2, os.cpu_count() or 1)


class Scaled:
    """An endpoint with a deployment, and a setting on it."""

    def __init__(self, azure: Azure, capacity: int = 2) -> None:
        self.azure = azure
        self.endpoint = endpoint(azure, "blue", capacity=capacity)
        self.target = f"{self.endpoint.id}/deployments/blue"
        self.writer = listen(azure)

    def set(self, *profiles: dict[str, Any], enabled: bool = True) -> None:
        group = self.endpoint.id.partition("/providers/")[0]
        properties = setting(self.target, *profiles, enabled=enabled)
        put(
            self.azure,
            f"{group}/providers/{targets.SETTINGS}/scale",
            targets.SETTINGS,
            {"location": LOCATION, "properties": properties},
        )

    def evaluate(self) -> str | None:
        """What was decided."""
        with self.azure.working() as ctx:
            (found,) = ctx.store.of_type(targets.SETTINGS)
            decision = evaluation.evaluate(ctx, found)
        return decision.kind if decision else None

    def pass_minutes(self, minutes: int, *, cpu: float | None = None, requests: int = 0, **more: Any) -> None:
        """Whole minutes, each with this usage (per cent of the instance) and these requests."""
        for _ in range(minutes):
            if cpu is not None:
                use(self.azure, self.target, cpu * CORES, capacity=self.capacity)
            serve(self.azure, self.endpoint, "blue", *[20.0] * requests, **more)
            self.azure.clock.advance(60)

    @property
    def deployment(self) -> Resource:
        found = self.azure.store.get(self.target)
        assert found is not None
        return found

    @property
    def capacity(self) -> int:
        return self.deployment.body["sku"]["capacity"]

    @property
    def log(self) -> list[tuple[str, str]]:
        """Event and new number of instances, oldest first."""
        subscription = self.azure.settings.identity.subscription_id
        found = list(activity.entries(self.azure.store, subscription, 0, self.azure.clock.now()))
        return [
            (each["eventName"]["value"], each["properties"].get("NewInstancesCount", "")) for each in reversed(found)
        ]


@pytest.fixture
def scaled(tmp_path: Path) -> Iterator[Scaled]:
    with opened(tmp_path) as azure:
        yield Scaled(azure)


def test_load_adds_instances_and_calm_takes_them_away(scaled: Scaled) -> None:
    scaled.set(profile(rule(CPU, scaled.target, above=70), rule(CPU, scaled.target, below=30)))
    scaled.pass_minutes(5, cpu=90)
    assert scaled.evaluate() == "scale"
    assert scaled.capacity == 3
    assert scaled.evaluate() == "cooling"
    scaled.pass_minutes(5, cpu=50)
    assert scaled.evaluate() == "stay"
    scaled.pass_minutes(5, cpu=10)
    assert scaled.evaluate() == "scale"
    assert scaled.capacity == 2
    assert scaled.log == [("AutoscaleAction", "3"), ("AutoscaleAction", "2")]


def test_only_whole_minutes_count(scaled: Scaled) -> None:
    scaled.set(profile(rule(CPU, scaled.target, above=70), default=2, low=2))
    use(scaled.azure, scaled.target, 90 * CORES)
    assert scaled.evaluate() == "stay"
    scaled.azure.clock.advance(60)
    assert scaled.evaluate() == "scale"


def test_requests_of_the_endpoint_divided_by_instances(scaled: Scaled) -> None:
    scaled.set(
        profile(
            rule(REQUESTS, scaled.endpoint.id, above=30, dividePerInstance=True),
            rule(REQUESTS, scaled.endpoint.id, below=10, dividePerInstance=True),
        )
    )
    scaled.pass_minutes(5, requests=50)
    assert scaled.evaluate() == "stay", "25 for each of two"
    scaled.pass_minutes(5, requests=70)
    assert scaled.evaluate() == "scale"
    assert scaled.capacity == 3
    scaled.pass_minutes(10)
    assert scaled.evaluate() == "scale", "no requests are none, and not unknown"
    assert scaled.capacity == 2


def test_dimensions_choose_what_counts(scaled: Scaled) -> None:
    failed = [{"DimensionName": "statusCodeClass", "Operator": "Equals", "Values": ["5xx"]}]
    fine = [{"DimensionName": "statusCodeClass", "Operator": "NotEquals", "Values": ["5xx"]}]
    scaled.pass_minutes(1, requests=4)
    scaled.pass_minutes(1, requests=6, status=500)

    def observed(name: str, **trigger: Any) -> float | None:
        read = rules.read(rule(name, scaled.endpoint.id, above=1, timeAggregation="Total", **trigger), scaled.target)
        return rules.observe(scaled.azure.store, read, scaled.azure.clock.now(), 2)

    assert observed(REQUESTS) == 10
    assert observed(REQUESTS, dimensions=failed) == 6
    assert observed(REQUESTS, dimensions=fine) == 4
    assert observed(REQUESTS, dimensions=[{**failed[0], "Values": ["3xx"]}]) == 0
    assert (
        observed(LATENCY, dimensions=[{"DimensionName": "deployment", "Operator": "Equals", "Values": ["red"]}]) is None
    )


@pytest.mark.parametrize(
    ("aggregation", "value"),
    [("Average", 30), ("Minimum", 10), ("Maximum", 60), ("Total", 90), ("Count", 3), ("Last", 20)],
)
def test_values_of_the_window_become_one(scaled: Scaled, aggregation: str, value: float) -> None:
    for cpu in (10, 60, 20):
        scaled.pass_minutes(1, cpu=cpu)
    read = rules.read(rule(CPU, scaled.target, above=1, timeAggregation=aggregation), scaled.target)
    assert rules.observe(scaled.azure.store, read, scaled.azure.clock.now(), 2) == pytest.approx(value)


def test_scaling_in_is_deferred_where_it_would_scale_out_again(scaled: Scaled) -> None:
    scaled.set(profile(rule(CPU, scaled.target, above=50), rule(CPU, scaled.target, below=30)))
    scaled.pass_minutes(5, cpu=28)
    assert scaled.evaluate() == scaled.evaluate() == "flapping"
    assert scaled.capacity == 2
    assert scaled.log == [("Flapping", "2")], "once, as long as it lasts"


def test_missing_metrics_lead_to_the_default_and_are_logged_once(scaled: Scaled) -> None:
    scaled.set(profile(rule(CPU, scaled.target, above=70), rule(CPU, scaled.target, below=30), default=4))
    assert scaled.evaluate() == "default"
    assert scaled.capacity == 4
    assert scaled.evaluate() == "stay"
    scaled.pass_minutes(1, cpu=50)
    assert scaled.evaluate() == "stay"
    assert scaled.log == [("MetricFailure", ""), ("AutoscaleAction", "4"), ("MetricRecovery", "")]


def test_a_schedule_changes_the_limits(scaled: Scaled) -> None:
    def week(name: str, hour: int, low: int) -> dict[str, Any]:
        schedule = {"timeZone": "UTC", "days": ["Wednesday"], "hours": [hour], "minutes": [0]}
        return profile(low=low, high=max(low, 2), name=name, recurrence={"frequency": "Week", "schedule": schedule})

    scaled.set(profile(low=1, high=2), week("afternoon", 13, 4), week("evening", 18, 1))
    assert scaled.evaluate() == "stay", "at noon"
    scaled.azure.clock.advance(3600)
    assert scaled.evaluate() == "limit"
    assert scaled.capacity == 4
    scaled.azure.clock.advance(5 * 3600)
    assert scaled.evaluate() == "limit"
    assert scaled.capacity == 2


def test_a_setting_that_is_off_does_nothing(scaled: Scaled) -> None:
    scaled.set(profile(low=4), enabled=False)
    assert scaled.evaluate() is None
    assert scaled.capacity == 2


def test_a_deployment_that_is_not_ready_is_left_alone(scaled: Scaled) -> None:
    scaled.set(profile(low=4))
    deployment = scaled.deployment
    deployment.properties["provisioningState"] = "Updating"
    with scaled.azure.working() as ctx:
        ctx.save(deployment)
    assert scaled.evaluate() is None
    assert scaled.capacity == 2


@pytest.mark.parametrize(("wanted", "why"), [(60, "between 1 and 50"), (49, "OutOfQuota")])
def test_what_the_service_refuses_is_not_done_and_said_once(scaled: Scaled, wanted: int, why: str) -> None:
    with scaled.azure.working() as ctx:
        ctx.store.set_meta(quotas.CORES_SETTING, 100)
    scaled.set(profile(low=wanted, high=60))
    scaled.evaluate()
    scaled.evaluate()
    assert scaled.capacity == 2
    (entry,) = activity.entries(scaled.azure.store, scaled.azure.settings.identity.subscription_id, 0, 2e9)
    assert entry["status"]["value"] == "Failed"
    assert why in entry["properties"]["Error"]


def test_a_lock_keeps_the_number_of_instances(scaled: Scaled) -> None:
    lock = f"{scaled.target}/providers/Microsoft.Authorization/locks/still"
    put(scaled.azure, lock, "Microsoft.Authorization/locks", {"properties": {"level": "ReadOnly"}})
    scaled.set(profile(low=4))
    scaled.evaluate()
    assert scaled.capacity == 2
    assert scaled.log == [("AutoscaleAction", "4")]


def test_a_restart_remembers_the_cooldown(tmp_path: Path) -> None:
    with opened(tmp_path) as azure:
        scaled = Scaled(azure)
        scaled.set(profile(rule(CPU, scaled.target, above=70)))
        scaled.pass_minutes(5, cpu=90)
        assert scaled.evaluate() == "scale"
        scaled.writer.flush(azure.clock.now())
        now = azure.clock.skipped
    with opened(tmp_path) as azure:
        azure.clock.advance(now + 60)
        with azure.working() as ctx:
            (found,) = ctx.store.of_type(targets.SETTINGS)
            decision = evaluation.evaluate(ctx, found)
        assert decision is not None
        assert decision.kind == "cooling"


def test_the_log_is_bounded(scaled: Scaled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activity, "MOST", 3)
    scaled.set(profile())
    (found,) = scaled.azure.store.of_type(targets.SETTINGS)
    for number in range(6):
        scaled.azure.clock.advance(1)
        with scaled.azure.working() as ctx:
            activity.add(ctx, found, "Scaleup", "AutoscaleAction", {"NewInstancesCount": str(number)})
    assert [number for _, number in scaled.log] == ["3", "4", "5"]
    scaled.azure.clock.advance(91 * 86400)
    with scaled.azure.working() as ctx:
        activity.add(ctx, found, "Scaleup", "AutoscaleAction", {"NewInstancesCount": "6"})
    assert [number for _, number in scaled.log] == ["6"]
