# SPDX-License-Identifier: Apache-2.0
"""From an ARM path to the function that answers it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from groundplan_arm.ids import InvalidResourceId, ResourceId
from groundplan_emulator.arm import lifecycle, operations, scopes
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import ArmType

VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(-[a-z]+)*")
RESOURCES = "microsoft.resources"


@dataclass(slots=True)
class Target:
    """A split path: `path` up to the last complete type/name pair, the namespace that decides, and what is left over."""

    path: str
    namespace: str
    type: str
    leftover: str | None


def split(path: str) -> Target:
    """Split an ARM path; the type of a child is `Namespace/a/b`, an odd last segment is a collection or an action."""
    segments = [segment for segment in path.split("/") if segment]
    lower = [segment.lower() for segment in segments]
    if "providers" not in lower:
        leftover = segments[-1] if len(segments) % 2 else None
        stem = segments[:-1] if leftover else segments
        type_ = {2: "Microsoft.Resources/subscriptions", 4: "Microsoft.Resources/resourceGroups"}.get(len(stem), "")
        return Target("/" + "/".join(stem), RESOURCES, type_, leftover)
    at = len(lower) - 1 - lower[::-1].index("providers")
    rest = segments[at + 2 :]
    namespace = segments[at + 1] if at + 1 < len(segments) else ""
    leftover = rest[-1] if len(rest) % 2 else None
    pairs = rest[:-1] if leftover else rest
    stem = segments[: at + 2 + len(pairs)] if pairs else segments[:at]
    return Target("/" + "/".join(stem), namespace, "/".join([namespace, *pairs[::2]]), leftover)


def handle(ctx: Context, fault: dict[str, Any] | None = None) -> Response:
    """Answer one ARM request, or raise ArmError. `fault` makes the long-running operation of a write fail."""
    request = ctx.request
    target = split(request.path)
    if "api-version" not in request.query:
        raise ArmError(
            400,
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.",
        )
    if (polled := _operation(ctx)) is not None:
        return polled
    namespace = target.namespace if "/" in target.type or target.leftover else RESOURCES
    for method, pattern, function in ctx.registry.routes(namespace):
        if method == request.method and (match := pattern.fullmatch(request.path)):
            scopes.require_subscription(ctx, match.groupdict().get("subscriptionId"))
            return function(ctx, match.groupdict(), request.json_object())
    try:
        if target.leftover is None:
            return _resource(ctx, target, fault)
        return _leftover(ctx, target, target.leftover)
    except InvalidResourceId as error:
        raise ArmError(400, "InvalidResourceId", str(error)) from None


def _operation(ctx: Context) -> Response | None:
    match = re.search(r"/locations/[^/]+/operation(Statuses|Results)/([0-9a-f-]{36})$", ctx.request.path, re.IGNORECASE)
    if match is None or ctx.store.operation(match[2]) is None:
        return None
    return (operations.status if match[1].lower() == "statuses" else operations.result)(ctx, match[2])


def _resource(ctx: Context, target: Target, fault: dict[str, Any] | None) -> Response:
    armtype = _armtype(ctx, target.type, target.path)
    id_ = ResourceId.parse(target.path)
    match ctx.request.method:
        case "GET":
            return lifecycle.get(ctx, armtype, id_)
        case "HEAD":
            return lifecycle.head(ctx, armtype, id_)
        case "PUT":
            return lifecycle.put(ctx, armtype, id_, fault=fault)
        case "PATCH":
            return lifecycle.patch(ctx, armtype, id_, fault=fault)
        case "DELETE":
            return lifecycle.delete(ctx, armtype, id_, fault=fault)
        case method:
            raise _unsupported(method, target.type)


def _leftover(ctx: Context, target: Target, last: str) -> Response:
    """`GET parent/children` lists; `POST resource/action` acts; some services read actions with GET."""
    method, path = ctx.request.method, ctx.request.path
    child = f"{target.type}/{last}" if "/" in target.type else f"{target.namespace}/{last}"
    if target.namespace == RESOURCES:
        child = f"Microsoft.Resources/{last}"
    if "/" in target.type:
        owner = ctx.registry.find(target.type, target.path)
        if owner is not None and (method, last.lower()) in owner.actions:
            _check_version(ctx, owner)
            return lifecycle.act(ctx, owner, ResourceId.parse(target.path), method, last)
    if method == "GET":
        armtype = _armtype(ctx, child, f"{path}/x")
        return lifecycle.list_(ctx, armtype, target.path)
    if method == "POST":
        owner = _armtype(ctx, target.type, target.path)
        return lifecycle.act(ctx, owner, ResourceId.parse(target.path), method, last)
    raise _unsupported(method, child)


def _armtype(ctx: Context, type_: str, path: str) -> ArmType:
    armtype = ctx.registry.find(type_, path)
    if armtype is None:
        raise _unknown_type(ctx, type_)
    _check_version(ctx, armtype)
    return armtype


def _unknown_type(ctx: Context, type_: str) -> ArmError:
    namespace, _, rest = type_.partition("/")
    known = {row.arm_type.split("/")[0].lower() for row in ctx.registry.catalog.types()}
    if namespace.lower() not in known:
        return ArmError(404, "InvalidResourceNamespace", f"The resource namespace '{namespace}' is invalid.")
    version = ctx.request.query.get("api-version", "")
    return ArmError(
        404,
        "InvalidResourceType",
        f"The resource type '{rest}' could not be found in the namespace '{namespace}' for api version '{version}'.",
    )


def _check_version(ctx: Context, armtype: ArmType) -> None:
    version = ctx.request.query["api-version"]
    if VERSION.fullmatch(version) is None:
        raise ArmError(400, "InvalidApiVersionParameter", f"The api-version '{version}' is invalid.")
    row = armtype.row
    if (row is not None and (row.multi_version or version in row.api_versions)) or version in armtype.api_versions:
        return
    supported = sorted({*armtype.api_versions, *(row.api_versions if row else ())})
    raise ArmError(
        400,
        "NoRegisteredProviderFound",
        f"No registered resource provider found for location 'local' and API version '{version}' for type '{armtype.name}'."
        f" The supported api-versions are '{', '.join(supported)}'.",
    )


def _unsupported(method: str, type_: str) -> ArmError:
    return ArmError(405, "MethodNotAllowed", f"The method '{method}' is not supported on the resource type '{type_}'.")
