# SPDX-License-Identifier: Apache-2.0
"""The nodes of a cluster: who uses them, how long they idle, when they go. Kept in the compute's `private`, by the emulator's clock.

    nodes        [{"since", "job", "idle"}]: allocated since, key of the job on it or None, idle since or None
    goneSeconds  seconds of nodes that are gone already

A node that idles longer than `nodeIdleTimeBeforeScaleDown` is gone from that moment on, whenever somebody looks; `minNodeCount` stay.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypedDict, cast

from groundplan_emulator.iso_durations import seconds_or
from groundplan_emulator.store import Resource

IDLE_SECONDS = 120.0


class Node(TypedDict):
    """An allocated node. Times are seconds since the epoch."""

    since: float
    job: str | None
    idle: float | None


def scale(compute: Resource) -> dict[str, Any]:
    """The scale settings of a cluster."""
    return compute.properties.get("properties", {}).get("scaleSettings") or {}


def most(compute: Resource) -> int:
    """How many nodes it may have."""
    return int(scale(compute).get("maxNodeCount", 1))


def _idle_seconds(compute: Resource) -> float:
    return seconds_or(scale(compute).get("nodeIdleTimeBeforeScaleDown"), IDLE_SECONDS)


def _state(compute: Resource, now: float) -> tuple[list[Node], float]:
    """The nodes that there are now, those that are used first, and the seconds of those that are gone."""
    stored = cast("list[Node]", compute.private.get("nodes") or [])
    gone = float(compute.private.get("goneSeconds", 0.0))
    least, patience = int(scale(compute).get("minNodeCount", 0)), _idle_seconds(compute)
    kept = [node for node in stored if node["idle"] is None]
    resting = sorted((node for node in stored if node["idle"] is not None), key=lambda node: -(node["idle"] or 0.0))
    for node in resting:  # those that came to rest last stay
        leaves = (node["idle"] or 0.0) + patience
        if leaves > now or len(kept) < least:
            kept.append(node)
        else:
            gone += leaves - node["since"]
    since = _seconds(compute.private.get("modified"), now)
    kept += [Node(since=since, job=None, idle=since) for _ in range(least - len(kept))]
    return kept, gone


def _seconds(stamp: object, now: float) -> float:
    try:
        return datetime.fromisoformat(str(stamp)).timestamp()
    except ValueError:
        return now


def nodes(compute: Resource, now: float) -> list[Node]:
    """The nodes that a cluster has now. Changes nothing."""
    return _state(compute, now)[0]


def seconds(compute: Resource, now: float) -> float:
    """Node seconds that a cluster has used so far, idle ones among them: what Azure bills."""
    present, gone = _state(compute, now)
    return gone + sum(now - node["since"] for node in present)


def take(compute: Resource, job: str, count: int, now: float) -> bool:
    """Give nodes to a job, idle ones first; False where there are not enough. The caller saves the compute."""
    present, gone = _state(compute, now)
    free = [node for node in present if node["job"] is None]
    new = max(0, count - len(free))
    if len(present) + new > most(compute):
        return False
    for node in free[:count]:
        node.update(job=job, idle=None)
    present += [Node(since=now, job=job, idle=None) for _ in range(new)]
    compute.private.update(nodes=present, goneSeconds=gone)
    return True


def give_back(compute: Resource, job: str, now: float) -> None:
    """The nodes of a job idle from now on. The caller saves the compute."""
    present, gone = _state(compute, now)
    for node in present:
        if node["job"] == job:
            node.update(job=None, idle=now)
    compute.private.update(nodes=present, goneSeconds=gone)
