# SPDX-License-Identifier: Apache-2.0
"""What autoscale does now: a function of the profile, the values, the number of instances and the last action. It changes nothing.

Order and precedence as Microsoft describes them in "Understand autoscale settings" and "Flapping in Autoscale": limits first; then the
cooldown of the last action, in both directions; one rule is enough to scale out, and the largest number wins; all rules must agree to scale
in, by as little as any of them wants, and never so far that a rule to scale out would fire.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from groundplan_emulator.ml.autoscale.rules import Rule

Kind = Literal["stay", "scale", "limit", "default", "cooling", "flapping", "less"]
"""`limit`: the profile's, whatever the rules say. `default`: metrics cannot be read. `flapping`: deferred. `less`: scaled in by less
than a rule wants."""


@dataclass(frozen=True, slots=True)
class Decision:
    """How many instances there are to be and why, in words. `intended`: what the rules want. `cooldown` in seconds."""

    kind: Kind
    instances: int
    reason: str
    intended: int = 0
    cooldown: float = 0.0
    unreadable: tuple[str, ...] = ()
    """Metrics that could not be read."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What a decision is made from."""

    current: int
    now: float
    rules: Sequence[Rule]
    observe: Callable[[Rule], float | None]
    spreads: Callable[[Rule], bool]
    resting_until: float = 0.0
    """Until when the cooldown of the last action lasts."""


def limits(profile: Mapping[str, Any]) -> tuple[int, int, int]:
    """Fewest, most and default instances of a profile."""
    capacity = profile["capacity"]
    return int(capacity["minimum"]), int(capacity["maximum"]), int(capacity["default"])


def decide(profile: Mapping[str, Any], situation: Situation) -> Decision:
    """What to do."""
    current = situation.current
    low, high, default = limits(profile)
    if current < low:
        return Decision("limit", low, f"there are {current} instances, the profile's minimum is {low}", low)
    if current > high:
        return Decision("limit", high, f"there are {current} instances, the profile's maximum is {high}", high)
    if situation.now < situation.resting_until:
        return Decision("cooling", current, "the cooldown of the last action is not over")
    values = [(rule, situation.observe(rule)) for rule in situation.rules]
    unreadable = tuple(dict.fromkeys(str(rule.trigger["metricName"]) for rule, value in values if value is None))
    out = _out(values, current, high)
    if out is not None:
        return _with(out, unreadable)
    if unreadable and current < default:
        reason = f"{', '.join(unreadable)} cannot be read, and the default is {default}"
        return Decision("default", default, reason, default, unreadable=unreadable)
    shrinking = [(rule, value) for rule, value in values if rule.shrinks]
    if shrinking and all(rule.fires(value) for rule, value in shrinking):
        return _with(_in(shrinking, values, situation, low), unreadable)
    return Decision("stay", current, "no rule fires", current, unreadable=unreadable)


def _with(decision: Decision, unreadable: tuple[str, ...]) -> Decision:
    return Decision(
        decision.kind, decision.instances, decision.reason, decision.intended, decision.cooldown, unreadable
    )


def _out(values: Sequence[tuple[Rule, float | None]], current: int, high: int) -> Decision | None:
    """The largest number that a rule which fires wants; None where none fires."""
    firing = [(rule.wanted(current), rule, value) for rule, value in values if rule.grows and rule.fires(value)]
    if not firing:
        return None
    wanted, rule, value = max(firing, key=lambda each: each[0])
    if current >= high:
        return Decision("stay", current, f"{_said(rule, value)}, but there are as many instances as allowed", wanted)
    return Decision("scale", min(wanted, high), _said(rule, value), wanted, rule.cooldown)


def _in(
    shrinking: Sequence[tuple[Rule, float | None]],
    values: Sequence[tuple[Rule, float | None]],
    situation: Situation,
    low: int,
) -> Decision:
    current = situation.current
    wanted, rule, value = max(
        ((max(rule.wanted(current), low), rule, value) for rule, value in shrinking), key=lambda each: each[0]
    )
    if wanted >= current:
        return Decision("stay", current, f"{_said(rule, value)}, but there are as few instances as allowed", wanted)
    for number in range(wanted, current):
        if not _flaps(values, situation, number):
            kind: Kind = "scale" if number == wanted else "less"
            return Decision(kind, number, _said(rule, value), wanted, rule.cooldown)
    return Decision("flapping", current, f"{_said(rule, value)}, but fewer instances would scale out again", wanted)


def _flaps(values: Sequence[tuple[Rule, float | None]], situation: Situation, number: int) -> bool:
    """Whether a rule to scale out would fire at once with so many instances."""
    for rule, value in values:
        if rule.grows and value is not None:
            share = situation.current / max(number, 1) if situation.spreads(rule) else 1.0
            if rule.fires(value * share):
                return True
    return False


def _said(rule: Rule, value: float | None) -> str:
    trigger = rule.trigger
    return f"{trigger['metricName']} is {0.0 if value is None else value:g}, {trigger['operator']} {trigger['threshold']:g}"
