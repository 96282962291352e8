# SPDX-License-Identifier: Apache-2.0
"""The control API of a running emulator, under `/_groundplan/` on the plain HTTP listener."""

from __future__ import annotations

import dataclasses
import hmac
import time
from typing import Any

from groundplan_emulator import __version__
from groundplan_emulator.arm import operations
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.arm.managed_identity import PROPAGATION
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.clock import MODES
from groundplan_emulator.faults import FaultError, Faults
from groundplan_emulator.ml.instances import Instances
from groundplan_emulator.ml.jobs import usage
from groundplan_emulator.ml.jobs.placement import PLACES_SETTING
from groundplan_emulator.ml.router.settings import PAYLOAD_LIMIT, SEED
from groundplan_emulator.ml.scoring.settings import MEMORY, PROCESSES, SHARED
from groundplan_emulator.types.machine_learning_services.quotas import CORES_SETTING

PREFIX = "/_groundplan/"
SETTINGS = (PROPAGATION, SEED, PAYLOAD_LIMIT, PROCESSES, MEMORY, SHARED, CORES_SETTING, PLACES_SETTING)


def answer(ctx: Context, faults: Faults, instances: Instances, started: float) -> Response:
    """Answer a control request; the caller proves with `X-IDENTITY-HEADER` that it may."""
    given = ctx.request.headers.get("x-identity-header", "")
    if not hmac.compare_digest(given.encode(), ctx.settings.identity.identity_header.encode()):
        raise ArmError(
            401, "Unauthorized", "The header X-IDENTITY-HEADER does not match identity_header of server.json."
        )
    match ctx.request.method, ctx.request.path.removeprefix(PREFIX).strip("/").split("/"):
        case "GET", ["status"]:
            return Response(200, _status(ctx, faults, started))
        case "POST", ["reset"]:
            ctx.store.reset()
            return Response(200, _status(ctx, faults, started))
        case "GET", ["faults"]:
            return Response(200, {"value": faults.everything()})
        case "POST", ["faults"]:
            return Response(201, _add_fault(ctx, faults))
        case "DELETE", ["faults"]:
            return Response(200, {"cleared": faults.clear()})
        case "DELETE", ["faults", number] if number.isdigit():
            return Response(200, {"cleared": faults.clear(int(number))})
        case (("GET" | "POST" as method), ["clock"]):
            return Response(200, _clock(ctx) if method == "GET" else _move_clock(ctx))
        case "GET", [("instances" | "usage") as what]:
            return Response(200, _instances(instances) if what == "instances" else usage.report(ctx))
        case (("GET" | "POST" as method), ["settings"]):
            return Response(200, _settings(ctx) if method == "GET" else _set(ctx))
        case method, _:
            raise ArmError(404, "NotFound", f"The control API has no {method} {ctx.request.path}.")


def _status(ctx: Context, faults: Faults, started: float) -> dict[str, Any]:
    return {
        "version": __version__,
        "uptime": round(time.monotonic() - started, 3),
        "resources": ctx.store.counts(),
        "ids": [resource.id for row in ctx.store.counts() for resource in ctx.store.of_type(row)],
        "soft_deleted": [found.id for found in ctx.store.deleted()],
        "operations": len(ctx.store.running_operations()),
        "faults": faults.everything(),
        "clock": _clock(ctx),
    }


def _instances(instances: Instances) -> dict[str, Any]:
    """Which processes answer for online deployments, by the deployment's id in lower case."""
    found = instances.everything()
    return {"value": {key: [dataclasses.asdict(each) for each in ready] for key, ready in found.items()}}


def _settings(ctx: Context) -> dict[str, Any]:
    return {name: ctx.store.meta(name) or 0 for name in SETTINGS}


def _set(ctx: Context) -> dict[str, Any]:
    for name, value in ctx.request.json_object().items():
        if name not in SETTINGS:
            raise ArmError(400, "InvalidSetting", f"there is no setting {name!r}; allowed: {', '.join(SETTINGS)}")
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise ArmError(400, "InvalidSetting", f"{name} is {value!r}; allowed: a number, 0 or more")
        ctx.store.set_meta(name, value)
        ctx.store.set_meta(f"{name}_set", ctx.store.revision)
    return _settings(ctx)


def _clock(ctx: Context) -> dict[str, Any]:
    return {"mode": ctx.clock.mode, "now": ctx.clock.stamp(), "skipped": ctx.clock.skipped}


def _add_fault(ctx: Context, faults: Faults) -> dict[str, Any]:
    try:
        number = faults.add(ctx.request.json_object()).id
    except FaultError as error:
        raise ArmError(400, "InvalidFault", str(error)) from None
    return {"id": number}


def _move_clock(ctx: Context) -> dict[str, Any]:
    wanted = ctx.request.json_object()
    mode, advance = wanted.get("mode", ctx.clock.mode), wanted.get("advance", 0)
    if mode not in MODES:
        raise ArmError(400, "InvalidClock", f"mode is {mode!r}; allowed: {', '.join(MODES)}")
    if not isinstance(advance, int | float) or advance < 0:
        raise ArmError(400, "InvalidClock", f"advance is {advance!r}; allowed: seconds, 0 or more")
    ctx.clock.mode = mode
    ctx.clock.advance(advance)
    ctx.store.set_meta("clock", {"mode": mode, "skipped": ctx.clock.skipped})
    operations.settle(ctx)
    return _clock(ctx)
