# SPDX-License-Identifier: Apache-2.0
"""PUT, PATCH, GET, HEAD, DELETE, lists and actions: what every ARM type does alike."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from groundplan_arm import schema
from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm import managed_identity, operations, paths, scopes
from groundplan_emulator.arm.context import Context, new_etag, quoted
from groundplan_emulator.arm.errors import (
    ArmError,
    invalid_content,
    property_change_not_allowed,
    resource_group_not_found,
    resource_not_found,
)
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import ArmType, Write
from groundplan_emulator.arm.validation import validate
from groundplan_emulator.store import Resource


def get(ctx: Context, armtype: ArmType, id_: ResourceId) -> Response:
    """The resource, or 404."""
    resource = find(ctx, armtype, id_)
    return Response(200, armtype.view(ctx, resource), {"ETag": quoted(resource.etag)})


def head(ctx: Context, armtype: ArmType, id_: ResourceId) -> Response:
    """204 when it exists, else 404, both without a body."""
    exists = ctx.store.exists(id_.key) or armtype.default(ctx, id_) is not None
    return Response(204 if exists else 404)


def find(ctx: Context, armtype: ArmType, id_: ResourceId) -> Resource:
    """The stored resource, or the one that exists by default; ARM's 404 otherwise."""
    resource = ctx.get(id_.key) or armtype.default(ctx, id_)
    if resource is None:
        scopes.require_scope(ctx, id_)
        if armtype.name == scopes.GROUP_TYPE:
            raise resource_group_not_found(id_.name)
        raise resource_not_found(armtype.name, id_.name, id_.resource_group)
    return resource


def put(ctx: Context, armtype: ArmType, id_: ResourceId, *, fault: dict[str, Any] | None = None) -> Response:
    """Create or replace."""
    body = paths.without_nulls(ctx.request.json_object())
    old = ctx.get(id_.key)
    _precondition(ctx, id_, old)
    scopes.require_scope(ctx, id_)
    scopes.require_parent(ctx, armtype, id_)
    return _write(ctx, armtype, id_, body, old, fault)


def patch(ctx: Context, armtype: ArmType, id_: ResourceId, *, fault: dict[str, Any] | None = None) -> Response:
    """JSON merge patch (RFC 7396) over what a client may set; 404 when there is nothing to change."""
    change = ctx.request.json_object()
    old = find(ctx, armtype, id_)
    _precondition(ctx, id_, old)
    settable = schema.strip_read_only(armtype.row, old.body) if armtype.row else dict(old.body)
    for path in armtype.write_only:
        if (value := old.private.get(path)) is not None:
            paths.write(settable, path, value)
    return _write(ctx, armtype, id_, paths.merge(settable, change), old, fault)


def delete(ctx: Context, armtype: ArmType, id_: ResourceId, *, fault: dict[str, Any] | None = None) -> Response:
    """Delete, or start deleting; 204 when it was not there."""
    resource = ctx.get(id_.key)
    if resource is None:
        armtype.deleting_absent(ctx, id_)
        return Response(204)
    _precondition(ctx, id_, resource)
    scopes.refuse_locked(ctx, id_, "delete")
    operations.refuse_overlap(ctx, resource.key)
    armtype.deleting(ctx, resource)
    operation = operations.start(ctx, armtype, resource, "delete", fault)
    if operation is None:
        ctx.delete(resource)
        return Response(armtype.deleted_status)
    ctx.save(resource)
    return Response(202, None, operations.accepted_headers(ctx, resource, operation))


def list_(ctx: Context, armtype: ArmType, parent: str) -> Response:
    """The resources of a type directly below a resource or group, or anywhere below a subscription."""
    id_ = ResourceId.parse(parent)
    if "/providers/" in id_.key:
        scopes.require_parent_of_list(ctx, armtype, id_)
    else:
        scopes.require_scope(ctx, id_)
    direct = bool(id_.resource_group) or not id_.subscription
    found = ctx.children(parent, armtype.name) if direct else ctx.store.of_type(armtype.name, within=parent)
    return page(ctx, [armtype.view(ctx, resource) for resource in armtype.listed(ctx, found)])


def page(ctx: Context, items: list[dict[str, Any]]) -> Response:
    """One page of a list: `$top` or the emulator's page size, with `nextLink` while there is more."""
    query = ctx.request.query
    top, skip = query.get("$top", ""), query.get("$skiptoken", "0")
    size = min(int(top), ctx.settings.page_size) if top.isdigit() and int(top) > 0 else ctx.settings.page_size
    start = int(skip) if skip.isdigit() else 0
    body: dict[str, Any] = {"value": items[start : start + size]}
    if start + size < len(items):
        more = {**query, "$skiptoken": str(start + size)}
        body["nextLink"] = f"{ctx.request.base}{quote(ctx.request.path)}?{urlencode(more)}"
    return Response(200, body)


