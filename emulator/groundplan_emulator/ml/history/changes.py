# SPDX-License-Identifier: Apache-2.0
"""What can be changed of a run: names, description, tags, properties, and whether lists show it."""

from __future__ import annotations

from typing import Any

from groundplan_emulator.arm.context import Context
from groundplan_emulator.ml.history import runs
from groundplan_emulator.store import Resource


def change(ctx: Context, job: Resource) -> dict[str, Any]:
    """Change a run and answer it. Tags and properties are added to those that there are; `hidden` archives."""
    asked = ctx.request.json_object()
    properties = job.properties
    for name in ("displayName", "description"):
        if asked.get(name) is not None:
            properties[name] = str(asked[name])
    for name in ("tags", "properties"):
        if asked.get(name):
            properties[name] = {**(properties.get(name) or {}), **asked[name]}
    if asked.get("hidden") is not None:
        properties["isArchived"] = bool(asked["hidden"])
    ctx.save(job)
    return runs.run(ctx, job)


def tags(ctx: Context, job: Resource) -> dict[str, Any]:
    """Add or remove tags: `{"values": {...}}` or `{"values": [...]}`, `{"deletedTags": [...]}`."""
    asked = ctx.request.json_object()
    values: Any = asked.get("values") or {}
    current: dict[str, str] = dict(job.properties.get("tags") or {})
    gone = [*(asked.get("deletedTags") or ()), *(values if isinstance(values, list) else ())]
    for name in gone:
        current.pop(str(name), None)
    if isinstance(values, dict):
        current |= values
    job.properties["tags"] = current
    ctx.save(job)
    return runs.run(ctx, job)
