# SPDX-License-Identifier: Apache-2.0
"""What Prometheus scrapes: counted since the emulator started, in the text format, named as its conventions say."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from groundplan_emulator.arm.context import Context
from groundplan_emulator.ml.telemetry import Served, Usage

if TYPE_CHECKING:
    from prometheus_client import Metric

BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 180.0)
"""Upper bounds of the latency histogram, in seconds."""
STALE_SECONDS: Final = 120.0
"""An instance that has said nothing for so long, by the emulator's clock, is gone."""
_ENDPOINT: Final = ("workspace", "endpoint", "deployment")
_INSTANCE: Final = (*_ENDPOINT, "instance")


@dataclass(slots=True)
class _Requests:
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    seconds: float = 0.0


@dataclass(slots=True)
class Exposition:
    """Requests by endpoint, deployment, class of status and whether they were copies; the latest usage by deployment and instance."""

    _requests: dict[tuple[str, str, str, str], _Requests] = field(default_factory=dict)
    _throttled: dict[tuple[str, str], int] = field(default_factory=dict)
    _usage: dict[tuple[str, int], Usage] = field(default_factory=dict)

    def served(self, event: Served) -> None:
        """Count a request."""
        mirrored = "true" if event.mirrored else "false"
        key = (event.endpoint.lower(), event.deployment, f"{event.status // 100}xx", mirrored)
        found = self._requests.setdefault(key, _Requests())
        found.buckets[bisect_left(BUCKETS, event.seconds)] += 1
        found.seconds += event.seconds
        if event.status == 429 and not event.mirrored:
            self._throttled[key[:2]] = self._throttled.get(key[:2], 0) + 1

    def used(self, event: Usage) -> None:
        """Keep what an instance said last."""
        self._usage[event.deployment.lower(), event.instance] = event

    def text(self, ctx: Context) -> bytes:
        """The answer to a scrape."""
        from prometheus_client import CollectorRegistry, generate_latest

        self._forget(ctx)
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Collector(self, ctx))
        return generate_latest(registry)

    def _forget(self, ctx: Context) -> None:
        """Drop what belongs to resources that are gone, and instances that are silent."""
        now, exists = ctx.clock.now(), ctx.store.exists
        self._requests = {key: found for key, found in self._requests.items() if exists(key[0])}
        self._throttled = {key: found for key, found in self._throttled.items() if exists(key[0])}
        self._usage = {
            key: found for key, found in self._usage.items() if exists(key[0]) and abs(now - found.at) <= STALE_SECONDS
        }

    def families(self, ctx: Context) -> Iterator[Metric]:
        """Every family of metrics with its samples."""
        yield from self._of_requests(ctx)
        yield from self._of_usage(ctx)
        yield from _of_emulator(ctx)

    def _of_requests(self, ctx: Context) -> Iterator[Metric]:
        from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

        labels = (*_ENDPOINT, "code_class", "mirrored")
        requests = CounterMetricFamily(
            "azureml_online_requests", "Requests to online endpoints, and copies of them.", labels=labels
        )
        latency = HistogramMetricFamily(
            "azureml_online_request_duration_seconds", "Time from a request to the end of its answer.", labels=labels
        )
        for (endpoint, deployment, code_class, mirrored), found in sorted(self._requests.items()):
            values = [*_names(ctx, endpoint), deployment, code_class, mirrored]
            requests.add_metric(values, sum(found.buckets))
            bounds = [*map(str, BUCKETS), "+Inf"]
            passed = [sum(found.buckets[: at + 1]) for at in range(len(bounds))]
            latency.add_metric(values, list(zip(bounds, passed, strict=True)), found.seconds)
        throttled = CounterMetricFamily(
            "azureml_online_requests_throttled", "Requests that were refused with 429.", labels=_ENDPOINT
        )
        for (endpoint, deployment), number in sorted(self._throttled.items()):
            throttled.add_metric([*_names(ctx, endpoint), deployment], number)
        yield from (requests, latency, throttled)

    def _of_usage(self, ctx: Context) -> Iterator[Metric]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        cpu = GaugeMetricFamily(
            "azureml_online_instance_cpu_cores", "CPU cores that an instance uses.", labels=_INSTANCE
        )
        memory = GaugeMetricFamily(
            "azureml_online_instance_memory_bytes", "Resident memory of an instance.", labels=_INSTANCE
        )
        instances = GaugeMetricFamily(
            "azureml_online_deployment_instances", "Instances that are ready.", labels=_ENDPOINT
        )
        restarts = CounterMetricFamily(
            "azureml_online_deployment_restarts",
            "Instances that were started anew because they died.",
            labels=_ENDPOINT,
        )
        latest: dict[str, Usage] = {}
        for (deployment, instance), event in sorted(self._usage.items()):
            values = [*_names(ctx, deployment), str(instance)]
            cpu.add_metric(values, event.cpu_percent / 100)
            memory.add_metric(values, event.memory_bytes)
            if deployment not in latest or event.at >= latest[deployment].at:
                latest[deployment] = event
        for deployment, event in latest.items():
            instances.add_metric(_names(ctx, deployment), event.capacity)
            restarts.add_metric(_names(ctx, deployment), event.restarts)
        yield from (cpu, memory, instances, restarts)


class _Collector:
    """What prometheus-client asks for the families of one scrape."""

    def __init__(self, exposition: Exposition, ctx: Context) -> None:
        self._exposition, self._ctx = exposition, ctx

    def collect(self) -> Iterator[Metric]:
        return self._exposition.families(self._ctx)

    def describe(self) -> list[Metric]:
        return []


def _of_emulator(ctx: Context) -> Iterator[Metric]:
    from prometheus_client.core import GaugeMetricFamily

    resources = GaugeMetricFamily("groundplan_emulator_resources", "Resources by type.", labels=("type",))
    for type_, number in ctx.store.counts().items():
        resources.add_metric([type_], number)
    running = GaugeMetricFamily(
        "groundplan_emulator_operations_running", "Long-running operations that have not ended yet.", labels=("kind",)
    )
    kinds = [operation.kind for operation in ctx.store.running_operations()]
    for kind in ("create", "update", "delete"):
        running.add_metric([kind], kinds.count(kind))
    skipped = GaugeMetricFamily("groundplan_emulator_clock_skipped_seconds", "Time that the clock was advanced by.")
    skipped.add_metric([], ctx.clock.skipped)
    yield from (resources, running, skipped)


def _names(ctx: Context, key: str) -> list[str]:
    """Workspace, endpoint and, for a deployment's id, deployment, as they were spelt when they were made."""
    found = ctx.get(key)
    return (found.id if found else key).split("/")[8::2]
