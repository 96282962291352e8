# SPDX-License-Identifier: Apache-2.0
"""The metrics data plane of Azure Monitor: many resources of one region in one query.

    POST /{region}.metrics.monitor.azure.com/subscriptions/{id}/metrics:getBatch

The `MetricsClient` of azure-monitor-querymetrics takes an endpoint: `https://127.0.0.1:PORT/westeurope.metrics.monitor.azure.com` is the
region's host as a path. Any suffix after `metrics.monitor.` is as good; `global` stands for every region.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError, bad_request
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.locations import normalise
from groundplan_emulator.ml.metrics.answers import Asked, QueryError, ask, metrics, stamp
from groundplan_emulator.store import Resource

MOST_RESOURCES = 50


def handle(ctx: Context) -> Response:
    """Answer a batch query."""
    request = ctx.request
    if not request.headers.get("authorization", "").lower().startswith("bearer "):
        raise ArmError(
            401,
            "MissingOrInvalidAuthorizationHeader",
            "The request has no bearer token; take one for https://metrics.monitor.azure.com/.default.",
        )
    host, *segments = request.path.strip("/").split("/")
    match request.method, [segment.lower() for segment in segments]:
        case "POST", ["subscriptions", subscription, "metrics:getbatch"]:
            return _batch(ctx, host.partition(".")[0].lower(), subscription)
        case _:
            raise ArmError(
                404,
                "NotFound",
                f"The metrics endpoint has no {request.method} {'/'.join(segments)}; it answers POST"
                " subscriptions/{subscriptionId}/metrics:getBatch.",
            )


def _batch(ctx: Context, region: str, subscription: str) -> Response:
    parameters = ctx.request.query
    ids: Any = ctx.request.json_object().get("resourceids")
    if not isinstance(ids, list) or not 1 <= len(ids) <= MOST_RESOURCES:
        raise bad_request("BadRequest", f"resourceids is a list of 1 to {MOST_RESOURCES} ids of resources.")
    found = [_resource(ctx, str(id_), region, subscription) for id_ in ids]
    _check_namespace(found, parameters)
    now = ctx.clock.now()
    try:
        asked = ask(parameters, now, start=parameters.get("starttime", ""), end=parameters.get("endtime", ""))
        values = [_one(ctx, resource, asked, now) for resource in found]
    except QueryError as error:
        raise bad_request("BadRequest", str(error)) from None
    return Response(200, {"values": values})


def _resource(ctx: Context, id_: str, region: str, subscription: str) -> Resource:
    found = ctx.get(id_)
    if found is None:
        raise ArmError(404, "ResourceNotFound", f"The resource '{id_}' was not found.")
    if found.key.split("/")[2] != subscription:
        raise bad_request("BadRequest", f"The resource '{id_}' is not in subscription '{subscription}' of the query.")
    location = normalise(str(found.body.get("location", "")))
    if region not in ("global", location):
        raise bad_request(
            "BadRequest", f"The resource '{id_}' is in '{location}'; ask the endpoint of that region, not '{region}'."
        )
    return found


def _check_namespace(found: list[Resource], parameters: Mapping[str, str]) -> None:
    wanted = parameters.get("metricnamespace", "")
    for resource in found:
        if resource.type.lower() != wanted.lower():
            raise bad_request(
                "BadRequest",
                f"metricnamespace is '{wanted}', but '{resource.id}' is of type '{resource.type}': all resources of a query"
                " are of one type, which metricnamespace names.",
            )


def _one(ctx: Context, resource: Resource, asked: Asked, now: float) -> dict[str, Any]:
    return {
        "starttime": stamp(asked.start),
        "endtime": stamp(asked.end),
        "interval": asked.grain or "FULL",
        "namespace": resource.type,
        "resourceregion": str(resource.body.get("location", "")),
        "resourceid": resource.id,
        "value": metrics(ctx.store, resource, asked, now),
    }