def act(ctx: Context, armtype: ArmType, id_: ResourceId, method: str, name: str) -> Response:
    """`POST .../{action}` on a resource."""
    resource = find(ctx, armtype, id_)
    function = armtype.actions.get((method, name.lower()))
    if function is None:
        raise ArmError(
            404, "InvalidResourceType", f"The resource type '{armtype.name}' has no action '{name}'.", target=name
        )
    return function(ctx, resource, ctx.request.json_object())


def _write(
    ctx: Context,
    armtype: ArmType,
    id_: ResourceId,
    body: dict[str, Any],
    old: Resource | None,
    fault: dict[str, Any] | None,
) -> Response:
    scopes.refuse_locked(ctx, id_, "write")
    if old is not None:
        operations.refuse_overlap(ctx, old.key)
    resource = prepare(ctx, armtype, id_, body, old)
    operation = operations.start(ctx, armtype, resource, "update" if old else "create", fault)
    ctx.store.put(resource, id_.parent_id)
    armtype.written(ctx, resource, created=old is None)
    headers = {"ETag": quoted(resource.etag)}
    if operation is not None:
        headers |= operations.accepted_headers(ctx, resource, operation)
    stored = ctx.get(resource.id) or resource
    return Response(armtype.updated_status if old else armtype.created_status, armtype.view(ctx, stored), headers)


def prepare(ctx: Context, armtype: ArmType, id_: ResourceId, body: dict[str, Any], old: Resource | None) -> Resource:
    """Check a body and complete it, without storing it: the part of a write that may refuse."""
    if armtype.name_rule is not None and old is None:
        armtype.name_rule.check(armtype.name, id_.name)
    scopes.settle_location(armtype, id_, body, old)
    row = armtype.row
    body = armtype.understood(body)
    if row is not None:
        body = schema.strip_read_only(row, body)
        validate(ctx.registry.catalog, row, body, ctx.request.query.get("api-version", row.api_version))
    if old is None:
        _refuse_taken(ctx, armtype, id_)
    write = Write(ctx, id_, body, old, dict(old.private) if old else {})
    _declared(write, armtype)
    managed_identity.settle(write, armtype)
    armtype.check(write)
    armtype.fill(write)
    for path in armtype.write_only:
        if (value := paths.remove(write.body, path)) is not paths.MISSING:
            write.private[path] = value
    return _stored(write, armtype)


def _declared(write: Write, armtype: ArmType) -> None:
    """What the class says: required paths, links, fixed properties."""
    for path in armtype.required:
        if paths.read(write.body, path) is None:
            raise invalid_content(path, f"Required property '{path.rsplit('.', 1)[-1]}' not found in JSON")
    for path in armtype.references:
        for at, value in paths.values(write.body, path):
            write.ctx.linked(at, value)
    if write.old is None:
        return
    for path in armtype.immutable:
        before, after = paths.read(write.old.body, path), paths.read(write.body, path)
        if after is None and before is not None:
            paths.write(write.body, path, before)
        elif before is not None and not _same(before, after):
            raise property_change_not_allowed(path)


def _same(before: object, after: object) -> bool:
    if isinstance(before, str) and isinstance(after, str):
        return before.lower() == after.lower()
    return before == after


def _stored(write: Write, armtype: ArmType) -> Resource:
    """The resource as it will be stored: envelope first, in ARM's order."""
    old, row = write.old, armtype.row
    etag = new_etag()
    id_ = old.id if old else scopes.spelt(write.id, armtype)
    name = old.name if old else write.id.name
    body: dict[str, Any] = {"id": id_, "name": name, "type": armtype.name, **write.body}
    body.update(id=id_, name=name, type=armtype.name)
    if row is not None:
        if "etag" in row.outputs:
            body["etag"] = quoted(etag)
        if "systemData" in row.outputs:
            body["systemData"] = write.ctx.system_data(old.body.get("systemData") if old else None)
    return Resource(id_, armtype.name, name, body, etag, write.private)


def _refuse_taken(ctx: Context, armtype: ArmType, id_: ResourceId) -> None:
    if armtype.global_name is None:
        return
    status, code = armtype.global_name
    for other in ctx.store.of_type(armtype.name, name=id_.name):
        if other.key != id_.key:
            raise ArmError(
                status,
                code,
                f"The name '{id_.name}' for a resource of type '{armtype.name}' is already taken.",
                target="name",
            )


def _precondition(ctx: Context, id_: ResourceId, resource: Resource | None) -> None:
    """`If-Match` and `If-None-Match`; 412 when they do not hold."""
    wanted, unwanted = ctx.request.headers.get("if-match"), ctx.request.headers.get("if-none-match")
    current = quoted(resource.etag) if resource else None
    failed = (wanted is not None and (current is None or wanted not in ("*", current))) or (
        unwanted is not None and current is not None and unwanted in ("*", current)
    )
    if failed:
        raise ArmError(
            412,
            "PreconditionFailed",
            f"The condition '{'If-Match: ' + wanted if wanted else 'If-None-Match: ' + str(unwanted)}' does not hold for '{id_.id}'"
            f" (its etag is {current or 'none: it does not exist'}).",
        )
