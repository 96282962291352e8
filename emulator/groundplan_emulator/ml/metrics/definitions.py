# SPDX-License-Identifier: Apache-2.0
"""The metrics that Azure Monitor has of online endpoints and of their deployments, and what each is computed from.

Names, units, aggregations and dimensions: Microsoft's "Supported metrics" pages of both resource types.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from groundplan_emulator.types.machine_learning_services.service import WORKSPACES

ENDPOINTS: Final = f"{WORKSPACES}/onlineEndpoints"
DEPLOYMENTS: Final = f"{ENDPOINTS}/deployments"
RETENTION_DAYS: Final = 93

Kind = Literal["samples", "rate", "percentile"]
"""`samples`: each value counts. `rate`: one value a minute, 0 where nothing happened. `percentile`: of all values of the time."""
Unit = Literal["Count", "CountPerSecond", "BytesPerSecond", "MilliSeconds", "Percent"]


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric. `series` is what is recorded, '' where nothing on this machine has it.

    A rate is what a minute's samples sum up to (or how many they are, where `counted`), times `factor`.
    """

    name: str
    title: str
    description: str
    category: Literal["Traffic", "Resource"]
    unit: Unit
    aggregations: tuple[str, ...]
    dimensions: tuple[str, ...]
    series: str
    kind: Kind = "samples"
    share: float = 0.0
    factor: float = 1.0
    counted: bool = False


REQUESTS: Final = ("deployment", "statusCode", "modelStatusCode", "mirrored", "deploymentStatus")
"""Dimensions of the series of requests, in the order they are recorded."""
SERIES: Final[Mapping[str, tuple[str, ...]]] = {
    "requests": REQUESTS,
    "collected": ("deployment", "instanceId", "type"),
    "dropped": ("deployment", "instanceId", "type", "reason"),
    "bytes": (),
    "connections.new": (),
    "connections.active": (),
    "cpu": ("instanceId",),
    "memory": ("instanceId",),
    "capacity": ("instanceId", "State"),
    "disk": ("instanceId", "disk"),
}
"""Dimensions of every series that is recorded."""
BY_DEPLOYMENT: Final = ("requests", "collected", "dropped")
"""Series of an endpoint whose first dimension is the deployment: its deployments have them too."""
_ALL: Final = ("Minimum", "Maximum", "Average")
_AVERAGE: Final = ("Average",)


def _percentiles(dimensions: tuple[str, ...]) -> tuple[Metric, ...]:
    return tuple(
        Metric(
            f"RequestLatency_P{number}",
            f"Request Latency P{number}",
            f"The P{number} of the latency of all requests of the time",
            "Traffic",
            "MilliSeconds",
            _AVERAGE,
            dimensions,
            "requests",
            "percentile",
            share=number / 100,
        )
        for number in (50, 90, 95, 99)
    )


def _utilization(name: str, title: str, what: str, series: str, *more: str) -> Metric:
    text = f"Percentage of {what} utilization on an instance"
    return Metric(name, title, text, "Resource", "Percent", _ALL, ("instanceId", *more), series)


def _collection(dimension: str) -> tuple[Metric, ...]:
    return tuple(
        Metric(
            f"DataCollection{what}PerMinute",
            f"Data Collection {what} Per Minute",
            f"The number of data collection events {how} per minute",
            "Traffic",
            "Count",
            _ALL,
            (dimension, *more),
            series,
            "rate",
        )
        for what, how, series, more in (
            ("Errors", "dropped", "dropped", ("reason", "type")),
            ("Events", "processed", "collected", ("type",)),
        )
    )


_OF_ENDPOINTS: Final = (
    Metric(
        "RequestsPerMinute",
        "Requests Per Minute",
        "The number of requests sent to the online endpoint within a minute",
        "Traffic",
        "Count",
        _AVERAGE,
        ("deployment", "statusCode", "statusCodeClass", "modelStatusCode"),
        "requests",
        "rate",
        counted=True,
    ),
    Metric(
        "RequestLatency",
        "Request Latency",
        "The time from a request to the end of its answer",
        "Traffic",
        "MilliSeconds",
        _AVERAGE,
        ("deployment",),
        "requests",
    ),
    *_percentiles(("deployment",)),
    Metric(
        "NetworkBytes",
        "Network Bytes",
        "The bytes per second served for the endpoint",
        "Traffic",
        "BytesPerSecond",
        _AVERAGE,
        (),
        "bytes",
        "rate",
        factor=1 / 60,
    ),
    Metric(
        "ConnectionsActive",
        "Connections Active",
        "The number of TCP connections that clients had open at once",
        "Traffic",
        "Count",
        _AVERAGE,
        (),
        "connections.active",
    ),
    Metric(
        "NewConnectionsPerSecond",
        "New Connections Per Second",
        "The number of TCP connections that clients opened per second",
        "Traffic",
        "CountPerSecond",
        _AVERAGE,
        (),
        "connections.new",
        "rate",
        factor=1 / 60,
    ),
    *_collection("deployment"),
)
_OF_DEPLOYMENTS: Final = (
    _utilization("CpuUtilizationPercentage", "CPU Utilization Percentage", "CPU", "cpu"),
    _utilization("CpuMemoryUtilizationPercentage", "CPU Memory Utilization Percentage", "memory", "memory"),
    _utilization("DiskUtilization", "Disk Utilization", "disk", "disk", "disk"),
    Metric(
        "DeploymentCapacity",
        "Deployment Capacity",
        "The number of instances in the deployment",
        "Resource",
        "Count",
        _ALL,
        ("instanceId", "State"),
        "capacity",
    ),
    _utilization("GpuUtilizationPercentage", "GPU Utilization Percentage", "GPU", ""),
    _utilization("GpuMemoryUtilizationPercentage", "GPU Memory Utilization Percentage", "GPU memory", ""),
    Metric(
        "GpuEnergyJoules",
        "GPU Energy in Joules",
        "Energy that a GPU node used in the interval",
        "Resource",
        "Count",
        _ALL,
        ("instanceId",),
        "",
    ),
    *_percentiles(()),
    Metric(
        "RequestsPerMinute",
        "Requests Per Minute",
        "The number of requests sent to the online deployment within a minute",
        "Traffic",
        "Count",
        _AVERAGE,
        ("envoy_response_code",),
        "requests",
        "rate",
        counted=True,
    ),
    *_collection("instanceId"),
)
METRICS: Final[Mapping[str, Mapping[str, Metric]]] = {
    ENDPOINTS.lower(): {each.name.lower(): each for each in _OF_ENDPOINTS},
    DEPLOYMENTS.lower(): {each.name.lower(): each for each in _OF_DEPLOYMENTS},
}
"""Metrics by lower-case name, by the lower-case type of the resource that has them."""


def of(type_: str) -> Mapping[str, Metric]:
    """The metrics of a resource type by lower-case name; empty where it has none."""
    return METRICS.get(type_.lower(), {})
