# SPDX-License-Identifier: Apache-2.0
"""One evaluation of an autoscale setting: what is decided is done and told to the activity log.

What the next one must know (the cooldown, what was told already) is kept with the setting, so that a restart goes on from there.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

import orjson

from groundplan_arm import schema
from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm import lifecycle, scopes
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.ml.autoscale import activity, profiles, rules
from groundplan_emulator.ml.autoscale.decision import Decision, Situation, decide
from groundplan_emulator.ml.autoscale.targets import target_of
from groundplan_emulator.store import Resource

log = logging.getLogger("groundplan.emulator")
STATE: Final = "autoscale"
"""Where the state is in the private part of a setting."""


def evaluate(ctx: Context, setting: Resource) -> Decision | None:
    """Do what a setting wants now; None where it is off, or its target is no deployment that is ready for it."""
    properties = setting.properties
    target = target_of(ctx.store, setting)
    if not properties.get("enabled", True) or target is None:
        return None
    profile = profiles.active(properties.get("profiles") or [], ctx.clock.now())
    if profile is None:
        return None
    state: dict[str, Any] = setting.private.get(STATE) or {}
    current = int((target.body.get("sku") or {}).get("capacity", 1))
    decision = decide(
        profile,
        Situation(
            current=current,
            now=ctx.clock.now(),
            rules=[rules.read(rule, target.id) for rule in profile.get("rules") or []],
            observe=lambda rule: rules.observe(ctx.store, rule, ctx.clock.now(), current),
            spreads=lambda rule: rules.spreads(ctx.store, rule),
            resting_until=float(state.get("resting_until", 0.0)),
        ),
    )
    made = _Evaluation(ctx, setting, target, profile, state, decision, current)
    made.tell_metrics()
    made.tell_flapping()
    if decision.instances != current:
        made.scale()
    if state != (setting.private.get(STATE) or {}):
        setting.private[STATE] = state
        ctx.store.put(
            setting, setting.id.rsplit("/providers/", 1)[0]
        )  # its etag stays: nothing that clients see has changed
    return decision


@dataclass(slots=True)
class _Evaluation:
    """What one evaluation found. `current`: instances before it; `state` is changed in place."""

    ctx: Context
    setting: Resource
    target: Resource
    profile: Mapping[str, Any]
    state: dict[str, Any]
    decision: Decision
    current: int

    def scale(self) -> None:
        """Change the number of instances, or say why not."""
        wanted = self.decision.instances
        said = {
            "Description": f"The autoscale engine attempting to scale resource '{self.target.id}' from {self.current} instances count to"
            f" {wanted} instances count.",
            **self._numbers(wanted),
            "Reason": self.decision.reason,
        }
        operation = "Scaleup" if wanted > self.current else "Scaledown"
        if (refusal := _refusal(self.ctx, self.target, wanted)) is not None:
            refused = [wanted, refusal.code]
            if self.state.get("refused") != refused:  # once, and not every 30 s
                activity.add(
                    self.ctx, self.setting, operation, "AutoscaleAction", {**said, "Error": str(refusal)}, failed=True
                )
            self.state["refused"] = refused
            return
        self.state.pop("refused", None)
        if self.decision.cooldown:
            self.state["resting_until"] = self.ctx.clock.now() + self.decision.cooldown
        self.target.body["sku"] = {**(self.target.body.get("sku") or {}), "capacity": wanted}
        self.ctx.save(self.target)
        activity.add(self.ctx, self.setting, operation, "AutoscaleAction", said)
        log.info(
            "autoscale %s: %d instances become %d (%s)", self.setting.name, self.current, wanted, self.decision.reason
        )

    def tell_metrics(self) -> None:
        """Log once when metrics cannot be read, and once when they can again."""
        if self.decision.kind in ("cooling", "limit"):
            return  # nothing was read
        was, names = self.state.get("unreadable") or [], list(self.decision.unreadable)
        if names and not was:
            notes = (
                "To ensure service availability, Autoscale will scale out the resource to the default capacity if it is"
                " greater than the current capacity"
            )
            told = {"Notes": notes, "Metrics": ", ".join(names)}
            activity.add(self.ctx, self.setting, "MetricFailure", "MetricFailure", told, failed=True)
        elif was and not names:
            activity.add(self.ctx, self.setting, "MetricRecovery", "MetricRecovery", {})
        self.state["unreadable"] = names

    def tell_flapping(self) -> None:
        """Log when scaling in would flap: each time that it is done by less, once while it is deferred."""
        deferred = self.decision.kind == "flapping"
        numbers = f"Current instance count: '{self.current}', Intended new instance count: '{self.decision.intended}'"
        if deferred and not self.state.get("flapping"):
            said = f"Cannot scale down due to flapping observed. Resource: '{self.target.id}'. {numbers}"
            told = {"Description": said, **self._numbers(self.current)}
            activity.add(self.ctx, self.setting, "Flapping", "Flapping", told)
        elif self.decision.kind == "less":
            said = (
                f"Scale down will occur with updated instance count to avoid flapping. Resource: '{self.target.id}'. {numbers}."
                f" Actual new instance count: '{self.decision.instances}'"
            )
            told = {"Description": said, **self._numbers(self.decision.instances)}
            activity.add(self.ctx, self.setting, "FlappingOccurred", "FlappingOccurred", told)
        self.state["flapping"] = deferred

    def _numbers(self, after: int) -> dict[str, str]:
        return {
            "ResourceName": self.target.id,
            "OldInstancesCount": str(self.current),
            "NewInstancesCount": str(after),
            "ActiveAutoscaleProfile": orjson.dumps(self.profile).decode(),
        }


def _refusal(ctx: Context, target: Resource, wanted: int) -> ArmError | None:
    """Why the deployment cannot have so many instances (its limits, quota, a lock), None where it can."""
    armtype, id_ = ctx.type_of(target), ResourceId.parse(target.id)
    if armtype is None:
        return None
    old = deepcopy(target)
    body = schema.strip_read_only(armtype.row, deepcopy(target.body)) if armtype.row else deepcopy(target.body)
    body["sku"] = {**(body.get("sku") or {}), "capacity": wanted}
    try:
        scopes.refuse_locked(ctx, id_, "write")
        lifecycle.prepare(ctx, armtype, id_, body, old)
    except ArmError as error:
        return error
    return None
