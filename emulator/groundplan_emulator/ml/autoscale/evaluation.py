# SPDX-License-Identifier: Apache-2.0
"""One evaluation of an autoscale setting: what is decided is done and told to the activity log.

What the next one must know (the cooldown, what was told already) is kept with the setting, so that a restart goes on from there.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from copy import deepcopy
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
    _tell_metrics(ctx, setting, state, decision)
    _tell_flapping(ctx, setting, target, profile, state, decision, current)
    if decision.instances != current:
        _scale(ctx, setting, target, profile, state, decision, current)
    if state != (setting.private.get(STATE) or {}):
        setting.private[STATE] = state
        ctx.store.put(
            setting, setting.id.rsplit("/providers/", 1)[0]
        )  # its etag stays: nothing that clients see has changed
    return decision


def _scale(
    ctx: Context,
    setting: Resource,
    target: Resource,
    profile: Mapping[str, Any],
    state: dict[str, Any],
    decision: Decision,
    current: int,
) -> None:
    wanted = decision.instances
    said = {
        "Description": f"The autoscale engine attempting to scale resource '{target.id}' from {current} instances count to"
        f" {wanted} instances count.",
        **_numbers(target, profile, current, wanted),
        "Reason": decision.reason,
    }
    operation = "Scaleup" if wanted > current else "Scaledown"
    if (refusal := _refusal(ctx, target, wanted)) is not None:
        refused = [wanted, refusal.code]
        if state.get("refused") != refused:  # once, and not every 30 s
            activity.add(ctx, setting, operation, "AutoscaleAction", {**said, "Error": str(refusal)}, failed=True)
        state["refused"] = refused
        return
    state.pop("refused", None)
    if decision.cooldown:
        state["resting_until"] = ctx.clock.now() + decision.cooldown
    target.body["sku"] = {**(target.body.get("sku") or {}), "capacity": wanted}
    ctx.save(target)
    activity.add(ctx, setting, operation, "AutoscaleAction", said)
    log.info("autoscale %s: %d instances become %d (%s)", setting.name, current, wanted, decision.reason)


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


def _tell_metrics(ctx: Context, setting: Resource, state: dict[str, Any], decision: Decision) -> None:
    """Log once when metrics cannot be read, and once when they can again."""
    if decision.kind in ("cooling", "limit"):
        return  # nothing was read
    was, names = state.get("unreadable") or [], list(decision.unreadable)
    if names and not was:
        notes = (
            "To ensure service availability, Autoscale will scale out the resource to the default capacity if it is"
            " greater than the current capacity"
        )
        told = {"Notes": notes, "Metrics": ", ".join(names)}
        activity.add(ctx, setting, "MetricFailure", "MetricFailure", told, failed=True)
    elif was and not names:
        activity.add(ctx, setting, "MetricRecovery", "MetricRecovery", {})
    state["unreadable"] = names


def _tell_flapping(
    ctx: Context,
    setting: Resource,
    target: Resource,
    profile: Mapping[str, Any],
    state: dict[str, Any],
    decision: Decision,
    current: int,
) -> None:
    """Log when scaling in would flap: each time that it is done by less, once while it is deferred."""
    deferred = decision.kind == "flapping"
    numbers = f"Current instance count: '{current}', Intended new instance count: '{decision.intended}'"
    if deferred and not state.get("flapping"):
        said = f"Cannot scale down due to flapping observed. Resource: '{target.id}'. {numbers}"
        told = {"Description": said, **_numbers(target, profile, current, current)}
        activity.add(ctx, setting, "Flapping", "Flapping", told)
    elif decision.kind == "less":
        said = (
            f"Scale down will occur with updated instance count to avoid flapping. Resource: '{target.id}'. {numbers}."
            f" Actual new instance count: '{decision.instances}'"
        )
        told = {"Description": said, **_numbers(target, profile, current, decision.instances)}
        activity.add(ctx, setting, "FlappingOccurred", "FlappingOccurred", told)
    state["flapping"] = deferred


def _numbers(target: Resource, profile: Mapping[str, Any], before: int, after: int) -> dict[str, str]:
    return {
        "ResourceName": target.id,
        "OldInstancesCount": str(before),
        "NewInstancesCount": str(after),
        "ActiveAutoscaleProfile": orjson.dumps(profile).decode(),
    }
