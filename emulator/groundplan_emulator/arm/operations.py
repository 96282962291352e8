# SPDX-License-Identifier: Apache-2.0
"""Long-running operations: started by writes, ended by the clock, read by polling. Reading never moves them."""

from __future__ import annotations

import math
import uuid
from typing import Any

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import ArmType
from groundplan_emulator.store import Operation, Resource

WORKING = {"update": "Updating", "delete": "Deleting"}
FAILED = {"code": "InternalServerError", "message": "The operation failed."}


def provisioning_state(armtype: ArmType, resource: Resource, state: str) -> None:
    """Set `properties.provisioningState` where the type has one."""
    row = armtype.row
    if "provisioningState" in resource.body.get("properties", {}) or (row is not None and row.has_provisioning_state):
        resource.properties["provisioningState"] = state


def start(
    ctx: Context, armtype: ArmType, resource: Resource, kind: str, error: dict[str, Any] | None = None
) -> Operation | None:
    """Begin an operation on a resource; None when it is over at once (and did not fail)."""
    seconds = getattr(armtype.seconds, kind)
    if error is None and armtype.waits(ctx, resource, kind):
        return _begun(ctx, armtype, resource, kind, math.inf, None)
    if error is None and (ctx.clock.mode == "instant" or not seconds):
        provisioning_state(armtype, resource, "Succeeded")
        return _ended(ctx, resource, kind) if armtype.polled and kind != "delete" else None
    due = ctx.clock.now() + (0.0 if ctx.clock.mode == "instant" else seconds)
    return _begun(ctx, armtype, resource, kind, due, error)


def _begun(
    ctx: Context, armtype: ArmType, resource: Resource, kind: str, due: float, error: dict[str, Any] | None
) -> Operation:
    operation = Operation(str(uuid.uuid4()), resource.key, kind, "InProgress", ctx.clock.now(), due, error)
    provisioning_state(armtype, resource, WORKING.get(kind, armtype.creating))
    ctx.store.save_operation(operation)
    return operation


def _ended(ctx: Context, resource: Resource, kind: str) -> Operation:
    """An operation that is over before it is first asked for."""
    now = ctx.clock.now()
    operation = Operation(str(uuid.uuid4()), resource.key, kind, "Succeeded", now, now)
    ctx.store.save_operation(operation)
    return operation


def refuse_overlap(ctx: Context, key: str) -> None:
    """409 when another operation on the resource is still running, as most services answer."""
    for running in ctx.store.running_operations(key):
        raise ArmError(
            409,
            "AnotherOperationInProgress",
            f"Another operation on this resource is in progress ({running.kind} {running.id}). Retry when it has ended.",
            headers={"x-ms-retry-after-ms": "100"},
        )


def accepted_headers(ctx: Context, resource: Resource, operation: Operation) -> dict[str, str]:
    """Headers that tell a client where to poll, with a delay in milliseconds that fits the clock."""
    parts = resource.id.split("/")
    subscription = parts[2] if len(parts) > 2 and parts[1].lower() == "subscriptions" else "-"
    namespace = resource.type.split("/")[0]
    version = ctx.request.query.get("api-version", "")
    stem = f"{ctx.request.base}/subscriptions/{subscription}/providers/{namespace}/locations/local"
    delay = "10" if ctx.clock.mode == "instant" else "200"
    headers = {
        "Azure-AsyncOperation": f"{stem}/operationStatuses/{operation.id}?api-version={version}",
        "x-ms-retry-after-ms": delay,
    }
    if operation.kind == "delete":
        headers["Location"] = f"{stem}/operationResults/{operation.id}?api-version={version}"
    return headers


def status(ctx: Context, operation_id: str) -> Response:
    """Answer a poll of `Azure-AsyncOperation`."""
    operation = _find(ctx, operation_id)
    body: dict[str, Any] = {"id": ctx.request.path, "name": operation.id, "status": operation.status}
    if operation.status == "Failed":
        body["error"] = operation.error or FAILED
    headers = {"x-ms-retry-after-ms": "200"} if operation.status == "InProgress" else {}
    return Response(200, body, headers)


def result(ctx: Context, operation_id: str) -> Response:
    """Answer a poll of `Location`: 202 until the end, then the resource, or 204 after a delete."""
    operation = _find(ctx, operation_id)
    if operation.status == "InProgress":
        return Response(
            202,
            None,
            {
                "x-ms-retry-after-ms": "200",
                "Location": f"{ctx.request.base}{ctx.request.path}?{ctx.request.query_string}",
            },
        )
    if operation.status == "Failed":
        error = operation.error or FAILED
        raise ArmError(500, error["code"], error["message"])
    resource = ctx.get(operation.key)
    if resource is None:
        return Response(204)
    armtype = ctx.type_of(resource)
    return Response(200, armtype.view(ctx, resource) if armtype else resource.body)


def _find(ctx: Context, operation_id: str) -> Operation:
    operation = ctx.store.operation(operation_id)
    if operation is None:
        raise ArmError(404, "OperationNotFound", f"The operation '{operation_id}' was not found.")
    return operation


def settle(ctx: Context) -> None:
    """End every operation whose time has come. Called when the clock moves, inside a transaction."""
    now = ctx.clock.now()
    for operation in ctx.store.running_operations():
        if operation.due == math.inf:
            continue  # not a matter of time
        if operation.due > now and ctx.clock.mode != "instant":
            break
        finish(ctx, operation)
    for buried in ctx.store.deleted():
        if buried.purge_at <= now:
            ctx.store.exhume(buried.id)


def finish(ctx: Context, operation: Operation, error: dict[str, Any] | None = None) -> None:
    """End an operation; with `error` (`code`, `message`) it failed."""
    resource = ctx.get(operation.key)
    operation.error = error or operation.error
    operation.status = "Failed" if operation.error else "Succeeded"
    ctx.store.save_operation(operation)
    if resource is None:
        return
    if operation.kind == "delete" and not operation.error:
        ctx.delete(resource)
        return
    armtype = ctx.type_of(resource)
    if armtype is not None:
        provisioning_state(armtype, resource, operation.status)
        ctx.save(resource)
