# SPDX-License-Identifier: Apache-2.0
"""What a metrics query asks for, and the answer in Azure Monitor's shape. The ARM API and the batch API share all of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from groundplan_emulator import iso_durations
from groundplan_emulator.ml.metrics import filters, query
from groundplan_emulator.ml.metrics.definitions import Metric, of
from groundplan_emulator.ml.metrics.query import AGGREGATIONS, Aggregation, Point, Series
from groundplan_emulator.store import Resource, Store

GRAINS: Final[Mapping[str, int]] = {
    "PT1M": 60,
    "PT5M": 300,
    "PT15M": 900,
    "PT30M": 1800,
    "PT1H": 3600,
    "PT6H": 6 * 3600,
    "PT12H": 12 * 3600,
    "P1D": 86400,
}
MOST_METRICS: Final = 20
MOST_POINTS: Final = 150_000
"""Of one series: more than 93 days of minutes."""
_TOP: Final = 10


class QueryError(ValueError):
    """A query that Azure Monitor refuses with 400 BadRequest; the message says why."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query that was read. `grain` None stands for one point for all of the time."""

    names: tuple[str, ...]
    start: float
    end: float
    grain: str | None
    aggregations: tuple[Aggregation, ...]
    filter: filters.Filter
    top: int
    order: tuple[Aggregation, bool] | None
    """Aggregation to sort by, and whether the largest come first."""
    rolled_up: frozenset[str]
    metadata_only: bool
    lenient: bool
    """Whether dimensions that a metric does not have find nothing, and are no error."""


def ask(parameters: Mapping[str, str], now: float, *, start: str, end: str) -> Asked:
    """Read the parameters of a query (names in lower case). Raises `QueryError`."""
    names = tuple(name.strip() for name in parameters.get("metricnames", "").split(",") if name.strip())
    if not 1 <= len(names) <= MOST_METRICS:
        raise QueryError(f"metricnames names {len(names)} metrics; allowed: 1 to {MOST_METRICS}, separated by commas.")
    until = _time("endtime", end) if end else now
    since = _time("starttime", start) if start else until - 3600
    if since >= until:
        raise QueryError(f"The timespan begins at {stamp(since)}, which is not before its end at {stamp(until)}.")
    grain = _grain(parameters, names, until - since)
    if (until - since) / (GRAINS[grain] if grain else math.inf) > MOST_POINTS:
        raise QueryError(f"The timespan has more than {MOST_POINTS} intervals of {grain}; ask for longer intervals.")
    try:
        wanted = filters.parse(text) if (text := parameters.get("$filter", parameters.get("filter", ""))) else None
    except filters.FilterError as error:
        raise QueryError(str(error)) from None
    top = parameters.get("top", str(_TOP))
    if not top.isdigit() or int(top) < 1:
        raise QueryError(f"top is '{top}'; allowed: a whole number above 0.")
    kind = parameters.get("resulttype", "data").lower()
    if kind not in ("data", "metadata"):
        raise QueryError(f"resultType is '{kind}'; allowed: Data, Metadata.")
    return Asked(
        names,
        since,
        until,
        grain,
        _aggregations(parameters.get("aggregation", "")),
        wanted or filters.Filter(),
        int(top),
        _order(parameters.get("orderby", "")),
        frozenset(each.strip().lower() for each in parameters.get("rollupby", "").split(",") if each.strip()),
        kind == "metadata",
        parameters.get("validatedimensions", "true").lower() == "false",
    )


def _time(name: str, text: str) -> float:
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise QueryError(f"{name} is '{text}'; write times as in ISO 8601, for example 2026-01-31T12:00:00Z.") from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _grain(parameters: Mapping[str, str], names: Sequence[str], length: float) -> str | None:
    text = parameters.get("interval", "") or "PT1M"
    if text.upper() == "FULL":
        return None
    try:
        seconds = iso_durations.seconds(text)
    except ValueError:
        raise QueryError(f"interval is '{text}'; allowed: {', '.join(GRAINS)} or FULL.") from None
    found = next((name for name, known in GRAINS.items() if known == seconds), None)
    if found is None and parameters.get("autoadjusttimegrain", "").lower() == "true":
        found = next((name for name, known in GRAINS.items() if known >= min(seconds, length)), "P1D")
    if found is None:
        common = ",".join(map(_timespan, GRAINS.values()))
        raise QueryError(
            f"Commonly allowed time grains: {common} between metrics: {','.join(names)}, can not support requested time grain:"
            f" {_timespan(seconds)} please adjust your interval parameter to use one of the common grains"
        )
    return found


def _timespan(seconds: float) -> str:
    """As .NET writes durations: `1.00:00:00`."""
    days, rest = divmod(int(seconds), 86400)
    clock = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{days}.{clock}" if days else clock


