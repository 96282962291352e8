# SPDX-License-Identifier: Apache-2.0
"""Values of a metric over time: what Azure Monitor's answers, autoscale and alerts are made of.

    value(store, now, endpoint_id, "RequestLatency_P95", "average", window=300)
    series(store, deployment_id, metric, start=..., end=..., grain=60, now=..., split=("instanceId",))

Times are seconds since the epoch by the emulator's clock. Copies of requests (mirrored traffic) count for the deployment that gets them
and not for the endpoint, whose answers they do not change.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from groundplan_emulator.ml.metrics import recorder
from groundplan_emulator.ml.metrics.definitions import BY_DEPLOYMENT, SERIES, Metric, of
from groundplan_emulator.ml.metrics.samples import MINUTE, Key, Samples
from groundplan_emulator.store import Resource, Store

Aggregation = Literal["average", "minimum", "maximum", "total", "count"]
AGGREGATIONS: Final[tuple[Aggregation, ...]] = ("average", "minimum", "maximum", "total", "count")
Where = Callable[[Mapping[str, str]], bool]
"""Whether a series counts, by its dimensions (names in lower case)."""


class UnknownMetricError(LookupError):
    """The resource has no such metric; the message names those that it has."""


@dataclass(frozen=True, slots=True)
class Point:
    """What is known of one grain of time that begins at `start`; None where nothing is."""

    start: float
    average: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    total: float | None = None
    count: float | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Points of one combination of the dimensions that were split by (names in lower case)."""

    dimensions: Mapping[str, str]
    points: tuple[Point, ...]


def metric_of(resource: Resource, name: str) -> Metric:
    """The definition of a resource's metric, whatever the case of its name. Raises `UnknownMetricError`."""
    found = of(resource.type).get(name.lower())
    if found is None:
        namespace, _, kind = resource.type.partition("/")
        valid = ",".join(metric.name for metric in of(resource.type).values())
        raise UnknownMetricError(
            f"Failed to find metric configuration for provider: {namespace}, resource Type: {kind}, metric: {name},"
            f" Valid metrics: {valid}"
        )
    return found


def value(
    store: Store,
    now: float,
    resource_id: str,
    name: str,
    aggregation: Aggregation,
    window: float,
    *,
    where: Where | None = None,
) -> float | None:
    """One value of the last `window` seconds (whole minutes, the current one too), None where nothing is known.

    Raises `UnknownMetricError`; `LookupError` where the resource is not there.
    """
    resource = store.get(resource_id)
    if resource is None:
        raise LookupError(f"there is no resource '{resource_id}'")
    metric = metric_of(resource, name)
    found = series(
        store, resource, metric, start=now - window, end=now, grain=window + 2 * MINUTE, now=now, where=where
    )
    return getattr(found[0].points[0], aggregation) if found and found[0].points else None


def series(
    store: Store,
    resource: Resource,
    metric: Metric,
    *,
    start: float,
    end: float,
    grain: float,
    now: float,
    where: Where | None = None,
    split: Iterable[str] = (),
) -> list[Series]:
    """The values from the minute of `start` to before `end`, a point for each `grain` of seconds.

    Without `split` it is one series. With it there is one for each combination of the dimensions' values that occurs.
    """
    first, split = int(start // MINUTE) * MINUTE, tuple(each.lower() for each in split)
    groups: dict[tuple[str, ...], dict[int, Samples]] = {} if split or where else {(): {}}
    for key, found in _rows(store, resource, metric, first, math.ceil(end)):
        dimensions = _dimensions(key)
        if where is not None and not where(dimensions):
            continue
        group = groups.setdefault(tuple(dimensions.get(each, "") for each in split), {})
        group.setdefault(key.minute, Samples()).merge(found)
    born = _born(resource)
    starts = range(first, max(math.ceil(end), first + 1), int(grain))
    return [
        Series(
            dict(zip(split, values, strict=True)),
            tuple(
                _point(metric, found, at, min(at + grain, end), born, now)
                for at, found in zip(starts, _by_grain(minutes, starts), strict=True)
            ),
        )
        for values, minutes in sorted(groups.items())
    ]


def _by_grain(minutes: Mapping[int, Samples], starts: range) -> list[list[Samples]]:
    """The samples of each grain."""
    result: list[list[Samples]] = [[] for _ in starts]
    for minute, found in minutes.items():
        result[(minute - starts.start) // starts.step].append(found)
    return result


def _rows(store: Store, resource: Resource, metric: Metric, start: int, end: int) -> Iterator[tuple[Key, Samples]]:
    if not metric.series:
        return
    sketches = metric.kind == "percentile"
    key = resource.key
    endpoint, _, deployment = key.partition("/deployments/")
    if metric.series in BY_DEPLOYMENT and deployment:
        for row, found in recorder.read(store, endpoint, metric.series, start, end, sketches=sketches):
            if row.dimensions[0].lower() == deployment:
                yield row, found
        return
    for row, found in recorder.read(store, key, metric.series, start, end, sketches=sketches):
        if metric.series != "requests" or row.dimensions[3] == "false":
            yield row, found


def _dimensions(key: Key) -> dict[str, str]:
    """Values by lower-case name, with those that follow from others."""
    found = {name.lower(): each for name, each in zip(SERIES[key.series], key.dimensions, strict=True)}
    if key.series == "requests":
        found["statuscodeclass"] = f"{found['statuscode'][:1]}xx"
        found["envoy_response_code"] = found.pop("deploymentstatus")
        del found["mirrored"]
    return found


def _born(resource: Resource) -> float:
    """When the resource was made: a rate is 0, and not unknown, from then on."""
    made = (resource.body.get("systemData") or {}).get("createdAt")
    try:
        return datetime.fromisoformat(str(made)).timestamp()
    except ValueError:
        return 0.0


def _point(metric: Metric, inside: list[Samples], at: float, until: float, born: float, now: float) -> Point:
    if metric.kind == "rate":
        first, last = max(at, born // MINUTE * MINUTE), min(until, now)
        silent = max(int(-((first - last) // MINUTE)), 0) - len(inside)
        sums = [(each.count if metric.counted else each.total) * metric.factor for each in inside]
        return _of_values(at, [*sums, *([0.0] * silent)])
    if not inside:
        return Point(at)
    together = Samples()
    for each in inside:
        together.merge(each)
    if metric.kind == "percentile":
        of_minutes = [found for each in inside if (found := each.quantile(metric.share)) is not None]
        whole = together.quantile(metric.share)
        return Point(at, whole, min(of_minutes), max(of_minutes), None, float(together.count))
    return Point(
        at, together.total / together.count, together.low, together.high, together.total, float(together.count)
    )


def _of_values(at: float, values: list[float]) -> Point:
    if not values:
        return Point(at)
    return Point(at, sum(values) / len(values), min(values), max(values), sum(values), float(len(values)))
