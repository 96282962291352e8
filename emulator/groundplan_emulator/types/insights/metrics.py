# SPDX-License-Identifier: Apache-2.0
"""Azure Monitor metrics of a resource."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import resource_not_found
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import ArmType, route
from groundplan_emulator.ml.metrics.answers import QueryError, ask, definitions, metrics, stamp
from groundplan_emulator.ml.metrics.definitions import of
from groundplan_emulator.store import Resource

F = TypeVar("F", bound=Callable[..., Any])
_RESOURCE = "/subscriptions/{subscriptionId}/resourceGroups/{group}/providers/{namespace}"
_DEEPEST = 4


def _of_any_resource(name: str) -> Callable[[F], F]:
    """`route` for resources of every depth."""

    def mark(function: F) -> F:
        for depth in range(1, _DEEPEST + 1):
            path = "".join(f"/{{type{at}}}/{{name{at}}}" for at in range(depth))
            function = route("GET", f"{_RESOURCE}{path}/providers/Microsoft.Insights/{name}")(function)
        return function

    return mark


class Metrics(ArmType):
    """Microsoft.Insights/metrics, metricDefinitions and metricNamespaces of online endpoints and their deployments.

    Differs from Azure:
    - other resources have no metrics; queries over a whole subscription are not answered
    - GPU metrics are defined and empty
    - values are there at once; every aggregation is answered, also those that a metric's definition does not list
    - `RequestsPerMinute` and other rates are 0, and not unknown, in minutes without requests
    """

    type: ClassVar[str] = "Microsoft.Insights/metrics"

    @_of_any_resource("metrics")
    def values(self, ctx: Context, _params: dict[str, str], _body: dict[str, Any]) -> Response:
        """Values of the metrics that are named."""
        resource, parameters = _resource(ctx), ctx.request.query
        start, slash, end = parameters.get("timespan", "").partition("/")
        try:
            _check(resource, parameters, whole=bool(slash) or not start)
            asked = ask(parameters, ctx.clock.now(), start=start, end=end)
            found = metrics(ctx.store, resource, asked, ctx.clock.now())
        except QueryError as error:
            # without the envelope that ARM's other errors have
            return Response(400, {"code": "BadRequest", "message": str(error)})
        points = max((len(each.get("data", ())) for metric in found for each in metric["timeseries"]), default=0)
        body = {"cost": points, "timespan": f"{stamp(asked.start)}/{stamp(asked.end)}", "value": found}
        if not asked.metadata_only:
            body["interval"] = asked.grain or "FULL"
        region = str(resource.body.get("location", ""))
        return Response(200, {**body, "namespace": resource.type, "resourceregion": region})

    @_of_any_resource("metricDefinitions")
    def list_definitions(self, ctx: Context, _params: dict[str, str], _body: dict[str, Any]) -> Response:
        """Which metrics there are."""
        resource = _resource(ctx)
        shown = _is_namespace(resource, ctx.request.query.get("metricnamespace", ""))
        return Response(200, {"value": definitions(resource) if shown else []})

    @_of_any_resource("metricNamespaces")
    def list_namespaces(self, ctx: Context, _params: dict[str, str], _body: dict[str, Any]) -> Response:
        """The one namespace that platform metrics have."""
        resource = _resource(ctx)
        found = {
            "id": f"{resource.id}/providers/microsoft.insights/metricNamespaces/{resource.type}",
            "name": resource.type,
            "type": "Microsoft.Insights/metricNamespaces",
            "classification": "Platform",
            "properties": {"metricNamespaceName": resource.type},
        }
        return Response(200, {"value": [found] if of(resource.type) else []})


def _resource(ctx: Context) -> Resource:
    """The resource whose metrics are asked for; 404 where there is none."""
    id_ = ctx.request.path[: ctx.request.path.lower().rindex("/providers/microsoft.insights/")]
    found = ctx.get(id_)
    if found is None:
        segments = id_.split("/")
        raise resource_not_found("/".join([segments[6], *segments[7::2]]), segments[-1], segments[4])
    return found


def _check(resource: Resource, parameters: Mapping[str, str], *, whole: bool) -> None:
    if not whole:
        raise QueryError(f"timespan is '{parameters['timespan']}'; write it as two times with a slash between them.")
    if not _is_namespace(resource, wanted := parameters.get("metricnamespace", "")):
        raise QueryError(f"metricnamespace is '{wanted}'; allowed for this resource: {resource.type}.")


def _is_namespace(resource: Resource, wanted: str) -> bool:
    return wanted.lower() in ("", resource.type.lower())
