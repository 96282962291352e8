# SPDX-License-Identifier: Apache-2.0
"""What computes and jobs have used, in node seconds by the emulator's clock: what Azure bills, idle nodes of clusters among them."""

from __future__ import annotations

from typing import Any

from groundplan_emulator.arm.context import Context
from groundplan_emulator.ml.jobs import nodes, states
from groundplan_emulator.ml.jobs.placement import COMPUTES
from groundplan_emulator.store import Resource


def report(ctx: Context) -> dict[str, Any]:
    """`computes` (clusters) and `jobs`, each with `id`, `vmSize`, `priority`, `nodes` and `nodeSeconds`; a job with its `compute` too."""
    now = ctx.clock.now()
    jobs = (job for job in ctx.store.of_type(states.JOBS) if job.private.get("usage"))
    clusters = (each for each in ctx.store.of_type(COMPUTES) if each.properties.get("computeType") == "AmlCompute")
    return {"computes": [_cluster(each, now) for each in clusters], "jobs": [_job(job, now) for job in jobs]}


def of_job(job: Resource, now: float) -> float:
    """Node seconds of a job so far."""
    used: dict[str, Any] = job.private.get("usage") or {}
    running = used["nodes"] * (now - used["since"]) if "since" in used else 0.0
    return used.get("nodeSeconds", 0.0) + running


def _cluster(compute: Resource, now: float) -> dict[str, Any]:
    inner = compute.properties.get("properties", {})
    return {
        "id": compute.id,
        "vmSize": inner.get("vmSize"),
        "priority": inner.get("vmPriority", "Dedicated"),
        "nodes": len(nodes.nodes(compute, now)),
        "nodeSeconds": round(nodes.seconds(compute, now), 3),
    }


def _job(job: Resource, now: float) -> dict[str, Any]:
    used = job.private["usage"]
    known = {name: used.get(name) for name in ("compute", "vmSize", "priority", "nodes")}
    return {"id": job.id, **known, "nodeSeconds": round(of_job(job, now), 3)}
