# SPDX-License-Identifier: Apache-2.0
"""What autoscale decides, from given values: limits, cooldown, rules, flapping, metrics that are missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundplan_emulator.ml.autoscale import rules
from groundplan_emulator.ml.autoscale.decision import Decision, Situation, decide

CPU, LATENCY, QUEUE = "CpuUtilizationPercentage", "RequestLatency", "RequestsPerMinute"


def profile(low: int = 1, high: int = 10, default: int | None = None) -> dict[str, Any]:
    capacity = {"minimum": low, "maximum": high, "default": low if default is None else default}
    return {"name": "default", "capacity": {name: str(value) for name, value in capacity.items()}}


def rule(
    metric: str,
    operator: str,
    threshold: float,
    direction: str,
    value: int = 1,
    *,
    kind: str = "ChangeCount",
    cooldown: str = "PT5M",
    **trigger: Any,
) -> rules.Rule:
    written = {
        "metricTrigger": {
            "metricName": metric,
            "timeGrain": "PT1M",
            "statistic": "Average",
            "timeWindow": "PT5M",
            "timeAggregation": "Average",
            "operator": operator,
            "threshold": threshold,
            **trigger,
        },
        "scaleAction": {"direction": direction, "type": kind, "value": str(value), "cooldown": cooldown},
    }
    return rules.read(written, "/target")


def out(value: int = 1, *, metric: str = CPU, above: float = 70, **more: Any) -> rules.Rule:
    return rule(metric, "GreaterThan", above, "Increase", value, **more)


def back(value: int = 1, *, metric: str = CPU, below: float = 30, **more: Any) -> rules.Rule:
    return rule(metric, "LessThan", below, "Decrease", value, **more)


def decided(
    current: int,
    values: Mapping[str, float],
    *found: rules.Rule,
    within: Mapping[str, Any] | None = None,
    resting_until: float = 0.0,
) -> Decision:
    situation = Situation(
        current=current,
        now=1000.0,
        rules=found,
        observe=lambda each: values.get(str(each.trigger["metricName"])),
        spreads=lambda each: each.divided or each.trigger["metricName"] == CPU,
        resting_until=resting_until,
    )
    return decide(within or profile(), situation)


@pytest.mark.azure_spec
def test_limits_hold_whatever_the_rules_say() -> None:
    assert decided(1, {CPU: 10}, back(), within=profile(3, 5)).instances == 3
    assert decided(9, {CPU: 90}, out(), within=profile(3, 5), resting_until=2000).instances == 5


@pytest.mark.azure_spec
def test_one_rule_is_enough_to_scale_out_and_the_largest_number_wins() -> None:
    found = decided(4, {CPU: 90, LATENCY: 900}, out(2), out(5, metric=LATENCY, above=500), back())
    assert (found.kind, found.instances) == ("scale", 9)
    assert decided(4, {CPU: 90, LATENCY: 100}, out(2), out(5, metric=LATENCY, above=500)).instances == 6
    assert decided(4, {CPU: 90}, out(50)).instances == 10, "never beyond the maximum"
    assert decided(10, {CPU: 90}, out(2)).kind == "stay"


@pytest.mark.azure_spec
def test_all_rules_must_agree_to_scale_in_and_the_largest_number_stays() -> None:
    # the numbers of Microsoft's example: 50 % of ten instances, or three of them
    found = (back(50, kind="PercentChangeCount"), back(3, metric=LATENCY, below=100))
    assert decided(10, {CPU: 10, LATENCY: 50}, *found).instances == 7
    assert decided(10, {CPU: 10, LATENCY: 200}, *found).kind == "stay"
    assert decided(2, {CPU: 10, LATENCY: 50}, *found, within=profile(2)).kind == "stay", "never below the minimum"


@pytest.mark.azure_spec
def test_kinds_of_actions() -> None:
    assert decided(4, {CPU: 90}, out(100, kind="PercentChangeCount")).instances == 8
    assert decided(4, {CPU: 90}, out(10, kind="PercentChangeCount")).instances == 5, "at least one"
    assert decided(4, {CPU: 90}, out(7, kind="ExactCount")).instances == 7
    assert decided(8, {CPU: 90}, out(7, kind="ExactCount")).instances == 8, "a rule to scale out takes nothing away"
    assert decided(4, {CPU: 5}, back(2, kind="ExactCount")).instances == 2


@pytest.mark.azure_spec
def test_a_cooldown_blocks_both_directions() -> None:
    assert decided(4, {CPU: 90}, out(), resting_until=1001).kind == "cooling"
    assert decided(4, {CPU: 5}, back(), resting_until=1001).kind == "cooling"
    found = decided(4, {CPU: 90}, out(cooldown="PT7M"), resting_until=1000)
    assert (found.instances, found.cooldown) == (5, 420)


@pytest.mark.azure_spec
def test_scaling_in_never_leads_to_scaling_out() -> None:
    # Microsoft's example: 28 % on two instances would be 56 % on one, where more than 50 % scales out
    deferred = decided(2, {CPU: 28}, out(above=50), back())
    assert (deferred.kind, deferred.instances, deferred.intended) == ("flapping", 2, 1)
    assert decided(2, {CPU: 24}, out(above=50), back()).instances == 1
    # Microsoft's other example: a rule wants ten less, CPU allows three
    fewer = decided(30, {CPU: 65, QUEUE: 50}, out(20), back(10, metric=QUEUE, below=50.5), within=profile(1, 40))
    assert (fewer.kind, fewer.intended) == ("less", 20)
    assert 65 * 30 / fewer.instances <= 70 < 65 * 30 / (fewer.instances - 1)


@pytest.mark.azure_spec
def test_metrics_that_cannot_be_read_lead_to_the_default_but_never_down() -> None:
    found = decided(1, {}, out(), back(), within=profile(1, 10, 3))
    assert (found.kind, found.instances, found.unreadable) == ("default", 3, (CPU,))
    assert decided(5, {}, out(), back(), within=profile(1, 10, 3)).kind == "stay"
    assert decided(1, {LATENCY: 900}, out(), out(4, metric=LATENCY, above=500), within=profile(1, 10, 3)).instances == 5


@pytest.mark.azure_assumed
@pytest.mark.parametrize(
    ("operator", "below", "at", "above"),
    [
        ("GreaterThan", False, False, True),
        ("GreaterThanOrEqual", False, True, True),
        ("LessThan", True, False, False),
        ("LessThanOrEqual", True, True, False),
        ("Equals", False, True, False),
        ("NotEquals", True, False, True),
    ],
)
def test_operators(operator: str, below: bool, at: bool, above: bool) -> None:
    found = rule(CPU, operator, 50, "Increase")
    assert [found.fires(49), found.fires(50), found.fires(51)] == [below, at, above]
    assert not found.fires(None)


@given(
    current=st.integers(1, 12),
    low=st.integers(1, 6),
    span=st.integers(0, 6),
    cpu=st.none() | st.floats(0, 100),
    latency=st.none() | st.floats(0, 2000),
    steps=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    kind=st.sampled_from(["ChangeCount", "PercentChangeCount", "ExactCount"]),
)
def test_whatever_happens_the_limits_hold_and_scaling_in_is_safe(
    current: int,
    low: int,
    span: int,
    cpu: float | None,
    latency: float | None,
    steps: tuple[int, int],
    kind: str,
) -> None:
    values = {name: value for name, value in ((CPU, cpu), (LATENCY, latency)) if value is not None}
    grow = out(steps[0], kind=kind)
    found = decided(
        current,
        values,
        grow,
        back(steps[1], kind=kind),
        out(metric=LATENCY, above=500),
        within=profile(low, low + span),
    )
    assert low <= found.instances <= low + span
    assert found.instances == current or found.kind in ("scale", "limit", "default", "less")
    if found.kind in ("scale", "less") and found.instances < current:
        assert cpu is not None
        assert not grow.fires(cpu * current / found.instances)
    if found.kind == "default":
        assert found.instances > current