def _aggregation(text: str) -> Aggregation:
    for each in AGGREGATIONS:
        if text.strip().lower() == each:
            return each
    raise QueryError(
        f"The aggregation '{text.strip()}' is not supported; allowed: {', '.join(each.title() for each in AGGREGATIONS)}."
    )


def _aggregations(text: str) -> tuple[Aggregation, ...]:
    return tuple(_aggregation(each) for each in text.split(",")) if text.strip() else ()


def _order(text: str) -> tuple[Aggregation, bool] | None:
    if not text.strip():
        return None
    name, _, direction = text.strip().partition(" ")
    if direction.strip().lower() not in ("", "asc", "desc"):
        raise QueryError(
            f"orderby is '{text}'; write it as an aggregation and asc or desc, for example 'average desc'."
        )
    return _aggregation("total" if name.lower() == "sum" else name), direction.strip().lower() == "desc"


def metrics(store: Store, resource: Resource, asked: Asked, now: float) -> list[dict[str, Any]]:
    """The metrics of a resource. Raises `QueryError`."""
    try:
        found = [query.metric_of(resource, name) for name in asked.names]
    except query.UnknownMetricError as error:
        raise QueryError(str(error)) from None
    return [_metric(store, resource, metric, asked, now) for metric in found]


def _metric(store: Store, resource: Resource, metric: Metric, asked: Asked, now: float) -> dict[str, Any]:
    known = {name.lower() for name in metric.dimensions}
    unknown = [name for name in asked.filter.dimensions if name not in known]
    if unknown and not asked.lenient:
        raise QueryError(
            f"Metric: {metric.name} does not support requested dimension combination: {','.join(asked.filter.dimensions)},"
            f" supported ones are: {','.join(metric.dimensions) or 'none'}"
        )
    split = tuple(name for name in asked.filter.dimensions if name not in asked.rolled_up)
    found: list[Series] = (
        []
        if unknown or not metric.series
        else query.series(
            store,
            resource,
            metric,
            start=asked.start,
            end=asked.end,
            grain=GRAINS[asked.grain] if asked.grain else math.ceil(asked.end - asked.start) + 120,
            now=now,
            where=asked.filter.accepts if asked.filter.clauses else None,
            split=split,
        )
    )
    if asked.filter.clauses:
        found = _ordered(found, asked)[: asked.top]
    chosen = asked.aggregations or _aggregations(metric.aggregations[-1])
    return {
        "id": f"{resource.id}/providers/Microsoft.Insights/metrics/{metric.name}",
        "type": "Microsoft.Insights/metrics",
        "name": _localizable(metric.name, metric.title),
        "displayDescription": metric.description,
        "unit": metric.unit,
        "timeseries": [_series(each, chosen, metadata_only=asked.metadata_only) for each in found],
        "errorCode": "Success",
    }


def _ordered(found: Iterable[Series], asked: Asked) -> list[Series]:
    if asked.order is None:
        return list(found)
    aggregation, descending = asked.order

    def weight(series: Series) -> float:
        values = [value for point in series.points if (value := getattr(point, aggregation)) is not None]
        return sum(values) / len(values) if values else 0.0

    return sorted(found, key=weight, reverse=descending)


def _series(series: Series, chosen: Sequence[Aggregation], *, metadata_only: bool) -> dict[str, Any]:
    metadata = [{"name": _localizable(name, name), "value": value} for name, value in series.dimensions.items()]
    data = [] if metadata_only else [_data(point, chosen) for point in series.points]
    return {"metadatavalues": metadata, **({} if metadata_only else {"data": data})}


def _data(point: Point, chosen: Sequence[Aggregation]) -> dict[str, Any]:
    values = {name: value for name in chosen if (value := getattr(point, name)) is not None}
    return {"timeStamp": stamp(point.start), **values}


def stamp(seconds: float) -> str:
    """A time as Azure Monitor writes it: `2026-01-31T12:00:00Z`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _localizable(name: str, title: str) -> dict[str, str]:
    return {"value": name, "localizedValue": title}


def definitions(resource: Resource) -> list[dict[str, Any]]:
    """What `metricDefinitions` lists."""
    return [
        {
            "id": f"{resource.id}/providers/microsoft.insights/metricdefinitions/{metric.name}",
            "resourceId": resource.id,
            "namespace": resource.type,
            "category": metric.category,
            "name": _localizable(metric.name, metric.title),
            "displayDescription": metric.description,
            "isDimensionRequired": False,
            "unit": metric.unit,
            "primaryAggregationType": "Average",
            "supportedAggregationTypes": list(metric.aggregations),
            "metricAvailabilities": [{"timeGrain": grain, "retention": "P93D"} for grain in GRAINS],
            "dimensions": [_localizable(name, name) for name in metric.dimensions],
        }
        for metric in of(resource.type).values()
    ]
