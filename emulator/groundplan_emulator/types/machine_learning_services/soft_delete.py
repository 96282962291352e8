# SPDX-License-Identifier: Apache-2.0
"""Soft delete of workspaces: 14 days, its name taken, most of its content kept.

Facts: Microsoft's "Recover workspace data while soft deleted". Computes and endpoints are deleted for good; assets, datastores,
connections, jobs, schedules and outbound rules come back.
"""

from __future__ import annotations

from typing import Any

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request, property_change_not_allowed
from groundplan_emulator.arm.resource import Write
from groundplan_emulator.store import Deleted, Resource

RETENTION = 14 * 24 * 3600.0
LOST = (
    "computes",
    "onlineendpoints",
    "batchendpoints",
    "serverlessendpoints",
    "inferencepools",
    "privateendpointconnections",
)


def bury(ctx: Context, workspace: Resource) -> None:
    """Keep a workspace with its children."""
    now = ctx.clock.now()
    children = [_packed(child) for child in ctx.store.descendants(workspace.id) if _kept(workspace, child)]
    private = {**workspace.private, "children": children}
    ctx.store.bury(
        Deleted(
            workspace.id,
            workspace.type,
            workspace.name,
            workspace.body["location"],
            now,
            now + RETENTION,
            workspace.body,
            private,
        )
    )


def find(ctx: Context, key: str) -> Deleted | None:
    """The soft-deleted workspace of an id, while it is kept."""
    for buried in ctx.store.deleted(key=key):
        if buried.purge_at > ctx.clock.now():
            return buried
        ctx.store.exhume(buried.id)
    return None


def wanted(body: dict[str, Any], flag: str) -> bool:
    """Whether a request asks for recovery; clients send the flag as a boolean or a text."""
    properties: Any = body.get("properties") or {}
    return str(properties.get(flag, "")).lower() == "true"


def restore(write: Write, *, allowed: bool) -> None:
    """Refuse a name that a soft-deleted workspace holds, or take over what the service knew of it."""
    buried = find(write.ctx, write.id.key)
    if buried is None:
        return
    if not allowed:
        raise bad_request(
            "BadRequest", "Soft-deleted workspace exists. Please purge or recover it. https://aka.ms/wsoftdelete"
        )
    before: dict[str, Any] = buried.body.get("properties", {})
    for name in ("storageAccount", "keyVault", "applicationInsights"):
        given = write.properties.setdefault(name, before.get(name))
        if given is None:
            del write.properties[name]
        elif str(before.get(name, given)).lower() != str(given).lower():
            raise property_change_not_allowed(f"properties.{name}")
    for name in ("workspaceId", "notebookInfo"):
        write.properties[name] = before[name]


def restore_children(ctx: Context, workspace: Resource) -> bool:
    """Bring the children of a recovered workspace back; False when there was nothing to recover."""
    buried = find(ctx, workspace.key)
    if buried is None:
        return False
    for child in buried.private.get("children", []):
        ctx.save(Resource(child["id"], child["type"], child["name"], child["body"], private=child["private"]))
    ctx.store.exhume(workspace.id)
    return True


def _kept(workspace: Resource, child: Resource) -> bool:
    return child.key.removeprefix(workspace.key + "/").split("/")[0] not in LOST


def _packed(child: Resource) -> dict[str, Any]:
    return {"id": child.id, "type": child.type, "name": child.name, "body": child.body, "private": child.private}
